//! What the uplink is told, and tells others than the gate: that reports wait, that a person sends now, and which changes are awaited.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, watch};
use wire::RecordId;
use wire::limits::AWAITS;

/// Tells the uplink what else than time ends its rest, and what to ask about.
#[derive(Debug)]
pub(crate) struct Wake {
    /// How many reports wait.
    waiting: watch::Sender<u64>,
    now: Notify,
    /// The changes of which the gate wants to hear what became.
    awaited: Mutex<Vec<RecordId>>,
    /// Who answered last at the office's address is not the office.
    another: AtomicBool,
}

impl Default for Wake {
    fn default() -> Self {
        Self {
            waiting: watch::Sender::new(0),
            now: Notify::new(),
            awaited: Mutex::default(),
            another: AtomicBool::new(false),
        }
    }
}

impl Wake {
    /// Tells how many reports wait.
    pub(crate) fn tell(&self, waiting: u64) {
        self.waiting.send_if_modified(|before| std::mem::replace(before, waiting) != waiting);
    }

    /// Tells whether somebody else than the office answered at its address.
    pub(crate) fn meets_another(&self, another: bool) {
        self.another.store(another, Ordering::Relaxed);
    }

    /// Returns whether somebody else than the office answered last at its address.
    pub(crate) fn met_another(&self) -> bool {
        self.another.load(Ordering::Relaxed)
    }

    /// Ends the rest of this moment, or else the next one.
    pub(crate) fn send_now(&self) {
        self.now.notify_one();
    }

    /// Returns how many reports wait.
    pub(crate) fn waiting(&self) -> u64 {
        *self.waiting.borrow()
    }

    /// Returns once another number of reports waits.
    pub(crate) async fn other_than(&self, waiting: u64) {
        // The sender is here, so that this only ends with another number.
        let _ = self.waiting.subscribe().wait_for(|now| *now != waiting).await;
    }

    /// Sets the changes of which the gate wants to hear what became. More than a batch may ask about
    /// wait for their turn.
    pub(crate) fn set_awaited(&self, mut records: Vec<RecordId>) {
        records.truncate(AWAITS);
        *self.awaited.lock().unwrap_or_else(PoisonError::into_inner) = records;
    }

    /// Returns the changes to ask about.
    pub(crate) fn awaited(&self) -> Vec<RecordId> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns once a person sends now.
    pub(crate) async fn sent_now(&self) {
        self.now.notified().await;
    }
}
