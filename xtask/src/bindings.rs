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

/// ts-rs writes each type when a test of its crate runs. The features are those of `cargo xtask test`,
/// so that nothing is built for this alone.
fn export(folder: &Path) -> Result<(), String> {
    run(
        "bindings",
        Command::new("cargo")
            .args(["test", "--quiet", "--workspace", "--all-features", "--locked", "--lib", "--bins"])
            .arg("export_bindings")
            .env("TS_RS_EXPORT_DIR", folder)
            .current_dir(root()),
    )
}
