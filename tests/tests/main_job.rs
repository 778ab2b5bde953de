//! The main job: a thousand passages recorded with no network, a power cut, and every one of them
//! at the back office exactly once, with nothing left behind at the gate.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod residents;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use residents::{Resident, residents};
use serde_json::Value;
use stories::forensics::Search;
use stories::lines::until;
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
    let people = residents(&world, PASSAGES);
    let search = search(&people);

    let mut station = HeadlessStation::start(station_folder.path(), &["--hurry", "--offline"]);
    station.sign_in("13800000001", "246810");
    for person in &people {
        let result = station.scan(&person.text());
        assert_eq!(result["answer"]["kind"], "pass", "{result}");
        assert_eq!(result["fields"]["maskedName"], person.masked_name, "{result}");
        station.confirm();
    }
    let folder = station.kill();
    nothing_readable(&search, &folder, "after the power cut");
    assert_eq!(office.list()["counts"]["passages"], 0, "the network was off");

    // Nobody has to sign in for the outbox to empty.
    let station = HeadlessStation::start(&folder, &["--hurry", "--offline"]);
    let waiting = station.view("outbox", |view| view["bar"]["waiting"].as_u64() >= Some(PASSAGES as u64));
    assert_eq!(waiting["screen"]["kind"], "signed-out");
    let mut station = station;
    station.network(true);
    let _ = station.view_within("empty outbox", PATIENCE, |view| view["bar"]["waiting"] == 0);

    let list = until("a thousand passages", PATIENCE, || {
        let list = office.list();
        (list["counts"]["passages"] == PASSAGES && list["counts"]["waiting"] == 0).then_some(list)
    });
    exactly_these(&list, &people);
    nothing_readable(&search, &folder, "while it runs");
    nothing_readable(&search, &station.quit(), "at the end");
}

/// Every resident once, each as they were scanned, and nothing besides.
fn exactly_these(list: &Value, people: &[Resident]) {
    let arrived: Vec<&Value> = list["passages"].as_array().unwrap().iter().collect();
    assert_eq!(arrived.len(), people.len());
    let by_pseudonym: BTreeMap<&str, &Value> =
        arrived.iter().map(|row| (row["pseudonym"].as_str().unwrap(), *row)).collect();
    assert_eq!(by_pseudonym.len(), people.len(), "nobody twice");
    for person in people {
        let row = by_pseudonym[person.pseudonym_hex().as_str()];
        assert_eq!(row["masked_name"], person.masked_name);
        assert_eq!(row["masked_id"], person.masked_id);
        assert_eq!(row["shown"], "pass");
        assert_eq!(row["clock"], "trusted");
    }
    for nothing in ["quarantined", "alerts", "conflicts"] {
        let count = &list["counts"][nothing];
        assert!(count.is_null() || *count == 0, "{nothing}: {list:#}");
    }
}

/// Everything of every resident that a file could give away.
fn search(people: &[Resident]) -> Search {
    let mut search = Search::default();
    for (number, person) in people.iter().enumerate() {
        let mut add = |what: &str, bytes: &[u8]| search.add(&format!("{what} of {number}"), bytes);
        add("name", person.masked_name.as_bytes());
        add("masked identity", person.masked_id.as_bytes());
        add("identity tail", person.identity_tail().as_bytes());
        add("pseudonym", &person.pseudonym);
        let (text, cose) = (person.text(), person.cose());
        // Pieces, so that a part of a code counts as well as the whole.
        for piece in text.as_bytes().chunks(64).filter(|piece| piece.len() == 64) {
            add("code text", piece);
        }
        for piece in cose.chunks(32).filter(|piece| piece.len() == 32) {
            add("code", piece);
        }
    }
    search
}

/// Finds nothing, and proves that it would have.
fn nothing_readable(search: &Search, folder: &Path, when: &str) {
    let found = search.folder(folder);
    assert!(found.is_empty(), "{when}: {found:#?}");
    let planted = folder.join("planted.log");
    for (form, bytes) in residents::planted() {
        std::fs::write(&planted, [vec![b'.'; 4095], bytes, vec![b'.'; 9]].concat()).unwrap();
        let found = search.folder(folder);
        std::fs::remove_file(&planted).unwrap();
        assert!(!found.is_empty(), "{when}: the search would not find {form}");
        assert!(found.iter().all(|find| find.file == planted), "{when}: {found:?}");
    }
}
