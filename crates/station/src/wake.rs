//! What ends the uplink's rest: reports that wait, and a person who sends now.

use tokio::sync::{Notify, watch};

/// Tells the uplink what else than time ends its rest.
#[derive(Debug)]
pub(crate) struct Wake {
    /// How many reports wait.
    waiting: watch::Sender<u64>,
    now: Notify,
}

impl Default for Wake {
    fn default() -> Self {
        Self { waiting: watch::Sender::new(0), now: Notify::new() }
    }
}

impl Wake {
    /// Tells how many reports wait.
    pub(crate) fn tell(&self, waiting: u64) {
        self.waiting.send_if_modified(|before| std::mem::replace(before, waiting) != waiting);
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

    /// Returns once a person sends now.
    pub(crate) async fn sent_now(&self) {
        self.now.notified().await;
    }
}
