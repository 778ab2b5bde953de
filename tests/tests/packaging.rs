//! What an operator installs besides the programs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use stage::programs::{program, workspace};

/// The most that `systemd-analyze security` may find exposed, of 100.
const EXPOSED: &str = "15";

/// Runs `systemd-analyze` on the unit as it is installed, but for the program, which is the one that was built.
/// Returns `None` where there is no such tool.
fn analyze(arguments: &[&str]) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    let unit = fs::read_to_string(workspace().join("packaging/back-office.service")).unwrap();
    let built = program("back-office").unwrap();
    let unit = unit.replace("/usr/bin/back-office", built.to_str().unwrap());
    let path = folder.path().join("back-office.service");
    fs::write(&path, unit).unwrap();
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

/// Runs the script that makes a laptop a kiosk, on the files below a folder alone.
fn set_up(root: &Path, more: &[&str]) -> Output {
    let script = workspace().join("packaging/kiosk/set-up");
    Command::new(script).arg("--root").arg(root).args(more).output().unwrap()
}

#[test]
fn a_kiosk_is_set_up_and_taken_away_again() {
    let root = tempfile::tempdir().unwrap();
    assert!(set_up(root.path(), &[]).status.success());
    let installed = |path: &str| root.path().join(path);
    let files = [
        ("etc/systemd/system/kadian-kiosk.service", "kadian-kiosk.service"),
        ("usr/lib/sysusers.d/kadian-gate.conf", "kadian-gate.sysusers"),
        ("usr/lib/tmpfiles.d/kadian-gate.conf", "kadian-gate.tmpfiles"),
        ("etc/pam.d/kadian-kiosk", "kadian-kiosk.pam"),
    ];
    for (to, from) in files {
        let from = workspace().join("packaging/kiosk").join(from);
        assert_eq!(fs::read(installed(to)).unwrap(), fs::read(from).unwrap(), "{to}");
    }
    assert!(set_up(root.path(), &[]).status.success(), "once more changes nothing");
    assert!(set_up(root.path(), &["--undo"]).status.success());
    for (to, _) in files {
        assert!(!installed(to).exists(), "{to}");
    }
}

#[test]
fn a_kiosk_is_not_set_up_by_a_wrong_word_or_in_no_folder() {
    let root = tempfile::tempdir().unwrap();
    for said in [set_up(root.path(), &["--now"]), set_up(&root.path().join("none"), &[])] {
        assert_eq!(said.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&said.stderr).starts_with("set-up: "));
    }
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn systemd_takes_the_session_of_a_kiosk_and_its_user() {
    let folder = tempfile::tempdir().unwrap();
    let unit = fs::read_to_string(workspace().join("packaging/kiosk/kadian-kiosk.service")).unwrap();
    assert!(unit.contains("--kiosk session"));
    let start = unit.lines().find(|line| line.starts_with("ExecStart=")).unwrap();
    assert!(!start.contains(" -s"), "a way to another console");
    // Whoever left by an administrator's sign-in is not locked in again.
    assert!(unit.contains("Restart=on-failure") && unit.contains("OnSuccess=getty@tty1.service"));
    let path = folder.path().join("kadian-kiosk.service");
    // The compositor need not be here.
    fs::write(&path, unit.replace("/usr/bin/cage", "/bin/true")).unwrap();
    let verified = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&path).output();
    if let Ok(said) = verified {
        let words = String::from_utf8_lossy(&said.stderr);
        let of_ours: Vec<&str> = words.lines().filter(|line| line.contains("kadian-kiosk")).collect();
        assert!(said.status.success() && of_ours.is_empty(), "{words}");
    }
    let root = folder.path().join("root");
    fs::create_dir(&root).unwrap();
    assert!(set_up(&root, &[]).status.success());
    let mut users = Command::new("systemd-sysusers");
    let made = users.arg("--root").arg(&root).args(["--dry-run", "kadian-gate.conf"]).output();
    if let Ok(said) = made {
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
}
