//! The station's camera code on V4L2 devices that do not exist: which format it takes, and how it
//! recovers from every fault of a cable or a driver. `cargo xtask camera-vm` does the same on the
//! drivers of a real kernel.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use stage::clock::PATIENCE;
use stage::programs::command;
use stage::shim::{Damage, Mode, Set};
use stage::{JsonLines, Photo, Running, Shim, clock};

const GOOD: &[&str] = &["YUYV 640 480 30", "MJPG 1280 720 30", "YUYV 1280 720 10"];
const TEXT: &str = "KD1:6BF0A1X9Z$%*+-./:7Q6BF0A1X9Z";

/// A running `kadian camera watch`.
struct Watched {
    _program: Running,
    lines: JsonLines,
}

impl Watched {
    fn start(shim: &Shim, camera: &str) -> Self {
        let mut program = command("kadian").unwrap();
        shim.lend(program.args(["camera", "watch", "--camera", camera]));
        let mut program = Running::start(program.stdin(Stdio::null()).stdout(Stdio::piped())).unwrap();
        let lines = program.stdout_lines().unwrap();
        Self { _program: program, lines }
    }

    fn state(&self, state: &str) -> Value {
        self.line(state, |line| line["state"] == state)
    }

    fn fault(&self, code: &str) -> Value {
        self.line(code, |line| line["state"] == "fault" && line["fault"] == code)
    }

    fn code(&self, text: &str) {
        self.line("code", |line| line["code"] == text);
    }

    fn line(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        self.lines.wait(what, PATIENCE, |line| is(line).then(|| line.clone())).unwrap()
    }
}

fn well(formats: &[&str]) -> Shim {
    let shim = Shim::new().unwrap();
    shim.plug(0, "Sample HD", "2", formats).unwrap();
    shim.show(0, &Photo::Code(TEXT.to_owned()), formats).unwrap();
    shim
}

#[test]
fn the_best_format_is_taken_and_a_lesser_one_says_why() {
    for (formats, format, lesser) in [
        (GOOD, "1280×720 MJPEG 30/s", Value::Null),
        (&["YUYV 1280 720 10", "YUYV 640 480 30"], "1280×720 YUYV 10/s", "rate".into()),
        (&["MJPG 640 480 30"], "640×480 MJPEG 30/s", "size".into()),
        (&["GREY 1280 720 30"], "1280×720 GREY 30/s", Value::Null),
        (&["UYVY 1280 720 25"], "1280×720 UYVY 25/s", Value::Null),
        (&["NV12 1280 720 30", "H264 1920 1080 30"], "1280×720 NV12 30/s", Value::Null),
    ] {
        let shim = well(formats);
        let watched = Watched::start(&shim, "device");
        let live = watched.state("live");
        assert_eq!((&live["format"], &live["lesser"]), (&format.into(), &lesser), "{formats:?}");
        watched.code(TEXT);
    }
}

#[test]
fn nokhwa_takes_pictures_by_the_same_contract() {
    for (formats, format) in [(GOOD, "1280×720 MJPEG 30/s"), (&["YUYV 640 480 30"], "640×480 YUYV 30/s")] {
        let shim = well(formats);
        let watched = Watched::start(&shim, "nokhwa");
        assert_eq!(watched.state("live")["format"], format);
        watched.code(TEXT);
        shim.pull(0).unwrap();
        watched.fault("camera-lost");
        shim.plug(0, "Sample HD", "2", formats).unwrap();
        watched.state("live");
        watched.code(TEXT);
    }
}

#[test]
fn a_camera_that_is_pulled_comes_back_at_any_plug() {
    let shim = well(GOOD);
    let watched = Watched::start(&shim, "device");
    watched.code(TEXT);
    shim.pull(0).unwrap();
    watched.fault("camera-lost");
    shim.plug(2, "Sample HD", "3", GOOD).unwrap();
    shim.show(2, &Photo::Code(TEXT.to_owned()), GOOD).unwrap();
    assert_eq!(watched.state("returning")["fault"], "camera-lost");
    assert_eq!(watched.state("live")["place"], "pci-0000:00:14.0-usb-3:1.0");
    watched.code(TEXT);
    assert_eq!((shim.streaming(0).unwrap(), shim.streaming(2).unwrap()), (0, 1));
}

#[test]
fn two_cameras_of_one_model_are_told_apart() {
    let shim = well(GOOD);
    shim.plug(1, "Sample HD", "1.4", GOOD).unwrap();
    shim.show(1, &Photo::Code("the other".to_owned()), GOOD).unwrap();
    let watched = Watched::start(&shim, "device:Sample@pci-0000:00:14.0-usb-2:1.0");
    assert_eq!(watched.state("live")["place"], "pci-0000:00:14.0-usb-2:1.0");
    watched.code(TEXT);
    // The device numbers are assigned anew, the other way round.
    shim.pull(0).unwrap();
    watched.fault("camera-lost");
    shim.pull(1).unwrap();
    shim.plug(0, "Sample HD", "1.4", GOOD).unwrap();
    shim.show(0, &Photo::Code("the other".to_owned()), GOOD).unwrap();
    shim.show(1, &Photo::Code(TEXT.to_owned()), GOOD).unwrap();
    shim.plug(1, "Sample HD", "2", GOOD).unwrap();
    assert_eq!(watched.state("live")["place"], "pci-0000:00:14.0-usb-2:1.0");
    watched.code(TEXT);
}

