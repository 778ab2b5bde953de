//! A laptop records a passage; an administrator finds it by the resident's number, with a reason that is on record
//! first, and who passed at the same time; a neighbouring community's administrator finds nothing of either.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use health_code::Declaration;
use issuer::seal_declaration;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use stage::clock::{PATIENCE, until, wall};
use stage::{Browser, HeadlessStation, Office, World};
use stories::accounts::administrator;
use stories::residents::{Issuer, Resident};

const NUMBER: &str = "990101199001010011";
const MASKED: &str = "9901**********0011";
const PHONE: &str = "13800010044";
const CASE: &str = "样例-0316";
/// Who passes right after.
const OTHER: &str = "990101199002020022";
const OTHER_PHONE: &str = "13800010055";

#[test]
fn a_resident_is_found_with_a_reason_on_record_and_by_their_own_community_alone() {
    let world = World::new(None).unwrap();
    let (office_folder, station_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let office = Office::start(office_folder.path(), &world).unwrap();
    record(&office, &world, station_folder.path());

    let mut browser = Browser::open().unwrap();
    administrator(&mut browser, &office, office_folder.path(), ("样例甲", "13800000031", "420106001001"));
    for who in [NUMBER, PHONE] {
        look(&mut browser, &office, who);
        browser.wait_for("li[data-shown=pass]").unwrap();
        assert!(browser.text(".why").unwrap().contains(CASE), "the reason stays on top");
        let said = browser.text("main").unwrap();
        assert!(said.contains("样例居民00007*") && !said.contains(NUMBER) && !said.contains(PHONE), "{said}");
    }
    trace(&mut browser);
    browser.click("role=button[name=结束查看]").unwrap();
    browser.wait_for("text=这次查看已结束").unwrap();
    let log = log(&mut browser, &office);
    assert!(log.contains("查询居民") && log.contains(MASKED) && log.contains(CASE), "{log}");
    assert!(log.contains("138****0044") && !log.contains(NUMBER), "{log}");
    assert!(log.contains("查谁同时经过") && log.contains("±15 min"), "{log}");
    assert!(log.contains("看一个手机号") && !log.contains(OTHER_PHONE), "{log}");

    browser.another_person().unwrap();
    administrator(&mut browser, &office, office_folder.path(), ("样例乙", "13800000032", "420106001002"));
    look(&mut browser, &office, NUMBER);
    browser.wait_for("text=没有找到登记").unwrap();
    assert!(!browser.text("main").unwrap().contains("样例居民"), "nothing of the neighbour's");
    let log = self::log(&mut browser, &office);
    assert!(log.contains(MASKED) && !log.contains("138****0044"), "only what they did themself: {log}");
    assert!(!log.contains("查谁同时经过") && !log.contains("看一个手机号"), "nor what was traced: {log}");
}

/// Goes on from the look that is open to who passed at the same time, and opens that one's phone number.
fn trace(browser: &mut Browser) {
    browser.click("li[data-shown] button").unwrap();
    browser.click(".form button[type=submit]").unwrap();
    browser.wait_for("tbody tr:has-text(\"样例居民00008*\")").unwrap();
    let said = browser.text("main").unwrap();
    assert!(!said.contains(OTHER) && !said.contains(OTHER_PHONE), "masks alone: {said}");
    assert!(!said.contains("样例居民00007*"), "the resident is not among those who passed: {said}");
    browser.click("tbody tr button").unwrap();
    browser.click("tbody form button[type=submit]").unwrap();
    browser.wait_for(&format!("text={OTHER_PHONE}")).unwrap();
}

/// Enrols a laptop, scans two residents' codes there and confirms them.
fn record(office: &Office, world: &World, folder: &Path) {
    HeadlessStation::enrol(folder, &office.ticket().unwrap()).unwrap();
    let mut station = HeadlessStation::start(folder, &["--hurry"]).unwrap();
    station.sign_in("13800000001", "246810").unwrap();
    let key = wire::seal::recipient_key(&world.office_key("identity").unwrap()).unwrap();
    for (number, identity, phone) in [(7, NUMBER, PHONE), (8, OTHER, OTHER_PHONE)] {
        let (identity, phone) = (identity.to_owned(), phone.to_owned());
        let declared = Declaration { name: "样例居民".into(), identity, phone };
        let resident = Resident::number(number);
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let sealed = seal_declaration(&declared, &resident.pseudonym, &key, &mut rng).unwrap();
        let code = Issuer::of(world).sign(&resident.declaring(sealed), wall());
        let result = station.scan(&code).unwrap();
        assert_eq!(result["answer"]["kind"], "pass", "{result}");
        station.confirm().unwrap();
    }
    until("the passages", PATIENCE, || Ok((office.list()?["counts"]["passages"] == 2).then_some(())))
        .unwrap();
}

/// Looks somebody up as the page wants it: the reason, then the number.
fn look(browser: &mut Browser, office: &Office, who: &str) {
    // Another page first: whoever leaves this one has ended the look.
    browser.go(&format!("{}#/account", console(office))).unwrap();
    browser.go(&format!("{}#/residents", console(office))).unwrap();
    browser.fill("[name=case]", CASE).unwrap();
    browser.fill("[name=who]", who).unwrap();
    browser.press("Enter").unwrap();
}

fn log(browser: &mut Browser, office: &Office) -> String {
    browser.go(&format!("{}#/audit", console(office))).unwrap();
    browser.wait_for("td:has-text(\"查询居民\")").unwrap();
    browser.text("main table").unwrap()
}

fn console(office: &Office) -> String {
    format!("{}/console/", office.page())
}
