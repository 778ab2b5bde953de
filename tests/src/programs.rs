//! The programs under test, built once by the cargo that runs the stories.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Packages that have a program which stories run.
const PACKAGES: [&str; 4] = ["kadian", "kadian-issue", "back-office", "kadian-station"];

/// The root of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace")
}

/// A built program. The first call builds, so that no story runs yesterday's program.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    static FOLDERS: [OnceLock<PathBuf>; PACKAGES.len()] = [const { OnceLock::new() }; PACKAGES.len()];
    let number = PACKAGES.iter().position(|package| *package == name).expect("one of PACKAGES");
    FOLDERS[number].get_or_init(|| build(name)).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A program, ready to be given arguments.
#[must_use]
pub fn command(name: &str) -> Command {
    let mut command = Command::new(program(name));
    command.current_dir(workspace()).env("RUST_BACKTRACE", "1");
    command
}

/// Cargo, as it runs these stories.
#[must_use]
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace());
    command
}

/// The folder that cargo builds this profile into.
#[must_use]
pub fn target() -> PathBuf {
    // target/debug/deps/story-0123456789abcdef, or target/debug/demo
    let story = std::env::current_exe().expect("this program has a path");
    let mut folder = story.parent().expect("it lies in a folder");
    if folder.ends_with("deps") {
        folder = folder.parent().expect("target/PROFILE");
    }
    folder.to_path_buf()
}

fn build(package: &str) -> PathBuf {
    let folder = target();
    let mut command = cargo();
    command.args(["build", "--quiet", "-p", package]);
    if folder.file_name().is_some_and(|name| name == "release") {
        command.arg("--release");
    }
    let built = command.status().expect("cargo runs");
    assert!(built.success(), "the programs do not build");
    folder
}
