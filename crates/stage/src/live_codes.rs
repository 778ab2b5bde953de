//! Codes that are always fresh, and the one before the simulated camera.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::clock::PATIENCE;
use crate::problem::{Problem, Result, io};
use crate::programs::command;
use crate::running::Running;
use crate::world::World;

/// Nobody is before the camera.
pub const NOBODY: &str = "nobody";

/// A running `kadian-issue live`; stopped when dropped.
pub struct LiveCodes {
    _program: Running,
    folder: PathBuf,
    url: String,
}

impl LiveCodes {
    /// Starts it on a world, and waits until its page answers.
    ///
    /// # Errors
    /// [`Problem`]: it is not built, or does not start.
    pub fn start(world: &World) -> Result<Self> {
        let mut command = command("kadian-issue")?;
        command.args(["live", "--listen", "127.0.0.1:0"]).arg(world.path());
        let mut program = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
        let url = program.stdout_lines()?.wait("the address of the live codes", PATIENCE, |line| {
            line.get("url").and_then(Value::as_str).map(str::to_owned)
        })?;
        Ok(Self { _program: program, folder: world.path().join("live"), url })
    }

    /// Returns the address of the page.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the camera to give to a station.
    #[must_use]
    pub fn camera(&self) -> String {
        format!("simulated:{}", self.folder.display())
    }

    /// Returns the text of a code, as fresh as it would be before the camera.
    ///
    /// # Errors
    /// [`Problem::Io`] where the world has no code of this name.
    pub fn text(&self, name: &str) -> Result<String> {
        let text = fs::read_to_string(self.folder.join(format!("{name}.txt")));
        Ok(text.map_err(io("reading a code"))?.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Holds any text before the camera, as a code.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn show_text(&self, text: &str) -> Result<()> {
        let held = "held-out";
        let file = self.folder.join(format!("{held}.txt"));
        fs::write(file, text).map_err(io("holding a text before the camera"))?;
        self.show(held)
    }

    /// Holds a code before the camera, or [`NOBODY`].
    ///
    /// # Errors
    /// [`Problem::Unexpected`] where the world has no code of this name.
    pub fn show(&self, name: &str) -> Result<()> {
        let name = if name == NOBODY { "" } else { name };
        if !name.is_empty() && !self.folder.join(format!("{name}.txt")).exists() {
            return Err(Problem::unexpected(name, "the world has no code of this name"));
        }
        // Replaced whole, so that the camera never reads half a name.
        let next = self.folder.join("show.next");
        fs::write(&next, name)
            .and_then(|()| fs::rename(&next, self.folder.join("show.txt")))
            .map_err(io("holding a code before the camera"))
    }
}
