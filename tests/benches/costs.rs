//! `cargo xtask bench`: what Kadian's steps cost, as ratios to the bare operation in the same run.
//!
//! The two operations take turns, so that a busy machine slows both. Their medians are compared.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on stops")]

mod fixtures;

use std::hint::black_box;
use std::time::Duration;

use code_reader::{Reader, Sighting};
use fixtures::{BareStore, Sealer, frame_of, store_with_station};
use health_code::trust::Revocations;
use health_code::{Timestamp, UnverifiedCode};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR};
use stage::clock::timed;
use stage::{HeadlessStation, Office, World};
use wire::StreamId;

/// A line of the table.
struct Line {
    what: &'static str,
    ours: Duration,
    bare: Option<Duration>,
    ratio: f64,
    goal: &'static str,
    met: bool,
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let only: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let (rounds, rows, drained) = if quick { (20, 20_000, 5_000) } else { (200, 1_000_000, 100_000) };
    let world = World::new(None).unwrap();
    let mut lines = Vec::new();
    let mut part = |name: &str, measure: &dyn Fn() -> Vec<Line>| {
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            lines.extend(measure());
        }
    };
    part("judge", &|| vec![judge(&world, rounds * 20)]);
    part("open", &|| vec![open(&world, rounds * 5)]);
    part("revocations", &|| revocations(rounds, rows).into());
    part("frame", &|| vec![frame(&world, rounds / 2)]);
    part("append", &|| append(&world, rounds, rows).into());
    part("accept", &|| vec![accept(&world, rounds / 4)]);
    part("drain", &|| vec![drain(&world, drained)]);
    println!("\n| what | ours | bare | ratio | goal | |\n|---|---|---|---|---|---|");
    for Line { what, ours, bare, ratio, goal, met } in lines {
        let bare = bare.map_or_else(String::new, |bare| format!("{bare:.2?}"));
        let met = if met { "met" } else { "missed" };
        println!("| {what} | {ours:.2?} | {bare} | {ratio:.2} | {goal} | {met} |");
    }
}

/// Runs two operations in turn, and returns their medians.
fn pair(
    rounds: usize,
    mut ours: impl FnMut() -> Duration,
    mut bare: impl FnMut() -> Duration,
) -> [Duration; 2] {
    // The first few runs warm the caches up.
    for _ in 0..rounds / 10 + 1 {
        ours();
        bare();
    }
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        times[0].push(ours());
        times[1].push(bare());
    }
    times.map(median)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ratio([ours, bare]: [Duration; 2]) -> f64 {
    ours.as_secs_f64() / bare.as_secs_f64()
}

/// Compares text to verdict with `verify_strict` of the same signature over the same bytes.
fn judge(world: &World, rounds: usize) -> Line {
    let (trust, region) = world.trust().unwrap();
    let text = std::fs::read_to_string(world.code("green", "txt")).unwrap();
    let now = stage::clock::wall();
    let parsed = UnverifiedCode::parse(&text).unwrap();
    let (message, signature) = stories::signed::signed_parts(parsed.cose());
    let key = trust.list().issuer(parsed.kid()).unwrap().key.to_bytes();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key).unwrap();
    let times = pair(
        rounds,
        || {
            timed(|| {
                let code = UnverifiedCode::parse(black_box(&text)).unwrap();
                let code = trust.verify(&code, &region, now).unwrap();
                black_box(trust.policy(now).unwrap().policy.judge(&code, &region, now));
            })
        },
        || timed(|| key.verify_strict(black_box(&message), &signature).unwrap()),
    );
    let ratio = ratio(times);
    let what = "text → parsed, verified, judged / bare verify_strict";
    Line { what, ours: times[0], bare: Some(times[1]), ratio, goal: "≤ 1.3", met: ratio <= 1.3 }
}

