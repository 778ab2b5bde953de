//! The screens on which the station cannot judge.

use stories::window::key;
use stories::{HeadlessStation, LiveCodes, Office, Screen, Window, World, clock};

use crate::Checkpoint;
use crate::album::Album;

const PHONE: &str = "13800000001";
const PIN: &str = "246810";
/// Older than any trust list is good for.
const OLD_DAYS: i64 = 60;

/// Opens windows in which something is missing, one after the other.
pub async fn tour(checkpoint: &Checkpoint, screen: &Screen, album: &mut Album) {
    println!("   a folder that is no station");
    no_station(screen, album).await;
    println!("   a station that is open already");
    in_use(checkpoint, screen, album).await;
    println!("   no camera");
    no_camera(checkpoint, screen, album).await;
    println!("   a trust list that is too old");
    old_trust(screen, album).await;
}

async fn no_station(screen: &Screen, album: &mut Album) {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::open(screen, &folder.path().join("none"), "none", folder.path()).await;
    window.wait_for("main[data-no-station=not-enrolled]").await;
    album.take(&window, "not-enrolled").await;
}

async fn in_use(checkpoint: &Checkpoint, screen: &Screen, album: &mut Album) {
    let other = HeadlessStation::start(&checkpoint.station, &[]);
    let home = tempfile::tempdir().unwrap();
    let window = Window::open(screen, &checkpoint.station, "none", home.path()).await;
    window.wait_for("main[data-no-station=in-use]").await;
    album.take(&window, "in-use").await;
    other.quit();
}

async fn no_camera(checkpoint: &Checkpoint, screen: &Screen, album: &mut Album) {
    let home = tempfile::tempdir().unwrap();
    let unplugged = format!("simulated:{}", home.path().join("unplugged").display());
    let window = Window::open(screen, &checkpoint.station, &unplugged, home.path()).await;
    window.sign_in(PHONE, PIN).await;
    window.wait_for("main[data-fault]").await;
    album.take(&window, "fault-camera").await;
}

async fn old_trust(screen: &Screen, album: &mut Album) {
    let then = clock::wall().plus(-OLD_DAYS * 86_400);
    let then = jiff::Timestamp::from_second(then.0).expect("not that long ago").to_string();
    let world = World::new(Some(&then));
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(&folder.path().join("office"), &world);
    let station = folder.path().join("station");
    HeadlessStation::enrol(&station, &office.ticket());
    let live = LiveCodes::start(&world);
    let window = Window::open(screen, &station, &live.camera(), &folder.path().join("home")).await;
    window.sign_in(PHONE, PIN).await;
    window.wait_for("main[data-fault]").await;
    album.take(&window, "fault-trust").await;
    live.show("green");
    window.answer("unjudged").await;
    album.take(&window, "unjudged").await;
    window.press(key::ENTER).await;
    window.screen("recorded").await;
}
