//! An outbox that was made under another station's id.

use wire::{StationId, StreamId};

use super::super::Outbox;
use super::super::tests::{STATION, append, erase, id, open};

const OTHER: StationId = StationId([0xee; 16]);

#[test]
fn another_stations_outbox_is_set_aside_whole_and_nothing_of_it_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    let mut old = open(dir.path(), 1);
    (0..20).for_each(|record| append(&mut old, record));
    let rows = old.pending(100).unwrap();
    drop(old);
    for round in 1..4 {
        let mut new = Outbox::open(&path, OTHER, StreamId([2; 16])).unwrap();
        assert_eq!((new.waiting(), new.pending(10).unwrap().len()), (0, 0), "round {round}");
        assert_eq!(new.place(id(1)).station, OTHER);
        assert_eq!(new.place(id(1)).link, [0; 32], "a chain of its own");
        drop(new);
    }
    let aside = dir.path().join(format!("outbox-{STATION}.sqlite"));
    let mut kept = Outbox::open(&aside, STATION, StreamId([3; 16])).unwrap();
    assert_eq!(kept.pending(100).unwrap(), rows);
}

#[test]
fn a_second_one_of_the_same_station_displaces_no_first() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    for round in 0..3 {
        append(&mut open(dir.path(), 1), round);
        drop(Outbox::open(&path, OTHER, StreamId([2; 16])).unwrap());
    }
    let names = ["", "-2", "-3"].map(|suffix| dir.path().join(format!("outbox-{STATION}{suffix}.sqlite")));
    assert!(names.iter().all(|name| super::super::count_in(name) == Some(1)));
}

#[test]
fn one_that_holds_nothing_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut old = open(dir.path(), 1);
    append(&mut old, 1);
    erase(&mut old, &[id(1)]);
    drop(old);
    drop(Outbox::open(&dir.path().join("outbox.sqlite"), OTHER, StreamId([2; 16])).unwrap());
    assert!(!dir.path().join(format!("outbox-{STATION}.sqlite")).exists());
}
