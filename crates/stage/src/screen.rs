//! A screen that nobody looks at.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::clock::PATIENCE;
use crate::problem::Result;
use crate::running::Running;

/// An X server without a monitor, on a display number that was free; gone when dropped.
pub struct Screen {
    _server: Running,
    display: String,
}

impl Screen {
    /// Starts a screen of this size in pixels.
    ///
    /// # Errors
    /// [`crate::Problem::NotStarted`] where Xvfb is missing.
    pub fn new(width: u32, height: u32) -> Result<Self> {
        let size = format!("{width}x{height}x24");
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-noreset"]);
        let mut server = Running::start_group(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let lines = server.stdout_lines()?;
        let number = lines.wait("the display of the X server", PATIENCE, Value::as_u64)?;
        Ok(Self { _server: server, display: format!(":{number}") })
    }

    /// Returns the value of `DISPLAY`.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.display
    }
}
