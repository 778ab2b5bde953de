//! Programs as somebody at a terminal starts them.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use age::secrecy::ExposeSecret as _;
use stage::programs::command;

/// Runs a program that has to succeed, and returns its standard output.
#[allow(clippy::must_use_candidate, reason = "what it does is often all that is wanted")]
pub fn run(program: &str, arguments: &[&OsStr]) -> String {
    let output = command(program).unwrap().args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `back-office` on the data in a folder, with words on its standard input; it has to succeed. Returns what it says.
#[allow(clippy::must_use_candidate, reason = "what it does is often all that is wanted")]
pub fn office_says(words: &[&str], data: &Path, more: &[&Path], input: &str) -> String {
    let mut program = command("back-office").unwrap();
    program.env_remove("KADIAN_STORE").args(words).arg("--data").arg(data).args(more);
    let mut child =
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Writes a new age identity to a file in a folder. Returns the file, and who can be written to for it.
#[must_use]
pub fn identity(folder: &Path) -> (PathBuf, String) {
    let key = age::x25519::Identity::generate();
    let file = folder.join("identity.txt");
    fs::write(&file, key.to_string().expose_secret()).unwrap();
    (file, key.to_public().to_string())
}

/// Splits a command line; `{}` stands for the next path.
#[must_use]
pub fn line<'a>(text: &'a str, paths: &[&'a Path]) -> Vec<&'a OsStr> {
    let mut paths = paths.iter();
    text.split(' ')
        .map(|word| if word == "{}" { paths.next().unwrap().as_os_str() } else { OsStr::new(word) })
        .collect()
}
