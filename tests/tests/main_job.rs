//! The main job: a thousand passages are recorded with no network, across a power cut. Each reaches
//! the back office exactly once, and nothing stays behind at the gate.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use stage::clock::{PATIENCE, until, wall};
use stage::{HeadlessStation, Office, Search, World};
use stories::residents::{Issuer, Resident};

const PASSAGES: usize = 1000;

#[test]
fn a_thousand_passages_survive_a_power_cut_and_arrive_once() {
    let world = World::new(None).unwrap();
    let (office_folder, station_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let office = Office::start(office_folder.path(), &world).unwrap();
    HeadlessStation::enrol(station_folder.path(), &office.ticket().unwrap()).unwrap();

    let mut morning = HeadlessStation::start(station_folder.path(), &["--hurry", "--offline"]).unwrap();
    morning.sign_in("13800000001", "246810").unwrap();
    let issuer = Issuer::of(&world);
    let recorded = |station: &mut HeadlessStation, number| recorded(station, &issuer, number);
    let mut scanned: Vec<_> = (0..PASSAGES / 2).map(|number| recorded(&mut morning, number)).collect();
    // The power fails while a result is on the screen, which was never confirmed.
    let turned_away = scanned_by(&mut morning, &issuer, PASSAGES);
    let folder = morning.kill().unwrap();

    let mut evening = HeadlessStation::start(&folder, &["--hurry", "--offline"]).unwrap();
    evening.sign_in("13800000001", "246810").unwrap();
    scanned.extend((PASSAGES / 2..PASSAGES).map(|number| recorded(&mut evening, number)));
    let folder = evening.kill().unwrap();
    let thief = Thief::looking_for(scanned.iter().chain([&turned_away]));
    thief.finds_nothing(&folder, "after the power cut");
    assert_eq!(office.list().unwrap()["counts"]["passages"], 0, "the network was off");
    assert!(outbox_rows(&folder) >= PASSAGES);

    // Nobody has to sign in for the outbox to empty.
    let mut station = HeadlessStation::start(&folder, &["--hurry", "--offline"]).unwrap();
    let _ =
        station.view("full outbox", |view| view["bar"]["waiting"].as_u64() >= Some(PASSAGES as u64)).unwrap();
    station.network(true).unwrap();
    let _ = station.view_within("empty outbox", PATIENCE, |view| view["bar"]["waiting"] == 0).unwrap();
    let list = until("a thousand passages", PATIENCE, || {
        let list = office.list()?;
        Ok((list["counts"]["passages"] == PASSAGES && list["counts"]["waiting"] == 0).then_some(list))
    })
    .unwrap();
    arrived_once(&list, &scanned);
    thief.finds_nothing(&folder, "while the station runs");
    thief.finds_nothing(&station.quit().unwrap(), "after it ended");
    assert_eq!(outbox_rows(&folder), 0);
    arrived_once(&office.list().unwrap(), &scanned);
}

#[test]
fn an_office_that_dies_while_it_receives_loses_and_doubles_nothing() {
    let world = World::new(None).unwrap();
    let (office_folder, station_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut office = Office::start(office_folder.path(), &world).unwrap();
    HeadlessStation::enrol(station_folder.path(), &office.ticket().unwrap()).unwrap();
    let mut station = HeadlessStation::start(station_folder.path(), &["--hurry"]).unwrap();
    station.sign_in("13800000001", "246810").unwrap();
    let issuer = Issuer::of(&world);
    let mut scanned = Vec::new();
    for round in 0..6 {
        scanned.extend((0..20).map(|number| recorded(&mut station, &issuer, round * 20 + number)));
        // Each round cuts the exchange a little later.
        std::thread::sleep(Duration::from_millis(15 * round as u64));
        office.cut().unwrap();
        office.start_again().unwrap();
    }
    let list = until("every passage", PATIENCE, || {
        let list = office.list()?;
        Ok((list["counts"]["passages"] == scanned.len() && list["counts"]["waiting"] == 0).then_some(list))
    })
    .unwrap();
    arrived_once(&list, &scanned);
}

/// Scans a resident's code, which passes.
fn scanned_by(station: &mut HeadlessStation, issuer: &Issuer, number: usize) -> (Resident, String) {
    let resident = Resident::number(number);
    let code = issuer.sign(&resident, wall());
    let result = station.scan(&code).unwrap();
    assert_eq!(result["answer"]["kind"], "pass", "{result}");
    assert_eq!(result["fields"]["maskedName"], resident.masked_name, "{result}");
    (resident, code)
}

/// Scans a resident's code and confirms it.
fn recorded(station: &mut HeadlessStation, issuer: &Issuer, number: usize) -> (Resident, String) {
    let scanned = scanned_by(station, issuer, number);
    station.confirm().unwrap();
    scanned
}

/// Counts the sealed reports in a station's folder.
fn outbox_rows(folder: &Path) -> usize {
    let outbox = rusqlite::Connection::open(folder.join("outbox.sqlite")).unwrap();
    let rows: i64 = outbox.query_row("SELECT count(*) FROM report", [], |row| row.get(0)).unwrap();
    usize::try_from(rows).unwrap()
}

/// Checks that every resident arrived once, as scanned, and nothing else.
fn arrived_once(list: &Value, scanned: &[(Resident, String)]) {
    assert_eq!(list["counts"]["alerts"], 0, "an honest station fits in everything: {}", list["alerts"]);
    let passages = list["passages"].as_array().unwrap();
    assert_eq!(passages.len(), scanned.len());
    let by_pseudonym: BTreeMap<&str, &Value> =
        passages.iter().map(|row| (row["pseudonym"].as_str().unwrap(), row)).collect();
    assert_eq!(by_pseudonym.len(), scanned.len(), "somebody twice");
    for (resident, _) in scanned {
        let row = by_pseudonym[resident.pseudonym_hex().as_str()];
        assert_eq!(row["masked_name"], resident.masked_name);
        assert_eq!(row["masked_id"], resident.masked_id);
        assert_eq!((&row["shown"], &row["clock"]), (&"pass".into(), &"trusted".into()));
    }
    assert_eq!((&list["quarantine"], &list["alerts"]), (&Value::Array(vec![]), &Value::Array(vec![])));
}

/// A thief with the disk, a hex editor and enough time.
struct Thief {
    search: Search,
    planted: Vec<(&'static str, Vec<u8>)>,
}

impl Thief {
    fn looking_for<'s>(scanned: impl Iterator<Item = &'s (Resident, String)>) -> Self {
        let mut thief = Self { search: Search::default(), planted: Vec::new() };
        for (resident, code) in scanned {
            resident.add_to(&mut thief.search, code);
            thief.planted = resident.planted(code);
        }
        thief
    }

    /// Checks that the search finds nothing, and that it works: it finds everything that is planted.
    fn finds_nothing(&self, folder: &Path, when: &str) {
        let found = self.search.folder(folder).unwrap();
        assert!(found.is_empty(), "{when}: {} finds, such as {:#?}", found.len(), found.first());
        let loot = folder.join("planted");
        std::fs::create_dir(&loot).unwrap();
        for (what, bytes) in &self.planted {
            std::fs::write(loot.join(what), [&[b'.'; 4095][..], bytes, &[b'.'; 9]].concat()).unwrap();
        }
        let found = self.search.folder(folder).unwrap();
        std::fs::remove_dir_all(&loot).unwrap();
        for (what, _) in &self.planted {
            assert!(found.iter().any(|find| find.file == loot.join(what)), "the search misses {what}");
        }
    }
}
