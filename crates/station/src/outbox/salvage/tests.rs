//! Salvage that is interrupted: at each step by a kill, twice by a kill, and by a disk that fails.

use std::collections::HashSet;
use std::path::Path;

use wire::{RecordId, StreamId};

use super::super::tests::{STATION, append, erase, id, open};
use super::super::{Outbox, OutboxError};
use super::aside;

/// The folder as a kill leaves it: files as they are, copied away under running connections.
fn as_after_a_kill(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with("-shm") && name != "reserve" {
            std::fs::copy(entry.path(), copy.path().join(name)).unwrap();
        }
    }
    copy
}

/// A folder with an outbox of 70 reports, of which ten stand in the log and some cannot be read.
fn damaged() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    (0..60).for_each(|record| append(&mut outbox, record));
    outbox.empty_log().unwrap();
    (60..70).for_each(|record| append(&mut outbox, record));
    let dir = as_after_a_kill(dir.path());
    let path = dir.path().join("outbox.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    dir
}

fn open_stepping(
    dir: &Path,
    mut step: impl FnMut() -> Result<(), OutboxError>,
) -> Result<Outbox, OutboxError> {
    Outbox::open_stepping(&dir.join("outbox.sqlite"), STATION, StreamId([2; 16]), &mut step)
}

/// What the outbox holds, in its order, and the head that the next report is chained to.
fn holds(outbox: &mut Outbox) -> (Vec<RecordId>, [u8; 32]) {
    let rows = outbox.pending(1000).unwrap();
    (rows.into_iter().map(|row| row.record).collect(), outbox.place(id(900)).link)
}

/// Opens the folder; returns what it holds then, and the folder as a kill before each step leaves it.
fn killed_before_each_step(dir: &Path) -> ((Vec<RecordId>, [u8; 32]), Vec<tempfile::TempDir>) {
    let mut kills = Vec::new();
    let outbox = open_stepping(dir, || {
        kills.push(as_after_a_kill(dir));
        Ok(())
    });
    (holds(&mut outbox.unwrap()), kills)
}

#[test]
fn killed_at_any_step_and_at_any_step_of_the_next_start_it_has_every_readable_row_once() {
    let dir = damaged();
    let (whole, kills) = killed_before_each_step(dir.path());
    assert!((50..70).contains(&whole.0.len()), "{} rows", whole.0.len());
    assert_eq!(whole.0.last(), Some(&id(69)), "what stood in the log is there");
    assert_eq!(whole.0.iter().collect::<HashSet<_>>().len(), whole.0.len());
    assert!(kills.len() > 15, "{} steps", kills.len());
    for (first, kill) in kills.iter().enumerate() {
        let (held, again) = killed_before_each_step(kill.path());
        assert_eq!(held, whole, "killed before step {first}");
        for (second, kill) in again.iter().enumerate() {
            assert_eq!(
                holds(&mut open(kill.path(), 3)),
                whole,
                "killed before {first}, then before {second}"
            );
        }
    }
}

#[test]
fn a_disk_that_is_full_or_fails_at_any_step_loses_nothing() {
    let (whole, kills) = killed_before_each_step(damaged().path());
    let errors: [fn() -> OutboxError; 2] = [|| OutboxError::Full, || OutboxError::Other("cable".into())];
    for error in errors {
        for failing in 0..kills.len() {
            let dir = damaged();
            let mut step = 0;
            let opened = open_stepping(dir.path(), || {
                step += 1;
                if step > failing { Err(error()) } else { Ok(()) }
            });
            drop(opened);
            assert_eq!(holds(&mut open(dir.path(), 3)), whole, "failing from step {failing} on");
        }
    }
}

#[test]
fn the_salvage_of_an_earlier_version_that_was_interrupted_is_made_good() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    let mut outbox = open(dir.path(), 1);
    (0..20).for_each(|record| append(&mut outbox, record));
    let head = outbox.place(id(900)).link;
    drop(outbox);
    std::fs::rename(&path, aside::damaged(&path, 1)).unwrap();

    let mut outbox = open(dir.path(), 2);
    assert_eq!(holds(&mut outbox), ((0..20).map(id).collect(), head));
    erase(&mut outbox, &(0..20).map(id).collect::<Vec<_>>());
    drop(outbox);
    assert_eq!(open(dir.path(), 3).waiting(), 0, "what was carried over is not carried over again");
}

#[test]
fn what_was_set_aside_is_added_to_what_was_recorded_since() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    let mut outbox = open(dir.path(), 1);
    (0..20).for_each(|record| append(&mut outbox, record));
    drop(outbox);
    std::fs::rename(&path, aside::damaged(&path, 1)).unwrap();
    std::fs::write(aside::mark(&path, 1), []).unwrap();
    let mut outbox = open(dir.path(), 2);
    (30..35).for_each(|record| append(&mut outbox, record));
    let head = outbox.place(id(900)).link;
    drop(outbox);
    std::fs::remove_file(aside::mark(&path, 1)).unwrap();
    let (held, link) = holds(&mut open(dir.path(), 3));
    assert_eq!(link, head, "the chain goes on where it was");
    assert_eq!(held.len(), 25);
    assert_eq!(held.into_iter().collect::<HashSet<_>>(), (0..20).chain(30..35).map(id).collect());
}

#[test]
fn only_a_file_that_was_carried_over_is_displaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    for number in 1..=4 {
        assert_eq!(aside::next(&path).unwrap(), number);
        std::fs::write(aside::damaged(&path, number), [0x5a; 9000]).unwrap();
    }
    assert_eq!(aside::next(&path).unwrap(), 5);
    aside::set_mark(&path, 3).unwrap();
    assert_eq!(aside::next(&path).unwrap(), 3);
}
