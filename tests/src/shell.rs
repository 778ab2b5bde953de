//! Programs as somebody at a terminal starts them.

use std::ffi::OsStr;
use std::path::Path;

use stage::programs::command;

/// Runs a program that has to succeed, and returns its standard output.
#[allow(clippy::must_use_candidate, reason = "what it does is often all that is wanted")]
pub fn run(program: &str, arguments: &[&OsStr]) -> String {
    let output = command(program).unwrap().args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Splits a command line; `{}` stands for the next path.
#[must_use]
pub fn line<'a>(text: &'a str, paths: &[&'a Path]) -> Vec<&'a OsStr> {
    let mut paths = paths.iter();
    text.split(' ')
        .map(|word| if word == "{}" { paths.next().unwrap().as_os_str() } else { OsStr::new(word) })
        .collect()
}
