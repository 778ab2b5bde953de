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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wire::{BatchId, Offer, ReceiptLine, SealedReport, StationId, StreamId};

    use super::*;

    fn report(number: u8) -> SealedReport {
        SealedReport {
            stream: StreamId([1; 16]),
            seq: number.into(),
            record: RecordId([number; 16]),
            kid: health_code::key_id(&[9; 32]),
            link: [0; 32],
            ciphertext: vec![number; 816],
        }
    }

    fn batch(numbers: std::ops::Range<u8>) -> Batch {
        Batch { station: StationId([1; 16]), id: BatchId([2; 16]), reports: numbers.map(report).collect() }
    }

    fn receipt(lines: Vec<ReceiptLine>) -> Receipt {
        let offer = Offer { version: 1, hash: [0; 32] };
        Receipt {
            station: StationId([1; 16]),
            batch: BatchId([2; 16]),
            time: 0,
            lines,
            root: offer,
            list: offer,
            community: offer,
        }
    }

    fn line(number: u8, status: RecordStatus) -> ReceiptLine {
        let report = report(number);
        ReceiptLine { record: report.record, hash: wire::seal::hash(&report.ciphertext), status }
    }

    #[test]
    fn only_what_was_sent_and_acknowledged_byte_for_byte_is_erased() {
        let batch = batch(0..5);
        let other_bytes = ReceiptLine { hash: [7; 32], ..line(3, RecordStatus::Stored) };
        let lines = vec![
            line(0, RecordStatus::Stored),
            line(1, RecordStatus::AlreadyStored),
            line(2, RecordStatus::Conflict),
            other_bytes,
            line(77, RecordStatus::Stored),
        ];
        let id = |number: u8| RecordId([number; 16]);
        let expected =
            Settlement { erase: vec![id(0), id(1)], conflicts: vec![id(2)], missing: vec![id(3), id(4)] };
        assert_eq!(settle(&batch, &receipt(lines.clone())), expected);
        for other in [
            Receipt { batch: BatchId([3; 16]), ..receipt(lines.clone()) },
            Receipt { station: StationId([3; 16]), ..receipt(lines) },
        ] {
            assert_eq!(settle(&batch, &other).missing.len(), 5);
        }
    }

    #[test]
    fn a_full_batch_fits_the_wires_limits() {
        let size = 960;
        let taken = next_batch(&vec![size; 2000], BatchLimits::FULL);
        assert_eq!(taken, 500);
        assert_eq!(next_batch(&[size; 3], BatchLimits::FULL), 3);
        assert_eq!(next_batch(&[], BatchLimits::FULL), 0);
        assert_eq!(next_batch(&[usize::MAX; 3], BatchLimits::FULL), 1, "one is always tried");
    }

    #[test]
    fn too_large_halves_until_one_and_grows_back() {
        let mut limits = BatchLimits::FULL;
        for _ in 0..80 {
            let taken = next_batch(&[960; 600], limits);
            limits = limits.halved();
            assert!(next_batch(&[960; 600], limits) <= taken.div_ceil(2).max(1));
        }
        assert_eq!(next_batch(&[960; 600], limits), 1);
        for _ in 0..80 {
            limits = limits.doubled();
        }
        assert_eq!(limits, BatchLimits::FULL);
    }

    #[test]
    fn the_first_attempt_is_made_at_once_and_the_breaker_holds_back() {
        assert_eq!(retry_delay(0, None, u64::MAX), Duration::ZERO);
        assert_eq!(retry_delay(1, None, u64::MAX), Duration::from_secs(2));
        assert_eq!(retry_delay(4, None, 0), Duration::ZERO, "full jitter");
        assert_eq!(retry_delay(5, None, 0), BREAKER_WAIT);
        assert_eq!(retry_delay(u32::MAX, None, u64::MAX), RETRY_MAX);
        let day = Some(Duration::from_secs(86_400));
        assert_eq!(retry_delay(1, day, 0), RETRY_AFTER_MAX);
        assert_eq!(retry_delay(0, Some(Duration::from_secs(7)), 0), Duration::from_secs(7));
    }

    proptest! {
        #[test]
        fn delays_stay_in_their_bounds(failures: u32, after: Option<u32>, random: u64) {
            let after = after.map(|seconds| Duration::from_secs(seconds.into()));
            let delay = retry_delay(failures, after, random);
            prop_assert!(delay <= RETRY_MAX.max(after.unwrap_or_default().min(RETRY_AFTER_MAX)));
            prop_assert!(failures < BREAKER_FAILURES || delay >= BREAKER_WAIT);
        }
    }
}
