//! Runs other programs, each with a line that says what it is for.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
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

/// One step that runs while others do. What it printed comes at its end, in one piece.
pub(crate) struct Beside {
    what: String,
    child: Option<Child>,
    output: PathBuf,
}

/// Begins one npm script of the user interface, and returns at once.
pub(crate) fn npm_beside(what: &str, script: &str) -> Result<Beside, String> {
    let failed = |error: std::io::Error| format!("{what}: did not start: {error}");
    let folder = root().join("target");
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let output = folder.join(format!("{script}.log"));
    let file = File::create(&output).map_err(failed)?;
    let mut command = Command::new("npm");
    command.args(["run", "--silent", script]).current_dir(root().join("ui")).stdin(Stdio::null());
    command.stdout(file.try_clone().map_err(failed)?).stderr(file).env("NO_COLOR", "1");
    // A group of its own, so that what npm started ends with it.
    command.process_group(0);
    let child = command.spawn().map_err(failed)?;
    Ok(Beside { what: what.to_owned(), child: Some(child), output })
}

impl Beside {
    /// Waits for the step, prints what it printed, and says whether it failed.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        let status = self.child.as_mut().map(Child::wait);
        self.child = None;
        println!("── {} (ran beside the steps above)", self.what);
        print!("{}", std::fs::read_to_string(&self.output).unwrap_or_default());
        match status {
            Some(Ok(status)) if status.success() => Ok(()),
            _ => Err(format!("{}: failed", self.what)),
        }
    }
}

impl Drop for Beside {
    /// Ends the step: another one has failed.
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["--", &group]).status();
            let _ = child.wait();
        }
    }
}

/// Runs a command to its end, and says which step failed.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), String> {
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

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
