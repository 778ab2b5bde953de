//! The diagnostics file: what a technician far away needs to know, and nothing about anybody.
//!
//! It holds no name of a person, place, community, laptop or device: all of these are chosen by people.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use disk::{Access, DiskError};
use gate::Fault;
use gate::window::workbench::{CameraNow, SelfTest, TestOutcome};
use health_code::{Timestamp, Trust};
use serde::Serialize;
use wire::ClockState;

use super::choice::Plugged;
use crate::limits::OS_RELEASE_BYTES;
use crate::self_test::Around;

/// Files of one folder that are tried before giving up.
const NAMES: u32 = 100;

/// Why diagnostics were not saved.
#[derive(Debug, thiserror::Error)]
pub enum CannotSave {
    /// Nobody reads them now: an administrator reads them first, on the device page.
    #[error("diagnostics are read on the device page before they are saved")]
    NotShown,
    /// The file could not be written. Retrying may help.
    #[error(transparent)]
    Io(#[from] DiskError),
}

/// What the file says.
pub(super) struct Facts<'a> {
    pub cameras: [Option<CameraNow>; 2],
    pub plugged: Vec<Plugged>,
    pub trust: Option<Arc<Trust>>,
    pub clock: ClockState,
    pub around: Around,
    pub test: Option<&'a SelfTest>,
    pub faults: Vec<(Fault, i64)>,
    pub now: Timestamp,
}

impl Facts<'_> {
    /// Returns the text, line by line.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: &dyn std::fmt::Display| {
            // Writing to a string never fails.
            let _ = writeln!(text, "{name}: {value}");
        };
        line("kadian", &env!("CARGO_PKG_VERSION"));
        line("written", &format_args!("{} (Unix seconds)", self.now.0));
        line("system", &system());
        let clock = match self.clock {
            ClockState::Trusted => "trusted",
            ClockState::Asserted => "vouched for by an administrator",
            ClockState::Wrong => "wrong",
        };
        line("clock", &clock);
        for (name, camera) in ["camera", "second camera"].iter().zip(&self.cameras) {
            match camera {
                None => line(name, &"none"),
                Some(CameraNow { format, fault: None, .. }) if !format.is_empty() => line(name, format),
                Some(CameraNow { fault, .. }) => line(name, &fault.map_or("starting".to_owned(), named)),
            }
        }
        for Plugged { camera, format } in &self.plugged {
            line("plugged in", &format_args!("{} {format}", camera.place));
        }
        match &self.trust {
            None => line("trust", &"none"),
            Some(trust) => {
                let age = |issued: Timestamp| self.now.since(issued).max(0) / 3600;
                let (list, community) = (trust.list(), trust.community());
                line("root", &format_args!("version {}", trust.root().version));
                let hours = age(list.issued);
                line("trust list", &format_args!("version {}, {hours} hours old", list.version));
                let hours = age(community.issued);
                line("community file", &format_args!("version {}, {hours} hours old", community.version));
            }
        }
        line("line", &named(self.around.line));
        line("waiting", &self.around.waiting);
        line("set aside", &self.around.set_aside);
        if let Some(battery) = self.around.battery {
            let mains = if battery.charging { ", on mains" } else { "" };
            line("battery", &format_args!("{} %{mains}", battery.percent));
        }
        match self.test {
            None => line("self-test", &"not run"),
            Some(test) => {
                let minutes = self.now.since(test.at).max(0) / 60;
                line("self-test", &format_args!("{minutes} minutes ago"));
                for tried in &test.lines {
                    let outcome = match &tried.outcome {
                        TestOutcome::Running => "running".to_owned(),
                        TestOutcome::Asks => "not answered".to_owned(),
                        TestOutcome::Well { found } => format!("well, {}", json(found)),
                        TestOutcome::Failed { why } => format!("FAILED, {}", json(why)),
                    };
                    line(&format!("  {}", named(tried.subject)), &outcome);
                }
            }
        }
        for (fault, minutes) in &self.faults {
            line("fault", &format_args!("{}, {minutes} minutes ago", named(fault)));
        }
        text
    }
}

/// Writes a text to a new file of a folder, and returns where that is.
///
/// # Errors
/// [`DiskError`].
pub(crate) fn save(text: &str, folder: &Path) -> Result<PathBuf, DiskError> {
    std::fs::create_dir_all(folder).map_err(|error| DiskError::new(folder, error))?;
    let mut taken = None;
    for number in 1..=NAMES {
        let name = if number == 1 { "kadian.txt".to_owned() } else { format!("kadian-{number}.txt") };
        let path = folder.join(name);
        let write =
            |file: &mut File| file.write_all(text.as_bytes()).map_err(|error| DiskError::new(&path, error));
        match disk::create(&path, Access::Owner, write) {
            Err(error @ DiskError::AlreadyThere { .. }) => taken = Some(error),
            made => return made.map(|()| path),
        }
    }
    Err(taken.unwrap_or_else(|| DiskError::NotFound { path: folder.to_owned() }))
}

/// Returns the system's name and version, and its kernel's.
fn system() -> String {
    // What it is called under /etc is a link.
    let release = disk::read(Path::new("/usr/lib/os-release"), OS_RELEASE_BYTES).unwrap_or_default();
    let release = String::from_utf8_lossy(&release);
    let named = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let kernel = disk::read(Path::new("/proc/sys/kernel/osrelease"), OS_RELEASE_BYTES).unwrap_or_default();
    let kernel = String::from_utf8_lossy(&kernel);
    let name = named.unwrap_or_default().trim_matches('"');
    format!("{name}, {} {} {}", std::env::consts::OS, kernel.trim_end(), std::env::consts::ARCH)
}

/// Returns the code that serialising gives.
fn named(code: impl Serialize) -> String {
    json(&code).trim_matches('"').to_owned()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_always_a_new_one_and_holds_the_text() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("downloads");
        let first = save("one\n", &folder).unwrap();
        let second = save("two\n", &folder).unwrap();
        assert_ne!(first, second);
        assert_eq!(std::fs::read(first).unwrap(), b"one\n");
        assert_eq!(std::fs::read(second).unwrap(), b"two\n");
        std::fs::write(dir.path().join("file"), "").unwrap();
        assert!(save("three", &dir.path().join("file")).is_err());
    }
}
