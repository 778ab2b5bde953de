//! A screen that nobody looks at.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::group::Group;

/// An X server without a monitor, on a display number that was free; gone when dropped.
pub struct Screen {
    _server: Group,
    display: String,
}

impl Screen {
    /// Starts one of this size in pixels.
    ///
    /// # Panics
    /// Where Xvfb is missing or does not start.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        let size = format!("{width}x{height}x24");
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-noreset"]);
        let mut server = Group::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let out = server.leader().stdout.take().expect("its output is piped");
        let mut number = String::new();
        BufReader::new(out).read_line(&mut number).expect("it says its display");
        let number = number.trim();
        assert!(!number.is_empty(), "Xvfb ended before it showed anything");
        Self { _server: server, display: format!(":{number}") }
    }

    /// The value of `DISPLAY`.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.display
    }
}
