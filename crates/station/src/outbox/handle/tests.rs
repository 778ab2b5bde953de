//! An outbox that another program holds: it is busy, says so, and is tried again.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use gate::{Fault, Input};
use rusqlite::Connection;
use wire::{ClockState, Health, StreamId};

use super::super::Outbox;
use super::*;
use crate::clock::Clock;
use crate::entropy::Generator;
use crate::inputs::{Inputs, Message};
use crate::testing::{STATION, World, memory_key};

const RECORD: RecordId = RecordId([5; 16]);

fn parts(dir: &Path, rng: Generator) -> (Parts, Receiver<Message>) {
    let clock: Arc<dyn Clock> = Arc::new(crate::clock::tests::told(&dir.join("clock"), memory_key()));
    let (inputs, messages) = Inputs::channel();
    let parts = Parts {
        path: dir.join("outbox.sqlite"),
        station: STATION,
        trust: World::new(clock.wall()).store(dir),
        clock,
        inputs,
        wake: Arc::default(),
        rng,
    };
    (parts, messages)
}

/// The outbox's thread on a folder, and what it tells the gate.
fn start(dir: &Path) -> (OutboxHandle, Receiver<Message>) {
    let (parts, messages) = parts(dir, crate::entropy::rng().unwrap());
    (OutboxHandle::start(parts).unwrap().0, messages)
}

/// Waits until the gate is told what is looked for.
fn await_input(messages: &Receiver<Message>, wanted: impl Fn(&Input) -> bool) {
    loop {
        match messages.recv_timeout(Duration::from_secs(30)).unwrap() {
            Message::Input(input) if wanted(&input) => return,
            _ => {}
        }
    }
}

fn report() -> Box<Report> {
    let (clock, refusals) = (ClockState::Trusted, Vec::new());
    Box::new(Report::Health(Health { at: 1, clock, refusals, wrong_tries: 0 }))
}

fn append(outbox: &OutboxHandle) {
    outbox.append(RECORD, report());
}

/// Another program that holds the database alone, by these statements.
fn hold(dir: &Path, by: &str) -> Connection {
    let other = Connection::open(dir.join("outbox.sqlite")).unwrap();
    other.busy_timeout(Duration::from_secs(5)).unwrap();
    other.execute_batch(by).unwrap();
    other
}

#[test]
fn an_outbox_that_is_held_at_the_start_is_busy_until_it_is_let_go() {
    let dir = tempfile::tempdir().unwrap();
    drop(Outbox::open(&dir.path().join("outbox.sqlite"), STATION, StreamId([1; 16])).unwrap());
    let other = hold(dir.path(), "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    let (outbox, messages) = start(dir.path());
    await_input(&messages, |input| matches!(input, Input::Outbox(Some(Fault::OutboxBusy))));
    append(&outbox);
    await_input(&messages, |input| {
        matches!(input, Input::AppendFailed { record: RECORD, fault: Fault::OutboxBusy })
    });
    drop(other);
    append(&outbox);
    await_input(&messages, |input| matches!(input, Input::Outbox(None)));
    await_input(&messages, |input| matches!(input, Input::Appended { record: RECORD }));
    assert!(!dir.path().join("outbox-damaged-1.sqlite").exists());
}

#[test]
fn a_report_is_recorded_once_another_program_lets_go_after_seconds() {
    let dir = tempfile::tempdir().unwrap();
    let (outbox, messages) = start(dir.path());
    await_input(&messages, |input| matches!(input, Input::Waiting(0)));
    let other = hold(dir.path(), "BEGIN EXCLUSIVE");
    append(&outbox);
    std::thread::sleep(Duration::from_secs(3));
    drop(other);
    await_input(&messages, |input| match input {
        Input::AppendFailed { fault, .. } => panic!("{fault:?}"),
        other => matches!(other, Input::Appended { record: RECORD }),
    });
}

#[test]
fn a_report_that_could_not_be_recorded_says_that_another_program_holds_the_outbox() {
    let dir = tempfile::tempdir().unwrap();
    let (outbox, messages) = start(dir.path());
    await_input(&messages, |input| matches!(input, Input::Waiting(0)));
    let other = hold(dir.path(), "BEGIN EXCLUSIVE");
    append(&outbox);
    await_input(&messages, |input| matches!(input, Input::AppendFailed { fault: Fault::OutboxBusy, .. }));
    drop(other);
    append(&outbox);
    await_input(&messages, |input| matches!(input, Input::Appended { record: RECORD }));
}

/// What two workers append whose memory is the same, as after a snapshot of it was restored.
fn clones_seal(rng: &Generator) -> [SealedReport; 2] {
    [(), ()].map(|()| {
        let dir = tempfile::tempdir().unwrap();
        let (parts, _messages) = parts(dir.path(), rng.clone());
        let outbox = InlineOutbox::new(parts);
        outbox.append(RECORD, report());
        outbox.ask(|answer| Job::Pending { limit: 1, answer }).unwrap().remove(0)
    })
}

#[test]
fn a_worker_that_is_restored_from_a_snapshot_uses_no_ephemeral_key_and_no_stream_twice() {
    let [one, other] = clones_seal(&crate::entropy::rng().unwrap());
    assert_ne!(one.ciphertext[..32], other.ciphertext[..32], "the encapsulated key (RFC 9180)");
    assert_ne!(one.stream, other.stream);
    let [one, other] = clones_seal(&Generator::seeded(1));
    assert_eq!(one, other, "only fresh randomness tells the clones apart");
}

#[test]
fn damage_that_is_found_while_nobody_asks_is_salvaged_and_the_gate_is_told_what_waits() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    let mut outbox = Outbox::open(&path, STATION, StreamId([1; 16])).unwrap();
    let mut left = 0..9000_u16;
    let kid = health_code::KeyId([2; 8]);
    let next = |place: &wire::seal::ChainPlace| {
        let record = super::super::tests::id(left.next()?);
        let (stream, seq, link) = (place.stream, place.seq, place.link);
        let ciphertext = vec![7; wire::limits::SEALED_BYTES];
        Some(SealedReport { stream, seq, record, kid, link, ciphertext })
    };
    outbox.fill(next).unwrap();
    drop(outbox);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let (outbox, messages) = start(dir.path());
    append(&outbox);
    await_input(&messages, |input| matches!(input, Input::Appended { record: RECORD }));
    await_input(&messages, |input| matches!(input, Input::Waiting(8900..=9000)));
    assert!(dir.path().join("outbox-damaged-1.sqlite").exists());
}
