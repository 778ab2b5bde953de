//! `cargo xtask run`: a whole demo checkpoint, from nothing to an open window.

use crate::setup;
use crate::steps;

/// Builds everything, starts the parts and opens the window; returns when the window is closed.
/// With no display, or with `tour`, a tour is driven through the window instead.
pub(crate) fn open(tour: bool) -> Result<(), String> {
    setup::packages()?;
    setup::npm()?;
    steps::npm("pages of the user interface", "build")?;
    let programs = ["-p", "kadian", "-p", "back-office", "-p", "kadian-station", "-p", "stories"];
    steps::cargo("programs", &[&["build", "--locked"][..], &programs].concat())?;
    let demo = ["run", "--locked", "--quiet", "-p", "stories", "--bin", "demo", "--", "target/demo"];
    let tour = if tour { &["--tour"][..] } else { &[] };
    steps::cargo("demo", &[&demo[..], tour].concat())
}
