//! What an operator installs besides the programs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::{Command, Output};

use stage::programs::{program, workspace};

/// The most that `systemd-analyze security` may find exposed, of 100.
const EXPOSED: &str = "15";

/// Runs `systemd-analyze` on the unit as it is installed, but for the program, which is the one that was built.
/// Returns `None` where there is no such tool.
fn analyze(arguments: &[&str]) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    let unit = std::fs::read_to_string(workspace().join("packaging/back-office.service")).unwrap();
    let built = program("back-office").unwrap();
    let unit = unit.replace("/usr/bin/back-office", built.to_str().unwrap());
    let path = folder.path().join("back-office.service");
    std::fs::write(&path, unit).unwrap();
    Command::new("systemd-analyze").args(arguments).arg("--man=no").arg(&path).output().ok()
}

#[test]
fn systemd_takes_the_unit_without_a_warning() {
    let Some(said) = analyze(&["verify"]) else { return };
    let words = String::from_utf8_lossy(&said.stderr);
    let of_ours: Vec<&str> = words.lines().filter(|line| line.contains("back-office")).collect();
    assert!(said.status.success() && of_ours.is_empty(), "{words}");
}

#[test]
fn the_unit_leaves_the_program_no_more_than_it_needs() {
    let threshold = format!("--threshold={EXPOSED}");
    let Some(said) = analyze(&["security", "--offline=true", "--no-pager", &threshold]) else { return };
    let table = String::from_utf8_lossy(&said.stdout);
    let open: Vec<&str> = table.lines().filter(|line| line.contains('✗')).collect();
    assert!(said.status.success(), "{open:#?}\n{}", String::from_utf8_lossy(&said.stderr));
}
