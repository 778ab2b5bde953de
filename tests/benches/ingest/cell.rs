//! One cell of the table: the store and a bare insert take turns.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use back_office::store::chain::Plan;
use back_office::store::{Arrival, Store};
use stage::clock::{now, timed};
use tokio::task::JoinSet;

use crate::bare::Bare;
use crate::engine::Engine;
use crate::options::Kind;
use crate::senders::Senders;

/// Turns of each of the two. Medians of turns are compared; short ones see the same noise.
const TURNS: usize = 100;
/// Turns before them, which warm caches up.
const WARM: usize = 10;

/// Where a cell stands in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub engine: Kind,
    pub rows: usize,
    pub connections: usize,
    pub batch: usize,
}

/// What a cell measured.
#[derive(Debug, Clone)]
pub struct Cell {
    pub at: At,
    /// Reports a second by the median of the turns.
    pub ours: f64,
    pub bare: f64,
    /// The bare inserts' whole time by ours: checkpoints are in it.
    pub of_all: f64,
    /// The time of one commit of ours: half take less, and 99 of 100.
    pub p50: Duration,
    pub p99: Duration,
}

impl Cell {
    /// Returns the bare insert's time by ours.
    pub fn ratio(&self) -> f64 {
        self.ours / self.bare
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let At { engine, rows, connections, batch } = self.at;
        write!(
            f,
            "{} at {rows}, {connections} × {batch}: {:.0} reports/s, bare {:.0}, ratio {:.2} ({:.2} of all), p50 {:.2?}, p99 {:.2?}",
            engine.name(),
            self.ours,
            self.bare,
            self.ratio(),
            self.of_all,
            self.p50,
            self.p99
        )
    }
}

/// Measures a cell on a copy of the grown database.
pub async fn measure(engine: &Engine, senders: &Senders, at: At, commits: usize) -> Cell {
    let (store, mut bare) = engine.copy(at.connections).await;
    let mut senders = senders.clone();
    let commits = commits.min(at.rows / at.batch).max(TURNS * at.connections);
    let each = commits.div_ceil(TURNS * at.connections);
    let (mut ours, mut bares, mut single) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..WARM + TURNS {
        let batches = senders.batches(at.connections, each, at.batch, true);
        let reports: Vec<Vec<Vec<_>>> = batches
            .iter()
            .map(|batches| batches.iter().map(|arrival| arrival.batch.reports.clone()).collect())
            .collect();
        // Who is first takes turns, too: each may leave the disk something to do.
        let bare_before = if turn % 2 == 0 { Some(insert(&mut bare, &reports).await) } else { None };
        let (took, mut waits) = accept(&store, batches).await;
        let took_bare = match bare_before {
            Some(took) => took,
            None => insert(&mut bare, &reports).await,
        };
        if turn >= WARM {
            ours.push(took);
            bares.push(took_bare);
            single.append(&mut waits);
        }
    }
    engine.drop_copy(store, bare).await;
    let sum = |times: &[Duration]| times.iter().sum::<Duration>().as_secs_f64();
    let of_all = sum(&bares) / sum(&ours);
    let per_turn = (each * at.connections * at.batch) as f64;
    let rate = |times| per_turn / quantile(times, 50).as_secs_f64();
    let (p50, p99) = (quantile(single.clone(), 50), quantile(single, 99));
    Cell { at, ours: rate(ours), bare: rate(bares), of_all, p50, p99 }
}

/// Returns what a batch costs before the database hears of it: its hashes and its runs.
pub fn cutting(batch: usize) -> Duration {
    let arrivals = Senders::new().batches(1, TURNS, batch, false).remove(0);
    let cut = |arrival: &Arrival| timed(|| drop(black_box(Plan::of(&arrival.batch.reports))));
    quantile(arrivals.iter().map(cut).collect(), 50)
}

/// Has all connections commit at the same time; also returns how long each commit took.
async fn accept(store: &Arc<dyn Store>, batches: Vec<Vec<Arrival>>) -> (Duration, Vec<Duration>) {
    let begun = now();
    let mut connections = JoinSet::new();
    for batches in batches {
        let store = Arc::clone(store);
        connections.spawn(async move {
            let mut waits = Vec::with_capacity(batches.len());
            for arrival in batches {
                let (begun, reports) = (now(), arrival.batch.reports.len());
                let accepted = store.accept(arrival).await.unwrap();
                waits.push(begun.elapsed());
                assert_eq!(accepted.lines.len(), reports);
            }
            waits
        });
    }
    let waits = connections.join_all().await;
    (begun.elapsed(), waits.into_iter().flatten().collect())
}

async fn insert(bare: &mut Bare, reports: &[Vec<Vec<wire::SealedReport>>]) -> Duration {
    let reports = reports.to_vec();
    let begun = now();
    bare.insert_all(reports).await;
    begun.elapsed()
}

/// Returns the time that so many of a hundred do not exceed.
pub fn quantile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent).div_ceil(100).max(1) - 1]
}
