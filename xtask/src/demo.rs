//! `cargo xtask run`: a whole demo checkpoint, from nothing to an open window.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::steps::{self, Stopwatch, root};
use crate::{build, setup};

/// The packages whose programs a demo checkpoint consists of: built by one call of cargo, so that
/// every library is built once, with one set of features.
const PACKAGES: [&str; 5] = ["kadian", "kadian-issue", "back-office", "kadian-station", "stage"];
/// The demo's output begins a line with this when its window opens.
const WINDOW_IS_OPEN: &str = "── the window";

/// Builds everything, starts the parts and opens the window; returns when the window is closed.
/// With no display, or with `tour`, a tour is driven through the window instead.
pub(crate) fn open(tour: bool) -> Result<(), String> {
    let start = Stopwatch::start();
    setup::packages()?;
    setup::npm()?;
    let installed = start.elapsed();
    steps::npm("pages of the user interface", "build")?;
    let built = build_programs()?;
    let mut demo = Command::new(steps::program("demo"));
    demo.arg("target/demo").current_dir(root()).stdin(Stdio::null()).stdout(Stdio::piped());
    demo.args(tour.then_some("--tour"));
    println!("── demo");
    let mut demo = demo.spawn().map_err(|error| format!("the demo did not start: {error}"))?;
    for line in demo.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()) {
        let Ok(line) = line else { break };
        println!("{line}");
        if line.starts_with(WINDOW_IS_OPEN) {
            say_times(start.elapsed().saturating_sub(installed), built);
        }
    }
    let status = demo.wait().map_err(|error| format!("the demo: {error}"))?;
    if status.success() { Ok(()) } else { Err("the demo failed".to_owned()) }
}

/// Builds the programs of a demo checkpoint, and returns how long that took.
pub(crate) fn build_programs() -> Result<Duration, String> {
    let start = Stopwatch::start();
    let mut arguments = vec!["build", "--locked", "--bins"];
    PACKAGES.iter().for_each(|package| arguments.extend(["-p", package]));
    build::cargo("programs", &arguments)?;
    Ok(start.elapsed())
}

/// Prints the time to the window, and how much of it the build took.
fn say_times(window: Duration, built: Duration) {
    let share = window.as_secs_f64() / built.as_secs_f64().max(0.1);
    println!(
        "   {:.0} s to the window, {:.0} s of them one build of its programs: {share:.2} of it",
        window.as_secs_f64(),
        built.as_secs_f64()
    );
}
