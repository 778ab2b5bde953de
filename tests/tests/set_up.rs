//! From an empty folder and an unenrolled laptop to the first passage by a real collector, with no
//! terminal in between: an administrator's browser and two real windows.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use stage::clock::{PATIENCE, until};
use stage::programs::command;
use stage::window::key;
use stage::{Browser, EmptyOffice, Screen, Window, World, finish};
use stories::accounts::{Authenticator, PASSPHRASE, accept, choose, second_factor};

const FIRST: Who = Who { name: "样例甲", phone: "13800000031", account: "jia.sample" };
const OF_THE_COMMUNITY: Who = Who { name: "样例乙", phone: "13800000032", account: "yi.sample" };
const LAPTOP_SECRET: &str = "8642097531ab";
const COLLECTOR_PHONE: &str = "13800000033";
const COLLECTOR_PIN: &str = "739251";
/// Longer than a new screen ignores keys.
const DEAF: Duration = Duration::from_millis(400);

struct Who {
    name: &'static str,
    phone: &'static str,
    account: &'static str,
}

#[tokio::test]
async fn an_office_begins_a_laptop_joins_and_a_collector_records_without_a_terminal() {
    let place = Place::new();
    let mut office = EmptyOffice::start(&place.at("office")).unwrap();
    let mut browser = Browser::open().unwrap();

    // The office is empty: its page asks for the word that it printed.
    let authenticator = first_start(&mut browser, &office, &place.at("deployment"));

    // The deployment's administrator pastes a line; that person accepts the invitation at another computer.
    browser.go(&format!("{}#/people", office.console())).unwrap();
    browser.click("text=粘贴名单").unwrap();
    let line = format!("{} 样例新社区 {}", OF_THE_COMMUNITY.name, OF_THE_COMMUNITY.phone);
    browser.fill("textarea", &line).unwrap();
    browser.wait_for("li[data-outcome=new]").unwrap();
    browser.press("Control+Enter").unwrap();
    browser.click("role=button[name=/打印 1 份邀请/]").unwrap();
    let invitation = browser.printed_codes().unwrap().pop().unwrap();
    browser.another_person().unwrap();
    browser.go(&invitation).unwrap();
    accept(&mut browser, OF_THE_COMMUNITY.account, LAPTOP_SECRET);

    // Two laptops enrol: one by its camera, one by pasted text.
    browser.go(&format!("{}#/stations/new", office.console())).unwrap();
    browser.fill("#laptops", "样例 01\n样例 02").unwrap();
    browser.press("Control+Enter").unwrap();
    browser.click("role=button[name=/打印 2 页/]").unwrap();
    let tickets = browser.printed_codes().unwrap();
    let screen = Screen::new(1366, 768).unwrap();
    let first = place.laptop(&screen, "first").await;
    place.hold("first", &tickets[0]);
    join(&first).await;
    place.hold("first", "");

    // The administrator signs in, adds a checkpoint, and a collector by that person's own code.
    let secret = LAPTOP_SECRET;
    administrator_at(&first, secret).await;
    add_checkpoint(&first, "东门").await;
    add_collector(&first, &place).await;

    // The collector signs in and records a passage.
    sign_out(&first, key::F10).await;
    collector_records(&first, &place).await;

    // A second laptop enrols, and knows both within ten seconds.
    let second = place.laptop(&screen, "second").await;
    second.screen("entrance-waiting").await.unwrap();
    let pasted = stage::clock::now();
    second.paste(&tickets[1]).await.unwrap();
    join(&second).await;
    second.sign_in(COLLECTOR_PHONE, COLLECTOR_PIN).await.unwrap();
    second.screen("ready").await.unwrap();
    // No test asserts a time.
    println!("from the second ticket to its collector's gate: {:.1} s", pasted.elapsed().as_secs_f32());

    // The first laptop starts again while the office is away, and still knows both.
    drop(first);
    office.cut().unwrap();
    let first = place.laptop(&screen, "first").await;
    first.sign_in(COLLECTOR_PHONE, COLLECTOR_PIN).await.unwrap();
    first.screen("ready").await.unwrap();
    sign_out(&first, key::F9).await;
    office.start_again().unwrap();
    sign_out(&second, key::F9).await;
    for laptop in [&first, &second] {
        administrator_at(laptop, secret).await;
    }

    // The administrator is removed at the console, and signed out at both.
    browser.another_person().unwrap();
    sign_in(&mut browser, &office, &FIRST, &authenticator);
    browser.go(&format!("{}#/people", office.console())).unwrap();
    browser.click(&format!("tr:has-text(\"{}\")", &OF_THE_COMMUNITY.phone[7..])).unwrap();
    browser.click("role=button[name=/^停用/]").unwrap();
    for laptop in [&first, &second] {
        laptop.wait_for(".station[data-screen=signed-out] [data-problem=removed]").await.unwrap();
    }
}

