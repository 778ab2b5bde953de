//! The rules for emptying the outbox: which reports next, what an answer settles, when to retry.

use std::time::Duration;

use wire::{Batch, Receipt, RecordId, RecordStatus};

/// How large the next batch may be; halved by the server's "too large".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Most reports.
    pub reports: usize,
    /// Most bytes.
    pub bytes: usize,
}

/// How many of the pending reports, oldest first, the next batch takes.
///
/// `sizes` are their encoded lengths in order. At least one is taken where there is one.
#[must_use]
pub fn next_batch(sizes: &[usize], limits: BatchLimits) -> usize {
    let _ = (sizes, limits);
    todo!()
}

/// What a receipt settles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settlement {
    /// Durable at the back office: these rows may be erased.
    pub erase: Vec<RecordId>,
    /// Known there with another ciphertext: kept there beside it, erased here, reported.
    pub conflicts: Vec<RecordId>,
    /// Sent, and not acknowledged: these rows stay.
    pub missing: Vec<RecordId>,
}

/// Compares a verified receipt with the batch it answers. Only lines whose hash is that of the
/// ciphertext sent count.
#[must_use]
pub fn settle(batch: &Batch, receipt: &Receipt) -> Settlement {
    let _ = (batch, receipt, RecordStatus::Stored);
    todo!()
}

/// What became of an attempt to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A valid receipt.
    Answered,
    /// No connection, a time-out, an error of the server, or no valid receipt.
    Failed {
        /// What the server asked for, if it did.
        retry_after: Option<Duration>,
    },
    /// 413: send half as much.
    TooLarge,
    /// 401 or 403: stop and alert.
    Withdrawn,
}

/// How long to wait before attempt number `failures + 1`: full jitter up to 300 s, the server's
/// wish obeyed up to an hour.
#[must_use]
pub fn retry_delay(failures: u32, retry_after: Option<Duration>, random: u64) -> Duration {
    let _ = (failures, retry_after, random);
    todo!()
}