/// Compares opening a sealed report with a bare HPKE open of the same bytes.
fn open(world: &World, rounds: usize) -> Line {
    let mut sealer = Sealer::of(world);
    let sealed = sealer.seal(&Sealer::first_place());
    let private = world.office_key("sealing").unwrap();
    let bare_private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&private).unwrap();
    let (enc, body) = sealed.ciphertext.split_at(32);
    let aad = fixtures::aad(&sealed);
    let times = pair(
        rounds,
        || {
            timed(|| {
                drop(black_box(wire::seal::open(black_box(&sealed), fixtures::STATION, &private).unwrap()))
            })
        },
        || {
            timed(|| {
                let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enc).unwrap();
                let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                    &OpModeR::Base,
                    &bare_private,
                    &enc,
                    wire::seal::INFO,
                    body,
                    &aad,
                );
                black_box(opened.unwrap());
            })
        },
    );
    let ratio = 1.0 / ratio(times);
    let what = "bare HPKE open / a report opened and read";
    Line { what, ours: times[0], bare: Some(times[1]), ratio, goal: "≥ 0.8", met: ratio >= 0.8 }
}

/// Measures loading a million revocations, and looking one up.
fn revocations(rounds: usize, entries: usize) -> [Line; 2] {
    let entries = (0..entries as u64).map(|n| {
        // Spread evenly, as hashes are.
        n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()
    });
    let set = Revocations::new([7; 16], entries);
    let mut pseudonym = [0; 16];
    let look_ups = 1000;
    let look_up = (0..rounds).map(|_| {
        timed(|| {
            for n in 0..look_ups {
                pseudonym[0] = u8::try_from(n % 251).unwrap_or(0);
                black_box(set.contains(black_box("sample.hubei"), &pseudonym));
            }
        }) / look_ups
    });
    let look_up = median(look_up.collect());
    let load = (0..rounds / 4 + 1)
        .map(|_| timed(|| drop(black_box(Revocations::open(set.index(), set.bytes()).unwrap()))));
    let load = median(load.collect());
    let against = |took: Duration, goal: Duration| (took.as_secs_f64() / goal.as_secs_f64(), took <= goal);
    let (fast, is_fast) = against(look_up, Duration::from_micros(1));
    let (loads, is_loaded) = against(load, Duration::from_millis(50));
    [
        Line {
            what: "look-up among a million revocations, of 1 µs",
            ours: look_up,
            bare: None,
            ratio: fast,
            goal: "≤ 1",
            met: is_fast,
        },
        Line {
            what: "loading a million revocations, of 50 ms",
            ours: load,
            bare: None,
            ratio: loads,
            goal: "≤ 1",
            met: is_loaded,
        },
    ]
}

/// Compares a frame of 1280×720 to its verdict with reading alone.
fn frame(world: &World, rounds: usize) -> Line {
    let (trust, region) = world.trust().unwrap();
    let now = stage::clock::wall();
    let frame = frame_of(&world.code("green", "png"));
    let read = |frame| {
        let mut reader = Reader::new();
        match reader.read(frame) {
            Sighting::Code(code) => code,
            other => panic!("{other:?}"),
        }
    };
    let times = pair(
        rounds,
        || {
            timed(|| {
                let seen = read(black_box(&frame));
                let code = UnverifiedCode::parse(seen.text.as_str()).unwrap();
                let code = trust.verify(&code, &region, now).unwrap();
                black_box(trust.policy(now).unwrap().policy.judge(&code, &region, now));
            })
        },
        || timed(|| drop(black_box(read(black_box(&frame))))),
    );
    let what = "frame of 1280×720 → verdict / → text";
    Line { what, ours: times[0], bare: Some(times[1]), ratio: ratio(times), goal: "–", met: true }
}

