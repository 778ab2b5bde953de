//! Whatever the console's API is asked that its document allows, it answers without a fault of its own.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::Command;

use stage::programs::workspace;
use stage::{EmptyOffice, finish};

#[test]
fn schemathesis_finds_no_server_error() {
    let python = workspace().join("target/schemathesis/bin/python");
    assert!(python.exists(), "`cargo xtask test` installs what this needs");
    let folder = tempfile::tempdir().unwrap();
    let office = EmptyOffice::start(&folder.path().join("office")).unwrap();
    let mut check = Command::new(python);
    check.arg(workspace().join("tests/schemathesis/check.py"));
    finish(check.args([office.page(), office.word()]).current_dir(folder.path())).unwrap();
}
