//! The main job: a thousand passages recorded with no network, a power cut, and every one of them
//! at the back office exactly once, with nothing left behind at the gate.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use stories::clock::{until, wall};
use stories::forensics::Search;
use stories::residents::{Issuer, Resident};
use stories::{HeadlessStation, Office, World};

const PASSAGES: usize = 1000;
/// Until a thousand sealed reports have crossed to the office and been opened there.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn a_thousand_passages_survive_a_power_cut_and_arrive_once() {
    let world = World::new(None);
    let (office_folder, station_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let office = Office::start(office_folder.path(), &world);
    HeadlessStation::enrol(station_folder.path(), &office.ticket());

    let mut station = HeadlessStation::start(station_folder.path(), &["--hurry", "--offline"]);
    station.sign_in("13800000001", "246810");
    let issuer = Issuer::of(&world);
    let scanned: Vec<(Resident, String)> = (0..PASSAGES)
        .map(|number| {
            let resident = Resident::number(number);
            let code = issuer.sign(&resident, wall());
            let result = station.scan(&code);
            assert_eq!(result["answer"]["kind"], "pass", "{result}");
            assert_eq!(result["fields"]["maskedName"], resident.masked_name, "{result}");
            station.confirm();
            (resident, code)
        })
        .collect();
    let thief = Thief::looking_for(&scanned);
    let folder = station.kill();
    thief.finds_nothing(&folder, "after the power cut");
    assert_eq!(office.list()["counts"]["passages"], 0, "the network was off");

    // Nobody has to sign in for the outbox to empty.
    let mut station = HeadlessStation::start(&folder, &["--hurry", "--offline"]);
    let _ = station.view("full outbox", |view| view["bar"]["waiting"].as_u64() >= Some(PASSAGES as u64));
    station.network(true);
    let _ = station.view_within("empty outbox", PATIENCE, |view| view["bar"]["waiting"] == 0);
    let list = until("a thousand passages", PATIENCE, || {
        let list = office.list();
        (list["counts"]["passages"] == PASSAGES && list["counts"]["waiting"] == 0).then_some(list)
    });
    arrived_once(&list, &scanned);
    thief.finds_nothing(&folder, "while the station runs");
    thief.finds_nothing(&station.quit(), "after it ended");
    arrived_once(&office.list(), &scanned);
}

/// Every resident once, each as they were scanned, and nothing besides.
fn arrived_once(list: &Value, scanned: &[(Resident, String)]) {
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

/// Somebody with the disk, a hex editor and all the time in the world.
struct Thief {
    search: Search,
    planted: Vec<(&'static str, Vec<u8>)>,
}

impl Thief {
    fn looking_for(scanned: &[(Resident, String)]) -> Self {
        let mut search = Search::default();
        scanned.iter().for_each(|(resident, code)| resident.add_to(&mut search, code));
        let (resident, code) = &scanned[PASSAGES / 2];
        Self { search, planted: resident.planted(code) }
    }

    /// Finds nothing, and proves that something would have been found.
    fn finds_nothing(&self, folder: &Path, when: &str) {
        let found = self.search.folder(folder);
        assert!(found.is_empty(), "{when}: {} finds, such as {:#?}", found.len(), found.first());
        let file = folder.join("outbox.sqlite-planted");
        for (what, bytes) in &self.planted {
            std::fs::write(&file, [&[b'.'; 4095][..], bytes, &[b'.'; 9]].concat()).unwrap();
            let found = self.search.folder(folder);
            std::fs::remove_file(&file).unwrap();
            assert!(!found.is_empty(), "{when}: the search would not find {what}");
            assert!(found.iter().all(|find| find.file == file), "{when}: {:?}", found.first());
        }
    }
}
