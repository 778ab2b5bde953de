//! The TypeScript types of what crosses to the window, generated from the Rust ones.

use std::path::Path;
use std::process::Command;

use crate::steps::{root, run};

const FOLDER: &str = "ui/src/bindings";

/// Writes `ui/src/bindings` anew.
pub(crate) fn write() -> Result<(), String> {
    export(&root().join(FOLDER))
}

/// Fails where the committed types are not what the Rust ones make today.
pub(crate) fn check() -> Result<(), String> {
    let fresh = root().join("target/bindings");
    let _ = std::fs::remove_dir_all(&fresh);
    export(&fresh)?;
    run(
        "bindings are fresh (cargo xtask bindings writes them)",
        Command::new("diff").arg("-ru").arg(fresh).arg(root().join(FOLDER)),
    )
}

fn export(folder: &Path) -> Result<(), String> {
    let features = "gate/bindings,health-code/bindings,station/bindings,kadian-station/bindings";
    let packages = ["-p", "gate", "-p", "health-code", "-p", "station", "-p", "kadian-station"];
    run(
        "bindings",
        Command::new("cargo")
            .args(["test", "--quiet", "--locked", "--lib", "--bins"])
            .args(packages)
            .args(["--features", features, "export_bindings"])
            .env("TS_RS_EXPORT_DIR", folder)
            .current_dir(root()),
    )
}
