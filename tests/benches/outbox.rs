//! `cargo xtask bench outbox`: what a station's outbox costs when a thousand reports wait, and a million.
//!
//! Each cost stands beside a bare insert of the same bytes with the same pragmas. The two take turns, and
//! their medians are compared, so that a busy machine slows both.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on stops")]
#![allow(dead_code, reason = "fixtures/ is for all benches")]

mod fixtures;

use std::path::Path;
use std::time::Duration;

use fixtures::{BareStore, Sealer};
use stage::clock::timed;
use stage::{HeadlessStation, Office, World};
use station::bench::Outbox;
use wire::StreamId;

/// Reports of one batch.
const BATCH: usize = 500;

/// What was measured with so many reports waiting.
struct Row {
    waiting: usize,
    /// From the start of the program to a passage on the disk, with nobody slow at the keys.
    first_confirm: Duration,
    open: Duration,
    confirm: Duration,
    confirm_ratio: f64,
    settle: Duration,
    settle_ratio: f64,
    full: u64,
    drained: u64,
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let (rounds, sizes) = if quick { (20, [1000, 20_000]) } else { (300, [1000, 1_000_000]) };
    let world = World::new(None).unwrap();
    println!(
        "\n| waiting | start → first confirm | opening | confirm | beside a bare insert | a batch of {BATCH} \
         settled | beside a bare insert of it | file | after the drain |\n|---|---|---|---|---|---|---|---|---|"
    );
    for waiting in sizes {
        let row = measure(&world, waiting, rounds);
        println!(
            "| {} | {:.2?} | {:.2?} | {:.0?} | {:.2} | {:.2?} | {:.2} | {:.1} MB | {:.1} MB |",
            row.waiting,
            row.first_confirm,
            row.open,
            row.confirm,
            row.confirm_ratio,
            row.settle,
            row.settle_ratio,
            megabytes(row.full),
            megabytes(row.drained),
        );
    }
}

fn measure(world: &World, waiting: usize, rounds: usize) -> Row {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("station");
    {
        let office = Office::start_plain(&dir.path().join("office"), world).unwrap();
        HeadlessStation::enrol(&folder, &office.ticket().unwrap()).unwrap();
    }
    let file = folder.join("outbox.sqlite");
    let mut sealer = Sealer::of(world);
    fill(&folder, &mut sealer, waiting);
    let first_confirm = first_confirm(world, &folder);

    let mut outbox = None;
    let open = timed(|| outbox = Some(Outbox::of(&folder, StreamId([7; 16])).0));
    let mut outbox = outbox.unwrap();
    let mut bare = BareStore::open(&dir.path().join("bare.sqlite"));
    let template = sealer.seal(&Sealer::first_place());
    let (mut confirm, mut one) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let record = sealer.record();
        let sealed = sealer.seal(&outbox.place(record));
        confirm.push(timed(|| outbox.append(&sealed)));
        one.push(timed(|| bare.insert(std::slice::from_ref(&sealed))));
    }
    let (mut settle, mut batch) = (Vec::new(), Vec::new());
    let whole: Vec<_> = (0..BATCH).map(|_| sealer.renamed(&template)).collect();
    let full = file.metadata().unwrap().len();
    for _ in 0..(waiting / BATCH).min(rounds) {
        settle.push(timed(|| assert_eq!(outbox.settle_oldest(BATCH), BATCH)));
        batch.push(timed(|| bare.insert(&whole)));
    }
    while outbox.settle_oldest(BATCH) > 0 {}
    outbox.keep_up();
    let drained = file.metadata().unwrap().len();
    let confirm_ratio = ratio(&confirm, &one);
    let settle_ratio = ratio(&settle, &batch);
    let (confirm, settle) = (median(&confirm), median(&settle));
    Row { waiting, first_confirm, open, confirm, confirm_ratio, settle, settle_ratio, full, drained }
}

fn fill(folder: &Path, sealer: &mut Sealer, waiting: usize) {
    let (mut outbox, _) = Outbox::of(folder, StreamId([9; 16]));
    let template = sealer.seal(&Sealer::first_place());
    let mut left = waiting;
    outbox.fill(|place| {
        left = left.checked_sub(1)?;
        let (stream, seq, link) = (place.stream, place.seq, place.link);
        Some(wire::SealedReport { stream, seq, link, ..sealer.renamed(&template) })
    });
}

/// Starts the real program, signs in, and confirms one passage.
fn first_confirm(world: &World, folder: &Path) -> Duration {
    let text = std::fs::read_to_string(world.code("green", "txt")).unwrap();
    timed(|| {
        let mut station = HeadlessStation::start(folder, &["--hurry", "--offline"]).unwrap();
        station.sign_in("13800000001", "246810").unwrap();
        station.scan(text.trim()).unwrap();
        station.confirm().unwrap();
        station.kill().unwrap();
    })
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ratio(ours: &[Duration], bare: &[Duration]) -> f64 {
    median(ours).as_secs_f64() / median(bare).as_secs_f64()
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
