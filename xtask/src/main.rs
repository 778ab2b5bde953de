//! `cargo xtask run | test | bench | bindings | vectors`: what a fresh clone needs, and every check, by one command.

mod bindings;
mod camera_vm;
mod demo;
mod deny;
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
    /// Print what each step costs, as ratios to the bare operation in the same run.
    Bench {
        /// Fewer rounds and fewer rows: whether it runs, not what it costs.
        #[arg(long)]
        quick: bool,
    },
    /// Write the user interface's types anew from the Rust ones.
    Bindings,
    /// Run the station's camera code against V4L2 devices of Debian's kernel, in an emulated machine.
    CameraVm,
    /// Let the station's camera code run through faults for long: no leak, no stuck state.
    CameraSoak {
        /// How long.
        #[arg(long, default_value_t = 60)]
        minutes: u64,
    },
    /// Write the vectors in docs/ and testdata/ anew, after a format changed on purpose.
    Vectors,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run { tour } => demo::open(tour),
        Command::Test => test(),
        Command::Bench { quick } => bench(quick),
        Command::Bindings => bindings::write(),
        Command::CameraVm => camera_vm::check(),
        Command::CameraSoak { minutes } => camera_vm::soak(minutes),
        Command::Vectors => vectors(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn bench(quick: bool) -> Result<(), String> {
    let mut arguments =
        vec!["bench", "--locked", "-p", "stories", "--features", "bench", "--bench", "costs", "--"];
    arguments.extend(quick.then_some("--quick"));
    steps::cargo("costs", &arguments)
}

fn vectors() -> Result<(), String> {
    let arguments =
        ["test", "--locked", "-p", "health-code", "-p", "wire", "--test", "it", "writes_the_vectors"];
    steps::cargo("vectors", &[&arguments[..], &["--", "--ignored"]].concat())
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
    steps::cargo(
        "lints of the benches",
        &["clippy", "-p", "stories", "--benches", "--features", "bench", "--locked", "--", "-D", "warnings"],
    )?;
    deny::check()?;
    // A minute of what `cargo xtask camera-soak` does for an hour.
    camera_vm::soak(1)?;
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
