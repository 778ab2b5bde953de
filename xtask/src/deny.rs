//! Licences, bans and sources of what is depended on, by cargo-deny.

use std::process::{Command, Stdio};

use crate::steps::{root, run};

/// Built where it is not there.
const VERSION: &str = "0.20.2";

/// Fails where a dependency has a licence that deny.toml does not allow, or is banned, or comes from
/// elsewhere. Advisories need a network that reaches their database, and are left out without one.
pub(crate) fn check() -> Result<(), String> {
    let folder = root().join("target/tools");
    let program = folder.join("bin/cargo-deny");
    if !Command::new(&program)
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
    {
        let mut install = Command::new("cargo");
        install
            .args(["install", "--locked", "--quiet", "cargo-deny", "--version", VERSION, "--root"])
            .arg(&folder);
        run("cargo-deny", install.current_dir(root()).env("CARGO_TARGET_DIR", folder.join("build")))?;
        // Only the program is wanted; its parts are large. It is no harm where they stay.
        let _ = std::fs::remove_dir_all(folder.join("build"));
    }
    let check = |what: &[&str]| {
        let mut command = Command::new(&program);
        command.args(["--all-features", "--locked", "check", "--hide-inclusion-graph"]).args(what);
        command.current_dir(root());
        command
    };
    run("licences, bans and sources", &mut check(&["licenses", "bans", "sources"]))?;
    let fetched = Command::new(&program)
        .args(["fetch", "db"])
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if fetched {
        run("advisories", &mut check(&["advisories"]))
    } else {
        println!("── advisories: their database cannot be reached from here; left out");
        Ok(())
    }
}
