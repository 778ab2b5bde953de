//! The real window in hands that slip: double clicks, the wrong key, nobody who presses Enter, and faults
//! that leave a way out.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use stage::window::key;
use stories::gate::{ADMINISTRATOR, Gate, PHONE, PIN};

/// Longer than a new screen's buttons are deaf.
const SETTLES: Duration = Duration::from_millis(600);
/// Clicks twice in one place, on whatever is there by then.
const CLICK_TWICE: &str = "
    const at = document.querySelector('button[aria-keyshortcuts=Enter]').getBoundingClientRect();
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
    const click = (detail) => document.elementFromPoint(x, y)
        .dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }));
    click(1);
    window.clicked = 1;
    setTimeout(() => { click(2); window.clicked = 2; }, 150);
";

#[tokio::test]
async fn a_second_click_ends_nothing_and_a_shift_ended_by_mistake_goes_on() {
    let gate = Gate::new();
    let window = gate.window().await;
    window.enter_pin(PHONE, PIN).await.unwrap();
    window.screen("choose-checkpoint").await.unwrap();
    // A new screen's buttons take no click at first.
    tokio::time::sleep(SETTLES).await;
    window.run(CLICK_TWICE).await.unwrap();
    while window.run("return window.clicked").await.unwrap() != 2 {}
    tokio::time::sleep(SETTLES).await;
    window.screen("ready").await.unwrap();

    window.press(key::F9).await.unwrap();
    window.screen("signed-out").await.unwrap();
    window.wait_for(".ended button[aria-keyshortcuts=Escape]").await.unwrap();
    window.press(key::ESCAPE).await.unwrap();
    window.screen("ready").await.unwrap();
    assert!(window.text("footer").await.unwrap().contains("采集员"));

    window.press(key::F8).await.unwrap();
    window.screen("choose-checkpoint").await.unwrap();
    window.press(key::ESCAPE).await.unwrap();
    window.screen("ready").await.unwrap();
}

#[tokio::test]
async fn the_window_is_dark_without_a_desktop_and_the_key_changes_that_for_good() {
    let gate = Gate::new();
    let window = gate.window().await;
    window.wait_for("html[data-theme=dark]").await.unwrap();
    window.press(key::F3).await.unwrap();
    window.wait_for("html[data-theme=contrast]").await.unwrap();
    window.press(key::F3).await.unwrap();
    window.wait_for("html[data-theme=light]").await.unwrap();
    drop(window);
    let window = gate.window().await;
    window.wait_for("html[data-theme=light]").await.unwrap();
}

#[tokio::test]
async fn what_nobody_confirms_is_called_not_recorded_and_a_phone_left_there_is_asked_away() {
    let gate = Gate::new();
    let window = gate.window().await;
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();
    gate.live.show("red").unwrap();
    window.answer("stop").await.unwrap();
    window.wait_for("[data-contact]").await.unwrap();
    window.screen("unconfirmed").await.unwrap();
    window.wait_for("[data-hint=take-away]").await.unwrap();
    assert_eq!(gate.office.list().unwrap()["counts"]["passages"], 0);
}

#[tokio::test]
async fn a_fault_leaves_every_way_out_so_that_an_administrator_can_vouch_for_the_clock() {
    let mut gate = Gate::new();
    gate.office.cut().unwrap();
    std::fs::remove_file(gate.station.join("clock")).unwrap();
    let window = gate.window().await;
    window.sign_in(PHONE, PIN).await.unwrap();
    let fault = "main[data-fault=clock-wrong]";
    window.wait_for(fault).await.unwrap();
    window.press(key::ENTER).await.unwrap();
    window.wait_for("main[data-fault] button[aria-keyshortcuts=Enter]:disabled").await.unwrap();
    assert!(window.text("main").await.unwrap().contains("已静音"));
    window.press('n').await.unwrap();
    window.wait_for("main[data-address=no-code]").await.unwrap();
    window.press(key::ESCAPE).await.unwrap();
    window.wait_for(fault).await.unwrap();
    window.press(key::F8).await.unwrap();
    window.screen("choose-checkpoint").await.unwrap();
    window.press(key::ESCAPE).await.unwrap();
    window.wait_for(fault).await.unwrap();
    window.press(key::F9).await.unwrap();
    window.screen("signed-out").await.unwrap();
    window.sign_in(ADMINISTRATOR.0, ADMINISTRATOR.1).await.unwrap();
    window.wait_for(fault).await.unwrap();
    window.press(key::F5).await.unwrap();
    window.screen("ready").await.unwrap();
}
