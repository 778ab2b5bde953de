//! A laptop becomes a station in its own window: by a ticket before the camera, by a text out of an e-mail,
//! and where it does not, the window says why.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;
use std::time::Duration;

use stage::window::key;
use stage::{HeadlessStation, LiveCodes, Machine, NOBODY, Office, Screen, Window, World};
use wire::Ticket;

const COLLECTOR: (&str, &str) = ("13800000001", "246810");
const ADMINISTRATOR: (&str, &str) = ("13800000002", "1357924680");
const NEW_PIN: &str = "739251";
/// Longer than a ticket that has just been read ignores keys.
const DEAF: Duration = Duration::from_millis(400);

struct Site {
    world: World,
    folder: tempfile::TempDir,
    office: Office,
    screen: Screen,
}

impl Site {
    fn new() -> Self {
        let world = World::new(None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let office = Office::start(&folder.path().join("office"), &world).unwrap();
        Self { world, folder, office, screen: Screen::new(1366, 768).unwrap() }
    }

    fn ticket(&self) -> Ticket {
        Ticket::parse(&self.office.ticket().unwrap()).unwrap()
    }

    async fn window(&self, camera: &str, environment: &[(&str, PathBuf)]) -> Window {
        let (station, home) = (self.folder.path().join("station"), self.folder.path().join("home"));
        Window::open_with(&self.screen, &station, camera, &home, environment).await.unwrap()
    }
}

/// Returns the eight groups on the screen, in their order.
async fn groups(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('.groups li')]
        .sort((a, b) => a.value - b.value).map((item) => item.querySelector('b').textContent)";
    let groups = window.run(script).await.unwrap();
    groups.as_array().unwrap().iter().map(|group| group.as_str().unwrap().to_owned()).collect()
}

/// Pastes a text where a ticket is waited for.
async fn paste(window: &Window, text: &str) {
    window.screen("entrance-waiting").await.unwrap();
    window.paste(text).await.unwrap();
}

/// Says that the eight groups agree.
async fn confirm(window: &Window) {
    window.screen("entrance-confirm").await.unwrap();
    tokio::time::sleep(DEAF).await;
    window.press(key::ENTER).await.unwrap();
}

#[tokio::test]
async fn a_ticket_before_the_camera_makes_a_laptop_a_station() {
    let site = Site::new();
    let live = LiveCodes::start(&site.world).unwrap();
    let window = site.window(&live.camera(), &[]).await;
    window.screen("entrance-waiting").await.unwrap();
    live.show("green").unwrap();
    window.wait_for("main[data-problem=health-code]").await.unwrap();

    let ticket = site.ticket();
    live.show_text(&ticket.to_text()).unwrap();
    window.screen("entrance-confirm").await.unwrap();
    live.show(NOBODY).unwrap();
    assert_eq!(groups(&window).await, ticket.fingerprint());
    let said = window.text("main").await.unwrap();
    assert!(said.contains("127.0.0.1") && said.contains(&ticket.community), "{said}");

    confirm(&window).await;
    window.sign_in(COLLECTOR.0, COLLECTOR.1).await.unwrap();
    window.screen("ready").await.unwrap();
    live.show("green").unwrap();
    window.answer("pass").await.unwrap();

    // Nobody changes a station from its page.
    for input in ["{kind: 'offer', text: 'KDT1:'}", "{kind: 'show'}", "{kind: 'confirm'}", "{kind: 'back'}"] {
        let script = format!(
            "return window.__TAURI_INTERNALS__.invoke('ticket', {{ input: {input} }})
                .then(() => 'taken', (error) => error.code)"
        );
        assert_eq!(window.run(&script).await.unwrap(), "takes-no-ticket", "{input}");
    }
    for step in ["begin", "export"] {
        assert_eq!(leave_by_script(&window, step).await, "not-allowed");
    }
}

async fn leave_by_script(window: &Window, step: &str) -> serde_json::Value {
    let script = format!(
        "return window.__TAURI_INTERNALS__.invoke('leave', {{ step: '{step}' }})
            .then(() => 'left', (error) => error.code)"
    );
    window.run(&script).await.unwrap()
}

