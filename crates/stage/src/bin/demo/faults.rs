//! The screens on which the station cannot judge.

use std::time::Duration;

use stage::clock::PATIENCE;
use stage::window::key;
use stage::{HeadlessStation, LiveCodes, NOBODY, Office, Problem, Result, Screen, Window, World, clock};

use crate::album::Album;
use crate::checkpoint::{ADMINISTRATOR, COLLECTOR, Checkpoint};

/// Longer than a result ignores keys after it appeared.
const DEAF: Duration = Duration::from_millis(400);
/// Older than any trust list is good for.
const OLD_DAYS: i64 = 60;

/// Opens windows in which something is missing, one after the other.
pub async fn tour(checkpoint: &mut Checkpoint, screen: &Screen, album: &mut Album) -> Result<()> {
    println!("   a folder that is no station");
    no_station(screen, album).await?;
    println!("   a station that is open already");
    in_use(checkpoint, screen, album).await?;
    println!("   no camera");
    no_camera(checkpoint, screen, album).await?;
    println!("   a trust list that is too old");
    old_trust(screen, album).await?;
    println!("   a clock that nothing vouches for");
    wrong_clock(checkpoint, screen, album).await?;
    println!("   a station that is withdrawn");
    withdrawn(checkpoint, screen, album).await
}

async fn no_station(screen: &Screen, album: &mut Album) -> Result<()> {
    let folder = temporary()?;
    let window = Window::open(screen, &folder.path().join("none"), "none", folder.path()).await?;
    window.screen("entrance-waiting").await?;
    album.take(&window, "not-enrolled").await
}

async fn in_use(checkpoint: &Checkpoint, screen: &Screen, album: &mut Album) -> Result<()> {
    let other = HeadlessStation::start(&checkpoint.station, &[])?;
    let home = temporary()?;
    let window = Window::open(screen, &checkpoint.station, "none", home.path()).await?;
    window.wait_for("main[data-no-station=in-use]").await?;
    album.take(&window, "in-use").await?;
    other.quit().map(|_| ())
}

async fn no_camera(checkpoint: &Checkpoint, screen: &Screen, album: &mut Album) -> Result<()> {
    let home = temporary()?;
    let unplugged = format!("simulated:{}", home.path().join("unplugged").display());
    let window = Window::open(screen, &checkpoint.station, &unplugged, home.path()).await?;
    window.sign_in(COLLECTOR.0, COLLECTOR.1).await?;
    window.wait_for("main[data-fault]").await?;
    album.take(&window, "fault-camera").await
}

async fn old_trust(screen: &Screen, album: &mut Album) -> Result<()> {
    let then = clock::wall().plus(-OLD_DAYS * 86_400);
    let then = jiff::Timestamp::from_second(then.0)
        .map_err(|error| Problem::Unexpected {
            what: "a moment long ago".to_owned(),
            why: error.to_string(),
        })?
        .to_string();
    let world = World::new(Some(&then))?;
    let folder = temporary()?;
    let office = Office::start(&folder.path().join("office"), &world)?;
    let station = folder.path().join("station");
    HeadlessStation::enrol(&station, &office.ticket()?)?;
    let live = LiveCodes::start(&world)?;
    let window = Window::open(screen, &station, &live.camera(), &folder.path().join("home")).await?;
    window.sign_in(COLLECTOR.0, COLLECTOR.1).await?;
    window.wait_for("main[data-fault]").await?;
    album.take(&window, "fault-trust").await?;
    live.show("green")?;
    window.answer("unjudged").await?;
    album.take(&window, "unjudged").await?;
    window.press(key::ENTER).await?;
    window.wait_for(".station[data-screen=recorded], main[data-fault]:not([data-answer])").await
}

/// Without its memory of time, and without its office, a station does not know what time it is.
async fn wrong_clock(checkpoint: &mut Checkpoint, screen: &Screen, album: &mut Album) -> Result<()> {
    checkpoint.office.cut()?;
    let memory = checkpoint.station.join("clock");
    std::fs::remove_file(&memory)
        .map_err(|source| Problem::Io { what: memory.display().to_string(), source })?;
    let home = temporary()?;
    let window = Window::open(screen, &checkpoint.station, &checkpoint.live.camera(), home.path()).await?;
    window.sign_in(COLLECTOR.0, COLLECTOR.1).await?;
    window.wait_for("main[data-fault=clock-wrong]").await?;
    album.take(&window, "fault-clock").await?;
    checkpoint.live.show("green")?;
    window.answer("unjudged").await?;
    checkpoint.live.show(NOBODY)?;
    tokio::time::sleep(DEAF).await;
    window.press(key::ESCAPE).await?;
    drop(window);

    let window = Window::open(screen, &checkpoint.station, &checkpoint.live.camera(), home.path()).await?;
    window.sign_in(ADMINISTRATOR.0, ADMINISTRATOR.1).await?;
    window.wait_for("main[data-fault=clock-wrong] [aria-keyshortcuts=F5]").await?;
    album.take(&window, "fault-clock-administrator").await?;
    window.press(key::F5).await?;
    window.screen("ready").await?;
    window.wait_for("footer [data-asserted]").await?;
    album.take(&window, "asserted").await?;
    drop(window);
    checkpoint.office.start_again()
}

/// What waits is sent, then the station erases itself.
async fn withdrawn(checkpoint: &Checkpoint, screen: &Screen, album: &mut Album) -> Result<()> {
    let home = temporary()?;
    let window = Window::open(screen, &checkpoint.station, &checkpoint.live.camera(), home.path()).await?;
    window.screen("signed-out").await?;
    checkpoint.office.withdraw_last()?;
    window.wait_for("main[data-out-of-service]").await?;
    window.waiting(0).await?;
    album.take(&window, "withdrawn").await?;
    // Everything is erased soon after everything was sent.
    clock::until("the end of the station's key", PATIENCE, || {
        Ok((!checkpoint.station.join("station.key").exists()).then_some(()))
    })?;
    drop(window);
    let window = Window::open(screen, &checkpoint.station, &checkpoint.live.camera(), home.path()).await?;
    window.wait_for("main[data-no-station=withdrawn]").await?;
    album.take(&window, "erased").await
}

fn temporary() -> Result<tempfile::TempDir> {
    tempfile::tempdir().map_err(|source| Problem::Io { what: "a folder for a moment".to_owned(), source })
}
