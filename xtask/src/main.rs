//! `cargo xtask`: sets up a fresh clone, starts the demo, and runs every check.

mod bench;
mod bindings;
mod build;
mod camera_vm;
mod chaos;
mod demo;
mod pictures;
mod setup;
mod steps;
mod voices;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use scratch_postgres::Cluster;

/// Kadian's own build commands. Each can be interrupted and repeated.
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
        /// Drive the tour even where there is a display.
        #[arg(long)]
        tour: bool,
    },
    /// Install what is missing, then run every check and every test.
    #[command(alias = "ci")]
    Test {
        /// First run what takes long: cameras in an emulated machine, an hour of camera faults, and
        /// properties of the clock and the gate by a hundred thousand sequences.
        #[arg(long)]
        long: bool,
    },
    /// Measure: the cost of single steps, or what a subcommand names.
    ///
    /// Costs are printed as ratios to the bare operation in the same run.
    Bench(bench::BenchArgs),
    /// Choose the order of the reading ladder by the reads that each variant adds a millisecond.
    ///
    /// Measures every candidate on a set of photographs, and checks the choice on held-out parts.
    ///
    /// Prints the table, the order, what is missed, and what the reader itself makes of the set.
    /// Measurements are kept in target/ladder and taken from there; remove it to measure anew.
    Ladder {
        /// A folder with a `manifest.tsv`, as `reader-bench read --manifest` takes it.
        #[arg(value_name = "DIR")]
        folder: std::path::PathBuf,
        /// Write the order to crates/code-reader/src/ladder/order.rs.
        #[arg(long)]
        write: bool,
    },
    /// Write the user interface's types anew from the Rust ones.
    Bindings,
    /// Take the pictures in README.md anew, from the real window and with a clock that stands still.
    ///
    /// The charts in docs/pictures belong to measurements: `cargo xtask bench` draws them.
    Pictures(pictures::PicturesArgs),
    /// Make the clips that say what the resident's side shows, where they are missing or say other words.
    ///
    /// Drafts are spoken by espeak-ng. A person's voice is better: see docs/resident-side.md.
    Voices(voices::VoicesArgs),
    /// Run cameras and a keyboard scanner on devices of Debian's kernel, in a virtual machine.
    CameraVm(camera_vm::CameraVmArgs),
    /// Run the station's camera code through faults for long, and look for leaks and stuck states.
    CameraSoak {
        /// Minutes to run.
        #[arg(long, default_value_t = 60)]
        minutes: u64,
    },
    /// Run stations and offices through kills and faults, and check that each passage arrives once.
    ///
    /// Prints what was lost, doubled, destroyed by a fault and quarantined. Fails where anything was
    /// lost or doubled.
    Chaos(chaos::ChaosArgs),
    /// Write the vectors in docs/ and testdata/ anew, after a format changed on purpose.
    Vectors,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run { tour } => demo::open(tour),
        Command::Test { long } => {
            if long {
                test_long()
            } else {
                test()
            }
        }
        Command::Bench(arguments) => bench::run(arguments),
        Command::Ladder { folder, write } => bench::ladder(folder, write),
        Command::Bindings => bindings::write(),
        Command::Pictures(arguments) => pictures::make(&arguments),
        Command::Voices(arguments) => voices::make(&arguments),
        Command::CameraVm(arguments) => camera_vm::check(&arguments),
        Command::CameraSoak { minutes } => camera_vm::soak(minutes),
        Command::Chaos(arguments) => chaos::cycles(&arguments),
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

fn vectors() -> Result<(), String> {
    let arguments =
        ["test", "--locked", "-p", "health-code", "-p", "wire", "--test", "it", "writes_the_vectors"];
    steps::cargo("vectors", &[&arguments[..], &["--", "--ignored"]].concat())
}

/// Runs what takes too long for each change, and then everything else.
fn test_long() -> Result<(), String> {
    setup::packages()?;
    camera_vm::check(&camera_vm::CameraVmArgs::ALL)?;
    camera_vm::soak(60)?;
    sequences()?;
    test()
}

/// Runs the ignored tests that try a hundred thousand sequences, in every crate that has some, and those that
/// try four hundred thousand mutants. Their names say so.
fn sequences() -> Result<(), String> {
    let tests = [&["test"], &WORKSPACE[..], &["--lib", "in_100_000", "--", "--ignored"]].concat();
    steps::cargo("properties by a hundred thousand sequences", &tests)?;
    let mutants = ["test", "--locked", "-p", "health-code", "--all-features", "--test", "it", "in_400_000"];
    steps::cargo("mutants of codes and certificates", &[&mutants[..], &["--", "--ignored"]].concat())
}

/// Runs every check and every test. Libraries are built with all features of the whole workspace in each
/// step, so that one build serves the programs, the bindings and the tests.
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
    build::cargo("lints", &[&["clippy", "--all-targets"], &WORKSPACE[..], &DENY_WARNINGS].concat())?;
    let plain = ["-p", "code-reader", "-p", "kadian", "-p", "kadian-issue", "--no-default-features"];
    let plain = [&["clippy", "--locked"], &plain[..], &DENY_WARNINGS].concat();
    build::cargo("lints of a build without C++", &plain)?;
    build::cargo("programs and tests", &[&["build", "--bins", "--tests"], &WORKSPACE[..]].concat())?;
    // With the compiler beside it a browser with two cores is too slow for its own tests.
    steps::npm("the console's pages and the window's scenes in a browser", "pages")?;
    // A minute of what `cargo xtask camera-soak` does for an hour.
    camera_vm::soak_built(1)?;
    chaos::cycles_built(&chaos::ChaosArgs::SHORT)?;
    bindings::check()?;
    let runner = if steps::has_nextest() { &["nextest", "run"][..] } else { &["test"] };
    let arguments = [runner, &WORKSPACE, &["--no-fail-fast"]].concat();
    // One private server for all tests, each with a schema of its own; it ends with this function.
    let cluster = Cluster::start().map_err(|error| error.to_string())?;
    let mut tests = std::process::Command::new("cargo");
    tests.args(arguments).current_dir(steps::root()).env(scratch_postgres::SHARED_CLUSTER, cluster.url());
    steps::run_last("tests", &mut tests)
}

const WORKSPACE: [&str; 3] = ["--workspace", "--all-features", "--locked"];
const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];
