//! A relay at a real station without a window: it obeys a recorded passage that was let through, and nothing else.
//!
//! That something did not happen is shown by what came after it: pulses keep their order, and the count is whole.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cell::Cell;
use std::path::{Path, PathBuf};

use health_code::Colour;
use rustix::process::Signal;
use serde_json::{Value, json};
use stage::clock::wall;
use stage::programs::command;
use stage::{HeadlessStation, Office, World, finish};
use stories::relay::{CountingBoard, choose};
use stories::residents::{Issuer, Resident};

const COLLECTOR: (&str, &str) = ("13800000001", "246810");

/// A station whose relay is a counting board.
struct Site {
    folder: tempfile::TempDir,
    issuer: Issuer,
    residents: Cell<usize>,
    office: Office,
    _world: World,
}

impl Site {
    fn new() -> Self {
        let (world, folder) = (World::new(None).unwrap(), tempfile::tempdir().unwrap());
        let office = Office::start(&folder.path().join("office"), &world).unwrap();
        let (issuer, residents) = (Issuer::of(&world), Cell::new(0));
        let site = Self { folder, issuer, residents, office, _world: world };
        HeadlessStation::enrol(&site.station(), &site.office.ticket().unwrap()).unwrap();
        choose(&site.port(), &site.station());
        site
    }

    fn station(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    fn port(&self) -> PathBuf {
        self.folder.path().join("ttyUSB0")
    }

    fn start(&self) -> HeadlessStation {
        let mut station = HeadlessStation::start(&self.station(), &["--hurry", "--offline"]).unwrap();
        station.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
        station
    }

    /// Scans somebody else's code of a colour, and returns what the station says of it.
    fn scan(&self, station: &mut HeadlessStation, colour: Colour) -> Value {
        let resident = Resident::number(self.residents.replace(self.residents.get() + 1));
        station.scan(&self.issuer.sign_as(colour, &resident, wall())).unwrap()
    }

    /// Scans a code and confirms what is shown.
    fn confirm(&self, station: &mut HeadlessStation, colour: Colour, answer: &str) {
        assert_eq!(self.scan(station, colour)["answer"]["kind"], answer);
        station.confirm().unwrap();
    }

    fn turn_away(&self, station: &mut HeadlessStation, colour: Colour) {
        let scan = self.scan(station, colour)["scan"].clone();
        station.say(&json!({ "wing": "collector", "kind": "turn-away", "scan": scan })).unwrap();
        station.screen("recorded").unwrap();
    }
}

fn relay(station: &HeadlessStation, fault: Option<&str>) {
    let expected = json!({ "chosen": true, "fault": fault });
    station.view("the relay in the bar", |view| view["bar"]["relay"] == expected).unwrap();
}

#[test]
fn each_passage_that_was_let_through_is_one_pulse_and_no_other_is_one_nor_is_a_restart() {
    let site = Site::new();
    let unasked = CountingBoard::plug(&site.folder.path().join("ttyUSB1"));
    let mut board = CountingBoard::plug(&site.port());
    let mut station = site.start();
    assert!(!board.was_opened(), "a relay that is chosen is looked for, and not opened");
    // What is only shown, discarded, stopped, turned away or invalid moves nothing.
    let scan = site.scan(&mut station, Colour::Green)["scan"].clone();
    station.say(&json!({ "wing": "collector", "kind": "discard", "scan": scan })).unwrap();
    station.screen("ready").unwrap();
    site.confirm(&mut station, Colour::Red, "stop");
    site.turn_away(&mut station, Colour::Yellow);
    assert!(!board.was_opened());
    site.confirm(&mut station, Colour::Green, "pass");
    board.wait(1);
    site.confirm(&mut station, Colour::Yellow, "check");
    board.wait(2);

    // The power fails; nothing is pulsed for what was recorded before.
    station.kill().unwrap();
    let mut station = site.start();
    site.confirm(&mut station, Colour::Red, "stop");
    site.confirm(&mut station, Colour::Green, "pass");
    board.wait(3);
    station.stop_by(Signal::TERM).unwrap();
    assert_eq!(board.pulses(), 3);
    assert!(!unasked.was_opened(), "a port that nobody chose");
    holds_no_pulse(&site.station());
}

/// A station keeps no word of what its relay did.
fn holds_no_pulse(station: &Path) {
    let settings: Value =
        serde_json::from_slice(&std::fs::read(station.join("station.json")).unwrap()).unwrap();
    let mut keys: Vec<_> = settings["relay"].as_object().unwrap().keys().cloned().collect();
    keys.sort();
    assert_eq!(keys, ["kind", "port", "pulse-ms"]);
}

#[test]
fn whoever_passes_while_nothing_is_judged_is_recorded_and_moves_nothing() {
    let site = Site::new();
    let mut board = CountingBoard::plug(&site.port());
    std::fs::remove_file(site.station().join("clock")).unwrap();
    let mut station = site.start();
    site.confirm(&mut station, Colour::Green, "unjudged");
    // Over TLS the office tells the time.
    station.network(true).unwrap();
    station.view("a clock that is right", |view| view["bar"]["clockWrong"] == false).unwrap();
    assert!(!board.was_opened());
    site.confirm(&mut station, Colour::Green, "pass");
    board.wait(1);
    station.quit().unwrap();
    assert_eq!(board.pulses(), 1);
}

#[test]
fn a_gate_goes_on_without_its_relay_says_so_and_makes_nothing_up() {
    let site = Site::new();
    let mut board = CountingBoard::plug(&site.port());
    let mut station = site.start();
    site.confirm(&mut station, Colour::Green, "pass");
    board.wait(1);
    drop(board);
    relay(&station, Some("absent"));
    site.confirm(&mut station, Colour::Green, "pass");
    site.confirm(&mut station, Colour::Yellow, "check");

    let mut board = CountingBoard::plug(&site.port());
    relay(&station, None);
    site.confirm(&mut station, Colour::Green, "pass");
    board.wait(1);
    station.quit().unwrap();
    assert_eq!(board.pulses(), 1);
}

#[test]
fn a_relay_is_tried_by_name_alone_and_never_is_what_reads_codes() {
    let site = Site::new();
    let mut board = CountingBoard::plug(&site.port());
    finish(command("kadian").unwrap().arg("relay")).unwrap();
    let kadian = |arguments: &[&str]| {
        let mut kadian = command("kadian").unwrap();
        kadian.args(arguments).arg(site.port());
        kadian
    };
    assert!(finish(&mut kadian(&["relay", "try"])).is_err(), "of no kind");
    assert!(!board.was_opened());
    finish(&mut kadian(&["relay", "try", "--kind", "bytes", "--pulse-ms", "200"])).unwrap();
    board.wait(1);
    let mut scanner = kadian(&["scanner", "choose", "--dir", site.station().to_str().unwrap()]);
    let refused = scanner.output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("same-device"), "{refused:?}");
}
