//! What `cargo xtask camera-vm` runs inside its machine: the station's camera code against V4L2
//! devices of a real kernel, the programs that feed them, and a hand scanner that is a keyboard.
//! `judge` runs on a small initramfs, `window` on the root of the machine that built it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a check that cannot go on says where and stops")]

#[cfg(target_os = "linux")]
mod devices;
#[cfg(target_os = "linux")]
mod feed;
#[cfg(target_os = "linux")]
mod judge;
#[cfg(target_os = "linux")]
mod keyboard;
#[cfg(target_os = "linux")]
mod window;

use std::path::PathBuf;

use clap::Parser;

/// Checks the station's cameras in a virtual machine
#[derive(Parser)]
enum Arguments {
    /// Write the frames to feed, before the machine starts
    Frames { folder: PathBuf },
    /// Feed a device with the frames of a folder, again and again
    Feed {
        device: PathBuf,
        /// Format, by its V4L2 code: MJPG, YUYV or GREY
        code: String,
        frames: PathBuf,
        /// Send only the first third of each frame
        #[arg(long)]
        cut: bool,
    },
    /// Run every check on the devices of this machine
    Judge,
    /// Record a passage by a keyboard, with the real window
    Window,
}

#[cfg(target_os = "linux")]
fn main() {
    match Arguments::parse() {
        Arguments::Frames { folder } => feed::write(&folder, feed::TEXT),
        Arguments::Feed { device, code, frames, cut } => feed::run(&device, &code, &frames, cut),
        Arguments::Judge => judge::run(),
        Arguments::Window => window::run(),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    let _ = Arguments::parse();
    panic!("V4L2 is Linux's");
}
