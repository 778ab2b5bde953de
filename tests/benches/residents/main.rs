//! `cargo xtask bench residents`: how long an office looks for one resident's passages among ten million,
//! beside a bare look-up in the same index.
//!
//! The database has the office's own tables and indexes. A part of its passages came from simulated stations to an office
//! that opened and filed them, the rest is filled in directly. For each way of asking the store and the bare look-up take
//! turns, each time for another resident.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on stops")]

mod bare;
mod fill;
mod page;
mod through;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use back_office::limits::TRACED_PASSAGES;
use back_office::store::{Around, PersonKey, PostgresStore, Sought, SqliteStore, Store};
use clap::Parser;
use health_code::{Region, Timestamp};
use scratch_postgres::Cluster;
use stage::clock::now;

use bare::Bare;

/// Turns of each of the two.
const TURNS: u64 = 300;
/// Most rows of a look, as the console asks.
const ROWS: usize = 500;

/// Measure how long an office looks for one resident's passages.
#[derive(Parser)]
struct Options {
    /// Passages that a database holds.
    #[arg(long, default_value_t = 10_000_000)]
    rows: u64,
    /// How many of them simulated stations send to an office.
    #[arg(long, default_value_t = 100_000)]
    through: u64,
    /// Where the SQLite file lies while it is measured [default: the system's folder for temporary files].
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Write the table below this folder.
    #[arg(long, value_name = "DIR")]
    docs: Option<PathBuf>,
    /// Given by `cargo bench`, and of no meaning here.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A way of asking for somebody.
#[derive(Debug, Clone, Copy)]
enum By {
    Identity,
    Phone,
    Code,
}

/// Whose passages are looked for.
#[derive(Debug, Clone, Copy)]
enum Who {
    /// Somebody whose passages are filled in directly.
    Any,
    /// One who passes a hundred times as often.
    Often,
    /// Somebody whose passages came the whole way.
    Simulated,
}

/// What was measured.
struct Line {
    engine: &'static str,
    rows: u64,
    what: &'static str,
    found: usize,
    ours: [Duration; 2],
    bare: [Duration; 2],
}

fn main() {
    let options = Options::parse();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut lines = Vec::new();
    let filled = options.rows.saturating_sub(options.through);
    let folder = || {
        let folder = match &options.folder {
            Some(folder) => tempfile::tempdir_in(folder),
            None => tempfile::tempdir(),
        };
        folder.unwrap()
    };
    {
        let folder = folder();
        let file = folder.path().join("office.sqlite");
        if options.through > 0 {
            eprintln!("SQLite: {}", through::send(folder.path(), None, options.through));
        } else {
            drop(SqliteStore::open(&file).unwrap());
        }
        let simulated = fill::keys_of_sqlite(&file);
        fill::sqlite(&file, filled);
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&file).unwrap());
        let people = People { simulated, filled };
        let bare = Bare::sqlite(&file);
        runtime.block_on(measure("SQLite", (options.rows, &people), &*store, bare, &mut lines));
    }
    {
        let (server, folder) = (Cluster::start().unwrap(), folder());
        if options.through > 0 {
            eprintln!("PostgreSQL: {}", through::send(folder.path(), Some(server.url()), options.through));
        }
        let store = runtime.block_on(PostgresStore::open(&server.url().parse().unwrap())).unwrap();
        let (client, simulated) = runtime.block_on(fill::postgres(server.url(), filled));
        let (people, bare) = (People { simulated, filled }, Bare::Postgres(client));
        runtime.block_on(measure("PostgreSQL", (options.rows, &people), &store, bare, &mut lines));
    }
    let table = page::table(&lines);
    println!("\n{table}");
    if let Some(docs) = options.docs {
        page::put(&docs.join("measurements/residents.md"), &table);
    }
}

/// By what everybody is filed.
struct People {
    /// Keys of those whose passages came the whole way.
    simulated: Vec<[u8; 16]>,
    /// How many passages are filled in directly.
    filled: u64,
}

