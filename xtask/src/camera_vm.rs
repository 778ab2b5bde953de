//! `cargo xtask camera-vm`: the station's camera code against V4L2 devices of Debian's own kernel.
//!
//! The kernel is unpacked, not installed, and boots under qemu with a small initramfs: busybox, `kadian`, the
//! program that judges, and two drivers: vivid from the kernel's package, and v4l2loopback built from Debian's
//! source for it. With `--window` it opens the real window, too, on the root of this machine, which it cannot change,
//! with a keyboard that the kernel's `uinput` makes.

mod image;
mod modules;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::steps::{self, root, run};
use crate::{build, setup};

/// Debian packages that the machine needs beyond a build.
const PACKAGES: [&str; 3] = ["busybox-static", "linux-headers-amd64", "qemu-system-x86"];
/// Memory of the machine in MiB; it also holds the initramfs.
const MEMORY: &str = "4096";
/// Seconds until the machine is stopped.
const PATIENCE: &str = "2400";
/// The last lines of the judging program: of its cameras, and of its window.
const PASSED: [&str; 2] = ["camera-vm: passed", "camera-vm: the window passed"];

/// What a line begins with that holds a picture of a window that failed, in base64.
const PICTURE: &str = "picture: ";

/// What is tried in the machine.
#[derive(Args)]
pub(crate) struct CameraVmArgs {
    /// Open the window there, too: about eight minutes where nothing else runs.
    #[arg(long)]
    window: bool,
}

impl CameraVmArgs {
    /// Everything.
    pub(crate) const ALL: Self = Self { window: true };
}

/// Builds the machine and runs its cameras and keyboards. Returns an error if anything in it failed.
pub(crate) fn check(arguments: &CameraVmArgs) -> Result<(), String> {
    setup::install(&PACKAGES)?;
    let folder = root().join("target/camera-vm");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let kernel = Kernel::unpack(&folder)?;
    let loopback = modules::build_loopback(&folder, &kernel.version)?;
    if arguments.window {
        setup::npm()?;
        steps::npm("pages of the user interface", "build")?;
        build::cargo("the programs", &["build", "--locked", "--bins", "--workspace", "--all-features"])?;
    } else {
        steps::cargo("the station's program", &["build", "--locked", "-p", "kadian"])?;
        steps::cargo(
            "the program that judges",
            &["build", "--locked", "-p", "stories", "--bin", "camera-vm"],
        )?;
    }
    let initramfs = image::make(&folder, &kernel.modules, &loopback)?;
    boot(&kernel.image, &initramfs, &folder, arguments.window)
}

/// Runs a station's camera through faults for some minutes and looks for leaks and stuck states.
pub(crate) fn soak(minutes: u64) -> Result<(), String> {
    build::cargo("the program that soaks", &["build", "--locked", "-p", "stories", "--bin", "camera-soak"])?;
    soak_built(minutes)
}

/// Does the same with the program that is built already.
pub(crate) fn soak_built(minutes: u64) -> Result<(), String> {
    let mut soak = Command::new(steps::program("camera-soak"));
    run("cameras, for long", soak.arg("--minutes").arg(minutes.to_string()).current_dir(root()))
}

/// Debian's kernel, unpacked into a folder.
struct Kernel {
    version: String,
    image: PathBuf,
    modules: PathBuf,
}

impl Kernel {
    /// Unpacks the kernel whose headers are installed.
    fn unpack(folder: &Path) -> Result<Self, String> {
        let entries = std::fs::read_dir("/usr/src").map_err(|error| format!("/usr/src: {error}"))?;
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut versions: Vec<String> = names
            .filter_map(|name| name.strip_prefix("linux-headers-").map(str::to_owned))
            .filter(|version| version.ends_with("-amd64") && !version.contains("-rt-"))
            .collect();
        versions.sort();
        let version = versions.pop().ok_or("no kernel headers in /usr/src")?;
        let unpacked = folder.join(format!("linux-{version}"));
        if !unpacked.exists() {
            fetch(folder, &format!("linux-image-{version}"), &unpacked)?;
        }
        let image = unpacked.join(format!("boot/vmlinuz-{version}"));
        let modules = unpacked.join(format!("lib/modules/{version}/kernel"));
        Ok(Self { version, image, modules })
    }
}

