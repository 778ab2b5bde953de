//! What `cargo xtask run` starts: a whole demo checkpoint, and its window or a tour of it.

mod album;
mod checkpoint;
mod faults;
mod table;
mod tour;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use checkpoint::Checkpoint;
use stage::{Problem, Result};

/// Makes a demo world, an office and a station in a folder, and opens the station's window
///
/// Without a display it drives a tour through the window instead, on a screen that nobody looks
/// at. The tour leaves its pictures in the folder and prints a table.
#[derive(Parser)]
struct Arguments {
    /// Emptied at first: trust lists age, and a ticket is good once
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Drive the tour even where there is a display
    #[arg(long)]
    tour: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("demo: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut checkpoint = Checkpoint::new(&arguments.folder)?;
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if has_display && !arguments.tour {
        return checkpoint.open_window();
    }
    println!("── a tour of the window, on a screen that nobody looks at");
    tokio::select! {
        toured = tour::tour(&mut checkpoint) => toured.map(|()| ExitCode::SUCCESS),
        // Whatever runs ends with the tour.
        interrupted = interrupted() => interrupted.map(|()| ExitCode::FAILURE),
    }
}

async fn interrupted() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let no_signals = |source| Problem::Io { what: "waiting for a signal".to_owned(), source };
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.map_err(no_signals),
        _ = terminate.recv() => Ok(()),
    }
}
