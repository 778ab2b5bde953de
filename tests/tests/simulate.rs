//! `kadian-issue simulate`: what it sends is what an office takes from real stations.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};
use stage::clock::{PATIENCE, until};
use stage::programs::command;
use stage::{Office, World, finish};

#[test]
fn every_simulated_passage_is_acknowledged_and_filed_without_an_alert() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(folder.path(), &world).unwrap();
    let tickets = folder.path().join("tickets.txt");
    std::fs::write(&tickets, office.tickets(7).unwrap()).unwrap();

    let mut simulate = command("kadian-issue").unwrap();
    simulate.arg("simulate").arg(world.path()).arg("--tickets").arg(&tickets);
    simulate.args(["--stations", "5", "--passages", "123", "--batch", "10", "--at-once", "--json"]);
    let output = finish(&mut simulate).unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["acknowledged"], &said["lost"]), (&json!(123), &json!(0)), "{said}");
    // 25 passages for three stations and 24 for two, ten a batch.
    assert_eq!((&said["stations"], &said["batches"]), (&json!(5), &json!(15)), "{said}");

    let list = until("every passage to be filed", PATIENCE, || {
        let list = office.list()?;
        Ok((list["counts"]["waiting"] == 0).then_some(list))
    })
    .unwrap();
    assert_eq!((&list["counts"]["passages"], &list["counts"]["quarantined"]), (&json!(123), &json!(0)));
    assert_eq!((&list["counts"]["alerts"], &list["counts"]["stations"]), (&json!(0), &json!(5)), "{list}");
}

#[test]
fn simulated_people_are_filed_by_their_numbers() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(folder.path(), &world).unwrap();
    let tickets = folder.path().join("tickets.txt");
    std::fs::write(&tickets, office.tickets(2).unwrap()).unwrap();
    let mut simulate = command("kadian-issue").unwrap();
    simulate.arg("simulate").arg(world.path()).arg("--tickets").arg(&tickets);
    finish(simulate.args(["--passages", "60", "--people", "3", "--at-once", "--json"])).unwrap();
    until("every passage to be filed", PATIENCE, || {
        Ok((office.list()?["counts"]["passages"] == 60).then_some(()))
    })
    .unwrap();
    let database = rusqlite::Connection::open(folder.path().join("office.sqlite")).unwrap();
    let sql = "SELECT count(DISTINCT identity), count(DISTINCT phone), count(*) FROM passages
        WHERE identity IS NOT NULL AND phone IS NOT NULL";
    let found = database.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    assert_eq!(found.unwrap(), (3_i64, 3_i64, 60_i64));
}

/// More than a server works on at once, more than it held back when it refused the 65th.
const AT_ONCE: usize = 320;

#[test]
fn hundreds_of_stations_that_send_at_the_same_moment_are_all_acknowledged_and_none_is_refused() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(folder.path(), &world).unwrap();
    let tickets = folder.path().join("tickets.txt");
    std::fs::write(&tickets, office.tickets(AT_ONCE).unwrap()).unwrap();

    let mut simulate = command("kadian-issue").unwrap();
    simulate.arg("simulate").arg(world.path()).arg("--tickets").arg(&tickets);
    let (stations, passages) = (AT_ONCE.to_string(), (5 * AT_ONCE).to_string());
    simulate.args(["--stations", &stations, "--passages", &passages, "--batch", "5", "--at-once", "--json"]);
    let output = finish(&mut simulate).unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["acknowledged"], &said["lost"]), (&json!(5 * AT_ONCE), &json!(0)), "{said}");
    assert_eq!((&said["batches"], &said["errors"]), (&json!(AT_ONCE), &json!({})), "{said}");
}
