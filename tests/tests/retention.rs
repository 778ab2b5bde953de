//! Passages that are past their days, with the real programs: they leave every file of the office, by the command and
//! before a started office answers anybody, and by no clock that was set back.
//!
//! Days pass by writing earlier ones into the office's database, as if its passages had come then.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]

use std::path::Path;
use std::process::Output;

use rusqlite::Connection;
use serde_json::json;
use stage::clock::{PATIENCE, until, wall};
use stage::programs::command;
use stage::{HeadlessStation, Office, Search, World};
use stories::policies::let_the_nation_say;
use stories::residents::{Issuer, Resident};
use stories::shell::{line, run};

const COLLECTOR: (&str, &str) = ("13800000001", "246810");
const DAY: i64 = 86_400;
/// Days for which the nation lets anybody keep passages.
const DAYS: i64 = 7;

/// Scans a resident's code and confirms it; returns what a file could give away.
fn passes(station: &mut HeadlessStation, world: &World, number: usize) -> Search {
    let (resident, mut search) = (Resident::number(number), Search::default());
    let code = Issuer::of(world).sign(&resident, wall());
    assert_eq!(station.scan(&code).unwrap()["answer"]["kind"], "pass");
    station.confirm().unwrap();
    resident.add_to(&mut search, &code);
    search
}

/// Lets the passage of a resident have come so many days ago.
fn age(data: &Path, number: usize, days: i64) {
    let connection = Connection::open(data.join("office.sqlite")).unwrap();
    let sql = "UPDATE passages SET received_at = received_at - ?1 WHERE pseudonym = ?2";
    assert_eq!(connection.execute(sql, (days * DAY, Resident::number(number).pseudonym)).unwrap(), 1);
}

/// Lets the office's clock have been a day later at its last look than it is now.
fn set_the_clock_back(data: &Path) {
    let connection = Connection::open(data.join("office.sqlite")).unwrap();
    assert_eq!(connection.execute("UPDATE retention SET relied = relied + ?1", [DAY]).unwrap(), 1);
}

fn purge(data: &Path, more: &[&str]) -> Output {
    let mut purge = command("back-office").unwrap();
    purge.env_remove("KADIAN_STORE").arg("purge").arg("--data").arg(data).args(more);
    purge.output().unwrap()
}

/// Returns what a purge deleted, as it says it.
fn purged(data: &Path, more: &[&str]) -> String {
    let output = purge(data, more);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn acts(data: &Path) -> Vec<String> {
    let connection = Connection::open(data.join("office.sqlite")).unwrap();
    let mut statement = connection.prepare("SELECT act FROM audit ORDER BY seq").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn what_is_past_its_days_is_in_no_file_and_a_clock_that_was_set_back_takes_nothing() {
    let world = World::new(None).unwrap();
    let_the_nation_say(&world, |policy| policy["keep_days"] = json!(DAYS));
    let folder = tempfile::tempdir().unwrap();
    let (data, gate) = (folder.path().join("office"), folder.path().join("gate"));
    let mut office = Office::start(&data, &world).unwrap();
    HeadlessStation::enrol(&gate, &office.ticket().unwrap()).unwrap();
    let mut station = HeadlessStation::start(&gate, &["--hurry"]).unwrap();
    station.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
    let of: Vec<Search> = (0..4).map(|number| passes(&mut station, &world, number)).collect();
    let passages = |office: &Office, count: usize| {
        until(&format!("{count} passages"), PATIENCE, || {
            let list = office.list()?;
            Ok((list["counts"]["passages"] == count && list["counts"]["waiting"] == 0).then_some(()))
        })
        .unwrap();
    };
    passages(&office, 4);
    station.quit().unwrap();
    office.cut().unwrap();
    // Some bytes of a code are those of everybody's code.
    let own = |what: &str| ["name of", "pseudonym of"].iter().any(|own| what.starts_with(own));
    let is_here = |number: usize| of[number].folder(&data).unwrap().iter().any(|find| own(&find.what));
    assert!((0..4).all(is_here), "each is looked for where it is");

    // The last whole day on which it may be kept, and the next one.
    age(&data, 0, DAYS);
    age(&data, 1, DAYS + 1);
    let said = purged(&data, &[]);
    assert!(said.contains("\t1 passages, 0 in quarantine"), "{said}");
    assert_eq!((0..4).map(is_here).collect::<Vec<_>>(), [true, false, true, true]);
    assert!(purged(&data, &[]).contains("nothing is past its days"));

    // A clock that was set back deletes nothing, until a person vouches for it.
    age(&data, 0, 1);
    set_the_clock_back(&data);
    let refused = purge(&data, &[]);
    let sentence = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && sentence.contains("nothing is deleted"), "{sentence}");
    office.start_again().unwrap();
    passages(&office, 3);
    office.cut().unwrap();
    assert!(is_here(0), "nor does the office by itself");
    let said = purged(&data, &["--clock-is-right"]);
    assert!(said.contains("\t1 passages"), "{said}");
    assert_eq!((0..4).map(is_here).collect::<Vec<_>>(), [false, false, true, true]);

    // An office that starts deletes before it answers anybody.
    age(&data, 2, DAYS + 1);
    office.start_again().unwrap();
    assert_eq!(office.list().unwrap()["counts"]["passages"], 1);
    office.cut().unwrap();
    assert_eq!((0..4).map(is_here).collect::<Vec<_>>(), [false, false, false, true]);

    let acts = acts(&data);
    let count = |act: &str| acts.iter().filter(|one| *one == act).count();
    assert_eq!((count("passages-purged"), count("clock-vouched")), (3, 1), "{acts:?}");
    run("back-office", &line("audit verify --data {}", &[&data]));
}
