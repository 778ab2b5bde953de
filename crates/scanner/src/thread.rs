//! The scanner's thread: it opens the chosen scanner, reads it, and opens it again when it comes back.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::choice::ScannerChoice;
use crate::fault::ScannerFault;
use crate::framing::{Frame, Framing};
use crate::keyboard::{self, Taken};
use crate::serial::{self, Opened};
use crate::sysfs::System;

/// Pause between two tries to open a scanner.
const TRIES_EVERY: Duration = Duration::from_millis(500);
/// At a serial port a text has no longer pause than this.
const SERIAL_QUIET: Duration = Duration::from_millis(200);
/// Of a keyboard's keys neither: Bluetooth sends some of them late.
const KEYBOARD_QUIET: Duration = Duration::from_millis(400);
/// How far a text is read is told no more often than this.
const TELLS_EVERY: Duration = Duration::from_millis(200);

/// A monotonic clock: returns the time since a fixed point, and never steps back.
pub type Stopwatch = Arc<dyn Fn() -> Duration + Send + Sync>;

/// How a scanner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScannerState {
    /// It has not been tried yet.
    Starting,
    /// It is there, and whatever it sends is read.
    Connected,
    /// It does not work, and is tried again and again.
    Fault(ScannerFault),
}

/// What was heard of a scanner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// How it does has changed.
    State(ScannerState),
    /// So many characters of a text have come; none once it is over.
    Reading(usize),
    /// It sent something.
    Frame(Frame),
}

/// A running scanner. Dropping it ends the thread and gives the device back.
#[derive(Debug)]
pub struct ScannerHandle {
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for ScannerHandle {
    fn drop(&mut self) {
        self.stop = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the scanner's thread had panicked");
        }
    }
}

/// Runs the chosen scanner; `None` for a choice that has no device. `tell` gets what is heard, and returns
/// whether to go on.
///
/// # Errors
/// When no thread can be started.
pub fn spawn(
    choice: &ScannerChoice,
    clock: Stopwatch,
    tell: impl FnMut(Heard) -> bool + Send + 'static,
) -> std::io::Result<Option<ScannerHandle>> {
    spawn_on(System::default(), choice, clock, tell)
}

/// Runs the chosen scanner of a system whose folders are elsewhere.
///
/// # Errors
/// When no thread can be started.
pub fn spawn_on(
    system: System,
    choice: &ScannerChoice,
    clock: Stopwatch,
    tell: impl FnMut(Heard) -> bool + Send + 'static,
) -> std::io::Result<Option<ScannerHandle>> {
    let framing = match choice {
        ScannerChoice::None | ScannerChoice::Window => return Ok(None),
        ScannerChoice::Serial { prefix, .. } => Framing::new(prefix, SERIAL_QUIET),
        ScannerChoice::Keyboard { prefix, .. } => Framing::new(prefix, KEYBOARD_QUIET),
    };
    let (stop, stopped) = channel();
    let (choice, state) = (choice.clone(), ScannerState::Starting);
    let work =
        Work { system, choice, clock, tell, stopped, framing, state, told: Duration::ZERO, reading: 0 };
    let thread = std::thread::Builder::new().name("scanner".into()).spawn(move || work.run())?;
    Ok(Some(ScannerHandle { stop: Some(stop), thread: Some(thread) }))
}

struct Work<F> {
    system: System,
    choice: ScannerChoice,
    clock: Stopwatch,
    tell: F,
    stopped: Receiver<()>,
    framing: Framing,
    state: ScannerState,
    /// When it was told last how far a text is read, and how far.
    told: Duration,
    reading: usize,
}

/// An open scanner.
enum Open {
    Serial(Opened),
    Keyboard(Taken),
}

/// The thread is to end.
struct Stop;

impl<F: FnMut(Heard) -> bool> Work<F> {
    fn run(mut self) {
        while let Ok(fault) = self.run_once() {
            if self.become_state(ScannerState::Fault(fault)).is_err() || self.is_over(TRIES_EVERY) {
                return;
            }
        }
    }

    /// Runs the scanner until it does not work any more; returns why not.
    fn run_once(&mut self) -> Result<ScannerFault, Stop> {
        let mut open = match self.open() {
            Ok(open) => open,
            Err(fault) => return Ok(fault),
        };
        self.become_state(ScannerState::Connected)?;
        loop {
            if self.is_over(Duration::ZERO) {
                return Err(Stop);
            }
            let read = match &mut open {
                Open::Serial(port) => port.read().map(|bytes| {
                    let now = (self.clock)();
                    (bytes.is_empty(), self.framing.take(&bytes, now))
                }),
                Open::Keyboard(taken) => taken.read().map(|typed| {
                    let now = (self.clock)();
                    let mut frames = Vec::new();
                    for one in &typed {
                        match one {
                            keyboard::Typed::Byte(byte) => frames.extend(self.framing.take(&[*byte], now)),
                            keyboard::Typed::Lost => self.framing.spoil(now),
                        }
                    }
                    (typed.is_empty(), frames)
                }),
            };
            match read {
                Ok((is_quiet, frames)) => self.took(is_quiet, frames)?,
                Err(fault) => {
                    if let Some(frame) = self.framing.abandon() {
                        self.say(Heard::Frame(frame))?;
                    }
                    return Ok(fault);
                }
            }
        }
    }

    fn open(&self) -> Result<Open, ScannerFault> {
        match &self.choice {
            ScannerChoice::Serial { port, speed, .. } => {
                let path = serial::port_of(port, &self.system).ok_or(ScannerFault::Absent)?;
                serial::open(&path, *speed).map(Open::Serial)
            }
            ScannerChoice::Keyboard { device, .. } => {
                keyboard::take(&keyboard::nodes_of(device, &self.system)).map(Open::Keyboard)
            }
            ScannerChoice::None | ScannerChoice::Window => Err(ScannerFault::Absent),
        }
    }

    /// Tells what came, or what a pause has ended where nothing did.
    fn took(&mut self, is_quiet: bool, frames: Vec<Frame>) -> Result<(), Stop> {
        let now = (self.clock)();
        let paused = if is_quiet { self.framing.pass_time(now) } else { None };
        for frame in frames.into_iter().chain(paused) {
            self.say(Heard::Frame(frame))?;
        }
        let reading = self.framing.len();
        let is_due = now.saturating_sub(self.told) >= TELLS_EVERY;
        if reading != self.reading && (reading == 0 || is_due) {
            (self.told, self.reading) = (now, reading);
            self.say(Heard::Reading(reading))?;
        }
        Ok(())
    }

    fn become_state(&mut self, state: ScannerState) -> Result<(), Stop> {
        if std::mem::replace(&mut self.state, state) == state {
            Ok(())
        } else {
            self.say(Heard::State(state))
        }
    }

    fn say(&mut self, heard: Heard) -> Result<(), Stop> {
        if (self.tell)(heard) { Ok(()) } else { Err(Stop) }
    }

    fn is_over(&self, wait: Duration) -> bool {
        self.stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout)
    }
}

#[cfg(test)]
mod tests;
