//! What a receipt settles: what is erased, kept, forgotten, sent again and set aside.

use wire::{Generation, RecordId, StreamId};

use super::super::backlog::Settled;
use super::super::tests::{STATION, append, erase, found_in_files, id, middle, open};
use super::super::{Outbox, rows};
use super::Table;

const FIRST: Generation = Generation([1; 16]);
const RESTORED: Generation = Generation([2; 16]);

fn acknowledged(records: impl IntoIterator<Item = u16>) -> Settled {
    let acknowledged = records.into_iter().map(id).collect();
    Settled { acknowledged, generation: Some(FIRST), ..Settled::default() }
}

fn pending(outbox: &mut Outbox) -> Vec<RecordId> {
    outbox.pending(1000).unwrap().into_iter().map(|row| row.record).collect()
}

fn ids(records: impl IntoIterator<Item = u16>) -> Vec<RecordId> {
    records.into_iter().map(id).collect()
}

fn kept(outbox: &Outbox) -> u64 {
    rows::count(&outbox.db, Table::Kept).unwrap()
}

#[test]
fn what_is_missing_goes_last_and_nothing_is_passed_over_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    (0..10).for_each(|record| append(&mut outbox, record));
    let settled = Settled { missing: ids([1, 4]), ..acknowledged([0, 2, 3]) };
    outbox.settle(&settled, None).unwrap();
    assert_eq!(pending(&mut outbox), ids(5..10));
    append(&mut outbox, 10);
    erase(&mut outbox, &ids(5..10));
    assert_eq!(pending(&mut outbox), ids([10]));
    erase(&mut outbox, &ids([10]));
    assert_eq!(pending(&mut outbox), ids([1, 4]), "alone again");
    append(&mut outbox, 11);
    assert_eq!(pending(&mut outbox), ids([1, 4, 11]));
    assert_eq!(outbox.waiting(), 3);
}

#[test]
fn without_a_policy_that_asks_for_it_nothing_is_kept() {
    for keep in [None, Some(0)] {
        let dir = tempfile::tempdir().unwrap();
        let mut outbox = open(dir.path(), 1);
        (0..10).for_each(|record| append(&mut outbox, record));
        outbox.settle(&acknowledged(0..10), keep).unwrap();
        assert_eq!((kept(&outbox), outbox.waiting()), (0, 0));
        assert_eq!(found_in_files(dir.path(), (0..10).map(middle)), 0);
    }
}

#[test]
fn as_many_as_the_policy_says_are_kept_the_oldest_goes_first_and_none_of_them_waits() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    (0..30).for_each(|record| append(&mut outbox, record));
    outbox.settle(&acknowledged(0..20), Some(12)).unwrap();
    assert_eq!((kept(&outbox), outbox.waiting()), (12, 10));
    assert_eq!(pending(&mut outbox), ids(20..30));
    assert_eq!(found_in_files(dir.path(), (0..8).map(middle)), 0, "the rest is gone");
    assert_eq!(found_in_files(dir.path(), (8..20).map(middle)), 12);
    outbox.settle(&acknowledged(20..30), Some(4)).unwrap();
    assert!(outbox.is_drained().unwrap());
    assert_eq!(kept(&outbox), 4);
    assert_eq!(found_in_files(dir.path(), (0..26).map(middle)), 0);
    outbox.settle(&acknowledged([]), None).unwrap();
    assert_eq!(kept(&outbox), 4, "where no policy tells, none is given up");
    outbox.settle(&acknowledged([]), Some(0)).unwrap();
    assert_eq!(found_in_files(dir.path(), (0..30).map(middle)), 0);
}

#[test]
fn what_is_backed_up_is_kept_no_longer() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    (0..20).for_each(|record| append(&mut outbox, record));
    // The third was not acknowledged at first, and the tip that was copied was the tenth.
    let settled = Settled { missing: ids([2]), ..acknowledged((0..10).filter(|it| *it != 2)) };
    outbox.settle(&settled, Some(100)).unwrap();
    outbox.settle(&acknowledged((10..20).chain([2])), Some(100)).unwrap();
    let backed_up = Some((StreamId([1; 16]), 9));
    outbox.settle(&Settled { backed_up, ..acknowledged([]) }, Some(100)).unwrap();
    assert_eq!(kept(&outbox), 11);
    assert_eq!(found_in_files(dir.path(), (0..10).filter(|it| *it != 2).map(middle)), 0);
    assert_eq!(found_in_files(dir.path(), [middle(2)]), 1, "the office had it only after the copy");
    for unknown in [(StreamId([1; 16]), 500), (StreamId([9; 16]), 15), (StreamId([1; 16]), u64::MAX)] {
        outbox.settle(&Settled { backed_up: Some(unknown), ..acknowledged([]) }, Some(100)).unwrap();
        assert_eq!(kept(&outbox), 11);
    }
    outbox.settle(&Settled { backed_up: Some((StreamId([1; 16]), 2)), ..acknowledged([]) }, None).unwrap();
    assert_eq!(kept(&outbox), 0);
}

#[test]
fn all_that_is_kept_waits_again_before_everything_else_when_the_office_was_restored() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    (0..30).for_each(|record| append(&mut outbox, record));
    outbox.settle(&acknowledged(0..10), Some(100)).unwrap();
    outbox.settle(&acknowledged(10..20), Some(100)).unwrap();
    drop(outbox);
    let mut outbox = open(dir.path(), 2);
    assert_eq!((outbox.waiting(), pending(&mut outbox)), (10, ids(20..30)));
    let settled = Settled { generation: Some(RESTORED), ..acknowledged([]) };
    assert_eq!(outbox.settle(&settled, Some(100)).unwrap().again, 20);
    assert_eq!((outbox.waiting(), kept(&outbox)), (30, 0));
    assert_eq!(pending(&mut outbox), ids(0..30), "in the order of their chain");
    append(&mut outbox, 30);
    assert_eq!(pending(&mut outbox).last(), Some(&id(30)));
    let settled = Settled { generation: Some(RESTORED), ..acknowledged(0..31) };
    assert_eq!(outbox.settle(&settled, Some(100)).unwrap().again, 0, "told once");
    assert_eq!((outbox.waiting(), kept(&outbox)), (0, 31));
    outbox.settle(&acknowledged([]), Some(100)).unwrap();
    assert_eq!(pending(&mut outbox), ids(0..31), "restored again, to the first state");
}

#[test]
fn a_report_that_is_set_aside_is_kept_and_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    (0..3).for_each(|record| append(&mut outbox, record));
    outbox.set_aside(id(1)).unwrap();
    outbox.set_aside(id(77)).unwrap();
    assert_eq!((outbox.waiting(), pending(&mut outbox)), (2, ids([0, 2])));
    erase(&mut outbox, &ids([0, 2]));
    assert!(outbox.is_drained().unwrap());
    drop(outbox);
    let outbox = open(dir.path(), 2);
    assert_eq!(rows::count(&outbox.db, Table::Aside).unwrap(), 1);
    assert_eq!(found_in_files(dir.path(), [middle(1)]), 1);
    assert_eq!(super::super::count_in(&dir.path().join("outbox.sqlite")), Some(1));
    assert_eq!(outbox.place(id(1)).station, STATION);
}
