//! Installs what a fresh Debian 12 with Rust and Node 20 lacks.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::steps::{root, run};

/// Debian packages that the build, the window and its tests need.
const PACKAGES: [&str; 16] = [
    "build-essential",
    "chromium",
    "clang",
    "cmake",
    "dbus",
    "fonts-inter",
    "fonts-noto-cjk",
    "libclang-dev",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
    "postgresql",
    "python3-venv",
    "webkit2gtk-driver",
    "xvfb",
];

/// Installs the packages that are missing, naming them first.
pub(crate) fn packages() -> Result<(), String> {
    install(&PACKAGES)
}

/// Installs those of these packages that are missing, naming them first; nothing is removed.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
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
    let install = ["install", "-y", "-q", "--no-install-recommends", "--no-remove"];
    run("Debian packages", apt().args(install).args(&missing))
        .map_err(|error| format!("{error}; by hand: apt-get install {}", missing.join(" ")))
}

/// Installs the user interface's packages if the lockfile is newer than they are.
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

/// Installs Python packages in folders of their own, where their list changed: those of the second
/// implementation, and the tester of the console's API.
pub(crate) fn python() -> Result<(), String> {
    for (list, folder) in [("tests/interop", "target/python"), ("tests/schemathesis", "target/schemathesis")]
    {
        python_packages(&root().join(list).join("requirements.txt"), &root().join(folder))?;
    }
    Ok(())
}

fn python_packages(wanted: &Path, folder: &Path) -> Result<(), String> {
    let present = folder.join("requirements.txt");
    let list = std::fs::read(wanted).map_err(|error| format!("{}: {error}", wanted.display()))?;
    if std::fs::read(&present).is_ok_and(|present| present == list) {
        return Ok(());
    }
    run("Python of its own", Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut install = Command::new(folder.join("bin/python"));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(wanted);
    run("Python packages", &mut install)?;
    // Last: an interrupted run begins anew.
    std::fs::write(&present, list).map_err(|error| format!("{}: {error}", present.display()))
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
