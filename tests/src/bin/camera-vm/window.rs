//! The real window on devices of a real kernel: a passage by a hand scanner that is a grabbed keyboard, whose keys come
//! to no field, dialog or button of any page; what is on the screen after everything stood still; two cameras at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use health_code::Colour;
use rustix::process::nice;
use stage::clock::wall;
use stage::programs::command;
use stage::window::key;
use stage::{Running, Screen, Window};
use stories::gate::{ADMINISTRATOR, Checkpoint, PHONE, PIN};
use stories::residents::{Issuer, Resident};
use stories::scanner::choose;

use crate::devices::{feed, node};
use crate::feed;
use crate::keyboard::{number_of, plug, type_all};

/// A report of a keyboard on USB comes this often.
const REPORT: Duration = Duration::from_millis(8);
/// What a scan could press is pressed by then.
const BEHIND_A_SCAN: Duration = Duration::from_millis(800);
/// So long an emulated office may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// So long a browser takes to come up, at most.
const WARM: Duration = Duration::from_secs(45);
/// Processes stand still for so many seconds. A result lasts half as long, at least.
const STANDS: u64 = 90;
/// The kernel's test camera, which shows no code, and the one that is fed.
const CAMERAS: [&str; 2] = ["vivid-000-vid-cap", "Fed"];

pub fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let gate = Checkpoint::new();
    without_motion(&gate);
    warm(&gate.screen);
    runtime.block_on(by_keyboard(&gate));
    runtime.block_on(by_two_cameras(&gate));
    println!("camera-vm: the window passed");
}

async fn by_keyboard(gate: &Checkpoint) {
    let mut scanner = plug();
    choose(Path::new(&number_of(command("kadian").unwrap())), &gate.station);
    let window = gate.window_before("none", &["--patient"], &emulated()).await;
    let mut scan = |code: Colour| {
        // A scanner types in time, however busy the emulated processors are with the page.
        nice(-19).unwrap();
        type_all(&mut scanner, &code_of(gate, code), REPORT);
        nice(19).unwrap();
        std::thread::sleep(BEHIND_A_SCAN);
    };
    window.screen("signed-out").await.unwrap();
    window.wait_for("footer:not(:has([data-scanner]))").await.unwrap();
    window.put("#digits", "00").await.unwrap();
    scan(Colour::Green);
    assert_eq!(value(&window, "#digits").await, "00");
    window.screen("signed-out").await.unwrap();
    println!("   signed out: the field is as it was");

    sign_in(&window).await;
    window.screen("ready").await.unwrap();
    scan(Colour::Green);
    window.answer("pass").await.unwrap();
    record(gate, &window, 1).await;
    println!("   ready: the scanned passage is recorded");

    window.screen("ready").await.unwrap();
    scan(Colour::Yellow);
    window.answer("check").await.unwrap();
    stand_still();
    // Whoever was there has gone: nobody can let them through any more.
    window.press(key::ENTER).await.unwrap();
    window.any_screen(&["ready", "signed-out"]).await.unwrap();
    assert_eq!(gate.office.list().unwrap()["counts"]["passages"], 1);
    println!("   everything stood still for {STANDS} s: the result is gone, and Enter confirms nothing");

    window.press(key::F10).await.unwrap();
    window.screen("door").await.unwrap();
    window.put("#digits", &ADMINISTRATOR.0[7..]).await.unwrap();
    window.put("#secret", ADMINISTRATOR.1).await.unwrap();
    scan(Colour::Red);
    assert_eq!(value(&window, "#secret").await, ADMINISTRATOR.1);
    window.screen("door").await.unwrap();
    window.click("button[form=sign-in][type=submit]").await.unwrap();
    window.screen("checkpoints").await.unwrap();
    scan(Colour::Red);
    window.screen("checkpoints").await.unwrap();
    assert_eq!(gate.office.list().unwrap()["counts"]["passages"], 1);
    println!("   the administrator's door and pages: nothing is pressed");
}

/// Signs a code of a colour, for somebody of their own.
fn code_of(gate: &Checkpoint, colour: Colour) -> String {
    Issuer::of(&gate.world).sign_as(colour, &Resident::number(colour as usize), wall())
}

/// Asks pages for less motion: drawing it would take an emulated processor's whole time.
fn without_motion(gate: &Checkpoint) {
    let folder = gate.folder.path().join("home/config/gtk-3.0");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n").unwrap();
}

/// Opens a page of somebody else's first, so that WebKit is in memory: a page that takes too long to load is reloaded.
fn warm(screen: &Screen) {
    let mut browser = Command::new("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser");
    browser.env("DISPLAY", screen.display()).env("JSC_useJIT", "0").arg("about:blank");
    let browser =
        Running::start_group(browser.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()));
    std::thread::sleep(WARM);
    drop(browser);
}

/// Returns what the window's environment has on an emulated processor: compiling a page's scripts takes longer there than
/// it saves.
fn emulated() -> [(&'static str, PathBuf); 1] {
    [("JSC_useJIT", PathBuf::from("0"))]
}

/// Stops every process for a while, as the kernel does at the beginning of a sleep. Devices stay awake: the share that
/// holds this machine's files can't sleep.
fn stand_still() {
    fs::write("/sys/power/pm_test", "freezer").unwrap();
    fs::write("/sys/module/suspend/parameters/pm_test_delay", STANDS.to_string()).unwrap();
    fs::write("/sys/power/state", "freeze").unwrap();
}

/// The camera that shows a code is the one that is read, and its picture the one on the screen.
async fn by_two_cameras(gate: &Checkpoint) {
    let device = node(CAMERAS[1]).expect("v4l2loopback is loaded");
    let frames = gate.folder.path().join("frames");
    feed::write(&frames, &code_of(gate, Colour::Green));
    let feeder = feed(&device, "MJPG", &frames, false);
    let cameras = CAMERAS.map(|name| format!("device:{name}"));
    let more = ["--patient", "--second-camera", &cameras[1]];
    let window = gate.window_before(&cameras[0], &more, &emulated()).await;
    sign_in(&window).await;
    window.answer("pass").await.unwrap();
    record(gate, &window, 2).await;
    println!("   two cameras: the code before the second one is read while the first one shows none");
    drop(feeder);
    window.wait_for("footer [data-other-out]").await.unwrap();
    println!("   the second one ends: the bar says so, and the gate goes on");
}

/// Confirms the result on the window's screen, and waits until the office has so many passages.
async fn record(gate: &Checkpoint, window: &Window, passages: u64) {
    // Keys are ignored in a result's first moments, which are long here.
    std::thread::sleep(Duration::from_secs(3));
    window.press(key::ENTER).await.unwrap();
    window.any_screen(&["recorded", "ready"]).await.unwrap();
    println!("   recorded; the office is to have it");
    gate.has_filed(passages, PATIENCE);
}

/// Signs in by texts that come at once: keys that an emulated page hears together are a scanner's.
async fn sign_in(window: &Window) {
    window.screen("signed-out").await.unwrap();
    window.put("#digits", &PHONE[7..]).await.unwrap();
    window.put("#secret", PIN).await.unwrap();
    window.click("button[form=sign-in][type=submit]").await.unwrap();
    window.start_shift().await.unwrap();
}

async fn value(window: &Window, field: &str) -> String {
    let script = format!("return document.querySelector('{field}').value");
    window.run(&script).await.unwrap().as_str().unwrap_or_default().to_owned()
}
