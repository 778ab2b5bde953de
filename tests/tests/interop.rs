//! A second implementation, written in another language from the documents alone, agrees with this one.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::Command;

use stage::programs::{program, workspace};

#[test]
fn a_second_implementation_issues_judges_and_reports_alike() {
    let python = workspace().join("target/python/bin/python");
    assert!(python.exists(), "`cargo xtask test` installs what this needs");
    // All of them lie in one folder.
    let _ = (program("back-office").unwrap(), program("kadian-issue").unwrap());
    let kadian = program("kadian").unwrap();
    let bin = kadian.parent().expect("it lies in a folder");
    let interop = workspace().join("tests/interop");
    let output = Command::new(python)
        // Python must not write beside the sources.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(interop.join("check.py"))
        .arg("--bin")
        .arg(bin)
        .arg("--testdata")
        .arg(workspace().join("crates/health-code/testdata"))
        .arg("--messages")
        .arg(workspace().join("crates/wire/testdata"))
        .arg("--vectors")
        .arg(workspace().join("docs/code-vectors.tsv"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    // Each part prints a line at its end, so a part that did not run is missed.
    assert_eq!(said.lines().count(), 9, "{said}");
    print!("{said}");
}
