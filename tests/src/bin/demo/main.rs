//! What `cargo xtask run` starts: a whole demo checkpoint, and its window or a tour of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a demo that cannot go on says where and stops")]

mod album;
mod faults;
mod table;
mod tour;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use stories::programs::command;
use stories::{HeadlessStation, LiveCodes, Office, World};

/// Makes a demo world, an office and a station in a folder, and opens the station's window
///
/// Without a display a tour is driven through the window on a screen that nobody looks at. It
/// leaves its pictures in the folder and prints a table.
#[derive(Parser)]
struct Arguments {
    /// Emptied at first: trust lists age, and a ticket is good once
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The tour, even where there is a display
    #[arg(long)]
    tour: bool,
}

/// A checkpoint in which everything runs but the window.
struct Checkpoint {
    folder: PathBuf,
    world: World,
    office: Office,
    station: PathBuf,
    live: LiveCodes,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut checkpoint = Checkpoint::new(&arguments.folder);
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if has_display && !arguments.tour {
        return checkpoint.open_window();
    }
    println!("── a tour of the window, on a screen that nobody looks at");
    tokio::select! {
        () = tour::tour(&mut checkpoint) => ExitCode::SUCCESS,
        // Whatever runs ends with the tour.
        () = interrupted() => ExitCode::FAILURE,
    }
}

impl Checkpoint {
    fn new(folder: &Path) -> Self {
        // It is there only from the second time on.
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).unwrap();
        let folder = folder.canonicalize().unwrap();
        println!("── demo world in {}", folder.join("world").display());
        let world = World::at(&folder.join("world"));
        let office = Office::start_plain(&folder.join("office"), &world);
        println!("   back office: {} lists what arrives", office.url());
        let station = folder.join("station");
        HeadlessStation::enrol(&station, &office.ticket());
        let live = LiveCodes::start(&world);
        println!("   live codes:  {} shows codes signed anew each minute", live.url());
        println!("                tap one to hold it before the simulated camera, too");
        let people = std::fs::read_to_string(world.path().join("people.tsv")).unwrap();
        println!("   sign in with one of these:");
        people.lines().for_each(|line| println!("      {}", line.replace('\t', "  ")));
        Self { folder, world, office, station, live }
    }

    /// Opens the window on the display that is there; returns when a person closes it.
    fn open_window(&self) -> ExitCode {
        let mut command = command("kadian-station");
        command.arg("--dir").arg(&self.station);
        if !Path::new("/dev/video0").exists() {
            println!("   no camera: the window uses the simulated one, and says so");
            command.args(["--camera", &self.live.camera()]);
        }
        println!("── the window; close it to end everything");
        let ended_well = command.status().unwrap().success();
        if ended_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).unwrap();
    tokio::select! { _ = tokio::signal::ctrl_c() => (), _ = terminate.recv() => () }
}
