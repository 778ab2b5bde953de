//! Passages that come the whole way: simulated stations send them over HTTP, and the office opens and files them.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use stage::clock::{now, until};
use stage::programs::command;
use stage::{Office, World, finish};

/// Stations that send.
const STATIONS: usize = 100;
/// Reports of a batch.
const BATCH: &str = "500";
/// Passages of one person, on the average: as many as those that are filled in directly have.
const PASSES: u64 = 20;
/// How long an office may take to open all of them.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Sends so many passages to a new office with its folder here, on this PostgreSQL server or on a file, and waits until
/// all are filed. Returns what it says of that.
pub fn send(data: &Path, server: Option<&str>, passages: u64) -> String {
    let world = World::new(None).unwrap();
    let office = match server {
        None => Office::start(data, &world),
        Some(url) => Office::start_on(url, data, &world),
    };
    let office = office.unwrap();
    let tickets = world.path().join("tickets.txt");
    std::fs::write(&tickets, office.tickets(STATIONS).unwrap()).unwrap();
    let mut simulate = command("kadian-issue").unwrap();
    simulate.arg("simulate").arg(world.path()).arg("--tickets").arg(&tickets);
    let people = (passages / PASSES).max(1).to_string();
    simulate.args(["--passages", &passages.to_string(), "--people", &people, "--batch", BATCH, "--at-once"]);
    let begun = now();
    let sent = finish(simulate.arg("--json")).unwrap();
    let sent: Value = serde_json::from_slice(&sent.stdout).unwrap();
    assert_eq!((&sent["acknowledged"], &sent["lost"]), (&passages.into(), &0.into()), "{sent}");
    let counts = until("all passages to be filed", PATIENCE, || {
        let counts = office.list()?["counts"].clone();
        Ok((counts["waiting"] == 0).then_some(counts))
    });
    let counts = counts.unwrap();
    assert_eq!((&counts["passages"], &counts["quarantined"]), (&passages.into(), &0.into()), "{counts}");
    format!(
        "{passages} passages of {people} people from {STATIONS} stations: sealed, sent and filed in {:.0} s",
        (now() - begun).as_secs_f64()
    )
}
