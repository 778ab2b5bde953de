//! A GPS receiver, if one is plugged in: asked where the laptop is, once somebody wants to know. Until then no
//! device is opened, only seen to be there.
//!
//! A receiver is a serial device that sends NMEA 0183 sentences. Its speed is found by trying; one on USB
//! that calls itself a modem (`ttyACM`) sends at any.

mod sentences;

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use gate::{GpsUse, Located};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::termios::{self, OptionalActions};
use sentences::Sentences;

use crate::limits::GPS_DEVICES;

/// The folder in which serial devices appear.
const DEVICES: &str = "/dev";
/// How the names of serial devices on USB begin.
const NAMES: [&str; 2] = ["ttyACM", "ttyUSB"];
/// The speeds of receivers, the usual ones first, in bits a second.
const SPEEDS: [u32; 4] = [9600, 4800, 38_400, 115_200];
/// Longest wait for bytes; after it the thread looks whether it is to end.
const WAIT: Duration = Duration::from_millis(250);
/// Pause between two looks for devices.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// Waits without a whole sentence before the next speed is tried: two seconds.
const QUIET_WAITS: u32 = 8;
/// Bytes that are read at once.
const CHUNK: usize = 512;

/// What was learned of receivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Whether a device is plugged in that may be one.
    Plugged(bool),
    /// Where one says that it is; `None` when none says so any more.
    At(Option<Located>),
}

/// Returns the serial ports that are something else's: they are neither opened nor counted.
pub(crate) type Taken = Arc<dyn Fn() -> Vec<PathBuf> + Send + Sync>;

/// Looks for a receiver, or listens to it, while that is wanted. Nothing runs while it is not.
#[derive(Debug, Default)]
pub(crate) struct Gps {
    wanted: GpsUse,
    /// Dropped to end the thread, which ends by itself soon after.
    running: Option<Sender<()>>,
}

impl Gps {
    /// Does what is wanted from now on. `tell` gets what was learned, and returns whether to go on.
    pub(crate) fn want(
        &mut self,
        wanted: GpsUse,
        taken: Taken,
        tell: impl FnMut(Heard) -> bool + Send + 'static,
    ) {
        self.want_in(Path::new(DEVICES), wanted, taken, tell);
    }

    fn want_in(
        &mut self,
        devices: &Path,
        wanted: GpsUse,
        taken: Taken,
        tell: impl FnMut(Heard) -> bool + Send + 'static,
    ) {
        if wanted == self.wanted {
            return;
        }
        self.wanted = wanted;
        self.running = (wanted != GpsUse::None).then(|| {
            let (stop, stopped) = channel();
            let listener = Listener { devices: devices.to_owned(), taken, stopped, tell };
            let work = move || if wanted == GpsUse::Look { listener.look() } else { listener.run() };
            if let Err(error) = std::thread::Builder::new().name("gps".into()).spawn(work) {
                tracing::error!(%error, "no thread for a GPS receiver");
            }
            stop
        });
    }
}

struct Listener<F> {
    devices: PathBuf,
    taken: Taken,
    stopped: Receiver<()>,
    tell: F,
}

/// Why a device is not listened to any more.
enum End {
    /// It is silent, or gone.
    Device,
    /// Nobody wants to know any more.
    Stop,
}

impl<F: FnMut(Heard) -> bool> Listener<F> {
    /// Tells whether there may be a receiver, and opens none.
    fn look(mut self) {
        let mut told = None;
        loop {
            let plugged = !self.found().is_empty();
            if told.replace(plugged) != Some(plugged) && !(self.tell)(Heard::Plugged(plugged)) {
                return;
            }
            if self.is_over(LOOKS_EVERY) {
                return;
            }
        }
    }

    fn run(mut self) {
        loop {
            for device in self.found() {
                if matches!(self.listen(&device), End::Stop) {
                    return;
                }
            }
            if self.is_over(WAIT) {
                return;
            }
        }
    }

    fn found(&self) -> Vec<PathBuf> {
        let real = |path: &PathBuf| std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        let taken: Vec<PathBuf> = (self.taken)().iter().map(real).collect();
        found(&self.devices).into_iter().filter(|device| !taken.contains(&real(device))).collect()
    }

    /// Listens to one device, at each speed for a while, until it says no more.
    fn listen(&mut self, path: &Path) -> End {
        let Some(mut device) = open(path) else { return End::Device };
        for speed in SPEEDS {
            if set_up(&device, speed).is_none() {
                return End::Device;
            }
            match self.hear(&mut device) {
                Ok(()) => {}
                Err(end) => return end,
            }
        }
        End::Device
    }

    /// Tells what a device says; ends where it says no whole sentence for a while.
    fn hear(&mut self, device: &mut File) -> Result<(), End> {
        let (mut sentences, mut quiet, mut has_place) = (Sentences::default(), 0, false);
        while quiet < QUIET_WAITS {
            if self.is_over(Duration::ZERO) {
                return Err(End::Stop);
            }
            quiet += 1;
            let mut bytes = [0; CHUNK];
            let read = match wait_and_read(device, &mut bytes) {
                Ok(read) => read,
                Err(_) => return self.lose(has_place, End::Device),
            };
            for heard in sentences.take(bytes.get(..read).unwrap_or_default()) {
                quiet = 0;
                if heard.is_some() || has_place {
                    has_place = heard.is_some();
                    if !(self.tell)(Heard::At(heard)) {
                        return Err(End::Stop);
                    }
                }
            }
        }
        if has_place { self.lose(true, End::Device) } else { Ok(()) }
    }

    /// A device that knew a place is gone.
    fn lose(&mut self, had_place: bool, end: End) -> Result<(), End> {
        if had_place && !(self.tell)(Heard::At(None)) { Err(End::Stop) } else { Err(end) }
    }

    fn is_over(&self, wait: Duration) -> bool {
        self.stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout)
    }
}

/// Returns the serial devices of a folder by name, at most [`GPS_DEVICES`].
fn found(devices: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(devices).into_iter().flatten().flatten();
    let is_serial = |name: &str| NAMES.iter().any(|prefix| name.starts_with(prefix));
    let mut found: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_serial))
        .map(|entry| entry.path())
        .take(GPS_DEVICES)
        .collect();
    found.sort();
    found
}

/// Opens a device for reading alone. It never becomes the terminal of this process.
fn open(path: &Path) -> Option<File> {
    let flags = i32::try_from((OFlags::NOCTTY | OFlags::NONBLOCK).bits()).ok()?;
    File::options().read(true).custom_flags(flags).open(path).ok()
}

/// Has a serial device give its bytes as they come, at a speed; `None` for what is no serial device.
fn set_up(device: &File, speed: u32) -> Option<()> {
    let mut settings = termios::tcgetattr(device).ok()?;
    settings.make_raw();
    settings.set_speed(speed).ok()?;
    termios::tcsetattr(device, OptionalActions::Now, &settings).ok()
}

/// Returns how many bytes came within [`WAIT`].
fn wait_and_read(device: &mut File, bytes: &mut [u8]) -> std::io::Result<usize> {
    use std::io::Read as _;
    let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(WAIT.subsec_nanos()) };
    let ready = poll(&mut [PollFd::new(device, PollFlags::IN)], Some(&wait))?;
    if ready == 0 {
        return Ok(0);
    }
    match device.read(bytes) {
        Ok(0) => Err(std::io::ErrorKind::UnexpectedEof.into()),
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(0),
        other => other,
    }
}

#[cfg(test)]
mod tests;
