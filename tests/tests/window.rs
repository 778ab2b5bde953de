//! The real window on a screen that nobody looks at: a person's keys, and what they see.

use stories::{HeadlessStation, LiveCodes, Office, Screen, Window, World, window::key};

const PHONE: &str = "13800000001";
const PIN: &str = "246810";

#[tokio::test]
async fn a_collector_signs_in_reads_records_and_takes_the_next() {
    let world = World::new(None);
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(&folder.path().join("office"), &world);
    let station = folder.path().join("station");
    HeadlessStation::enrol(&station, &office.ticket());
    let live = LiveCodes::start(&world);
    let screen = Screen::new(1366, 768);
    let window = Window::open(&screen, &station, &live.camera(), &folder.path().join("home")).await;
    window.sign_in(PHONE, PIN).await;
    window.screen("ready").await;

    live.show("green");
    window.answer("pass").await;

    window.press(key::ENTER).await;
    window.screen("ready").await;
}

#[tokio::test]
async fn a_window_without_a_station_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let screen = Screen::new(1366, 768);
    let window = Window::open(&screen, &folder.path().join("none"), "none", folder.path()).await;
    window.wait_for("main[data-no-station=not-enrolled]").await;
    window.language("en").await;
    assert_eq!(window.text("main .do").await, "A technician enrols it with a ticket.");
    let english = window.picture().await;
    window.language("zh").await;
    assert_ne!(english, window.picture().await);
    // Nothing was made of a folder that somebody only mistyped.
    assert!(!folder.path().join("none").exists());
}

#[tokio::test]
async fn a_second_window_on_a_station_says_that_it_is_open() {
    let world = World::new(None);
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(&folder.path().join("office"), &world);
    let station = folder.path().join("station");
    HeadlessStation::enrol(&station, &office.ticket());
    let first = HeadlessStation::start(&station, &[]);
    let screen = Screen::new(1366, 768);
    let window = Window::open(&screen, &station, "none", &folder.path().join("home")).await;
    window.wait_for("main[data-no-station=in-use]").await;
    first.quit();
}
