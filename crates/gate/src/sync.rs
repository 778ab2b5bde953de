//! The rules for emptying the outbox: which reports next, what an answer settles, when to retry.

use std::collections::HashMap;
use std::time::Duration;

use wire::limits::{BATCH_BYTES, BATCH_REPORTS};
use wire::{Batch, Receipt, RecordId, RecordStatus};

use crate::limits::{
    BATCH_ENVELOPE, BREAKER_FAILURES, BREAKER_WAIT, REPORT_ENVELOPE, RETRY_AFTER_MAX, RETRY_FIRST, RETRY_MAX,
};

/// How large the next batch may be; halved by the server's "too large".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Most reports.
    pub reports: usize,
    /// Most bytes.
    pub bytes: usize,
}

impl BatchLimits {
    /// As much as a batch may ever hold.
    pub const FULL: Self = Self { reports: BATCH_REPORTS, bytes: BATCH_BYTES };

    /// After a 413: half as much. One report is always sent, so this ends.
    #[must_use]
    pub fn halved(self) -> Self {
        Self { reports: (self.reports / 2).max(1), bytes: self.bytes / 2 }
    }

    /// After an answer: twice as much, up to [`BatchLimits::FULL`].
    #[must_use]
    pub fn doubled(self) -> Self {
        Self {
            reports: self.reports.saturating_mul(2).clamp(1, Self::FULL.reports),
            bytes: self.bytes.saturating_mul(2).clamp(1, Self::FULL.bytes),
        }
    }
}

impl Default for BatchLimits {
    fn default() -> Self {
        Self::FULL
    }
}

/// How many of the pending reports, oldest first, the next batch takes.
///
/// `sizes` are their encoded lengths in order. At least one is taken where there is one.
#[must_use]
pub fn next_batch(sizes: &[usize], limits: BatchLimits) -> usize {
    let mut bytes = BATCH_ENVELOPE;
    let fitting = sizes.iter().take(limits.reports).take_while(|size| {
        bytes = bytes.saturating_add(**size).saturating_add(REPORT_ENVELOPE);
        bytes <= limits.bytes
    });
    fitting.count().max(1).min(sizes.len())
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
/// ciphertext sent count; a receipt for something else settles nothing.
#[must_use]
pub fn settle(batch: &Batch, receipt: &Receipt) -> Settlement {
    let mut settlement = Settlement::default();
    let answers = receipt.station == batch.station && receipt.batch == batch.id;
    let lines: HashMap<_, _> = receipt
        .lines
        .iter()
        .filter(|_| answers)
        .map(|line| ((line.record, line.hash), line.status))
        .collect();
    for report in &batch.reports {
        let status = lines.get(&(report.record, wire::seal::hash(&report.ciphertext)));
        let pile = match status {
            Some(RecordStatus::Stored | RecordStatus::AlreadyStored) => &mut settlement.erase,
            Some(RecordStatus::Conflict) => &mut settlement.conflicts,
            None => &mut settlement.missing,
        };
        pile.push(report.record);
    }
    settlement
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
/// wish obeyed up to an hour. After five failures in a row the breaker is open: no attempt comes
/// sooner than half a minute after the last.
///
/// `random` is evenly distributed over all its values.
#[must_use]
pub fn retry_delay(failures: u32, retry_after: Option<Duration>, random: u64) -> Duration {
    let ceiling = match failures {
        0 => Duration::ZERO,
        _ => RETRY_FIRST.saturating_mul(2u32.saturating_pow(failures.min(31))).min(RETRY_MAX),
    };
    let floor = if failures >= BREAKER_FAILURES { BREAKER_WAIT } else { Duration::ZERO };
    let spread = ceiling.saturating_sub(floor).as_millis();
    // A product of 64 bits by fewer than 20, shifted back: at most the spread.
    let share = u64::try_from((u128::from(random) * (spread + 1)) >> 64).unwrap_or_default();
    let jittered = floor.saturating_add(Duration::from_millis(share));
    jittered.max(retry_after.unwrap_or_default().min(RETRY_AFTER_MAX))
}
