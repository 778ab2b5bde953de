//! A keyboard that was taken.

use std::path::PathBuf;

use evdev::raw_stream::RawDevice;
use evdev::{EventSummary, SynchronizationCode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::fault::{ScannerFault, WAIT};
use crate::keys::Keys;

/// What keys have typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A byte.
    Byte(u8),
    /// The kernel had no room for what came.
    Lost,
}

/// The nodes of one keyboard, which give their keys to this program alone.
pub(crate) struct Taken {
    nodes: Vec<RawDevice>,
    keys: Keys,
}

/// Takes a keyboard's nodes.
pub(crate) fn take(paths: &[PathBuf]) -> Result<Taken, ScannerFault> {
    if paths.is_empty() {
        return Err(ScannerFault::Absent);
    }
    let mut nodes = Vec::new();
    for path in paths {
        let mut node = RawDevice::open(path).map_err(|error| ScannerFault::of(&error))?;
        // One that has nothing to say must not hold up the others.
        rustix::io::ioctl_fionbio(&node, true).map_err(|_| ScannerFault::Unusable)?;
        node.grab().map_err(|error| ScannerFault::of(&error))?;
        nodes.push(node);
    }
    Ok(Taken { nodes, keys: Keys::default() })
}

impl Taken {
    /// Returns what was typed within [`WAIT`]; nothing where nothing was.
    ///
    /// # Errors
    /// The keyboard is gone.
    pub(crate) fn read(&mut self) -> Result<Vec<Typed>, ScannerFault> {
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(WAIT.subsec_nanos()) };
        let mut waited: Vec<PollFd> =
            self.nodes.iter().map(|node| PollFd::new(node, PollFlags::IN)).collect();
        match poll(&mut waited, Some(&wait)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(Vec::new()),
            Ok(_) => {}
            Err(_) => return Err(ScannerFault::Absent),
        }
        let mut typed = Vec::new();
        for node in &mut self.nodes {
            match node.fetch_events() {
                Ok(events) => {
                    for event in events {
                        typed.extend(typed_by(event.destructure(), &mut self.keys));
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return Err(ScannerFault::Absent),
            }
        }
        Ok(typed)
    }
}

fn typed_by(event: EventSummary, keys: &mut Keys) -> Option<Typed> {
    match event {
        // A key that is held down repeats with 2: a scanner holds none.
        EventSummary::Key(_, key, down @ (0 | 1)) => keys.take(key.code(), down == 1).map(Typed::Byte),
        EventSummary::Synchronization(_, SynchronizationCode::SYN_DROPPED, _) => {
            *keys = Keys::default();
            Some(Typed::Lost)
        }
        _ => None,
    }
}
