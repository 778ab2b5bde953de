//! The checks, device by device. A check that fails panics, and the machine says so.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use stage::{Running, clock};

use crate::devices::{Watched, drive, feed, node, set};
use crate::feed::CODES;
use crate::keyboard;

const PATIENCE: Duration = Duration::from_secs(60);
/// Where the initramfs has the frames to feed.
const FRAMES: &str = "/frames";

pub fn run() {
    let listed = Command::new("/bin/kadian").arg("camera").output().unwrap();
    println!("{}", String::from_utf8_lossy(&listed.stdout));
    keyboard::check();
    vivid();
    for code in CODES {
        fed(code);
    }
    println!("camera-vm: passed");
}

fn say(device: &str, what: &str) {
    println!("   {device}: {what}");
}

/// Checks the kernel's own test camera, whose driver has every queue and state of a real one.
fn vivid() {
    let name = "vivid-000-vid-cap";
    let device = node(name).expect("vivid is loaded");
    let watched = Watched::start(&format!("device:{name}"));
    say(name, &format!("live, {}", watched.live()));
    let seen = watched.pictures();
    let (width, height, luma) = (&seen["width"], &seen["height"], &seen["luma"]);
    say(name, &format!("pictures of {width}×{height}, mean luma {luma}, {} in a second", seen["came"]));
    assert!(luma.as_u64().unwrap() > 20, "colour bars are not black");

    let second = Watched::start(&format!("device:{name}"));
    let busy = second.fault("camera-busy");
    assert_eq!(busy["heldBy"], "kadian");
    say(name, "a second program is told that it is held by kadian");
    drop(second);

    set(&device, "Percentage of Dropped Buffers", 100);
    watched.fault("camera-stalled");
    set(&device, "Percentage of Dropped Buffers", 0);
    watched.live();
    say(name, "all buffers dropped: stalled; opened anew, and live again");

    set(&device, "Inject V4L2_BUF_FLAG_ERROR", 1);
    watched.pictures();
    set(&device, "Inject V4L2_BUF_FLAG_ERROR", 0);
    say(name, "a buffer marked as damaged is passed over");

    for round in 1..=3 {
        drive("vivid", "unbind", "vivid.0");
        let gone = watched.fault("camera-lost");
        assert!(node(name).is_none());
        drive("vivid", "bind", "vivid.0");
        let format = watched.live();
        say(name, &format!("unbound at {} ms: lost; bound again: live, {format} ({round}/3)", gone["ms"]));
    }
}

/// Checks a device that this program feeds: the code in its frames must be read.
fn fed(code: &str) {
    let name = "Fed";
    let device = node(name).expect("v4l2loopback is loaded");
    let feeder = feed(&device, code, Path::new(FRAMES), false);
    let watched = Watched::start(&format!("device:{name}"));
    let format = watched.live();
    watched.code();
    say(code, &format!("live, {format}, and its code is read"));

    signal(&feeder, Signal::STOP);
    watched.fault("camera-stalled");
    signal(&feeder, Signal::CONT);
    watched.live();
    watched.code();
    say(code, "feeder stopped: stalled; going on: live, and its code is read");

    drop(feeder);
    let cut = feed_when_free(&device, code);
    watched.fault("camera-unusable");
    drop(cut);
    let _feeder = feed_again(&device, code);
    watched.live();
    watched.code();
    say(code, "truncated frames: unusable; whole ones again: live, and its code is read");
}

fn feed_when_free(device: &Path, code: &str) -> Running {
    until_fed(device, code, true)
}

fn feed_again(device: &Path, code: &str) -> Running {
    until_fed(device, code, false)
}

/// Starts a feeder. For a moment a device may refuse it, while its reader still holds the old queue.
fn until_fed(device: &Path, code: &str, cut: bool) -> Running {
    clock::until("a feeder", PATIENCE, || {
        let mut feeder = feed(device, code, Path::new(FRAMES), cut);
        let has_ended = feeder.wait(Duration::from_secs(1)).is_ok();
        Ok((!has_ended).then_some(feeder))
    })
    .unwrap()
}

fn signal(program: &Running, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(program.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}
