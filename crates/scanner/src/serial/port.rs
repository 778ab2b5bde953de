//! An open serial port.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::termios::{self, OptionalActions};

use crate::fault::{ScannerFault, WAIT};

/// Bytes that are read at once.
const CHUNK: usize = 512;

/// A port that gives its bytes as they come, to this program alone.
pub(crate) struct Opened {
    file: File,
}

/// Opens a port for reading at a speed. It never becomes the terminal of this process.
pub(crate) fn open(path: &Path, speed: u32) -> Result<Opened, ScannerFault> {
    let flags = (OFlags::NOCTTY | OFlags::NONBLOCK).bits();
    let flags = i32::try_from(flags).map_err(|_| ScannerFault::Unusable)?;
    let file = File::options()
        .read(true)
        .custom_flags(flags)
        .open(path)
        .map_err(|error| ScannerFault::of(&error))?;
    // Any other program that opens it hears that it is busy.
    termios::ioctl_tiocexcl(&file).map_err(|_| ScannerFault::Unusable)?;
    let mut settings = termios::tcgetattr(&file).map_err(|_| ScannerFault::Unusable)?;
    settings.make_raw();
    settings.set_speed(speed).map_err(|_| ScannerFault::Unusable)?;
    termios::tcsetattr(&file, OptionalActions::Now, &settings).map_err(|_| ScannerFault::Unusable)?;
    Ok(Opened { file })
}

impl Opened {
    /// Returns what came within [`WAIT`]; nothing where nothing did.
    ///
    /// # Errors
    /// The port is gone.
    pub(crate) fn read(&mut self) -> Result<Vec<u8>, ScannerFault> {
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(WAIT.subsec_nanos()) };
        let ready = match poll(&mut [PollFd::new(&self.file, PollFlags::IN)], Some(&wait)) {
            Err(rustix::io::Errno::INTR) => 0,
            other => other.map_err(|_| ScannerFault::Absent)?,
        };
        if ready == 0 {
            return Ok(Vec::new());
        }
        let mut bytes = vec![0; CHUNK];
        match self.file.read(&mut bytes) {
            Ok(0) => Err(ScannerFault::Absent),
            Ok(read) => {
                bytes.truncate(read);
                Ok(bytes)
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                Ok(Vec::new())
            }
            Err(_) => Err(ScannerFault::Absent),
        }
    }
}
