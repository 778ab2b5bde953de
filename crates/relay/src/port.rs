//! The open port of a relay, as short as one pulse.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::termios::{self, ControlModes, OptionalActions};
use serial2::SerialPort;

use crate::choice::{Line, RelayChoice};
use crate::fault::RelayFault;
use crate::switch::Switch;

/// The speed of the boards that take bytes, in bits a second.
const SPEED: u32 = 9600;
/// At this speed Linux leaves the lines low, at the next opening too.
const HUNG_UP: u32 = 0;
/// A board takes four bytes at once, or it is stuck.
const WRITES_WITHIN: Timespec = Timespec { tv_sec: 0, tv_nsec: 250_000_000 };
/// The first relay of a board on; the last byte is the sum of the others.
const ON: [u8; FRAME] = [0xa0, 0x01, 0x01, 0xa2];
/// The same off.
const OFF: [u8; FRAME] = [0xa0, 0x01, 0x00, 0xa1];
const FRAME: usize = 4;

/// Opens the port of a choice, for one pulse. Nothing but the relay's own line or bytes comes of it, as far as
/// the system allows.
pub(crate) fn open(choice: &RelayChoice, path: &Path) -> Result<Box<dyn Switch>, RelayFault> {
    match choice {
        RelayChoice::None => Err(RelayFault::Absent),
        RelayChoice::Bytes { .. } => {
            let file = open_file(path)?;
            set_up(&file, SPEED)?;
            Ok(Box::new(Bytes { file, sent: 0 }))
        }
        RelayChoice::Line { line, .. } => {
            let port = SerialPort::from(OwnedFd::from(open_file(path)?));
            // Linux has raised both, if it was not opened like this before.
            port.set_rts(false).map_err(|error| fault_of(&error))?;
            port.set_dtr(false).map_err(|error| fault_of(&error))?;
            let port = OwnedFd::from(port);
            set_up(&port, HUNG_UP)?;
            Ok(Box::new(Raised { port: SerialPort::from(port), line: *line }))
        }
    }
}

fn open_file(path: &Path) -> Result<File, RelayFault> {
    let flags =
        i32::try_from((OFlags::NOCTTY | OFlags::NONBLOCK).bits()).map_err(|_| RelayFault::Unusable)?;
    let opened = File::options().read(true).write(true).custom_flags(flags).open(path);
    opened.map_err(|error| fault_of(&error))
}

/// Takes a port for this program alone. Its lines drop when it is closed, by the end of this process, too.
fn set_up(port: impl std::os::fd::AsFd, speed: u32) -> Result<(), RelayFault> {
    let unusable = |_: Errno| RelayFault::Unusable;
    termios::ioctl_tiocexcl(&port).map_err(unusable)?;
    let mut settings = termios::tcgetattr(&port).map_err(unusable)?;
    settings.make_raw();
    settings.control_modes |= ControlModes::HUPCL | ControlModes::CLOCAL;
    // A board that is not ready must not hold this program up.
    settings.control_modes -= ControlModes::CRTSCTS;
    settings.set_speed(speed).map_err(unusable)?;
    termios::tcsetattr(&port, OptionalActions::Now, &settings).map_err(unusable)
}

/// A board that takes bytes.
struct Bytes {
    file: File,
    /// How many bytes of a command have left.
    sent: usize,
}

impl Switch for Bytes {
    fn on(&mut self) -> Result<(), RelayFault> {
        self.send(&ON)
    }

    /// A command that left by half is filled up first, so that the board reads this one from its beginning.
    fn off(&mut self) -> Result<(), RelayFault> {
        let missing = (FRAME - self.sent % FRAME) % FRAME;
        self.send([0; FRAME].get(..missing).unwrap_or_default())?;
        self.send(&OFF)
    }
}

impl Bytes {
    fn send(&mut self, mut bytes: &[u8]) -> Result<(), RelayFault> {
        while !bytes.is_empty() {
            let ready = poll(&mut [PollFd::new(&self.file, PollFlags::OUT)], Some(&WRITES_WITHIN));
            if ready == Ok(0) {
                return Err(RelayFault::Unusable);
            }
            match self.file.write(bytes) {
                Ok(0) => return Err(RelayFault::Absent),
                Ok(written) => {
                    self.sent += written;
                    bytes = bytes.get(written..).unwrap_or_default();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(fault_of(&error)),
            }
        }
        Ok(())
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // What is closed is nobody's any more; a pseudo-terminal would remember it.
        let _ = termios::ioctl_tiocnxcl(&self.file);
    }
}

/// A line of the port.
struct Raised {
    port: SerialPort,
    line: Line,
}

impl Switch for Raised {
    fn on(&mut self) -> Result<(), RelayFault> {
        self.set(true)
    }

    fn off(&mut self) -> Result<(), RelayFault> {
        self.set(false)
    }
}

impl Raised {
    fn set(&self, high: bool) -> Result<(), RelayFault> {
        let set = match self.line {
            Line::Rts => self.port.set_rts(high),
            Line::Dtr => self.port.set_dtr(high),
        };
        set.map_err(|error| fault_of(&error))
    }
}

/// Returns what an error at an open port means: a device that was unplugged fails at reading and writing.
fn fault_of(error: &std::io::Error) -> RelayFault {
    if error.raw_os_error() == Some(Errno::IO.raw_os_error()) {
        return RelayFault::Absent;
    }
    scanner::ScannerFault::of(error).into()
}
