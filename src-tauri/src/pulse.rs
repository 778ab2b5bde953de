//! What a page and its web view tell of their life.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Heartbeats of the page, and crashes of its process.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    beats: AtomicU64,
    crashed: AtomicBool,
}

impl Pulse {
    /// Counts one heartbeat of the page.
    pub(crate) fn beat(&self) {
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of heartbeats so far.
    pub(crate) fn beats(&self) -> u64 {
        self.beats.load(Ordering::Relaxed)
    }

    /// Notes that the page's process ended.
    pub(crate) fn note_crash(&self) {
        self.crashed.store(true, Ordering::Release);
    }

    /// Returns whether the page's process ended since the last call.
    pub(crate) fn take_crash(&self) -> bool {
        self.crashed.swap(false, Ordering::AcqRel)
    }
}
