//! The real window on a virtual screen: a person's keys, and what they see.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use stage::clock::PATIENCE;
use stage::window::key;
use stage::{HeadlessStation, LiveCodes, NOBODY, Office, Screen, Window, World, clock};

const PHONE: &str = "13800000001";
const PIN: &str = "246810";
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

    assert_eq!(
        window.run(READ_PREVIEW).await.unwrap(),
        "refused",
        "the picture is for eyes, not for scripts"
    );

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
        let is_there = list["counts"]["waiting"] == 0 && list["counts"]["passages"] != 0;
        Ok(is_there.then(|| list["passages"].clone()))
    })
    .unwrap();
    let passages = passages.as_array().unwrap();
    assert_eq!(passages.len(), 1, "discarded and invalid codes are no passages: {passages:?}");
    assert_eq!(
        (&passages[0]["shown"], &passages[0]["masked_id"]),
        (&"pass".into(), &masked_id(&world, "green").into())
    );
}

/// A script that tries to read the camera's picture.
const READ_PREVIEW: &str = "
    const picture = [...document.querySelectorAll('.picture img')].find((image) => image.naturalWidth > 0);
    if (!picture) return 'no picture';
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

fn masked_id(world: &World, name: &str) -> String {
    let row = world.rows().unwrap().into_iter().find(|row| row.name == name).unwrap();
    assert!(row.masked_id.len() > 8);
    row.masked_id
}

/// Tries what a page could do to the station if a bug let a stranger's script into it.
#[tokio::test]
async fn the_page_reaches_nothing_but_its_five_commands() {
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
    window.wait_for("main[data-no-station]").await.unwrap();
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
    window.wait_for("main[data-no-station=not-enrolled]").await.unwrap();
    window.language("en").await.unwrap();
    assert_eq!(window.text("main .do").await.unwrap(), "A technician enrols it with a ticket.");
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
    window.wait_for("main[data-no-station=not-enrolled]").await.unwrap();
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
