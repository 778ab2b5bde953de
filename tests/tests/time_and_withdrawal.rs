//! A laptop that is withdrawn, and one that has lost its memory of time, with the real programs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::Stdio;

use serde_json::json;
use stage::clock::{PATIENCE, until, wall};
use stage::{HeadlessStation, Office, World};
use stories::residents::{Issuer, Resident};

const COLLECTOR: (&str, &str) = ("13800000001", "246810");
const ADMINISTRATOR: (&str, &str) = ("13800000002", "1357924680");

#[test]
fn a_withdrawn_laptop_sends_what_it_recorded_and_erases_itself() {
    let world = World::new(None).unwrap();
    let (office_folder, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let office = Office::start(office_folder.path(), &world).unwrap();
    HeadlessStation::enrol(folder.path(), &office.ticket().unwrap()).unwrap();
    let issuer = Issuer::of(&world);
    let mut station = HeadlessStation::start(folder.path(), &["--hurry", "--offline"]).unwrap();
    station.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
    for number in 0..7 {
        station.scan(&issuer.sign(&Resident::number(number), wall())).unwrap();
        station.confirm().unwrap();
    }
    // The office withdraws it while it is off the network; then the power fails.
    office.withdraw_last().unwrap();
    station.kill().unwrap();

    let mut station = HeadlessStation::start(folder.path(), &["--hurry"]).unwrap();
    let out = station.screen("out-of-service").unwrap();
    assert!(!out["screen"]["contact"].as_str().unwrap().is_empty(), "{out}");
    let erased = || !folder.path().join("station.key").exists() && !folder.path().join("trust").exists();
    until("the end of the key and the trust files", PATIENCE, || Ok(erased().then_some(()))).unwrap();
    // A code that is held out now comes to nothing.
    station.say(&json!({ "kind": "scan", "text": issuer.sign(&Resident::number(8), wall()) })).unwrap();
    station.quit().unwrap();
    until("what was recorded before it was told", PATIENCE, || {
        let list = office.list()?;
        Ok((list["counts"]["passages"] == 7 && list["counts"]["waiting"] == 0).then_some(()))
    })
    .unwrap();

    let mut again = stage::programs::command("kadian").unwrap();
    again.args(["station", "--headless", "--camera", "none", "--dir"]).arg(folder.path());
    let again = again.stdin(Stdio::null()).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(said.contains("\"code\":\"withdrawn\""), "{said}");
    let mut left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["lock", "withdrawn"]);

    // With a new ticket it is a new station.
    HeadlessStation::enrol(folder.path(), &office.ticket().unwrap()).unwrap();
    let mut station = HeadlessStation::start(folder.path(), &["--hurry"]).unwrap();
    station.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
}

#[test]
fn a_laptop_without_a_memory_of_time_judges_nothing_until_the_office_tells_the_time() {
    let world = World::new(None).unwrap();
    let (office_folder, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let office = Office::start(office_folder.path(), &world).unwrap();
    HeadlessStation::enrol(folder.path(), &office.ticket().unwrap()).unwrap();
    let issuer = Issuer::of(&world);
    let code = |number| issuer.sign(&Resident::number(number), wall());
    std::fs::remove_file(folder.path().join("clock")).unwrap();
    let mut station = HeadlessStation::start(folder.path(), &["--hurry", "--offline"]).unwrap();
    station.sign_in(ADMINISTRATOR.0, ADMINISTRATOR.1).unwrap();
    let wrong = station.scan(&code(1)).unwrap();
    assert_eq!(wrong["answer"], json!({ "kind": "unjudged", "fault": "clock-wrong" }));
    station.confirm().unwrap();
    // Over TLS, by a clock that nobody vouches for.
    station.network(true).unwrap();
    station.view("a clock that is right", |view| view["bar"]["clockWrong"] == false).unwrap();
    assert_eq!(station.scan(&code(2)).unwrap()["answer"]["kind"], "pass");
    station.confirm().unwrap();
    // From now on it is remembered, through a power cut.
    let folder = station.kill().unwrap();
    let mut station = HeadlessStation::start(&folder, &["--hurry", "--offline"]).unwrap();
    station.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
    assert_eq!(station.scan(&code(3)).unwrap()["answer"]["kind"], "pass");
}
