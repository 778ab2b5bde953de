//! The real window on a virtual screen: a person's keys, and what they see.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use stage::clock::PATIENCE;
use stage::window::key;
use stage::{HeadlessStation, LiveCodes, NOBODY, Office, Screen, Window, World, clock};
use stories::gate::{ADMINISTRATOR, Gate, PHONE, PIN};

/// Longer than a new result ignores keys.
const DEAF: Duration = Duration::from_millis(400);

#[tokio::test]
async fn a_collector_signs_in_reads_records_and_takes_the_next() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(&folder.path().join("office"), &world).unwrap();
    let station = folder.path().join("station");
    HeadlessStation::enrol(&station, &office.ticket().unwrap()).unwrap();
    let live = LiveCodes::start(&world).unwrap();
    let screen = Screen::new(1366, 768).unwrap();
    let window = Window::open(&screen, &station, &live.camera(), &folder.path().join("home")).await.unwrap();
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();

    assert_eq!(read_preview(&window).await, "refused", "the picture is for eyes, not for scripts");

    live.show("green").unwrap();
    window.answer("pass").await.unwrap();
    live.show(NOBODY).unwrap();
    tokio::time::sleep(DEAF).await;
    window.press(key::ENTER).await.unwrap();
    window.screen("recorded").await.unwrap();
    window.screen("ready").await.unwrap();

    live.show("yellow").unwrap();
    window.answer("check").await.unwrap();
    assert!(
        !window.text("body").await.unwrap().contains(&masked_id(&world, "green")),
        "the last one is gone"
    );
    live.show(NOBODY).unwrap();
    tokio::time::sleep(DEAF).await;
    window.press('t').await.unwrap();
    window.any_screen(&["recorded", "ready"]).await.unwrap();
    window.screen("ready").await.unwrap();

    live.show("fever").unwrap();
    window.answer("check").await.unwrap();
    live.show(NOBODY).unwrap();
    tokio::time::sleep(DEAF).await;
    window.press(key::ESCAPE).await.unwrap();
    window.screen("ready").await.unwrap();

    live.show("expired").unwrap();
    window.answer("invalid").await.unwrap();
    tokio::time::sleep(DEAF).await;
    window.press(key::ENTER).await.unwrap();
    tokio::time::sleep(DEAF).await;
    window.answer("invalid").await.unwrap();

    window.waiting(0).await.unwrap();
    let passages = clock::until("the passage", PATIENCE, || {
        let list = office.list()?;
        let is_there = list["counts"]["waiting"] == 0 && list["counts"]["passages"] == 2;
        Ok(is_there.then(|| list["passages"].clone()))
    })
    .unwrap();
    let passages = passages.as_array().unwrap();
    assert_eq!(passages.len(), 2, "discarded and invalid codes are no passages: {passages:?}");
    for (name, shown, outcome) in [("green", "pass", "let-through"), ("yellow", "check", "turned-away")] {
        let id = masked_id(&world, name);
        let passage = passages.iter().find(|passage| passage["masked_id"] == *id).expect(name);
        assert_eq!((&passage["shown"], &passage["outcome"]), (&shown.into(), &outcome.into()), "{name}");
        assert_eq!(passage["direction"], "in", "{name}");
    }
}

/// What a hand scanner types, cut off: each of the window's letters is among it.
const SCANNED: &str = "KD1:TRN0T";

#[tokio::test]
async fn a_hand_scanner_presses_nothing_however_slow_it_is() {
    let gate = Gate::new();
    let window = gate.window().await;
    window.sign_in(PHONE, PIN).await.unwrap();
    for between in [Duration::ZERO, Duration::from_millis(120), Duration::from_millis(330)] {
        window.screen("ready").await.unwrap();
        // Twice the same would be judged as it is.
        let scanned = format!("{SCANNED}{}", between.as_millis());
        gate.screen.scan(&scanned, between).unwrap();
        show(&gate, &window, "fever", "check").await;
        gate.screen.scan(SCANNED, between).unwrap();
        tokio::time::sleep(BEHIND_A_SCAN).await;
        window.answer("check").await.unwrap();
        window.press(key::ESCAPE).await.unwrap();
    }
    window.screen("ready").await.unwrap();
    window.waiting(0).await.unwrap();
    assert_eq!(gate.office.list().unwrap()["counts"]["passages"], 0);
}

