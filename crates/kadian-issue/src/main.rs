//! The `kadian-issue` command: whatever signs, and whatever makes samples.
//!
//! It is apart from `kadian`, so that no program that a laptop at a gate needs carries a signer.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod demo;
mod dgc;
mod dsc;
mod entropy;
mod files;
mod live;
mod qr;
mod secret_file;
mod simulate;
mod trust;
mod value_sets;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use program::moment as clock;

/// Issue for Kadian (卡点): trust files and their keys, demo worlds, live sample codes
///
/// For whoever runs a deployment, and for trying things out. A laptop at a gate needs `kadian`
/// and never this program.
#[derive(Parser)]
#[command(
    version,
    arg_required_else_help = true,
    after_help = "Begin here:\n  \
        kadian-issue trust new DIR description.json   make a deployment\n  \
        kadian-issue demo target/demo/world     make a world to try things in\n  \
        kadian-issue live target/demo/world     show codes that are always fresh\n  \
        kadian verify --trust target/demo/world/trust target/demo/world/codes/green.png\n\n\
        Each command has examples of its own: kadian-issue trust --help"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Trust(trust::TrustArgs),
    Demo(demo::DemoArgs),
    Live(live::LiveArgs),
    Dgc(dgc::DgcArgs),
    Simulate(simulate::SimulateArgs),
}

fn main() -> ExitCode {
    program::run(|arguments: Arguments| match arguments.command {
        Command::Trust(arguments) => trust::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Live(arguments) => live::run(&arguments),
        Command::Dgc(arguments) => dgc::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
    })
}
