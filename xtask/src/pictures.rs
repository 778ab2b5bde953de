//! `cargo xtask pictures`: the pictures in README.md, from the real window, and those of all scenes.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{self, root, run};
use crate::{demo, setup};

/// The Debian package that stops the clock of a program and of those that it starts.
const PACKAGES: [&str; 1] = ["faketime"];
/// The moment that the programs read from the wall clock.
const MOMENT: &str = "2026-03-02 08:30:05";

/// Which pictures.
#[derive(clap::Args)]
pub(crate) struct PicturesArgs {
    /// Draw all scenes of the window instead, and make sheets of them in target/scenes.
    #[arg(long)]
    scenes: bool,
    /// Store how each scene looks now, for `cargo xtask test` to compare with.
    #[arg(long, requires = "scenes")]
    store: bool,
    /// Only scenes with a part of their name in this list, separated by commas.
    #[arg(long, requires = "scenes", value_name = "NAMES")]
    only: Option<String>,
}

/// Makes the pictures that were asked for.
pub(crate) fn make(arguments: &PicturesArgs) -> Result<(), String> {
    if arguments.scenes { draw(arguments) } else { take() }
}

/// Draws the scenes in Debian's Chromium. Without `--store` it fails where one looks other than before.
fn draw(arguments: &PicturesArgs) -> Result<(), String> {
    setup::packages()?;
    setup::npm()?;
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", "pages", "--workspace", "@kadian/station"]).current_dir(root().join("ui"));
    npm.env("SHEETS", "1").env("STORE", if arguments.store { "1" } else { "0" });
    if let Some(only) = &arguments.only {
        npm.env("ONLY", only);
    }
    let drawn = run("scenes", &mut npm);
    println!("the sheets are in {}", root().join("target/scenes").display());
    drawn
}

/// Takes the pictures. The same programs make the same bytes.
fn take() -> Result<(), String> {
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