/// Longer than the page ignores keys behind what a scanner typed.
const BEHIND_A_SCAN: Duration = Duration::from_millis(1200);

#[tokio::test]
async fn whoever_was_just_recorded_gets_the_same_answer_with_a_sentence() {
    let gate = Gate::new();
    let window = gate.window().await;
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();
    show(&gate, &window, "red", "stop").await;
    window.press(key::ENTER).await.unwrap();
    window.any_screen(&["recorded", "ready"]).await.unwrap();
    window.screen("ready").await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    gate.live.show("red").unwrap();
    window.wait_for("main[data-answer=stop][data-recorded-before=stop]").await.unwrap();
    window.wait_for(".acts .solid[aria-keyshortcuts=Escape]").await.unwrap();
    assert!(window.text("main .why").await.unwrap().contains("刚刚登记为“劝返”"));
}

#[tokio::test]
async fn the_direction_is_chosen_with_the_checkpoint_and_passages_carry_it() {
    let gate = Gate::new();
    let window = gate.window().await;
    window.enter_pin(PHONE, PIN).await.unwrap();
    window.screen("choose-checkpoint").await.unwrap();
    window.press(key::DOWN).await.unwrap();
    window.press(key::RIGHT).await.unwrap();
    window.wait_for(".row.on [data-value=out][aria-pressed=true]").await.unwrap();
    window.press(key::ENTER).await.unwrap();
    window.screen("ready").await.unwrap();
    window.wait_for("footer [data-direction=out]").await.unwrap();
    show(&gate, &window, "green", "pass").await;
    window.press(key::ENTER).await.unwrap();
    let passages = clock::until("the passage", PATIENCE, || {
        let list = gate.office.list()?;
        Ok((list["counts"]["passages"] == 1).then(|| list["passages"].clone()))
    })
    .unwrap();
    assert_eq!(passages[0]["direction"], "out");
}

#[tokio::test]
async fn a_station_without_its_memory_of_time_judges_once_an_administrator_vouches_for_it() {
    let mut gate = Gate::new();
    gate.office.cut().unwrap();
    std::fs::remove_file(gate.station.join("clock")).unwrap();
    let window = gate.window().await;
    window.sign_in(ADMINISTRATOR.0, ADMINISTRATOR.1).await.unwrap();
    window.wait_for("main[data-fault=clock-wrong]").await.unwrap();
    let date = "return [new Date().getFullYear(), '年', new Date().getMonth() + 1, '月'].join(' ')";
    let date = window.run(date).await.unwrap();
    assert!(
        window.text("main ol").await.unwrap().contains(date.as_str().unwrap()),
        "the date is named in words"
    );
    window.press(key::F5).await.unwrap();
    window.screen("ready").await.unwrap();
    assert!(window.text("footer [data-asserted]").await.unwrap().contains("王*"));
    gate.live.show("green").unwrap();
    window.answer("pass").await.unwrap();
}

/// Shows a code until the window answers.
async fn show(gate: &Gate, window: &Window, code: &str, answer: &str) {
    gate.live.show(code).unwrap();
    window.answer(answer).await.unwrap();
    gate.live.show(NOBODY).unwrap();
    tokio::time::sleep(DEAF).await;
}

/// A script that tries to read the camera's picture.
const READ_PREVIEW: &str = "
    const picture = document.querySelector('.picture img.front');
    if (!picture?.complete || picture.naturalWidth === 0) return 'no picture';
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    try {
        context.getImageData(0, 0, 1, 1);
        return 'reached';
    } catch (error) {
        return error.name === 'SecurityError' ? 'refused' : error.name;
    }
";

