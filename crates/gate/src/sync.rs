//! The rules for emptying the outbox: which reports go next, what an answer settles, when to retry.

use std::collections::HashMap;
use std::time::Duration;

use wire::limits::{BATCH_BYTES, BATCH_REPORTS};
use wire::{Batch, Receipt, RecordId, RecordStatus};

use crate::limits::RETRY_AFTER;

/// Bytes that a batch keeps free for what surrounds its reports.
const BATCH_ENVELOPE: usize = 512;
/// Bytes that a batch keeps free for what surrounds each report.
const REPORT_ENVELOPE: usize = 8;
/// The first wait between attempts to send is at most this long; it doubles with each failure.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
/// The longest wait between attempts to send.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);
/// After so many failures in a row the circuit breaker is open.
const BREAKER_FAILURES: u32 = 5;
/// The shortest wait while the breaker is open.
const BREAKER_WAIT: Duration = Duration::from_secs(30);

/// After so many batches in a row with an answer, the next may be twice as large.
const GROW_AFTER: u32 = 4;

/// How large the next batch may be. "Too large" (413) halves it, and so does a line that is too slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// The largest number of reports.
    pub reports: usize,
    /// The largest number of bytes.
    pub bytes: usize,
}

impl BatchLimits {
    /// The most that a batch may ever hold.
    pub const FULL: Self = Self { reports: BATCH_REPORTS, bytes: BATCH_BYTES };

    /// Returns half of what was sent, for after [`Outcome::TooLarge`] and [`Outcome::TooSlow`].
    #[must_use]
    pub fn below(self, sent: usize) -> Self {
        Self { reports: self.reports.min(sent), ..self }.halved()
    }

    /// Returns the limits after so many answers in a row since the last halving. They grow slower
    /// than they shrink: each batch that a slow line doesn't deliver has cost its whole upload.
    #[must_use]
    pub fn after(self, answers: u32) -> Self {
        if answers.is_multiple_of(GROW_AFTER) { self.doubled() } else { self }
    }

    /// Returns half as much. One report is always sent, so halving ends.
    #[must_use]
    pub fn halved(self) -> Self {
        Self { reports: (self.reports / 2).max(1), bytes: self.bytes / 2 }
    }

    /// Returns twice as much, up to [`BatchLimits::FULL`].
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

/// Returns how many of the pending reports, oldest first, the next batch takes.
///
/// `sizes` are the reports' encoded lengths in bytes, oldest first. If there is a report at all,
/// at least one is taken.
#[must_use]
pub fn next_batch(sizes: &[usize], limits: BatchLimits) -> usize {
    let mut bytes = BATCH_ENVELOPE;
    let fitting = sizes.iter().take(limits.reports).take_while(|size| {
        bytes = bytes.saturating_add(**size).saturating_add(REPORT_ENVELOPE);
        bytes <= limits.bytes
    });
    fitting.count().max(1).min(sizes.len())
}

/// What a receipt settles, for each report of its batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settlement {
    /// Durable at the back office: these may be erased here.
    pub erase: Vec<RecordId>,
    /// The back office knew this record with another ciphertext. It keeps both, so this one is
    /// erased here, and the conflict is reported.
    pub conflicts: Vec<RecordId>,
    /// Sent but not acknowledged: these stay.
    pub missing: Vec<RecordId>,
}

/// Compares a verified receipt with the batch that it answers.
///
/// A line counts only if its hash is that of the ciphertext that was sent. A receipt for another
/// batch or station settles nothing.
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
        let answered = match status {
            Some(RecordStatus::Stored | RecordStatus::AlreadyStored) => &mut settlement.erase,
            Some(RecordStatus::Conflict) => &mut settlement.conflicts,
            None => &mut settlement.missing,
        };
        answered.push(report.record);
    }
    settlement
}

