//! An office that burned down, with the real programs: what its backup brings back, what its stations kept,
//! and what a copy on another disk held.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use stage::clock::{PATIENCE, until, wall};
use stage::{HeadlessStation, Office, World};
use stories::policies::let_the_nation_say;
use stories::residents::{Issuer, Resident};
use stories::shell::{identity, line, run};

const COLLECTOR: (&str, &str) = ("13800000001", "246810");

/// Lets stations keep this many acknowledged reports.
fn keep(world: &World, reports: u32) {
    let_the_nation_say(world, |policy| policy["kept_reports"] = json!(reports));
}

fn confirm(station: &mut HeadlessStation, issuer: &Issuer, numbers: std::ops::Range<usize>) {
    for number in numbers {
        station.scan(&issuer.sign(&Resident::number(number), wall())).unwrap();
        station.confirm().unwrap();
    }
}

/// Waits until an office has opened this many passages, and returns its list.
fn passages(office: &Office, count: usize) -> Value {
    until(&format!("{count} passages"), PATIENCE, || {
        let list = office.list()?;
        let counts = &list["counts"];
        Ok((counts["passages"] == count && counts["waiting"] == 0).then_some(list))
    })
    .unwrap()
}

fn records(list: &Value) -> BTreeSet<String> {
    let passages = list["passages"].as_array().unwrap();
    passages.iter().map(|passage| passage["record"].as_str().unwrap().to_owned()).collect()
}

fn alerts(list: &Value) -> BTreeSet<String> {
    list["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| alert["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_restored_office_knows_its_stations_again_and_gets_what_they_kept() {
    let world = World::new(None).unwrap();
    keep(&world, 3);
    let (folder, first, second) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (identity, recipient) = identity(folder.path());
    let data = folder.path().join("office");
    let mut office =
        Office::start_with(&data, &world, &line("--backup-to {}", &[Path::new(&recipient)])).unwrap();
    let issuer = Issuer::of(&world);
    let enrol = |office: &Office, folder: &Path| {
        HeadlessStation::enrol(folder, &office.ticket().unwrap()).unwrap();
        let mut station = HeadlessStation::start(folder, &["--hurry"]).unwrap();
        station.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
        station
    };
    let mut one = enrol(&office, first.path());
    confirm(&mut one, &issuer, 0..4);
    let backed_up = records(&passages(&office, 4));

    let (copy, keys) = (folder.path().join("data.age"), folder.path().join("keys.age"));
    run("back-office", &line("backup --data {} --to {} --keys-to {}", &[&data, &copy, &keys]));
    let checked = run("back-office", &line("check --identity {} {} {}", &[&identity, &copy, &keys]));
    assert!(checked.contains("database sound") && checked.contains("with the CA"), "{checked}");

    // After the backup: two more at the first station, and another station, which sends five.
    confirm(&mut one, &issuer, 4..6);
    passages(&office, 6);
    let mut two = enrol(&office, second.path());
    confirm(&mut two, &issuer, 6..11);
    let lost = records(&passages(&office, 11));
    office.cut().unwrap();
    fs::remove_dir_all(&data).unwrap();

    let restored = folder.path().join("restored");
    let said = run(
        "back-office",
        &line("restore --data {} --from {} --keys {} --identity {}", &[&restored, &copy, &keys, &identity]),
    );
    assert!(said.contains("1 stations") && said.contains("never start the lost office again"), "{said}");
    office.start_again_on(&restored).unwrap();

    // No ticket: the second station shows a receipt. Both send again what they kept: the first one what
    // the backup lacks, the second one its last three of five. What comes now goes on where the chain stands.
    confirm(&mut one, &issuer, 11..12);
    confirm(&mut two, &issuer, 12..13);
    let list = passages(&office, 11);
    let found = records(&list);
    assert!(found.is_superset(&backed_up) && found.difference(&lost).count() == 2, "{list}");
    assert_eq!(list["counts"]["stations"], 2);
    assert_eq!(alerts(&list), BTreeSet::from(["known-again".to_owned()]), "{list}");
    one.quit().unwrap();
    two.quit().unwrap();

    // Eleven minutes later the office says what is missing, by the station and the place.
    office.cut().unwrap();
    let database = rusqlite::Connection::open(restored.join("office.sqlite")).unwrap();
    database.execute("UPDATE run SET received_at = received_at - 660", []).unwrap();
    drop(database);
    office.start_again().unwrap();
    let gap = |list: &Value| alerts(list).contains("gap");
    until("the alert for what is gone", PATIENCE, || Ok(gap(&office.list()?).then_some(()))).unwrap();
}

#[test]
fn with_a_copy_on_another_disk_nothing_acknowledged_is_lost() {
    let world = World::new(None).unwrap();
    let (folder, laptop) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (identity, recipient) = identity(folder.path());
    let (data, copies) = (folder.path().join("office"), folder.path().join("other-disk"));
    let arguments = line("--backup-to {} --copy-to {}", &[Path::new(&recipient), &copies]);
    let mut office = Office::start_with(&data, &world, &arguments).unwrap();
    let (copy, keys) = (folder.path().join("data.age"), folder.path().join("keys.age"));
    run("back-office", &line("backup --data {} --to {} --keys-to {}", &[&data, &copy, &keys]));
    // All of it comes after the backup: the enrolment, too.
    HeadlessStation::enrol(laptop.path(), &office.ticket().unwrap()).unwrap();
    let mut station = HeadlessStation::start(laptop.path(), &["--hurry"]).unwrap();
    station.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
    confirm(&mut station, &Issuer::of(&world), 0..20);
    let before = records(&passages(&office, 20));
    // The laptop burns as well.
    office.cut().unwrap();
    drop(station.kill().unwrap());
    fs::remove_dir_all(laptop.path()).unwrap();
    fs::remove_dir_all(&data).unwrap();

    let restored = folder.path().join("restored");
    let paths: [&Path; 5] = [&restored, &copy, &keys, &identity, &copies];
    let restore = "restore --data {} --from {} --keys {} --identity {} --copies {}";
    let said = run("back-office", &line(restore, &paths));
    assert!(said.contains("1 stations; refused 0, cut off 0"), "{said}");
    office.start_again_on(&restored).unwrap();
    assert_eq!(records(&passages(&office, 20)), before);
}
