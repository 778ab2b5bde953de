//! What `cargo xtask camera-vm` runs inside its machine: the station's camera code against V4L2
//! devices of a real kernel, and the programs that feed them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a check that cannot go on says where and stops")]

#[cfg(target_os = "linux")]
mod devices;
#[cfg(target_os = "linux")]
mod feed;
#[cfg(target_os = "linux")]
mod judge;

use std::path::PathBuf;

use clap::Parser;

/// Checks the station's cameras in a virtual machine
#[derive(Parser)]
enum Arguments {
    /// Write the frames that are fed, for the machine to take along
    Frames { folder: PathBuf },
    /// Give a device frames of a file without end
    Feed {
        device: PathBuf,
        /// As V4L2 names it: MJPG, YUYV or GREY
        code: String,
        frames: PathBuf,
        /// Only the first third of each
        #[arg(long)]
        cut: bool,
    },
    /// Try everything on the devices that are there
    Judge,
}

#[cfg(target_os = "linux")]
fn main() {
    match Arguments::parse() {
        Arguments::Frames { folder } => feed::write(&folder),
        Arguments::Feed { device, code, frames, cut } => feed::run(&device, &code, &frames, cut),
        Arguments::Judge => judge::run(),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    let _ = Arguments::parse();
    panic!("V4L2 is Linux's");
}