/// Compares a durable append with a bare commit of the same bytes with the same pragmas, and an
/// append after many rows with one after a thousand.
fn append(world: &World, rounds: usize, rows: usize) -> [Line; 2] {
    let mut sealer = Sealer::of(world);
    let dir = tempfile::tempdir().unwrap();
    let mut young = fixtures::outbox(&dir.path().join("young.sqlite"), &mut sealer, 1000);
    let mut bare = BareStore::open(&dir.path().join("bare.sqlite"));
    let append = |outbox: &mut station::bench::Outbox, sealer: &mut Sealer| {
        let record = sealer.record();
        let sealed = sealer.seal(&outbox.place(record));
        timed(|| outbox.append(&sealed))
    };
    let template = sealer.seal(&Sealer::first_place());
    let mut sealer_again = sealer.another();
    let times = pair(
        rounds,
        || append(&mut young, &mut sealer),
        || {
            let report = sealer_again.renamed(&template);
            timed(|| bare.insert(std::slice::from_ref(&report)))
        },
    );
    let bare_ratio = ratio(times);
    let first = Line {
        what: "durable append / bare SQLite commit, same pragmas",
        ours: times[0],
        bare: Some(times[1]),
        ratio: bare_ratio,
        goal: "≤ 1.2",
        met: bare_ratio <= 1.2,
    };
    let mut old = fixtures::outbox(&dir.path().join("old.sqlite"), &mut sealer, rows);
    let mut sealer_again = sealer.another();
    let times = pair(rounds, || append(&mut old, &mut sealer), || append(&mut young, &mut sealer_again));
    let age = ratio(times);
    let second = Line {
        what: "append at the last of a million rows / at the thousandth",
        ours: times[0],
        bare: Some(times[1]),
        ratio: age,
        goal: "1.0 ± 0.1",
        met: (0.9..=1.1).contains(&age),
    };
    [first, second]
}

/// Compares accepting a batch of 500 with a bare insert of the same bytes in one transaction.
fn accept(world: &World, rounds: usize) -> Line {
    let mut sealer = Sealer::of(world);
    let dir = tempfile::tempdir().unwrap();
    let store = store_with_station(&dir.path().join("office.sqlite"));
    let mut bare = BareStore::open(&dir.path().join("bare.sqlite"));
    let template = sealer.seal(&Sealer::first_place());
    let mut sealer_again = sealer.another();
    let mut chain = fixtures::Chain::default();
    let times = pair(
        rounds,
        || {
            let reports = chain.batch(&template, &mut sealer, 500);
            let arrival = fixtures::arrival(&reports, Timestamp(1_900_000_000));
            timed(|| fixtures::accept(&store, arrival))
        },
        || {
            let reports: Vec<_> = (0..500).map(|_| sealer_again.renamed(&template)).collect();
            timed(|| bare.insert(&reports))
        },
    );
    let ratio = 1.0 / ratio(times);
    let what = "bare insert of a batch of 500 / accepted at the back office";
    Line { what, ours: times[0], bare: Some(times[1]), ratio, goal: "≥ 0.7", met: ratio >= 0.7 }
}

/// Measures how fast a real station empties a full outbox to a real back office.
fn drain(world: &World, reports: usize) -> Line {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::start_plain(&dir.path().join("office"), world).unwrap();
    let folder = dir.path().join("station");
    HeadlessStation::enrol(&folder, &office.ticket().unwrap()).unwrap();
    let mut sealer = Sealer::of(world);
    let (mut outbox, station) = station::bench::Outbox::of(&folder, StreamId([9; 16]));
    let mut left = reports;
    outbox.fill(|place| {
        left = left.checked_sub(1)?;
        let record = sealer.record();
        Some(sealer.seal(&wire::seal::ChainPlace { station, record, ..*place }))
    });
    drop(outbox);
    let patience = Duration::from_secs(300);
    let took = timed(|| {
        let station = HeadlessStation::start(&folder, &[]).unwrap();
        let _ = station.view("a full outbox", |view| view["bar"]["waiting"].as_u64() > Some(0)).unwrap();
        let _ = station.view_within("an empty outbox", patience, |view| view["bar"]["waiting"] == 0).unwrap();
        drop(station);
    });
    let a_second = reports as f64 / took.as_secs_f64();
    Line {
        what: "reports a second from a full outbox to receipts, of 10,000",
        ours: took,
        bare: None,
        ratio: a_second / 10_000.0,
        goal: "≥ 1",
        met: a_second >= 10_000.0,
    }
}
