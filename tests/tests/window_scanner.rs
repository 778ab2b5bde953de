//! A hand scanner beside the real window: at a serial port, and as keys in the window.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use serde_json::{Value, json};
use stage::window::key;
use stage::{HeadlessStation, Window};
use stories::gate::{ADMINISTRATOR, Gate, PHONE, PIN};
use stories::scanner::{SerialScanner, choose};

/// A report of a keyboard on USB comes this often.
const REPORT: Duration = Duration::from_millis(8);
/// Whoever has typed lifts the scanner first. Keys that are closer together are one scan's.
const LIFTS: Duration = Duration::from_millis(400);

/// Types a code as a scanner does, and waits until a busy page has taken all of it.
async fn scan(gate: &Gate, window: &Window, code: &str) {
    gate.screen.scan(&gate.live.text(code).unwrap(), REPORT).unwrap();
    window.wait_for("body:not(:has([data-scanning]))").await.unwrap();
    tokio::time::sleep(LIFTS).await;
}

#[tokio::test]
async fn a_passage_by_a_serial_scanner_that_is_unplugged_and_plugged_in_again() {
    let gate = Gate::new();
    let port = gate.folder.path().join("ttyACM0");
    let mut scanner = SerialScanner::plug(&port);
    choose(&port, &gate.station);
    let window = gate.window().await;
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();
    let code = gate.live.text("green").unwrap();
    let (part, _) = code.split_at(code.len() / 2);
    scanner.send(&format!("]Q1{part}\r\n"));
    window.wait_for("[data-hint=scan-incomplete]").await.unwrap();
    scanner.send(&format!("{code}{code}\r\n"));
    window.wait_for("[data-hint=scan-doubled]").await.unwrap();
    scanner.send(&format!("\u{2}]Q1{code}\r\n"));
    window.answer("pass").await.unwrap();
    // No other code takes its place, and none confirms it.
    scanner.send(&format!("{}\r\n", gate.live.text("red").unwrap()));
    gate.record(&window, 1).await;

    drop(scanner);
    window.wait_for("footer [data-scanner=absent]").await.unwrap();
    let mut scanner = SerialScanner::plug(&port);
    window.wait_for("footer:not(:has([data-scanner]))").await.unwrap();
    window.screen("ready").await.unwrap();
    scanner.send(&gate.live.text("yellow").unwrap());
    window.answer("check").await.unwrap();
    gate.record(&window, 2).await;
}

#[tokio::test]
async fn a_passage_by_keys_in_the_window_and_a_burst_into_a_field_or_a_dialog_presses_nothing() {
    let gate = Gate::new();
    let window = gate.window().await;
    // A burst into the fields of whoever signs in leaves them as they were.
    window.screen("signed-out").await.unwrap();
    window.fill("#digits", "00").await.unwrap();
    tokio::time::sleep(LIFTS).await;
    scan(&gate, &window, "green").await;
    assert_eq!(window.run("return document.querySelector('#digits').value").await.unwrap(), "00");
    window.screen("signed-out").await.unwrap();
    window.put("#digits", "").await.unwrap();
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();
    scan(&gate, &window, "green").await;
    window.answer("pass").await.unwrap();
    scan(&gate, &window, "red").await;
    window.answer("pass").await.unwrap();
    gate.record(&window, 1).await;

    window.press(key::F8).await.unwrap();
    window.screen("choose-checkpoint").await.unwrap();
    scan(&gate, &window, "red").await;
    window.screen("choose-checkpoint").await.unwrap();
    window.press(key::ESCAPE).await.unwrap();
    window.press(key::F10).await.unwrap();
    window.screen("door").await.unwrap();
    window.fill("#digits", &ADMINISTRATOR.0[7..]).await.unwrap();
    window.fill("#secret", ADMINISTRATOR.1).await.unwrap();
    tokio::time::sleep(LIFTS).await;
    scan(&gate, &window, "red").await;
    window.screen("door").await.unwrap();
    window.click("button[form=sign-in][type=submit]").await.unwrap();
    window.screen("checkpoints").await.unwrap();
    scan(&gate, &window, "red").await;
    window.screen("checkpoints").await.unwrap();
    assert_eq!(gate.office.list().unwrap()["counts"]["passages"], 1);
}

#[test]
fn a_station_without_a_window_reads_the_serial_scanner_that_was_chosen() {
    let gate = Gate::new();
    let port = gate.folder.path().join("ttyACM0");
    choose(&port, &gate.station);
    let mut station = HeadlessStation::start(&gate.station, &[]).unwrap();
    let mut scanner = SerialScanner::plug(&port);
    let connected =
        |view: &Value| view["bar"]["scanner"] == json!({"way": "serial", "fault": null, "reading": null});
    station.view("the scanner", connected).unwrap();
    station.sign_in(PHONE, PIN).unwrap();
    scanner.send(&format!("{}\r", gate.live.text("green").unwrap()));
    let view = station.screen("result").unwrap();
    assert_eq!(view["screen"]["result"]["answer"]["kind"], "pass");
    station.say(&json!({"kind": "confirm-shown"})).unwrap();
    station.screen("recorded").unwrap();
}