/// Everything of the story, in one folder.
struct Place {
    folder: tempfile::TempDir,
    /// Makes codes to show: the deployment takes its issuers.
    demo: World,
}

impl Place {
    /// Lays ready what somebody carries here: a trust folder made elsewhere, from a description.
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap(), demo: World::new(None).unwrap() };
        let shown = kadian_issue(&["trust", "show", "--json"], &place.demo.path().join("trust/trust.cose"));
        let issuers = serde_json::from_str::<Value>(&shown).unwrap()["issuers"].clone();
        let (_, region) = place.demo.trust().unwrap();
        let description = json!({
            "region": region.as_str()[..6],
            "community": {"region": region.as_str(), "name": "样例新社区", "contact": "样例 027-0000"},
            "policy": {"document": "样例〔2026〕1号", "no_code_url": "https://code.example"},
            "issuers": issuers,
            "administrators": [{"name": "王样例", "phone": "13800000009"}],
        });
        std::fs::write(place.at("deployment.json"), description.to_string()).unwrap();
        std::fs::write(place.at("passphrase"), "twelve or more characters\n").unwrap();
        let mut new = command("kadian-issue").unwrap();
        new.args(["trust", "new", "--passphrase-file"]).arg(place.at("passphrase"));
        finish(new.arg(place.at("deployment")).arg(place.at("deployment.json"))).unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens a laptop's window; its camera sees what [`Place::hold`] holds up.
    async fn laptop(&self, screen: &Screen, name: &str) -> Window {
        std::fs::create_dir_all(self.camera(name)).unwrap();
        let camera = format!("simulated:{}", self.camera(name).display());
        Window::open(screen, &self.at(name), &camera, &self.at(&format!("{name}-home"))).await.unwrap()
    }

    fn camera(&self, laptop: &str) -> PathBuf {
        self.at(&format!("{laptop}-camera"))
    }

    /// Holds a text before a laptop's camera as a code; an empty one takes it away.
    fn hold(&self, laptop: &str, text: &str) {
        let folder = self.camera(laptop);
        let name = if text.is_empty() { "" } else { "held" };
        std::fs::write(folder.join("held.txt"), text).unwrap();
        // Replaced whole, so that the camera never reads half a name.
        std::fs::write(folder.join("show.next"), name).unwrap();
        std::fs::rename(folder.join("show.next"), folder.join("show.txt")).unwrap();
    }

    fn code(&self, name: &str) -> String {
        std::fs::read_to_string(self.demo.code(name, "txt")).unwrap()
    }
}

fn kadian_issue(arguments: &[&str], file: &Path) -> String {
    let mut issue: Command = command("kadian-issue").unwrap();
    String::from_utf8(finish(issue.args(arguments).arg(file)).unwrap().stdout).unwrap()
}

fn first_start(browser: &mut Browser, office: &EmptyOffice, deployment: &Path) -> Authenticator {
    browser.go(&office.console()).unwrap();
    browser.fill("role=textbox[name=启动口令]", office.word()).unwrap();
    browser.press("Enter").unwrap();
    browser.upload("input[type=file]", deployment).unwrap();
    browser.click("role=button[name=/指纹一致，导入/]").unwrap();
    browser.fill("role=textbox[name=姓名]", FIRST.name).unwrap();
    browser.fill("role=textbox[name=手机号]", FIRST.phone).unwrap();
    choose(browser, FIRST.account, "the other secret 1");
    browser.press("Enter").unwrap();
    let authenticator = second_factor(browser);
    browser.press("Enter").unwrap();
    browser.fill("role=textbox[name=工作站]", "样例 00").unwrap();
    browser.press("Enter").unwrap();
    browser.click("role=button[name=/打印部署卡/]").unwrap();
    browser.click("role=button[name=/进入后台/]").unwrap();
    browser.wait_for("role=heading[name=实时看板]").unwrap();
    authenticator
}

