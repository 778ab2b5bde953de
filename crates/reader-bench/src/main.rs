//! `reader-bench`: reads picture files, and measures how well and how fast codes are read.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod bench;
mod clock;
mod decoder;
mod decoder_name;
mod gate_reader;
mod manifest;
mod picture;
mod read;
mod rqrr_alone;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit status of bad usage and of faults; clap uses the same one.
const TROUBLE: u8 = 2;
/// Longest side of a view in pixels: the size that a camera at a gate would give.
const VIEW_SIDE: usize = 1280;

/// Reads QR codes from picture files, and measures readers.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Read(read::ReadArgs),
    Photos(bench::PhotoArgs),
    Stress(bench::StressArgs),
    Sequences(bench::SequenceArgs),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Read(arguments) => read::run(&arguments),
        Command::Photos(arguments) => bench::photos(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Stress(arguments) => bench::stress(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Sequences(arguments) => bench::sequences(&arguments).map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|sentence| {
        eprintln!("reader-bench: {sentence}");
        ExitCode::from(TROUBLE)
    })
}
