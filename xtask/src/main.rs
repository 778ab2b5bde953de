//! `cargo xtask run | test | bindings`: what a fresh clone needs, and every check, by one command.

mod bindings;
mod demo;
mod setup;
mod steps;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Kadian's own build commands. Both can be repeated and interrupted.
#[derive(Parser)]
#[command(arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a whole demo checkpoint in target/demo and open its window.
    ///
    /// With no display a tour is driven through the window on a screen that nobody looks at: it
    /// prints a table and leaves its pictures in target/demo.
    Run {
        /// The tour, even where there is a display.
        #[arg(long)]
        tour: bool,
    },
    /// Install what is missing, then run every check and every test.
    #[command(alias = "ci")]
    Test,
    /// Write the user interface's types anew from the Rust ones.
    Bindings,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run { tour } => demo::open(tour),
        Command::Test => test(),
        Command::Bindings => bindings::write(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn test() -> Result<(), String> {
    setup::packages()?;
    setup::npm()?;
    setup::python()?;
    steps::npm("types of the user interface", "check")?;
    steps::npm("style of the user interface", "lint")?;
    steps::npm("tests of the user interface", "test")?;
    // The window embeds the built pages, so they come before anything that compiles it.
    steps::npm("pages of the user interface", "build")?;
    steps::cargo("formatting", &["fmt", "--all", "--check"])?;
    steps::cargo("lints", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    bindings::check()?;
    steps::cargo(
        "the programs that stories start",
        &["build", "--locked", "-p", "kadian", "-p", "back-office", "-p", "kadian-station"],
    )?;
    if steps::has_nextest() {
        steps::cargo("tests", &["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])
    } else {
        steps::cargo("tests", &["test", "--workspace", "--locked", "--no-fail-fast"])
    }
}