impl People {
    /// Returns by what the nth of some is filed: others for other numbers.
    fn nth(&self, who: Who, n: u64) -> [u8; 16] {
        match who {
            Who::Any => fill::key(fill::person(n, self.filled)),
            Who::Often => fill::key(n % fill::OFTEN),
            Who::Simulated => self.simulated[n as usize % self.simulated.len()],
        }
    }
}

/// Looks for residents in each way.
async fn measure(
    engine: &'static str,
    (rows, people): (u64, &People),
    store: &dyn Store,
    bare: Bare,
    lines: &mut Vec<Line>,
) {
    let country: Region = "".parse().unwrap();
    let community: Region = "420106001001".parse().unwrap();
    let asked = [
        ("an identity number, in the whole country", By::Identity, &country, Who::Any),
        ("an identity number, in one community", By::Identity, &community, Who::Any),
        ("a phone, in the whole country", By::Phone, &country, Who::Any),
        ("a code's pseudonym, in the whole country", By::Code, &country, Who::Any),
        ("somebody who passes a hundred times as often", By::Identity, &country, Who::Often),
        ("somebody whose passages came the whole way", By::Identity, &country, Who::Simulated),
    ];
    lines.push(met(engine, rows, store, &bare).await);
    eprintln!("{}", page::row(&lines[lines.len() - 1]));
    for (what, by, region, who) in asked {
        if matches!(who, Who::Simulated) && people.simulated.is_empty() {
            continue;
        }
        let (mut ours, mut bares, mut found) = (Vec::new(), Vec::new(), 0);
        for turn in 0..TURNS {
            // Each turn asks for others, so that neither finds what the other has read.
            let key = |n: u64| people.nth(who, 2 * turn + n);
            let (took, passages) = clocked(store.passages_of(sought(by, key(0)), region, ROWS)).await;
            ours.push(took);
            found += passages.unwrap().len();
            let (took, _) = clocked(bare.look(by, key(1))).await;
            bares.push(took);
        }
        let line = Line {
            engine,
            rows,
            what,
            found: found / TURNS as usize,
            ours: percentiles(ours),
            bare: percentiles(bares),
        };
        eprintln!("{}", page::row(&line));
        lines.push(line);
    }
}

/// Looks for whoever passed a checkpoint within an hour of some moment.
async fn met(engine: &'static str, rows: u64, store: &dyn Store, bare: &Bare) -> Line {
    let (mut ours, mut bares, mut found) = (Vec::new(), Vec::new(), 0);
    for turn in 0..TURNS {
        let around = |n: u64| Around {
            community: fill::community(n).parse().unwrap(),
            checkpoint: fill::checkpoint(n),
            at: Timestamp(i64::try_from(fill::FIRST + n * 7919 * 3600 % fill::SECONDS).unwrap()),
            within: 3600,
        };
        let (took, passages) = clocked(store.passages_around(around(2 * turn), TRACED_PASSAGES)).await;
        ours.push(took);
        found += passages.unwrap().len();
        let (took, _) = clocked(bare.around(&around(2 * turn + 1))).await;
        bares.push(took);
    }
    let (what, found) = ("who passed a checkpoint within an hour", found / TURNS as usize);
    Line { engine, rows, what, found, ours: percentiles(ours), bare: percentiles(bares) }
}

fn sought(by: By, key: [u8; 16]) -> Sought {
    let key = PersonKey(key);
    match by {
        By::Identity => Sought { identities: vec![key], ..Sought::default() },
        By::Phone => Sought { phones: vec![key], ..Sought::default() },
        By::Code => Sought { pseudonym: Some((fill::ISSUER.to_owned(), key.0)), ..Sought::default() },
    }
}

async fn clocked<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let start = now();
    let done = work.await;
    (now() - start, done)
}

/// Returns what half of the looks take at most, and 99 of 100.
fn percentiles(mut times: Vec<Duration>) -> [Duration; 2] {
    times.sort_unstable();
    [times[times.len() / 2], times[times.len() * 99 / 100]]
}
