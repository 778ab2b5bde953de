//! A large file: it is used at once, checked later, and smaller after a drain.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use wire::{RecordId, SealedReport, StreamId};

use super::super::tests::{STATION, append, ciphertext, erase, found_in_files, id, middle, open};
use super::super::{Outbox, OutboxError, aside};
use super::schema::CHECKED_AT_ONCE;

/// As many rows as make a file that is not checked at once.
const MANY: u16 = 9000;

/// A folder whose outbox holds [`MANY`] reports.
fn large() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    fill(&mut outbox, MANY);
    let path = dir.path().join("outbox.sqlite");
    outbox.empty_log().unwrap();
    assert!(path.metadata().unwrap().len() > CHECKED_AT_ONCE.unsigned_abs() * 4096);
    (dir, path)
}

fn fill(outbox: &mut Outbox, rows: u16) {
    let mut left = 0..rows;
    let kid = health_code::KeyId([2; 8]);
    let next = |place: &wire::seal::ChainPlace| {
        let record = left.next()?;
        let (stream, seq, link) = (place.stream, place.seq, place.link);
        Some(SealedReport { stream, seq, record: id(record), kid, link, ciphertext: ciphertext(record) })
    };
    outbox.fill(next).unwrap();
}

/// Does all upkeep there is.
fn keep_up(outbox: &mut Outbox) -> Result<(), OutboxError> {
    while outbox.upkeep()? {}
    Ok(())
}

fn change(path: &Path, with: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    with(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

fn all(outbox: &mut Outbox) -> Vec<RecordId> {
    outbox.pending(usize::MAX).unwrap().into_iter().map(|row| row.record).collect()
}

#[test]
fn a_large_file_that_is_sound_passes_and_its_check_ends() {
    let (dir, _) = large();
    let mut outbox = open(dir.path(), 2);
    assert!(outbox.check.is_some());
    outbox.upkeep().unwrap();
    append(&mut outbox, MANY);
    erase(&mut outbox, &[id(3), id(4000)]);
    keep_up(&mut outbox).unwrap();
    assert!(outbox.check.is_none());
    assert_eq!(outbox.waiting(), u64::from(MANY) - 1);
}

#[test]
fn damage_in_a_large_file_holds_up_no_report_is_found_and_is_salvaged() {
    let (dir, path) = large();
    change(&path, |bytes| {
        let middle = bytes.len() / 2 / 4096 * 4096;
        bytes[middle..middle + 4096].fill(0xa5);
    });
    let mut outbox = open(dir.path(), 2);
    append(&mut outbox, MANY);
    let error = keep_up(&mut outbox).unwrap_err();
    assert!(error.is_damage(), "{error}");
    drop(outbox);
    let mut outbox = Outbox::open_damaged(&path, STATION, StreamId([3; 16])).unwrap();
    let rows = all(&mut outbox);
    assert!(rows.len() > usize::from(MANY) - 100, "{} rows", rows.len());
    assert_eq!(outbox.waiting(), rows.len() as u64);
    assert_eq!(rows.last(), Some(&id(MANY)));
    assert!(aside::damaged(&path, 1).exists());
    keep_up(&mut outbox).unwrap();
}

/// Renames a report in its row and not in the index.
fn hide(path: &Path, record: u16) {
    change(path, |bytes| {
        let name = id(record).0;
        let rows = (0..bytes.len() - 1200).filter(|at| bytes[*at..].starts_with(&name));
        // The ciphertext's pattern follows the row.
        let follows = |at: &usize| bytes[*at..*at + 1200].windows(16).any(|it| it == middle(record));
        let row = rows.filter(follows).collect::<Vec<_>>();
        assert_eq!(row.len(), 1);
        bytes[row[0] + 15] ^= 1;
    });
}

#[test]
fn a_report_that_is_not_found_by_its_id_is_damage() {
    let (dir, path) = large();
    hide(&path, 5000);
    let mut outbox = open(dir.path(), 2);
    assert!(keep_up(&mut outbox).unwrap_err().is_damage());
    drop(outbox);
    let mut outbox = Outbox::open_damaged(&path, STATION, StreamId([3; 16])).unwrap();
    assert_eq!(outbox.waiting(), u64::from(MANY));
    keep_up(&mut outbox).unwrap();
}

#[test]
fn a_report_that_no_receipt_could_erase_is_damage_before_it_is_sent() {
    let (dir, path) = large();
    hide(&path, 3);
    let mut outbox = open(dir.path(), 2);
    assert!(outbox.pending(500).unwrap_err().is_damage());
    drop(outbox);
    let mut outbox = Outbox::open_damaged(&path, STATION, StreamId([3; 16])).unwrap();
    let sent = all(&mut outbox);
    assert_eq!(sent.len(), usize::from(MANY));
    erase(&mut outbox, &sent);
    assert!(outbox.is_drained().unwrap());
}

#[test]
fn a_small_file_whose_index_lost_a_report_is_salvaged_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    let mut outbox = open(dir.path(), 1);
    fill(&mut outbox, 5);
    outbox.empty_log().unwrap();
    drop(outbox);
    hide(&path, 3);
    let mut outbox = open(dir.path(), 2);
    let sent = all(&mut outbox);
    assert_eq!(sent.len(), 5);
    erase(&mut outbox, &sent);
    assert_eq!((outbox.waiting(), outbox.is_drained().unwrap()), (0, true));
}

#[test]
fn the_file_shrinks_after_a_drain_and_no_erased_byte_stays() {
    let (dir, path) = large();
    let large = path.metadata().unwrap().len();
    let mut outbox = open(dir.path(), 2);
    let names = all(&mut outbox);
    for batch in names.chunks(500) {
        erase(&mut outbox, batch);
        append(&mut outbox, MANY + 1 + u16::try_from(batch.len() % 7).unwrap());
        outbox.upkeep().unwrap();
        let newest = outbox.pending(usize::MAX).unwrap().last().unwrap().record;
        erase(&mut outbox, &[newest]);
    }
    keep_up(&mut outbox).unwrap();
    let drained = path.metadata().unwrap().len();
    assert!(drained < 1024 * 1024 + 64 * 1024, "{large} bytes, then {drained}");
    assert_eq!(found_in_files(dir.path(), (0..MANY).map(middle)), 0);
    append(&mut outbox, 1);
    drop(outbox);
    assert_eq!(all(&mut open(dir.path(), 3)), [id(1)]);
}

#[test]
fn what_still_waits_is_moved_and_kept_in_its_order_and_bytes() {
    let (dir, path) = large();
    let large = path.metadata().unwrap().len();
    let mut outbox = open(dir.path(), 2);
    let names = all(&mut outbox);
    let stays = |record: &RecordId| names.iter().position(|name| name == record).unwrap() % 90 == 89;
    let goes: Vec<_> = names.iter().copied().filter(|record| !stays(record)).collect();
    for batch in goes.chunks(500) {
        erase(&mut outbox, batch);
    }
    keep_up(&mut outbox).unwrap();
    assert!(path.metadata().unwrap().len() < large / 4);
    let rows = outbox.pending(1000).unwrap();
    assert_eq!(rows.len(), usize::from(MANY) / 90);
    assert!(rows.iter().map(|row| row.seq).is_sorted());
    let held: BTreeSet<_> = rows.iter().map(|row| row.ciphertext.clone()).collect();
    let kept = (0..MANY).filter(|record| record % 90 == 89);
    assert_eq!(held, kept.map(ciphertext).collect());
    assert_eq!(found_in_files(dir.path(), (0..MANY).filter(|record| record % 90 != 89).map(middle)), 0);
}