fn sign_in(browser: &mut Browser, office: &EmptyOffice, who: &Who, authenticator: &Authenticator) {
    browser.go(&office.console()).unwrap();
    // A code is good once, so an early sign-in waits for the next one.
    until("another code", PATIENCE, || Ok(authenticator.has_another().then_some(()))).unwrap();
    browser.fill("role=textbox[name=账号]", who.account).unwrap();
    browser.fill("[autocomplete=current-password]", PASSPHRASE).unwrap();
    browser.fill("[autocomplete=one-time-code]", &authenticator.code()).unwrap();
    browser.press("Enter").unwrap();
    browser.wait_for("role=heading[name=实时看板]").unwrap();
}

/// The eight groups agree with the card: joins, and waits until somebody can sign in.
async fn join(laptop: &Window) {
    laptop.screen("entrance-confirm").await.unwrap();
    tokio::time::sleep(DEAF).await;
    laptop.press(key::ENTER).await.unwrap();
    laptop.screen("signed-out").await.unwrap();
}

/// Signs the administrator in at the workbench's door.
async fn administrator_at(laptop: &Window, secret: &str) {
    tokio::time::sleep(DEAF).await;
    laptop.press(key::F10).await.unwrap();
    laptop.screen("door").await.unwrap();
    laptop.fill("#digits", &OF_THE_COMMUNITY.phone[7..]).await.unwrap();
    laptop.fill("#secret", secret).await.unwrap();
    laptop.click("button[form=sign-in][type=submit]").await.unwrap();
    laptop.screen("checkpoints").await.unwrap();
}

async fn add_checkpoint(laptop: &Window, name: &str) {
    laptop.fill("#new-checkpoint", name).await.unwrap();
    laptop.click("form.new [data-value=entry]").await.unwrap();
    laptop.click("form.new button[type=submit]").await.unwrap();
    laptop.wait_for(&format!("[aria-label=\"{name}\"][data-id]")).await.unwrap();
}

/// Shows the collector's own code, and lets them choose a PIN.
async fn add_collector(laptop: &Window, place: &Place) {
    laptop.click("nav button.page:nth-of-type(2)").await.unwrap();
    laptop.screen("collectors").await.unwrap();
    tokio::time::sleep(DEAF).await;
    laptop.press(key::F2).await.unwrap();
    laptop.screen("add-collector").await.unwrap();
    place.hold("first", &place.code("green"));
    laptop.fill("#phone", COLLECTOR_PHONE).await.unwrap();
    place.hold("first", "");
    laptop.fill("#pin", COLLECTOR_PIN).await.unwrap();
    laptop.fill("#again", COLLECTOR_PIN).await.unwrap();
    laptop.click("button[form=add-collector][type=submit]").await.unwrap();
    laptop.screen("collectors").await.unwrap();
    laptop.wait_for("[data-id] .phone").await.unwrap();
}

/// Locks the workbench (F10) or ends the shift (F9): the next person signs in.
async fn sign_out(laptop: &Window, by: char) {
    tokio::time::sleep(DEAF).await;
    laptop.press(by).await.unwrap();
    laptop.screen("signed-out").await.unwrap();
}

async fn collector_records(laptop: &Window, place: &Place) {
    laptop.sign_in(COLLECTOR_PHONE, COLLECTOR_PIN).await.unwrap();
    laptop.screen("ready").await.unwrap();
    place.hold("first", &place.code("yellow"));
    laptop.answer("check").await.unwrap();
    place.hold("first", "");
    tokio::time::sleep(DEAF).await;
    laptop.press(key::ENTER).await.unwrap();
    laptop.any_screen(&["recorded", "ready"]).await.unwrap();
    laptop.screen("ready").await.unwrap();
}
