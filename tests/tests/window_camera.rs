//! The real window with a camera that is slow, lost, held, covered or not permitted, on V4L2 devices
//! that do not exist; and a page that dies and comes back.
//!
//! Each state leaves its pictures in both languages in `target/debug/window-pictures`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use stage::clock::PATIENCE;
use stage::programs::{command, target};
use stage::shim::Mode;
use stage::window::key;
use stage::{HeadlessStation, LiveCodes, Office, Photo, Running, Screen, Shim, Window, World, clock};

const PHONE: &str = "13800000001";
const PIN: &str = "246810";
/// Longer than a new result ignores keys.
const DEAF: Duration = Duration::from_millis(400);
const FORMATS: &[&str] = &["MJPG 1280 720 30"];
const NAME: &str = "Sample HD";
/// Debian's number of the group `video`, and of the account `nobody`.
const VIDEO: u32 = 44;
const NOBODY: u32 = 65534;

/// A station's window on test cameras.
struct Gate {
    window: Window,
    live: LiveCodes,
    world: World,
    _office: Office,
    _screen: Screen,
    _folder: tempfile::TempDir,
}

impl Gate {
    async fn open(shim: &Shim) -> Self {
        let world = World::new(None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let office = Office::start(&folder.path().join("office"), &world).unwrap();
        let station = folder.path().join("station");
        HeadlessStation::enrol(&station, &office.ticket().unwrap()).unwrap();
        let live = LiveCodes::start(&world).unwrap();
        let screen = Screen::new(1366, 768).unwrap();
        let home = folder.path().join("home");
        let window =
            Window::open_with(&screen, &station, "device", &home, &shim.environment()).await.unwrap();
        window.language("zh").await.unwrap();
        Self { window, live, world, _office: office, _screen: screen, _folder: folder }
    }

    /// Returns a code that is valid now, as a person holds it up.
    fn code(&self) -> Photo {
        let _ = &self.live;
        Photo::Code(fs::read_to_string(self.world.path().join("live/green.txt")).unwrap())
    }

    async fn fault(&self, code: &str) {
        self.window.wait_for(&format!("main[data-fault={code}]")).await.unwrap();
    }

    /// Keeps a picture of the screen in both languages.
    async fn picture(&self, name: &str) {
        let folder = target().unwrap().join("window-pictures");
        fs::create_dir_all(&folder).unwrap();
        for language in ["en", "zh"] {
            self.window.language(language).await.unwrap();
            let path = folder.join(format!("station-camera-{name}-{language}.png"));
            fs::write(path, self.window.picture().await.unwrap()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_camera_goes_through_all_its_states_and_comes_back_by_itself() {
    let shim = Shim::new().unwrap();
    shim.plug(0, NAME, "2", FORMATS).unwrap();
    shim.show(0, &Photo::Wall, FORMATS).unwrap();
    shim.wake_in(0, 4500).unwrap();
    let gate = Gate::open(&shim).await;
    let window = &gate.window;
    window.wait_for("[data-starting]").await.unwrap();
    gate.picture("starting").await;

    window.wait_for(".picture:not([data-still=true]) img.front").await.unwrap();
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();
    gate.picture("live").await;
    shim.show(0, &gate.code(), FORMATS).unwrap();
    window.answer("pass").await.unwrap();
    shim.show(0, &Photo::Wall, FORMATS).unwrap();
    tokio::time::sleep(DEAF).await;
    window.press(key::ESCAPE).await.unwrap();
    window.screen("ready").await.unwrap();

    shim.freeze(0, &Photo::Wall, FORMATS).unwrap();
    window.wait_for(".picture[data-still=true]").await.unwrap();
    gate.picture("frozen").await;
    shim.show(0, &Photo::Wall, FORMATS).unwrap();
    window.wait_for(".picture[data-still=false]").await.unwrap();

    shim.be(0, Mode::Stall).unwrap();
    gate.fault("camera-stalled").await;
    gate.picture("stalled").await;
    shim.be(0, Mode::Well).unwrap();
    window.screen("ready").await.unwrap();

    shim.pull(0).unwrap();
    gate.fault("camera-lost").await;
    gate.picture("lost").await;
    shim.wake_in(0, 4500).unwrap();
    shim.plug(0, NAME, "3", FORMATS).unwrap();
    window.wait_for("main[data-fault=camera-lost][data-returning=true]").await.unwrap();
    gate.picture("returning").await;
    window.screen("ready").await.unwrap();

    shim.wake_in(0, 0).unwrap();
    shim.show(0, &Photo::Black, FORMATS).unwrap();
    gate.fault("camera-covered").await;
    gate.picture("covered").await;
    shim.show(0, &Photo::Wall, FORMATS).unwrap();
    window.screen("ready").await.unwrap();

    held_and_denied(&shim, &gate).await;
    shim.be(0, Mode::Well).unwrap();
    window.screen("ready").await.unwrap();
    window.wait_for(".picture:not([data-still=true]) img.front").await.unwrap();
    // It came back without a key, and the code held up now is read.
    shim.show(0, &gate.code(), FORMATS).unwrap();
    window.answer("pass").await.unwrap();
}

async fn held_and_denied(shim: &Shim, gate: &Gate) {
    shim.pull(0).unwrap();
    shim.be(0, Mode::Busy).unwrap();
    shim.plug(0, NAME, "3", FORMATS).unwrap();
    let mut holder =
        Command::new("sleep").arg("600").stdin(fs::File::open(shim.node(0)).unwrap()).spawn().unwrap();
    gate.fault("camera-busy").await;
    gate.window.wait_for("main[data-fault] li").await.unwrap();
    clock_until_text(gate, "sleep").await;
    gate.picture("busy").await;
    holder.kill().unwrap();
    holder.wait().unwrap();

    // The test may run as root, so the program is told that it runs as an ordinary account.
    fs::set_permissions(shim.node(0), fs::Permissions::from_mode(0o660)).unwrap();
    if fs::metadata(shim.node(0)).unwrap().uid() == 0 {
        fs::write(shim.account(), "").unwrap();
        chown(shim.account(), Some(NOBODY), None).unwrap();
        chown(shim.node(0), None, Some(VIDEO)).unwrap();
    }
    shim.be(0, Mode::Denied).unwrap();
    gate.fault("camera-no-permission").await;
    clock_until_text(gate, "sudo usermod -aG").await;
    gate.picture("no-permission").await;
}

async fn clock_until_text(gate: &Gate, text: &str) {
    let end = clock::now() + PATIENCE;
    while !gate.window.text("main").await.unwrap().contains(text) {
        assert!(
            clock::now() < end,
            "the screen does not say {text}: {}",
            gate.window.text("main").await.unwrap()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn without_a_camera_the_station_waits_for_any_and_says_what_a_poor_one_lacks() {
    let shim = Shim::new().unwrap();
    let gate = Gate::open(&shim).await;
    gate.window.sign_in(PHONE, PIN).await.unwrap();
    gate.fault("camera-none").await;
    gate.picture("none").await;
    let poor = &["YUYV 640 480 30"];
    shim.plug(0, NAME, "2", poor).unwrap();
    shim.show(0, &Photo::Wall, poor).unwrap();
    gate.window.screen("ready").await.unwrap();
    gate.window.press(key::F9).await.unwrap();
    gate.window.screen("signed-out").await.unwrap();
    gate.window.wait_for("[data-lesser]").await.unwrap();
    assert!(gate.window.text("[data-lesser]").await.unwrap().contains("640×480"));
    gate.picture("lesser").await;
}

/// Runs without WebDriver, whose session would end with the page. The page's own log lines say that
/// it lives and shows pictures.
#[test]
fn a_page_that_dies_or_hangs_is_on_the_screen_again() {
    let shim = Shim::new().unwrap();
    shim.plug(0, NAME, "2", FORMATS).unwrap();
    shim.show(0, &Photo::Wall, FORMATS).unwrap();
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office::start(&folder.path().join("office"), &world).unwrap();
    let station = folder.path().join("station");
    HeadlessStation::enrol(&station, &office.ticket().unwrap()).unwrap();
    let screen = Screen::new(1366, 768).unwrap();
    let mut program = command("kadian-station").unwrap();
    shim.lend(program.arg("--dir").arg(&station))
        .env("DISPLAY", screen.display())
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11")
        .env("HOME", folder.path().join("home"))
        .env("NO_AT_BRIDGE", "1")
        .env("KADIAN_LOG", "kadian_station=debug")
        .stderr(Stdio::piped());
    let mut program = Running::start_group(&mut program).unwrap();
    let log = program.stderr_lines().unwrap();
    let says = |what: &str| {
        log.wait(what, PATIENCE, |line| line.as_str().is_some_and(|line| line.contains(what)).then_some(()))
            .unwrap();
    };
    let shows_pictures = || {
        log.wait("a page with pictures", PATIENCE, |line| {
            let frames = line.as_str()?.rsplit_once("the page is alive frames=")?.1.trim().parse::<u32>();
            frames.is_ok_and(|frames| frames > 0).then_some(())
        })
        .unwrap();
    };

    shows_pictures();
    let first = page_of(&station, None);
    kill_process(first, Signal::KILL).unwrap();
    says("the page's process ended");
    log.skip();
    shows_pictures();

    let second = page_of(&station, Some(first));
    kill_process(second, Signal::STOP).unwrap();
    says("the page no longer answers");
    log.skip();
    shows_pictures();
    assert_ne!(page_of(&station, Some(second)), first);
}

fn page_of(station: &Path, but: Option<Pid>) -> Pid {
    clock::until("a page", PATIENCE, || Ok(pages_of(station).into_iter().find(|page| Some(*page) != but)))
        .unwrap()
}

/// Finds the page processes of WebKit that belong to the program on this station's folder.
fn pages_of(station: &Path) -> Vec<Pid> {
    let text = |path: PathBuf| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let numbered =
        processes.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())));
    let all: Vec<(i32, i32, String)> = numbered
        .filter_map(|(pid, path): (i32, PathBuf)| {
            let stat = text(path.join("stat")).ok()?;
            let parent = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
            Some((pid, parent, text(path.join("cmdline")).ok()?))
        })
        .collect();
    let station = station.display().to_string();
    let program = all.iter().find(|(_, _, line)| line.contains("kadian-station") && line.contains(&station));
    let Some((program, ..)) = program else { return Vec::new() };
    let pages = all.iter().filter(|(_, parent, line)| parent == program && line.contains("WebKitWebProcess"));
    pages.filter_map(|(pid, ..)| Pid::from_raw(*pid)).collect()
}
