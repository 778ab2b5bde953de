//! A hand scanner at a serial port, played by a pseudo-terminal.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use stage::finish;
use stage::programs::command;

/// Chooses the scanner at a port for a station that does not run, as a technician would.
pub fn choose(port: &Path, station: &Path) {
    let mut choose = command("kadian").unwrap();
    choose.args(["scanner", "choose"]).arg(port).arg("--dir").arg(station);
    finish(&mut choose).unwrap();
}

/// A scanner that is plugged in; unplugged when dropped.
pub struct SerialScanner {
    scanner: File,
    port: PathBuf,
}

impl SerialScanner {
    /// Plugs a scanner in: its port appears under this path.
    #[must_use]
    pub fn plug(port: &Path) -> Self {
        // A program that a story starts meanwhile must not hold its end open: it could never be unplugged.
        let scanner = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&scanner).unwrap();
        unlockpt(&scanner).unwrap();
        symlink(ptsname(&scanner, Vec::new()).unwrap().into_string().unwrap(), port).unwrap();
        Self { scanner: scanner.into(), port: port.to_owned() }
    }

    /// Sends what a scanner sends, byte for byte.
    pub fn send(&mut self, bytes: &str) {
        self.scanner.write_all(bytes.as_bytes()).unwrap();
    }
}

impl Drop for SerialScanner {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.port);
    }
}
