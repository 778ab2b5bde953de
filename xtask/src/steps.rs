//! Runs other programs, each with a line that says what it is for.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Returns the repository's root.
pub(crate) fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}

/// Runs one cargo command at the root.
pub(crate) fn cargo(what: &str, arguments: &[&str]) -> Result<(), String> {
    run(what, Command::new("cargo").args(arguments).current_dir(root()))
}

/// Runs one npm script of the user interface.
pub(crate) fn npm(what: &str, script: &str) -> Result<(), String> {
    run(what, Command::new("npm").args(["run", "--silent", script]).current_dir(root().join("ui")))
}

/// Runs a command to its end, and says how long it took, or which step failed.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), String> {
    let began = Stopwatch::start();
    run_last(what, command)?;
    began.say();
    Ok(())
}

/// Runs a command to its end, whose own lines are the last ones.
pub(crate) fn run_last(what: &str, command: &mut Command) -> Result<(), String> {
    println!("── {what}");
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("{what}: {} did not start: {error}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{what}: failed")) }
}

/// Returns whether `cargo nextest` is installed.
pub(crate) fn has_nextest() -> bool {
    Command::new("cargo")
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Returns the path of a program that cargo has built for development.
pub(crate) fn program(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    root().join(target).join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A stopwatch for steps that people wait for.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[allow(clippy::disallowed_methods, reason = "how long a build takes is said, and decides nothing")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Says how long a step took.
    pub(crate) fn say(&self) {
        println!("   {} s", self.elapsed().as_secs());
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
