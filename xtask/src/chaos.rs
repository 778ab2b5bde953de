//! `cargo xtask chaos`: real stations and offices through faults, with a ledger outside of both.

use std::process::Command;

use clap::Args;

use crate::build;
use crate::steps::{self, root, run};

/// The arguments of `cargo xtask chaos`.
#[derive(Args)]
pub(crate) struct ChaosArgs {
    /// Cycles to run.
    #[arg(long, default_value_t = 2000)]
    cycles: u64,
    /// Seed of the faults and their times.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Checkpoints beside each other.
    #[arg(long, default_value_t = 4)]
    checkpoints: u64,
}

impl ChaosArgs {
    /// What each run of all tests does.
    pub(crate) const SHORT: Self = Self { cycles: 100, seed: 1, checkpoints: 4 };
}

/// Builds the programs and runs them through faults.
pub(crate) fn cycles(arguments: &ChaosArgs) -> Result<(), String> {
    let programs = ["-p", "kadian", "-p", "kadian-issue", "-p", "back-office", "-p", "stories"];
    let build = [&["build", "--locked", "--bins"], &programs[..]].concat();
    build::cargo("the programs that chaos starts", &build)?;
    cycles_built(arguments)
}

/// Does the same with the programs that are built already.
pub(crate) fn cycles_built(arguments: &ChaosArgs) -> Result<(), String> {
    let mut chaos = Command::new(steps::program("chaos"));
    for (name, value) in
        [("--cycles", arguments.cycles), ("--seed", arguments.seed), ("--checkpoints", arguments.checkpoints)]
    {
        chaos.arg(name).arg(value.to_string());
    }
    run("chaos", chaos.current_dir(root()))
}
