//! Laptops at two gates record, and the board moves by itself; a neighbouring community's board does not.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use stage::clock::{PATIENCE, now, until, wall};
use stage::{Browser, HeadlessStation, Office, World};
use stories::accounts::administrator;
use stories::residents::{Issuer, Resident};

/// The figure of how many people passed within the hour is in the board's legend: the number beside a kind.
const PASSED: &str = ".legend li:has(.passed) span";

#[test]
fn two_gates_record_and_the_board_moves_while_a_neighbours_stands_still() {
    let world = World::new(None).unwrap();
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let office = Office::start(folders[0].path(), &world).unwrap();
    let mut gates = folders[1..].iter().map(|folder| gate(&office, folder.path())).collect::<Vec<_>>();

    let mut browser = Browser::open().unwrap();
    administrator(&mut browser, &office, folders[0].path(), ("样例甲", "13800000031", "420106001001"));
    browser.wait_for(".chart canvas").unwrap();
    let passed = |browser: &mut Browser| -> u64 { browser.text(PASSED).unwrap().trim().parse().unwrap() };
    assert_eq!(passed(&mut browser), 0);

    // Each confirms a passage; the page is not touched.
    for (number, gate) in gates.iter_mut().enumerate() {
        let code = Issuer::of(&world).sign(&Resident::number(number + 7), wall());
        assert_eq!(gate.scan(&code).unwrap()["answer"]["kind"], "pass");
        gate.confirm().unwrap();
        let (confirmed, wanted) = (now(), number as u64 + 1);
        until("the board", PATIENCE, || Ok((passed(&mut browser) == wanted).then_some(()))).unwrap();
        // No test asserts a time.
        println!("from a confirmed passage to the board: {:.1} s", confirmed.elapsed().as_secs_f32());
    }
    let said = browser.text("main").unwrap();
    assert!(!said.contains("样例居民"), "no resident is on the board: {said}");

    // The collector's work has both passages, though they signed in at two laptops at once.
    browser.go(&format!("{}/console/#/work", office.page())).unwrap();
    browser.wait_for("role=heading[name=采集员工作]").unwrap();
    browser.wait_for(".chart canvas").unwrap();
    let work = browser.text("main").unwrap();
    assert!(work.contains("登记 2") && work.contains("东门") && !work.contains("样例居民"), "{work}");

    browser.another_person().unwrap();
    administrator(&mut browser, &office, folders[0].path(), ("样例乙", "13800000032", "420106001002"));
    browser.wait_for(".chart canvas").unwrap();
    assert_eq!(passed(&mut browser), 0, "a neighbour sees none of it");
    assert!(browser.text("main").unwrap().contains("还没有工作站"));
}

/// Enrols a laptop, at which the collector signs in.
fn gate(office: &Office, folder: &Path) -> HeadlessStation {
    HeadlessStation::enrol(folder, &office.ticket().unwrap()).unwrap();
    let mut station = HeadlessStation::start(folder, &["--hurry"]).unwrap();
    station.sign_in("13800000001", "246810").unwrap();
    station
}