/// Tries to read the preview's pixels, once a picture is there: on a busy machine the first take a while.
async fn read_preview(window: &Window) -> String {
    let end = clock::now() + PATIENCE;
    loop {
        window.wait_for(".picture img.front").await.unwrap();
        let outcome = window.run(READ_PREVIEW).await.unwrap();
        if outcome != "no picture" || clock::now() > end {
            return outcome.as_str().unwrap_or_default().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn masked_id(world: &World, name: &str) -> String {
    let row = world.rows().unwrap().into_iter().find(|row| row.name == name).unwrap();
    assert!(row.masked_id.len() > 8);
    row.masked_id
}

/// Tries what a page could do to the station if a bug let a stranger's script into it.
#[tokio::test]
async fn the_page_reaches_nothing_but_its_own_commands() {
    let folder = tempfile::tempdir().unwrap();
    let screen = Screen::new(1366, 768).unwrap();
    let window = Window::open(&screen, &folder.path().join("none"), "none", folder.path()).await.unwrap();
    let undefined = |name: &str| format!("return typeof {name}");
    assert_eq!(window.run(&undefined("window.__TAURI__")).await.unwrap(), "undefined");

    // A command that the page has says why there is no station: `invoke` itself works.
    let own = "return window.__TAURI_INTERNALS__.invoke('settings').catch((error) => error.code)";
    assert_eq!(window.run(own).await.unwrap(), "not-enrolled");

    let tries = [
        ("a command that the window must not have", invoke("plugin:window|close")),
        ("an event that only the station may send", invoke("plugin:event|emit")),
        ("a shell", invoke("plugin:shell|execute")),
        ("a file", invoke("plugin:fs|read_file")),
        ("the network", "return fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')".into()),
        ("a web page", "location.href = 'https://example.org/'; return 'refused'".into()),
        (
            "a second window",
            "return window.open('https://example.org/') === null ? 'refused' : 'reached'".into(),
        ),
        ("a script as text", "try { return eval(`'reached'`) } catch { return 'refused' }".into()),
        (
            "a changed prototype",
            "try { Object.prototype.x = 1 } catch {} return ({}).x ? 'reached' : 'refused'".into(),
        ),
    ];
    for (what, script) in tries {
        assert_eq!(window.run(&script).await.unwrap(), "refused", "{what}");
    }
    window.screen("entrance-waiting").await.unwrap();
    let address = window.run("return location.href").await.unwrap();
    assert!(address.as_str().unwrap().starts_with("tauri://localhost"), "{address}");
}

fn invoke(command: &str) -> String {
    format!(
        "return window.__TAURI_INTERNALS__.invoke('{command}', {{}}).then(() => 'reached', () => 'refused')"
    )
}

#[tokio::test]
async fn a_window_without_a_station_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let screen = Screen::new(1366, 768).unwrap();
    let window = Window::open(&screen, &folder.path().join("none"), "none", folder.path()).await.unwrap();
    window.screen("entrance-waiting").await.unwrap();
    window.language("en").await.unwrap();
    assert!(window.text("main .note").await.unwrap().contains("paste the text"), "it has no camera");
    let english = window.picture().await.unwrap();
    window.language("zh").await.unwrap();
    assert_ne!(english, window.picture().await.unwrap());
    // A mistyped folder is not made.
    assert!(!folder.path().join("none").exists());
}

#[tokio::test]
async fn a_folder_that_is_enrolled_while_the_window_is_open_becomes_a_station() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(&folder.path().join("office"), &world).unwrap();
    let station = folder.path().join("station");
    let live = LiveCodes::start(&world).unwrap();
    let screen = Screen::new(1366, 768).unwrap();
    let home = folder.path().join("home");
    let window = Window::open(&screen, &station, &live.camera(), &home).await.unwrap();
    window.screen("entrance-waiting").await.unwrap();
    HeadlessStation::enrol(&station, &office.ticket().unwrap()).unwrap();
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();
    live.show("green").unwrap();
    window.answer("pass").await.unwrap();
}

#[tokio::test]
async fn a_second_window_on_a_station_says_that_it_is_open() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(&folder.path().join("office"), &world).unwrap();
    let station = folder.path().join("station");
    HeadlessStation::enrol(&station, &office.ticket().unwrap()).unwrap();
    let first = HeadlessStation::start(&station, &[]).unwrap();
    let screen = Screen::new(1366, 768).unwrap();
    let window = Window::open(&screen, &station, "none", &folder.path().join("home")).await.unwrap();
    window.wait_for("main[data-no-station=in-use]").await.unwrap();
    first.quit().unwrap();
}
