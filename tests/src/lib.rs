//! What the stories share beyond the crate `stage`.
//!
//! Nothing here imports the programs: a story sees what a person with a shell would see.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on says where and stops")]

use std::process::Command;

pub mod accounts;
pub mod dice;
pub mod gate;
pub mod policies;
pub mod relay;
pub mod residents;
pub mod scanner;
pub mod shell;
#[cfg(feature = "bench-office")]
pub mod signed;

/// Returns the cargo that runs the stories, to be asked about the workspace.
#[must_use]
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(stage::programs::workspace());
    command
}
