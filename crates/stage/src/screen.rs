//! A screen that nobody looks at.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::clock::PATIENCE;
use crate::problem::{Result, io};
use crate::running::Running;
use crate::x11;

/// Longer than the page takes keys for a scanner's behind its last one.
const BEHIND_A_SCAN: Duration = Duration::from_millis(450);

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

    /// Asks every window on it to close, as a person does by Alt and F4. A window may decline.
    ///
    /// # Errors
    /// [`crate::Problem::Io`] where the server does not answer.
    pub fn close_windows(&self) -> Result<()> {
        x11::close_windows(&self.display).map_err(io("closing the windows of a screen"))
    }

    /// Types as a hand scanner does: a text with Enter at its end, and a pause behind each key. Returns once
    /// what a person presses next is no longer taken for the scanner's.
    ///
    /// # Errors
    /// [`crate::Problem::Io`] where the server does not answer, or has no key for a character.
    pub fn scan(&self, text: &str, between: Duration) -> Result<()> {
        x11::type_line(&self.display, text, between).map_err(io("typing at a screen"))?;
        std::thread::sleep(BEHIND_A_SCAN);
        Ok(())
    }

    /// Returns the value of `DISPLAY`.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.display
    }
}
