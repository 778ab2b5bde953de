//! What a fresh Debian 12 with Rust and Node 20 still lacks.

use std::process::{Command, Stdio};

use crate::steps::{root, run};

/// Debian packages that the build, the window and its tests need.
const PACKAGES: [&str; 12] = [
    "build-essential",
    "clang",
    "dbus",
    "fonts-inter",
    "fonts-noto-cjk",
    "libclang-dev",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
    "webkit2gtk-driver",
    "xvfb",
];

/// Installs the packages that are missing, naming them first.
pub(crate) fn packages() -> Result<(), String> {
    let missing: Vec<&str> = PACKAGES.into_iter().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("── missing Debian packages: {}", missing.join(" "));
    let apt = || {
        let mut command = if is_root() { Command::new("apt-get") } else { Command::new("sudo") };
        if !is_root() {
            command.arg("apt-get");
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run("package lists", apt().args(["update", "-q"]))?;
    run("Debian packages", apt().args(["install", "-y", "-q", "--no-install-recommends"]).args(&missing))
        .map_err(|error| format!("{error}; by hand: apt-get install {}", missing.join(" ")))
}

/// Installs the user interface's packages where the lockfile is newer than what is there.
pub(crate) fn npm() -> Result<(), String> {
    let ui = root().join("ui");
    let modified = |path: std::path::PathBuf| path.metadata().and_then(|data| data.modified()).ok();
    let wanted = modified(ui.join("package-lock.json"));
    let present = modified(ui.join("node_modules/.package-lock.json"));
    if present.is_some() && present >= wanted {
        return Ok(());
    }
    run("npm packages", Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(ui))
}

fn installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f=${Status}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout.ends_with(b"ok installed"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