/// Opens the workbench, by F10.
async fn administrator_at(window: &Window) {
    tokio::time::sleep(DEAF).await;
    window.press(key::F10).await.unwrap();
    window.screen("door").await.unwrap();
    window.fill("#digits", &ADMINISTRATOR.0[7..]).await.unwrap();
    window.fill("#secret", ADMINISTRATOR.1).await.unwrap();
    window.click("button[form=sign-in][type=submit]").await.unwrap();
    window.screen("checkpoints").await.unwrap();
}

async fn enrolment_page(window: &Window) {
    window.click("nav button.page:nth-of-type(7)").await.unwrap();
    window.screen("enrolment").await.unwrap();
}

/// Leaves service from the page of the enrolment, by two acts.
async fn leave(window: &Window) {
    enrolment_page(window).await;
    window.click(".act[data-leaving=false] button").await.unwrap();
    window.click(".act[data-leaving=true] button").await.unwrap();
}

#[tokio::test]
async fn an_administrator_enrols_a_laptop_again_gives_a_collector_a_pin_and_takes_the_laptop_out_of_service()
{
    let site = Site::new();
    let window = site.window("none", &[]).await;
    let station = site.folder.path().join("station");
    let first = site.ticket();
    paste(&window, &first.to_text()).await;
    confirm(&window).await;
    let key = || std::fs::read(station.join("station.key")).ok();
    let before = {
        window.screen("signed-out").await.unwrap();
        key().unwrap()
    };

    // Enrolled again, under the same identity.
    administrator_at(&window).await;
    enrolment_page(&window).await;
    assert_eq!(groups(&window).await, first.fingerprint());
    let mut second = site.ticket();
    second.laptop = "样例 09".to_owned();
    window.click(".act button").await.unwrap();
    paste(&window, &second.to_text()).await;
    confirm(&window).await;
    window.screen("signed-out").await.unwrap();
    assert_eq!(key(), Some(before.clone()));
    let settings = std::fs::read_to_string(station.join("station.json")).unwrap();
    assert!(settings.contains("样例 09"), "{settings}");

    // A collector's new PIN is good at once.
    administrator_at(&window).await;
    window.click("nav button.page:nth-of-type(2)").await.unwrap();
    let row = format!("[data-id][aria-label$='{}']", &COLLECTOR.0[7..]);
    window.click(&format!("{row} button[aria-label^='换 PIN']")).await.unwrap();
    window.screen("new-pin").await.unwrap();
    window.fill("#pin", NEW_PIN).await.unwrap();
    window.fill("#again", NEW_PIN).await.unwrap();
    window.click("button[form=new-pin]").await.unwrap();
    window.screen("collectors").await.unwrap();
    tokio::time::sleep(DEAF).await;
    window.press(key::F10).await.unwrap();
    window.sign_in(COLLECTOR.0, NEW_PIN).await.unwrap();
    window.screen("ready").await.unwrap();

    // Out of service: everything is sent, and then erased.
    administrator_at(&window).await;
    leave(&window).await;
    window.wait_for("main[data-no-station=left]").await.unwrap();
    assert_eq!((key(), station.join("trust").exists()), (None, false));
    let said = window.text("main").await.unwrap();
    assert!(said.contains("已退出服务") && !said.contains("社区停用"), "{said}");

    // And another station by a new ticket.
    tokio::time::sleep(DEAF).await;
    window.press(key::ENTER).await.unwrap();
    paste(&window, &site.ticket().to_text()).await;
    confirm(&window).await;
    window.screen("signed-out").await.unwrap();
    assert_ne!(key().unwrap(), before);
}

