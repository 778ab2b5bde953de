//! `cargo xtask pictures`: the pictures in README.md, from the real window.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{self, root, run};
use crate::{demo, setup};

/// The Debian package that stops the clock of a program and of those that it starts.
const PACKAGES: [&str; 1] = ["faketime"];
/// The moment that the programs read from the wall clock.
const MOMENT: &str = "2026-03-02 08:30:05";

/// Takes the pictures. The same programs make the same bytes.
pub(crate) fn take() -> Result<(), String> {
    setup::packages()?;
    setup::install(&PACKAGES)?;
    setup::npm()?;
    steps::npm("pages of the user interface", "build")?;
    demo::build_programs()?;
    let mut pictures = Command::new(steps::program("pictures"));
    pictures.arg("docs/pictures").current_dir(root());
    pictures.env("LD_PRELOAD", library()?).env("FAKETIME", MOMENT).env("TZ", "Asia/Shanghai");
    // Waits and countdowns go by the monotonic clock, which goes on.
    pictures.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    run("pictures", &mut pictures)
}

/// Finds libfaketime for programs with several threads, in the folder of this machine's kind.
fn library() -> Result<PathBuf, String> {
    let kinds = std::fs::read_dir("/usr/lib").map_err(|error| format!("/usr/lib: {error}"))?;
    let mut libraries = kinds.flatten().map(|kind| kind.path().join("faketime/libfaketimeMT.so.1"));
    libraries.find(|library| library.exists()).ok_or_else(|| "libfaketime is not installed".to_owned())
}
