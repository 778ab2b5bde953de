//! Measures what a board reads, of an office that counted ten million passages within ten hours, on SQLite and on
//! PostgreSQL; beside the bare look-up of one counter's hour. `cargo xtask bench board` starts it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on says where")]
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]

mod fill;

use std::time::{Duration, Instant};

use back_office::limits::{BOARD_ROWS, LIST_ROWS, WORK_ROWS};
use back_office::store::{PostgresStore, PostgresUrl, Span, SqliteStore, Store, Subject};
use health_code::{Region, Timestamp};
use scratch_postgres::Server;
use wire::StationId;

/// Laptops of the city, five in each community.
const STATIONS: usize = 2000;
/// The present moment: a minute begins.
const NOW: Timestamp = Timestamp(1_583_020_800);

#[tokio::main]
async fn main() {
    let has = |name: &str| std::env::args().any(|argument| argument == name);
    let quick = has("--quick");
    // Both, unless one is named.
    let asked = |name: &str| has(name) || !(has("sqlite") || has("postgres"));
    let rounds = if quick { 5 } else { 300 };
    println!("{} passages of {STATIONS} laptops were counted.\n", fill::passages(STATIONS));
    println!(
        "| database | what is read | rows asked for | p50 | p99 | bare look-up p50 |\n|---|---|---|---|---|---|"
    );
    if asked("sqlite") {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("office.sqlite");
        let store = SqliteStore::open(&path).unwrap();
        fill::sqlite(&path, STATIONS);
        measure("SQLite", &store, rounds).await;
    }
    if asked("postgres") {
        let server = Server::of_tests().unwrap();
        let url: PostgresUrl = server.url().parse().unwrap();
        let store = PostgresStore::open(&url).await.unwrap();
        fill::postgres(server.url(), STATIONS).await;
        measure("PostgreSQL", &store, rounds).await;
    }
}

/// What a board of a region asks for: itself, what is below it, and the laptops that it lists.
fn subjects(region: &str) -> Vec<Subject> {
    let below: Vec<Subject> = match region.len() {
        4 => (0..10).map(|n| part(&format!("{region}{n:02}"))).collect(),
        6 => (0..4).map(|n| part(&format!("{region}{n:03}"))).collect(),
        9 => (0..10).map(|n| part(&format!("{region}{n:03}"))).collect(),
        _ => (0..5).map(|n| fill::checkpoint(region, n)).collect(),
    };
    let laptops = if region.len() == 12 { 5 } else { BOARD_ROWS };
    let rows = (0..laptops).map(|n| Subject::Station(StationId((n as u128).to_be_bytes())));
    [part(region)].into_iter().chain(below).chain(rows).collect()
}

fn part(region: &str) -> Subject {
    Subject::Region(region.parse().unwrap())
}

async fn measure(name: &str, store: &dyn Store, rounds: usize) {
    let from = NOW.plus(-59 * 60);
    let until = NOW.plus(60);
    let read = async |subjects: &[Subject]| {
        let series = store.tallies(Span::Minute, subjects.to_vec(), from, until).await.unwrap();
        assert_eq!(series.iter().map(|series| series.len()).min(), Some(60), "all of it is there");
    };
    let bare = timed(rounds, async || read(&[part("4201")]).await).await.0;
    for region in ["4201", "420100", "420100000", "420100000000"] {
        let asked = subjects(region);
        let (p50, p99) = timed(rounds, async || read(&asked).await).await;
        let rows = asked.len() * 60;
        println!("| {name} | board of `{region}` | {rows} | {} | {} | {} |", ms(p50), ms(p99), ms(bare));
    }
    let laptops = async || {
        assert!(store.stations().await.unwrap().len() >= 50);
        store.places().await.unwrap();
        store.alerts(LIST_ROWS).await.unwrap();
        store.quarantined(LIST_ROWS).await.unwrap();
    };
    let (p50, p99) = timed(rounds.min(50), laptops).await;
    println!("| {name} | all laptops, places and alerts (each 5 s) | | {} | {} | |", ms(p50), ms(p99));
    let community: Region = "420100000000".parse().unwrap();
    let ids: Vec<StationId> = (0..5).map(|n| StationId(u128::to_be_bytes(n))).collect();
    let month = NOW.plus(-30 * 86_400);
    let work = async || {
        let hours = store.work_hours(&community, month, until, WORK_ROWS).await.unwrap();
        assert!(!hours.is_empty());
        store.shifts_of(ids.clone(), month, until, WORK_ROWS).await.unwrap();
        store.health_of(ids.clone(), month, until, WORK_ROWS).await.unwrap();
        hours.len()
    };
    let rows = work().await;
    let (p50, p99) = timed(rounds.min(50), async || {
        work().await;
    })
    .await;
    println!("| {name} | 31 days of a community's collectors | {rows} | {} | {} | |", ms(p50), ms(p99));
}

/// Does it so often, and returns the median and the 99th percentile.
async fn timed(rounds: usize, work: impl AsyncFn()) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let begun = Instant::now();
        work().await;
        times.push(begun.elapsed());
    }
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