#[test]
fn the_camera_in_the_lid_does_not_step_in_for_one_that_is_pulled() {
    let shim = well(GOOD);
    shim.plug(1, "Lid camera", "7", GOOD).unwrap();
    shim.show(1, &Photo::Wall, GOOD).unwrap();
    let watched = Watched::start(&shim, "device");
    assert_eq!(watched.state("live")["name"], "Sample HD");
    shim.pull(0).unwrap();
    watched.fault("camera-lost");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(shim.opens(1).unwrap(), 0);
    // A camera that somebody plugged in since is wanted.
    shim.plug(3, "Spare", "2", GOOD).unwrap();
    shim.show(3, &Photo::Code("spare".to_owned()), GOOD).unwrap();
    assert_eq!(watched.state("live")["name"], "Spare");
    watched.code("spare");
}

#[test]
fn a_stalled_camera_is_opened_anew() {
    let shim = well(GOOD);
    let watched = Watched::start(&shim, "device");
    watched.code(TEXT);
    shim.be(0, Mode::Stall).unwrap();
    watched.fault("camera-stalled");
    shim.be(0, Mode::Well).unwrap();
    watched.state("live");
    watched.code(TEXT);
    assert_eq!(shim.streaming(0).unwrap(), 1, "the first opening was closed");
}

#[test]
fn a_driver_that_hangs_is_left_behind_and_the_device_is_opened_beside_it() {
    let shim = well(GOOD);
    let watched = Watched::start(&shim, "device");
    watched.code(TEXT);
    shim.hang(0).unwrap();
    watched.fault("camera-stalled");
    watched.state("live");
    watched.code(TEXT);
    assert_eq!(shim.streaming(0).unwrap(), 2, "one thread hangs still, and nobody waits for it");
    shim.let_go(0).unwrap();
    clock::until("the end of the one that hung", PATIENCE, || Ok((shim.streaming(0)? == 1).then_some(())))
        .unwrap();
    watched.code(TEXT);
}

#[test]
fn a_camera_that_is_held_says_by_which_program() {
    let shim = well(GOOD);
    shim.be(0, Mode::Busy).unwrap();
    let holder = std::process::Command::new("sleep")
        .arg("60")
        .stdin(std::fs::File::open(shim.node(0)).unwrap())
        .spawn();
    let mut holder = holder.unwrap();
    let watched = Watched::start(&shim, "device");
    assert_eq!(watched.fault("camera-busy")["heldBy"], "sleep");
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert_eq!(watched.fault("camera-busy")["heldBy"], Value::Null);
    shim.be(0, Mode::Well).unwrap();
    watched.state("live");
}

#[test]
fn a_camera_that_may_not_be_opened_says_so_until_it_may() {
    let shim = well(GOOD);
    shim.be(0, Mode::Denied).unwrap();
    let watched = Watched::start(&shim, "device");
    watched.fault("camera-no-permission");
    shim.be(0, Mode::Well).unwrap();
    watched.state("live");
}

#[test]
fn damaged_frames_are_passed_over_and_nothing_else_is_a_fault() {
    for formats in [&["MJPG 1280 720 30"], &["YUYV 1280 720 30"]] {
        let shim = well(formats);
        let watched = Watched::start(&shim, "device");
        watched.code(TEXT);
        for damage in [Damage::Cut, Damage::Marked] {
            shim.damage(0, damage).unwrap();
            watched.fault("camera-unusable");
            shim.damage(0, Damage::None).unwrap();
            watched.state("live");
            watched.code(TEXT);
        }
        // Wrong bytes in a whole frame give a bad picture or none, and no fault.
        for damage in [Damage::Flip, Damage::Noise] {
            shim.damage(0, damage).unwrap();
            let frames = shim.frames(0).unwrap();
            clock::until("frames", PATIENCE, || Ok((shim.frames(0)? > frames + 60).then_some(()))).unwrap();
            shim.damage(0, Damage::None).unwrap();
            watched.code(TEXT);
        }
    }
}

#[test]
fn a_covered_lens_is_not_a_stall() {
    let shim = well(GOOD);
    let watched = Watched::start(&shim, "device");
    watched.state("live");
    shim.show(0, &Photo::Black, GOOD).unwrap();
    watched.fault("camera-covered");
    let opens = shim.opens(0).unwrap();
    shim.show(0, &Photo::Code(TEXT.to_owned()), GOOD).unwrap();
    watched.state("live");
    watched.code(TEXT);
    assert_eq!(shim.opens(0).unwrap(), opens, "it was not opened anew");
}

#[test]
fn what_a_camera_has_is_set() {
    let shim = well(GOOD);
    shim.give_controls(0).unwrap();
    let watched = Watched::start(&shim, "device");
    let live = watched.state("live");
    assert_eq!(live["set"]["power_line_frequency"], 1);
    let automatic =
        Set { power_line: 1, focus_auto: 1, focus: 0, exposure_auto: 3, exposure: 0, steady_rate: 1 };
    assert_eq!(shim.set(0).unwrap(), automatic);
}
