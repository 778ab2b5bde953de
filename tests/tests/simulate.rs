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