/// The outcome of an attempt to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A valid receipt came.
    Answered,
    /// No connection, a server error, or no valid receipt.
    Failed {
        /// The server's `Retry-After`, if it sent one.
        retry_after: Option<Duration>,
    },
    /// 413: half as much must be sent.
    TooLarge,
    /// 408, or several reports on a connection that broke off or took too long: half as much must
    /// be sent.
    TooSlow,
    /// 401 or 403: this station may not send any more.
    Withdrawn,
}

/// Returns how long to wait before attempt number `failures + 1`.
///
/// The wait is exponential backoff with full jitter: a random share of a ceiling that doubles with
/// each failure, up to 300 s. After five failures in a row the circuit breaker is open, and the wait
/// is at least 30 s. A longer `retry_after` is obeyed, up to an hour.
///
/// `random` must be evenly distributed over all its values.
#[must_use]
pub fn retry_delay(failures: u32, retry_after: Option<Duration>, random: u64) -> Duration {
    let ceiling = match failures {
        0 => Duration::ZERO,
        _ => FIRST_BACKOFF.saturating_mul(2u32.saturating_pow(failures.min(31))).min(LONGEST_BACKOFF),
    };
    let floor = if failures >= BREAKER_FAILURES { BREAKER_WAIT } else { Duration::ZERO };
    let spread = ceiling.saturating_sub(floor).as_millis();
    // `spread` has fewer than 20 bits, so the product fits, and shifted back it is at most `spread`.
    let share = u64::try_from((u128::from(random) * (spread + 1)) >> 64).unwrap_or_default();
    let jittered = floor.saturating_add(Duration::from_millis(share));
    jittered.max(retry_after.unwrap_or_default().min(RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wire::{AuditHead, BatchId, Offer, Pace, ReceiptLine, SealedReport, StationId, StreamId};

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
            pace: Pace { pause: 2, poll: 60 },
            withdrawn: None,
            notices: Vec::new(),
            audit: AuditHead::EMPTY,
            backed_up: None,
            generation: wire::Generation([6; 16]),
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
    fn half_of_what_was_sent_follows_and_growing_takes_several_answers() {
        let limits = BatchLimits::FULL.below(20);
        assert_eq!(limits.reports, 10);
        assert_eq!(limits.below(500).reports, 5, "never more than half of the limit");
        assert_eq!(limits.below(1).reports, 1);
        let grown: Vec<_> = (1..=8)
            .scan(limits, |limits, answers| {
                *limits = limits.after(answers);
                Some(limits.reports)
            })
            .collect();
        assert_eq!(grown, [10, 10, 10, 20, 20, 20, 20, 40]);
    }

    #[test]
    fn the_first_attempt_is_made_at_once_and_the_breaker_holds_back() {
        assert_eq!(retry_delay(0, None, u64::MAX), Duration::ZERO);
        assert_eq!(retry_delay(1, None, u64::MAX), Duration::from_secs(2));
        assert_eq!(retry_delay(4, None, 0), Duration::ZERO, "full jitter");
        assert_eq!(retry_delay(5, None, 0), BREAKER_WAIT);
        assert_eq!(retry_delay(u32::MAX, None, u64::MAX), LONGEST_BACKOFF);
        let day = Some(Duration::from_secs(86_400));
        assert_eq!(retry_delay(1, day, 0), RETRY_AFTER);
        assert_eq!(retry_delay(0, Some(Duration::from_secs(7)), 0), Duration::from_secs(7));
    }

    proptest! {
        #[test]
        fn delays_stay_in_their_bounds(failures: u32, after: Option<u32>, random: u64) {
            let after = after.map(|seconds| Duration::from_secs(seconds.into()));
            let delay = retry_delay(failures, after, random);
            prop_assert!(delay <= LONGEST_BACKOFF.max(after.unwrap_or_default().min(RETRY_AFTER)));
            prop_assert!(failures < BREAKER_FAILURES || delay >= BREAKER_WAIT);
        }
    }
}
