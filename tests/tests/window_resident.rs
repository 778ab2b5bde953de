//! The resident's side as a second real window: it follows, and nothing about anybody reaches it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use serde_json::json;
use stage::window::key;
use stage::{NOBODY, Window};
use stories::gate::{Gate, PHONE, PIN};

/// Longer than a new result ignores keys.
const DEAF: Duration = Duration::from_millis(400);

/// What the page shows whose resident's side is this window, with all of its text and every attribute.
const ALL: &str = "return document.documentElement.outerHTML";

#[tokio::test]
async fn the_residents_side_says_what_to_do_and_nothing_about_anybody() {
    let gate = Gate::new();
    gate.set("resident_display", json!({ "kind": "window" }));
    let window = gate.window().await;
    window.turn_to_other().await.unwrap();
    window.wait_for("main[data-resident=closed]").await.unwrap();
    window.turn_to_other().await.unwrap();
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();
    window.turn_to_other().await.unwrap();
    window.wait_for("main[data-resident=ready]").await.unwrap();

    for (code, answer, resident) in [
        ("green", "pass", "pass"),
        ("yellow", "check", "check"),
        ("fever", "check", "check"),
        ("red", "stop", "wait"),
        ("expired", "invalid", "refresh"),
    ] {
        gate.live.show(code).unwrap();
        window.wait_for(&format!("main[data-resident={resident}]")).await.unwrap();
        let seen = window.run(ALL).await.unwrap().as_str().unwrap().to_owned();
        let said = window.text("body").await.unwrap();
        window.turn_to_other().await.unwrap();
        window.answer(answer).await.unwrap();
        let fields = window.run("return [...document.querySelectorAll('main dd')].map((dd) => dd.innerText)");
        for field in fields.await.unwrap().as_array().unwrap() {
            let field = field.as_str().unwrap().trim();
            assert!(field.is_empty() || !seen.contains(field), "{code}: {field}");
        }
        assert!(!said.contains(|char: char| char.is_ascii_digit() || char == '*'), "{code}: {said}");
        let reddish = ["data-flood=\"stop\"", "data-flood=\"invalid\"", "劝返", "无效"];
        assert!(!reddish.iter().any(|word| seen.contains(word)), "{code}: {seen}");
        gate.live.show(NOBODY).unwrap();
        tokio::time::sleep(DEAF).await;
        window.press(key::ESCAPE).await.unwrap();
        window.screen("ready").await.unwrap();
        window.turn_to_other().await.unwrap();
        window.wait_for("main[data-resident=ready]").await.unwrap();
    }
    let picture = window.picture().await.unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    reaches_nothing(&window).await;
}

/// Tries what that page could do if a stranger's script were in it.
async fn reaches_nothing(window: &Window) {
    let invoke = |command: &str, arguments: &str| {
        format!(
            "return window.__TAURI_INTERNALS__.invoke('{command}', {arguments}).then(() => 'reached', () => 'refused')"
        )
    };
    let own = "return window.__TAURI_INTERNALS__.invoke('resident', { seen: null })";
    assert_eq!(window.run(own).await.unwrap(), "ready");
    let listens = "{ event: 'view', target: { kind: 'Any' }, handler: 1 }";
    let tries = [
        ("the collector's view", invoke("start", "{}")),
        ("the collector's keys", invoke("user", "{ input: { wing: 'collector', kind: 'no-code' } }")),
        ("the settings", invoke("settings", "{}")),
        ("the way out", invoke("leave_kiosk", "{}")),
        ("the collector's events", invoke("plugin:event|listen", listens)),
        ("the network", "return fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')".into()),
        (
            "the camera's picture",
            "return new Promise((done) => {
                const picture = new Image();
                picture.onload = () => done('reached');
                picture.onerror = () => done('refused');
                picture.src = 'preview://localhost/frame?ask=1';
            })"
            .into(),
        ),
        (
            "a third window",
            "return window.open('https://example.org/') === null ? 'refused' : 'reached'".into(),
        ),
    ];
    for (what, script) in tries {
        assert_eq!(window.run(&script).await.unwrap(), "refused", "{what}");
    }
}

#[tokio::test]
async fn the_residents_side_is_chosen_in_the_workbench_and_by_nobody_else() {
    let gate = Gate::new();
    let window = gate.window().await;
    let choose = |kind: &str| {
        format!(
            "return window.__TAURI_INTERNALS__.invoke('set_resident_display', {{ display: {{ kind: '{kind}', name: 'nowhere' }} }})
                .then(() => 'done', (error) => error.code)"
        )
    };
    window.screen("signed-out").await.unwrap();
    assert_eq!(window.run(&choose("window")).await.unwrap(), "not-allowed");
    let (phone, secret) = stories::gate::ADMINISTRATOR;
    window.sign_in(phone, secret).await.unwrap();
    window.screen("ready").await.unwrap();
    assert_eq!(window.run(&choose("window")).await.unwrap(), "not-allowed", "not at the collector's screen");
    window.press(key::F10).await.unwrap();
    window.screen("checkpoints").await.unwrap();
    assert_eq!(window.run(&choose("display")).await.unwrap(), "bad-argument", "no such display");
    let displays = "return window.__TAURI_INTERNALS__.invoke('displays')";
    let displays = window.run(displays).await.unwrap();
    assert!(displays.as_array().unwrap().iter().all(|display| display["collectors"] == true), "{displays}");
    assert_eq!(window.run(&choose("window")).await.unwrap(), "done");
    window.turn_to_other().await.unwrap();
    window.wait_for("main[data-resident=closed]").await.unwrap();
    window.turn_to_other().await.unwrap();
    assert_eq!(window.run(&choose("none")).await.unwrap(), "done");
    window.only_window().await.unwrap();
}
