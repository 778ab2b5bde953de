//! Stations as witnesses of the office's audit log, with the real programs: a log that somebody cuts short or
//! writes anew in the database is found out by what a laptop saw.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::json;
use stage::clock::{PATIENCE, until};
use stage::programs::command;
use stage::{HeadlessStation, Office, World};

/// Notes something in the office's audit log.
fn invite(data: &Path, phone: &str) {
    let mut invite = command("back-office").unwrap();
    invite.args(["admin", "invite", "--name", "样例甲", "--region", "42", "--phone", phone, "--data"]);
    assert!(invite.arg(data).output().unwrap().status.success());
}

/// Writes the witness file of a station's folder, and returns it.
fn witness(station: &Path, file: &Path) -> String {
    let mut witness = command("kadian").unwrap();
    witness.args(["station", "witness", "--dir"]).arg(station).arg("--to").arg(file);
    assert!(witness.output().unwrap().status.success());
    fs::read_to_string(file).unwrap()
}

fn verify(data: &Path, witness: &Path) -> Output {
    let mut verify = command("back-office").unwrap();
    verify.args(["audit", "verify", "--data"]).arg(data).arg("--witness").arg(witness);
    verify.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_log_that_was_cut_or_written_anew_is_found_out_by_what_laptops_saw() {
    let world = World::new(None).unwrap();
    let (data, folder, other) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut office = Office::start(data.path(), &world).unwrap();
    for station in [&folder, &other] {
        HeadlessStation::enrol(station.path(), &office.ticket().unwrap()).unwrap();
    }
    let mut running = [&folder, &other].map(|station| HeadlessStation::start(station.path(), &[]).unwrap());
    let file = data.path().join("east-gate.witness");
    // The stations run meanwhile; each act is seen before the next one is done.
    for (acts, phone) in ["13800010001", "13800010002", "13800010003"].into_iter().enumerate() {
        invite(data.path(), phone);
        let begins = format!("{} ", acts + 1);
        let mut sees = |station: &mut HeadlessStation| {
            station.say(&json!({ "kind": "send-now" })).unwrap();
            witness(station.folder(), &file).lines().any(|line| line.starts_with(&begins))
        };
        until("both stations to see the new head", PATIENCE, || {
            Ok(running.iter_mut().all(&mut sees).then_some(()))
        })
        .unwrap();
    }
    let folders = running.map(|station| station.kill().unwrap());
    office.cut().unwrap();
    let joined: String = folders.iter().map(|station| witness(station, &file)).collect();
    fs::write(&file, &joined).unwrap();
    let heads: Vec<&str> = joined.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(heads.len() >= 6, "{joined}");
    let whole = verify(data.path(), &file);
    assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
    assert!(said(&whole).contains(&format!("compared with {} heads", heads.len())), "{}", said(&whole));

    // Somebody who holds the database takes the last entry out: the chain itself still holds.
    let database = rusqlite::Connection::open(data.path().join("office.sqlite")).unwrap();
    database.execute("DELETE FROM audit WHERE seq = 3", []).unwrap();
    let cut = verify(data.path(), &file);
    assert_eq!(cut.status.code(), Some(1), "{}", said(&cut));
    let last = heads.iter().find(|line| line.starts_with("3 ")).unwrap().split(' ').nth(1).unwrap();
    assert!(said(&cut).contains(&format!("a station saw {last} after 3 entries")), "{}", said(&cut));
    assert!(!said(&cut).contains("does not follow"), "{}", said(&cut));

    // Or everything, and writes another log, as long as the first one.
    database.execute("DELETE FROM audit", []).unwrap();
    for phone in ["13800010004", "13800010005", "13800010006"] {
        invite(data.path(), phone);
    }
    let anew = verify(data.path(), &file);
    assert_eq!(anew.status.code(), Some(1), "{}", said(&anew));
    for head in &heads {
        let (count, hash) = head.split_once(' ').unwrap();
        assert!(
            said(&anew).contains(&format!("a station saw {hash} after {count} entries")),
            "{}",
            said(&anew)
        );
    }
}
