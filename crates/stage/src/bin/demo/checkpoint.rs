//! A checkpoint in which everything runs but the window.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use stage::programs::command;
use stage::{HeadlessStation, LiveCodes, Office, Problem, Result, World};

/// The collector's phone and PIN in every demo world.
pub const COLLECTOR: (&str, &str) = ("13800000001", "246810");

/// The administrator's phone and secret.
pub const ADMINISTRATOR: (&str, &str) = ("13800000002", "1357924680");

/// A world, its office, an enrolled station and the codes for its camera.
pub struct Checkpoint {
    /// Takes everything, and the tour's pictures.
    pub folder: PathBuf,
    /// The demo world.
    pub world: World,
    /// The back office.
    pub office: Office,
    /// Folder of the station.
    pub station: PathBuf,
    /// The codes for the simulated camera.
    pub live: LiveCodes,
}

impl Checkpoint {
    /// Makes one in a folder that is emptied first, and says how to use it.
    pub fn new(folder: &Path) -> Result<Self> {
        // It is there only from the second time on.
        let _ = fs::remove_dir_all(folder);
        let folder = fs::create_dir_all(folder)
            .and_then(|()| folder.canonicalize())
            .map_err(|source| Problem::Io { what: folder.display().to_string(), source })?;
        println!("── demo world in {}", folder.join("world").display());
        let world = World::at(&folder.join("world"))?;
        let office = Office::start_plain(&folder.join("office"), &world)?;
        println!("   back office: {} lists what arrives", office.page());
        let station = folder.join("station");
        HeadlessStation::enrol(&station, &office.ticket()?)?;
        let live = LiveCodes::start(&world)?;
        println!("   live codes:  {} shows codes signed anew each minute", live.url());
        println!("                tap one to hold it before the simulated camera, too");
        let people = world.path().join("people.tsv");
        let people = fs::read_to_string(&people)
            .map_err(|source| Problem::Io { what: people.display().to_string(), source })?;
        println!("   sign in with the last four digits of a phone, and its PIN or secret:");
        people.lines().for_each(|line| println!("      {}", line.replace('\t', "  ")));
        Ok(Self { folder, world, office, station, live })
    }

    /// Opens the window on the display that is there; returns when a person closes it.
    pub fn open_window(&self) -> Result<ExitCode> {
        let mut command = command("kadian-station")?;
        command.arg("--dir").arg(&self.station);
        if !Path::new("/dev/video0").exists() {
            println!("   no camera: the window uses the simulated one, and says so");
            command.args(["--camera", &self.live.camera()]);
        }
        println!("── the window; close it to end everything");
        let status = command
            .status()
            .map_err(|source| Problem::NotStarted { program: "kadian-station".to_owned(), source })?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
