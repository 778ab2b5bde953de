//! What `cargo xtask pictures` starts: takes the pictures of README.md and docs/ from the real window.
//!
//! The wall clock stands still while it runs (libfaketime, which xtask sets up), the world's keys come
//! from a fixed seed, and a picture is kept only if nothing moved while it was taken. So the same
//! programs make the same bytes. A laptop's battery is in the status bar: take them on a machine without.

mod sheet;
mod still_camera;
mod takes;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use stage::{Office, Problem, Result, World};

use sheet::Sheet;
use takes::Takes;

/// All keys of the world follow from this.
const SEED: &str = "6b616469616e2d70696374757265732d6b616469616e2d70696374757265732d";

/// Takes the pictures of README.md and docs/ from the real window
#[derive(Parser)]
struct Arguments {
    /// Takes the pictures
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse().folder).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("pictures: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(folder: &Path) -> Result<()> {
    let scratch = tempfile::tempdir().map_err(io("a folder for the programs"))?;
    let world = world(&scratch.path().join("world"))?;
    let office = Office::start_plain(&scratch.path().join("office"), &world)?;
    let mut takes = Takes::new(scratch.path(), &world, office)?;
    let verdicts = takes.verdicts().await?;
    let tour = takes.tour().await?;
    Sheet { columns: 2, width: 680 }.write(&folder.join("verdicts.png"), &verdicts)?;
    Sheet { columns: 3, width: 450 }.write(&folder.join("tour.png"), &tour)
}

/// Makes a demo world whose keys follow from [`SEED`].
fn world(folder: &Path) -> Result<World> {
    let mut command = stage::programs::command("kadian-issue")?;
    stage::finish(command.arg("demo").arg(folder).args(["--seed", SEED]))?;
    // Made again, it keeps its keys.
    World::at(folder)
}

/// Says what was tried when the system refused.
fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Problem {
    |source| Problem::Io { what: what.into(), source }
}
