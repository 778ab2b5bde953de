//! What no station sends is exported: whole, sealed, and only what nobody sends.

use wire::limits::BATCH_REPORTS;
use wire::stick::{Export, Unsigned};
use wire::{SignedBatch, StreamId};

use super::super::Outbox;
use super::super::tests::{append, ciphertext, found_in_files, id, middle};
use super::*;
use crate::testing::{OWN, STATION, enrolled, signing_key};

const BEFORE: u8 = 78;

/// The station that the folder was before.
fn before() -> StationId {
    StationId::of(
        &health_code::PublicKey::from_bytes(&signing_key(BEFORE).verifying_key().to_bytes()).unwrap(),
    )
}

/// A folder that was another station: 700 reports of that one, and three of its own, one of them set aside.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    let mut outbox = Outbox::open(&path, before(), StreamId([1; 16])).unwrap();
    (0..700).for_each(|record| append(&mut outbox, record));
    drop(outbox);
    enrolled(dir.path());
    let mut outbox = Outbox::open(&path, STATION, StreamId([2; 16])).unwrap();
    (900..903).for_each(|record| append(&mut outbox, record));
    outbox.set_aside(id(901)).unwrap();
    dir
}

fn kinds(exported: &[Exported]) -> Vec<(StationId, usize, ExportKind)> {
    exported.iter().map(|it| (it.station, it.reports, it.kind)).collect()
}

fn unsigned(file: &Path) -> Unsigned {
    Unsigned::parse(&std::fs::read(file).unwrap()).unwrap()
}

#[test]
fn what_another_station_sealed_and_what_the_office_cannot_read_is_exported_and_stays() {
    let dir = folder();
    let to = tempfile::tempdir().unwrap();
    for round in 0..2 {
        let exported = export(dir.path(), to.path(), None, false).unwrap();
        let expected = [(before(), 700, ExportKind::Unsigned), (STATION, 1, ExportKind::Refused)];
        assert_eq!(kinds(&exported), expected, "round {round}");
        let theirs = unsigned(&exported[0].file);
        assert_eq!(theirs.station, before());
        let texts = theirs.reports.iter().map(|report| report.ciphertext.clone());
        assert!(texts.eq((0..700).map(ciphertext)), "whole, and in their order");
        let refused = unsigned(&exported[1].file);
        assert_eq!((refused.station, refused.reports[0].record), (STATION, id(901)));
        assert_eq!(found_in_files(dir.path(), (0..700).map(middle)), 700);
    }
    let names =
        ["unsigned.cbor", "unsigned-2.cbor"].map(|name| to.path().join(before().to_string()).join(name));
    assert!(names.iter().all(|name| name.exists()), "nothing is written over");
}

#[test]
fn the_key_of_the_station_signs_its_reports_and_no_others() {
    let dir = folder();
    let to = tempfile::tempdir().unwrap();
    for (seed, kind) in [(BEFORE, ExportKind::Signed), (OWN, ExportKind::Unsigned)] {
        let key = to.path().join("kept.key");
        let secret = health_code::hex::encode(&signing_key(seed).to_bytes());
        disk::replace(&key, secret.as_bytes(), Access::Owner).unwrap();
        let exported = export(dir.path(), to.path(), Some(&key), false).unwrap();
        assert_eq!(exported[0].kind, kind);
        assert_eq!(exported[1].kind, ExportKind::Refused, "the office cannot read it, whoever signs it");
        if kind == ExportKind::Signed {
            let file = Export::parse(&std::fs::read(&exported[0].file).unwrap()).unwrap();
            let public = health_code::PublicKey::from_bytes(&signing_key(BEFORE).verifying_key().to_bytes());
            let batches =
                file.batches.iter().map(|batch| SignedBatch::open(&batch.bytes, public.as_ref().unwrap()));
            let sizes: Vec<_> = batches.map(|batch| batch.unwrap().reports.len()).collect();
            assert_eq!(sizes, [BATCH_REPORTS, 700 - BATCH_REPORTS]);
        }
    }
}

#[test]
fn what_was_exported_is_erased_where_that_is_asked_for_and_nothing_else() {
    let dir = folder();
    let to = tempfile::tempdir().unwrap();
    assert_eq!(export(dir.path(), to.path(), None, true).unwrap().len(), 2);
    assert_eq!(found_in_files(dir.path(), (0..700).chain([901]).map(middle)), 0);
    assert_eq!(found_in_files(dir.path(), [900, 902].map(middle)), 2);
    assert_eq!(found_in_files(&to.path().join(before().to_string()), (0..700).map(middle)), 700);
    assert!(export(dir.path(), to.path(), None, true).unwrap().is_empty());
}

#[test]
fn a_folder_that_is_no_station_any_more_gives_all_it_has_and_a_running_one_nothing() {
    let dir = folder();
    let to = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path());
    let lock = folder.lock().unwrap();
    assert!(matches!(export(dir.path(), to.path(), None, true), Err(ExportError::InUse)));
    drop(lock);
    std::fs::remove_file(folder.settings()).unwrap();
    let exported = kinds(&export(dir.path(), to.path(), None, false).unwrap());
    assert!(exported.contains(&(STATION, 2, ExportKind::Unsigned)), "{exported:?}");
}
