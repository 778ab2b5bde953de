//! A gate that never has a network: trust files, passages and receipts go by a stick, with the real programs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use stage::clock::{PATIENCE, until, wall};
use stage::programs::command;
use stage::{Disk, HeadlessStation, Machine, Office, Surroundings, World};
use stories::residents::{Issuer, Resident};

const COLLECTOR: (&str, &str) = ("13800000001", "246810");

/// An office, laptops, and a stick whose disk can be ill. Days pass without their nights: whoever sets a running
/// machine's clock ahead is not believed, and only a restart of the machine would be.
struct Site {
    folder: tempfile::TempDir,
    _world: World,
    issuer: Issuer,
    machine: Machine,
    office: Office,
    residents: usize,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stick = folder.path().join("stick");
        fs::create_dir(&stick).unwrap();
        // Only the stick's disk can be ill.
        let machine = Machine::new(&stick, &folder.path().join("machine")).unwrap();
        let world = World::new(None).unwrap();
        let around = Surroundings { environment: machine.environment(), log: None };
        let office = Office::start_plain_in(&folder.path().join("office"), &world, around, &[]).unwrap();
        let issuer = Issuer::of(&world);
        Self { folder, _world: world, issuer, machine, office, residents: 0 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn stick(&self) -> PathBuf {
        self.path("stick")
    }

    fn enrol(&self, name: &str) {
        HeadlessStation::enrol(&self.path(name), &self.office.ticket().unwrap()).unwrap();
    }

    fn start(&self, station: &str, arguments: &[&str]) -> HeadlessStation {
        let around = Surroundings { environment: self.machine.environment(), log: None };
        let station = HeadlessStation::launch(&self.path(station), arguments, &around).unwrap();
        station.started().unwrap();
        station
    }

    /// A shift without a network in which so many residents pass.
    fn shift(&mut self, station: &str, passages: usize) {
        let mut running = self.start(station, &["--hurry", "--offline"]);
        running.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
        for _ in 0..passages {
            let code = self.issuer.sign(&Resident::number(self.residents), wall());
            self.residents += 1;
            assert_eq!(running.scan(&code).unwrap()["answer"]["kind"], "pass");
            running.confirm().unwrap();
        }
        running.quit().unwrap();
    }

    /// Runs a program on these machines.
    fn run(&self, name: &str, arguments: &[&str]) -> Output {
        let mut command = command(name).unwrap();
        command.env_remove("KADIAN_STORE").envs(self.machine.environment()).args(arguments).output().unwrap()
    }

    /// Carries the stick at a laptop; returns what was done.
    fn carry(&self, station: &str) -> Value {
        self.kadian(station, "carry").1
    }

    fn kadian(&self, station: &str, what: &str) -> (Option<i32>, Value) {
        let (stick, dir) = (self.stick(), self.path(station));
        let output = self.run("kadian", &["stick", what, text(&stick), "--dir", text(&dir), "--json"]);
        let said = String::from_utf8(output.stdout).unwrap();
        let seen = serde_json::from_str(&said)
            .unwrap_or_else(|_| panic!("{said} {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code(), seen)
    }

    /// Takes the stick's reports in at the office; returns what was said, a file a line.
    fn import(&self) -> Vec<Value> {
        let (data, stick) = (self.path("office"), self.stick());
        let output =
            self.run("back-office", &["stick", "import", "--data", text(&data), text(&stick), "--json"]);
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Writes the community's trust files to the stick.
    fn export(&self) -> Value {
        let (data, stick) = (self.path("office"), self.stick());
        let output = self
            .run("back-office", &["stick", "export", "--data", text(&data), "--to", text(&stick), "--json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn passages(&self, expected: usize) {
        until("the passages at the office", PATIENCE, || {
            let counts = &self.office.list()?["counts"];
            Ok((counts["passages"] == expected && counts["waiting"] == 0).then_some(()))
        })
        .unwrap();
        let list = self.office.list().unwrap();
        // A report in conflict would be in quarantine, too.
        assert_eq!(list["counts"]["quarantined"], 0);
    }

    /// Returns the ids of the office's stations.
    fn stations(&self) -> Vec<String> {
        let list = self.office.list().unwrap();
        let stations = list["stations"].as_array().unwrap().iter();
        stations.map(|station| station["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the station's own folder on the stick.
    fn own(&self) -> PathBuf {
        let mut found = fs::read_dir(self.stick()).unwrap().map(|entry| entry.unwrap().path());
        found.find(|path| path.is_dir() && path.file_name().unwrap().len() == 32).unwrap()
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_gate_without_a_network_works_seven_shifts_by_a_stick_and_the_network_later_changes_nothing() {
    let mut site = Site::new();
    site.enrol("gate");
    let gate = site.stations();
    site.enrol("other");
    let other = site.stations().into_iter().find(|id| !gate.contains(id)).unwrap();
    let mut newest = 0;
    for day in 1..=7 {
        site.shift("gate", 3);
        if day == 3 {
            // The office publishes another community file.
            let data = site.path("office");
            assert!(site.run("back-office", &["withdraw", "--data", text(&data), &other]).status.success());
        }
        if day % 2 == 0 {
            let out = site.carry("gate");
            assert_eq!(out["reports"]["kind"], "out", "day {day}: {out}");
            let taken = site.import();
            assert_eq!((taken.len(), &taken[0]["refused"]), (1, &json!([])), "day {day}: {taken:?}");
            assert!(taken[0]["new"].as_u64().unwrap() >= 6, "day {day}: {taken:?}");
            let exported = site.export();
            assert_eq!(exported["stations"], if day < 3 { 2 } else { 1 }, "{exported}");
            // The stick comes back.
            let back = site.carry("gate");
            assert_eq!(back["receipts"], json!({ "kind": "settles", "reports": taken[0]["new"] }), "{back}");
            assert_eq!(back["reports"]["kind"], "nothing", "day {day}: {back}");
            if back["trust"]["kind"] == "newer" {
                newest = back["trust"]["community"]["to"].as_u64().unwrap();
            }
            assert_eq!(site.carry("gate")["receipts"]["kind"], "known", "the same stick twice");
        }
    }
    assert!(newest > 1, "the community that was published on day 3 came by a stick");
    site.passages(18);
    // Of the last day nobody brings receipts back: the same reports go by the network.
    assert_eq!(site.carry("gate")["reports"]["kind"], "out");
    site.import();
    site.passages(21);
    let online = site.start("gate", &["--hurry"]);
    let sent = |view: &Value| view["bar"]["line"] == "online" && view["bar"]["waiting"] == 0;
    online.view("an empty queue", sent).unwrap();
    online.quit().unwrap();
    site.passages(21);
    let late = site.carry("gate");
    assert_eq!((&late["receipts"]["kind"], &late["reports"]["kind"]), (&json!("known"), &json!("nothing")));
    assert_eq!(site.residents, 21);
}

#[test]
fn whatever_happens_to_a_stick_nothing_is_lost_and_nothing_doubled() {
    let mut site = Site::new();
    site.enrol("gate");
    site.shift("gate", 5);
    let waits = |seen: &Value| seen["reports"]["reports"].as_u64().unwrap();
    let (_, shown) = site.kadian("gate", "show");
    let all = waits(&shown);
    assert!(all >= 5 && fs::read_dir(site.stick()).unwrap().next().is_none(), "a look changes nothing");
    // A thousand other files, a FIFO, and links where trust files should be.
    for number in 0..1000 {
        fs::write(site.stick().join(format!("photo-{number:04}.jpg")), b"x").unwrap();
    }
    let fifo = site.stick().join("trust.cose");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    symlink("/etc/passwd", site.stick().join("receipts.cbor")).unwrap();
    for (disk, code) in [(Disk::Full, "full"), (Disk::ReadOnly, "read-only"), (Disk::Failing, "pulled")] {
        site.machine.set_disk(disk).unwrap();
        let (status, seen) = site.kadian("gate", "carry");
        assert_eq!(
            (status, &seen["reports"]),
            (Some(1), &json!({ "kind": "problem", "why": code })),
            "{seen}"
        );
        assert_eq!(seen["trust"], json!({ "kind": "problem", "why": "not-a-file" }));
        assert_eq!(seen["receipts"], json!({ "kind": "problem", "why": "not-a-file" }));
    }
    site.machine.set_disk(Disk::Well).unwrap();
    // Pulled in the middle: the power of that machine fails at each write in turn.
    for writes in 1..=3 {
        site.machine.fail_power_in(writes).unwrap();
        let output =
            site.run("kadian", &["stick", "carry", text(&site.stick()), "--dir", text(&site.path("gate"))]);
        site.machine.fail_power_in(0).unwrap();
        if output.status.success() {
            break;
        }
    }
    for name in ["trust.cose", "receipts.cbor"] {
        fs::remove_file(site.stick().join(name)).unwrap();
    }
    assert_eq!(waits(&site.kadian("gate", "show").1), all, "everything is still there");
    let seen = site.carry("gate");
    assert!(["out", "there"].contains(&seen["reports"]["kind"].as_str().unwrap()), "{seen}");
    let taken = site.import();
    assert_eq!((taken.len(), taken[0]["new"].as_u64()), (1, Some(all)), "{taken:?}");
    assert_eq!(site.import()[0]["known"].as_u64(), Some(all), "the same stick at the office twice");
    site.passages(5);

    // A stick of another laptop, of another deployment, and an older one.
    site.enrol("other");
    site.shift("other", 1);
    let receipts = fs::read(site.own().join("receipts.cbor")).unwrap();
    fs::write(site.stick().join("receipts.cbor"), &receipts).unwrap();
    let seen = site.carry("other");
    assert_eq!(seen["receipts"], json!({ "kind": "problem", "why": "other-station" }));
    assert_eq!(seen["reports"]["kind"], "out", "{seen}");
    let other = World::new(None).unwrap();
    for name in ["root.cose", "trust.cose", "revocations.bin", "policies.cbor"] {
        fs::copy(other.path().join("trust").join(name), site.stick().join(name)).unwrap();
    }
    let seen = site.carry("gate");
    assert_eq!(seen["trust"], json!({ "kind": "problem", "why": "other-deployment" }), "{seen}");
    assert_eq!(seen["receipts"], json!({ "kind": "settles", "reports": all }), "{seen}");
    assert_eq!(site.import().len(), 2, "one stick serves two laptops");
    site.passages(6);
}

/// A laptop that asks by the stick; returns the exit code and what was said.
fn ask(site: &Site, laptop: &str, more: &[&str]) -> (Option<i32>, String) {
    let (stick, dir) = (site.stick(), site.path(laptop));
    let arguments = ["station", "enrol", "--dir", text(&dir), "--by-stick", text(&stick)];
    let output = site.run("kadian", &[&arguments[..], more].concat());
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn a_laptop_that_never_had_a_network_is_enrolled_by_a_stick_works_and_its_receipts_follow() {
    let mut site = Site::new();
    let (first, second) = (site.office.ticket().unwrap(), site.office.ticket().unwrap());
    fs::write(site.stick().join("ticket.txt"), &first).unwrap();
    let (code, said) = ask(&site, "gate", &["--name", "东门"]);
    assert_eq!(code, Some(1), "it is no station yet: {said}");
    let gate = id_in(&said);
    assert!(!site.path("gate").join("station.json").exists());
    let request = fs::read(site.own().join("request.cbor")).unwrap();
    // The ticket goes, the laptop is switched off, and the stick is full or read-only: what it asked stays.
    fs::remove_file(site.stick().join("ticket.txt")).unwrap();
    assert_eq!(ask(&site, "gate", &[]).0, Some(1));
    assert_eq!(fs::read(site.own().join("request.cbor")).unwrap(), request);
    for (disk, code) in [(Disk::Full, "(full)"), (Disk::ReadOnly, "(read-only)")] {
        fs::remove_file(site.own().join("request.cbor")).unwrap();
        site.machine.set_disk(disk).unwrap();
        let (status, said) = ask(&site, "gate", &[]);
        site.machine.set_disk(Disk::Well).unwrap();
        assert!(status == Some(2) && said.contains(code), "{said}");
        ask(&site, "gate", &[]);
    }
    // Another laptop asks by the same ticket, and its folder comes first or last.
    let (status, said) = ask(&site, "other", &["--ticket", &first]);
    assert_eq!(status, Some(1), "{said}");
    let other = id_in(&said);
    let taken = site.import();
    assert_eq!(taken.len(), 2, "{taken:?}");
    let codes: Vec<_> = taken.iter().map(|line| line["code"].as_str()).collect();
    assert!(codes.contains(&Some("ticket-used")) && codes.contains(&None), "{taken:?}");
    assert_eq!(site.stations().len(), 1);
    let twice = site.import();
    assert_eq!(twice.iter().filter(|line| line["answer"].is_string()).count(), 1, "the same stick twice");
    assert_eq!(site.stations().len(), 1);
    let laptops = [("gate", &gate), ("other", &other)];
    let (asked, late) = if site.stations()[0] == gate { (0, 1) } else { (1, 0) };
    let ((_, asked_id), (late, late_id)) = (laptops[asked], laptops[late]);
    let refusal = site.stick().join(late_id).join("refusal.cbor");
    assert!(refusal.exists() && !site.stick().join(asked_id).join("refusal.cbor").exists());
    // Where it cannot be written, whoever imports the stick is told all the same.
    fs::remove_file(&refusal).unwrap();
    fs::create_dir(&refusal).unwrap();
    assert!(site.import().iter().any(|line| line["code"] == "ticket-used"));
    fs::remove_dir(&refusal).unwrap();
    site.import();
    let (status, said) = ask(&site, late, &[]);
    assert!(status == Some(2) && said.contains("(ticket-used)"), "{said}");
    // The answer opens for nobody else, wherever it lies.
    let answer = site.stick().join(asked_id).join("answer.cbor");
    let wrong = site.stick().join(late_id).join("answer.cbor");
    fs::copy(&answer, &wrong).unwrap();
    let (status, said) = ask(&site, late, &[]);
    assert!(status == Some(2) && said.contains("(other-station)"), "{said}");
    // With another ticket the other laptop asks anew, by the key that it has.
    fs::remove_file(&wrong).unwrap();
    assert_eq!(ask(&site, late, &["--ticket", &second]).0, Some(1));
    site.import();
    assert_eq!(site.export()["stations"], 2);
    let people = fs::read(&answer).unwrap();
    assert!(!people.windows(4).any(|part| part == b"****"), "no masked phone is on the stick");
    for (laptop, id) in laptops {
        let (status, said) = ask(&site, laptop, &[]);
        assert!(status == Some(0) && said.contains("is a station now"), "{said}");
        assert!(said.contains("trust in: nothing is newer"), "{said}");
        assert!(!site.stick().join(id).join("request.cbor").exists());
    }
    assert!(!refusal.exists(), "it is over");
    site.shift("gate", 3);
    assert_eq!(site.carry("gate")["reports"]["kind"], "out");
    let taken = site.import();
    assert!(taken[0]["new"].as_u64().unwrap() >= 3, "{taken:?}");
    site.passages(3);
    assert_eq!(site.carry("gate")["receipts"]["kind"], "settles");
    let (status, said) = ask(&site, "gate", &[]);
    assert!(status == Some(2) && said.contains("(already-enrolled)"), "{said}");
}

/// Returns the id of a laptop, by what it says of its request.
fn id_in(said: &str) -> String {
    let at = said.find(": the request is written").unwrap_or_else(|| panic!("{said}"));
    said[at - 32..at].to_owned()
}
