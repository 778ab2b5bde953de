//! What whoever enrols a laptop is told where it fails, each by the real programs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]

use std::net::TcpListener;
use std::path::Path;

use stage::programs::command;
use stage::{HeadlessStation, Office, World};

/// Tries to enrol a laptop, and returns what it says.
fn refused(folder: &Path, ticket: &str) -> String {
    let mut enrol = command("kadian").unwrap();
    enrol.args(["station", "enrol", "--ticket", ticket, "--dir"]).arg(folder);
    let output = enrol.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn each_failure_of_an_enrolment_has_a_code_of_its_own_and_costs_nothing() {
    let world = World::new(None).unwrap();
    let (data, folder, other) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut office = Office::start(data.path(), &world).unwrap();
    let (folder, other) = (folder.path().join("station"), other.path().join("station"));

    // A port at which nobody listens: it was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = office.ticket_by(&format!("https://{free}")).unwrap();
    let said = refused(&folder, &nowhere);
    assert!(said.contains("(nobody-answers)"), "{said}");
    // An address to which no way leads: nobody connects to everybody.
    let far = office.ticket_by("https://255.255.255.255:8443").unwrap();
    let said = refused(&folder, &far);
    assert!(said.contains("(no-route)"), "{said}");
    // A name that nobody has (RFC 6761).
    let nameless = office.ticket_by("https://office.invalid:8443").unwrap();
    let said = refused(&folder, &nameless);
    assert!(said.contains("(no-host)"), "{said}");

    // The office's own ticket, whose time is over.
    let late = office.ticket().unwrap();
    office.cut().unwrap();
    let database = rusqlite::Connection::open(data.path().join("office.sqlite")).unwrap();
    assert!(database.execute("UPDATE tickets SET expires = 1", []).unwrap() >= 1);
    drop(database);
    office.start_again().unwrap();
    let said = refused(&folder, &late);
    assert!(said.contains("(ticket-expired)"), "{said}");

    // The same folder is enrolled by the next ticket, and that one is good once.
    let good = office.ticket().unwrap();
    HeadlessStation::enrol(&folder, &good).unwrap();
    let said = refused(&other, &good);
    assert!(said.contains("(ticket-used)"), "{said}");
}