/// Downloads a Debian package and unpacks it; nothing of it is installed.
fn fetch(folder: &Path, package: &str, to: &Path) -> Result<(), String> {
    let downloads = folder.join(format!("{package}.download"));
    let _ = std::fs::remove_dir_all(&downloads);
    std::fs::create_dir_all(&downloads).map_err(|error| format!("{}: {error}", downloads.display()))?;
    let mut download = Command::new("apt-get");
    run(
        &format!("download of {package}"),
        download.args(["download", "-q", package]).current_dir(&downloads),
    )?;
    let archive = std::fs::read_dir(&downloads).ok().and_then(|mut files| files.next()?.ok());
    let archive = archive.ok_or_else(|| format!("{package}: nothing was downloaded"))?.path();
    // Unpacked beside its place first: an interrupted run begins anew.
    let half = to.with_extension("half");
    let _ = std::fs::remove_dir_all(&half);
    run(&format!("{package}, unpacked"), Command::new("dpkg").arg("-x").arg(archive).arg(&half))?;
    std::fs::rename(&half, to).map_err(|error| format!("{}: {error}", to.display()))?;
    let _ = std::fs::remove_dir_all(downloads);
    Ok(())
}

fn boot(kernel: &Path, initramfs: &Path, folder: &Path, window: bool) -> Result<(), String> {
    println!("── the machine");
    let mut qemu = Command::new("timeout");
    qemu.args([PATIENCE, "qemu-system-x86_64"]);
    // Always emulated, so that it is the same machine everywhere: inside of a virtual machine, KVM may hang.
    qemu.args(["-accel", "tcg", "-cpu", "max", "-smp", "2", "-m", MEMORY]);
    qemu.args(["-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"]);
    qemu.args(["-nographic", "-no-reboot", "-nic", "none"]).arg("-kernel").arg(kernel);
    let wish = if window { " kadian.window" } else { "" };
    qemu.arg("-initrd").arg(initramfs).arg("-append").arg(format!("console=ttyS0 quiet panic=-1{wish}"));
    let mut machine = qemu
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("qemu did not start: {error}"))?;
    let mut passed = [false; 2];
    for line in machine.stdout.take().into_iter().flat_map(|output| BufReader::new(output).split(b'\n')) {
        let Ok(line) = line else { break };
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if let Some(picture) = line.strip_prefix(PICTURE) {
            keep(picture, folder)?;
            continue;
        }
        for (passed, last) in passed.iter_mut().zip(PASSED) {
            *passed |= line == last;
        }
        println!("{line}");
    }
    let status = machine.wait().map_err(|error| format!("qemu: {error}"))?;
    match passed {
        [true, window_passed] if status.success() && (window_passed || !window) => Ok(()),
        [true, _] => Err("the window in the machine failed".to_owned()),
        _ => Err("the cameras in the machine failed".to_owned()),
    }
}

/// Writes a picture of the machine's window to a file, for whoever wants to know what was wrong.
fn keep(picture: &str, folder: &Path) -> Result<(), String> {
    let path = folder.join("window.png");
    let file = std::fs::File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut decode = Command::new("base64").arg("-d").stdin(Stdio::piped()).stdout(file).spawn();
    if let Ok(decode) = &mut decode
        && let Some(mut input) = decode.stdin.take()
    {
        let _ = input.write_all(picture.as_bytes());
        drop(input);
        let _ = decode.wait();
    }
    println!("   the window's picture: {}", path.display());
    Ok(())
}