#[tokio::test]
async fn a_laptop_that_leaves_while_its_office_is_away_writes_what_it_cannot_send_to_a_file() {
    let mut site = Site::new();
    let window = site.window("none", &[]).await;
    paste(&window, &site.ticket().to_text()).await;
    confirm(&window).await;
    window.screen("signed-out").await.unwrap();
    site.office.cut().unwrap();
    window.sign_in(COLLECTOR.0, COLLECTOR.1).await.unwrap();
    window.screen("ready").await.unwrap();
    administrator_at(&window).await;
    leave(&window).await;
    window.wait_for("main[data-left=true]").await.unwrap();
    window.wait_for("main[data-left=true] button[aria-keyshortcuts=F2]").await.unwrap();
    assert!(site.folder.path().join("station/station.key").exists());
    window.press(key::F2).await.unwrap();
    window.wait_for("button[aria-keyshortcuts=F5]").await.unwrap();
    window.press(key::F5).await.unwrap();
    window.wait_for("main[data-no-station=left] .exported").await.unwrap();
    let folder = window.text(".exported code").await.unwrap();
    let stations: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let export = std::fs::read(stations[0].join(wire::stick::REPORTS)).unwrap();
    let export = wire::stick::Export::parse(&export).unwrap();
    assert_eq!(stations[0].file_name().unwrap().to_str().unwrap(), export.station.to_string());
    assert!(!site.folder.path().join("station/outbox.sqlite").exists());
}

#[tokio::test]
async fn a_ticket_out_of_an_e_mail_makes_a_laptop_a_station_by_whatever_clock() {
    let site = Site::new();
    let machine =
        Machine::new(&site.folder.path().join("disk"), &site.folder.path().join("machine")).unwrap();
    // The battery on its board is empty.
    machine.set_clock_ahead(-20 * 365 * 86_400).unwrap();
    let window = site.window("none", &machine.environment()).await;
    let text = site.ticket().to_text();
    let lines: Vec<&str> = text.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
    let mailed = format!("> {}\n\n", lines.join("\n> "));
    paste(&window, &mailed[..mailed.len() / 2]).await;
    window.wait_for("main[data-problem=broken]").await.unwrap();
    paste(&window, &mailed).await;
    confirm(&window).await;
    window.screen("signed-out").await.unwrap();
}

#[tokio::test]
async fn a_laptop_that_cannot_join_says_why() {
    let site = Site::new();
    let other = tempfile::tempdir().unwrap();
    let other_office = Office::start(&other.path().join("office"), &site.world).unwrap();
    let plain = Office::start_plain(&other.path().join("plain"), &site.world).unwrap();
    let window = site.window("none", &[]).await;

    let used = site.ticket();
    HeadlessStation::enrol(&other.path().join("station"), &used.to_text()).unwrap();
    let good = site.ticket();
    let with = |change: &dyn Fn(&mut Ticket)| {
        let mut ticket = good.clone();
        change(&mut ticket);
        ticket
    };
    let port = |url: &str| url.rsplit(':').next().unwrap().to_owned();
    let (own, plain_port) = (port(&good.url), port(plain.url()));
    let strange = Ticket::parse(&other_office.ticket().unwrap()).unwrap();
    let cases = [
        ("no-host", with(&|ticket| ticket.url = "https://office.sample.invalid:8443".into())),
        ("nobody-answers", with(&|ticket| ticket.url = "https://127.0.0.1:1".into())),
        // The same machine by an address that its certificate does not name.
        ("wrong-host", with(&|ticket| ticket.url = format!("https://[::ffff:127.0.0.1]:{own}"))),
        ("wrong-authority", with(&|ticket| ticket.ca = strange.ca.clone())),
        ("not-tls", with(&|ticket| ticket.url = format!("https://127.0.0.1:{plain_port}"))),
        ("wrong-root", with(&|ticket| ticket.root[0] ^= 1)),
        ("ticket-unknown", with(&|ticket| ticket.secret[0] ^= 1)),
        ("ticket-used", used),
    ];
    for (failure, ticket) in cases {
        paste(&window, &ticket.to_text()).await;
        confirm(&window).await;
        window.wait_for(&format!("main[data-failure={failure}]")).await.unwrap();
        if failure == "ticket-used" {
            let said = window.text("main").await.unwrap();
            assert!(said.lines().any(|line| line.contains(':') && line.contains("给了另一台电脑")), "{said}");
        }
        assert!(!site.folder.path().join("station/station.json").exists(), "{failure}");
        window.press(key::ESCAPE).await.unwrap();
    }
    paste(&window, &good.to_text()).await;
    confirm(&window).await;
    window.screen("signed-out").await.unwrap();
}
