//! How large the next batch is, and how a malformed report is found in one.

use std::collections::HashSet;

use wire::RecordId;
use wire::limits::{BATCH_BYTES, BATCH_OVERHEAD_BYTES, BATCH_REPORTS};

/// Bytes that a batch keeps free for what surrounds its reports.
const BATCH_ENVELOPE: usize = BATCH_OVERHEAD_BYTES;
/// Bytes that a batch keeps free for what surrounds each report.
const REPORT_ENVELOPE: usize = 8;
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

    /// Returns half of what was sent, for after [`super::Outcome::TooLarge`] and
    /// [`super::Outcome::TooSlow`].
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

/// What to do after a batch that the back office called malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// Sends a part of it, as [`MalformedSearch::limited`] says.
    Narrow,
    /// Sends all others before this one report. Nothing shows yet that the fault is not the back
    /// office's.
    Hold,
    /// Sets this one report aside.
    SetAside,
}

/// The search for the reports that make batches malformed.
///
/// Each answer halves the place where one can be: one of 500 is found within ten refusals. A report is
/// set aside once it was refused alone, was refused before, with others or alone, and another was
/// acknowledged between the two. So an office that calls everything malformed has nothing set aside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MalformedSearch {
    /// One of the oldest so many reports is malformed; zero if nothing is known.
    suspects: usize,
    /// Reports that were refused, and none was acknowledged since.
    refused: HashSet<RecordId>,
    /// Reports that were refused before another was acknowledged.
    told_apart: HashSet<RecordId>,
}

impl MalformedSearch {
    /// Returns limits that leave out half of the suspects.
    #[must_use]
    pub fn limited(&self, limits: BatchLimits) -> BatchLimits {
        match self.suspects {
            0 => limits,
            suspects => BatchLimits { reports: limits.reports.min(suspects.div_ceil(2)), ..limits },
        }
    }

    /// Hears that the oldest reports, sent together, were called malformed.
    #[must_use]
    pub fn refused(&mut self, sent: &[RecordId]) -> Malformed {
        match sent {
            [record] => {
                self.suspects = 0;
                if self.told_apart.remove(record) {
                    return Malformed::SetAside;
                }
                self.refused.insert(*record);
                Malformed::Hold
            }
            _ => {
                self.suspects = sent.len();
                self.refused.extend(sent);
                Malformed::Narrow
            }
        }
    }

    /// Hears that the oldest reports had an answer, which acknowledges `some` of them or none.
    pub fn answered(&mut self, sent: &[RecordId], some: bool) {
        self.suspects = self.suspects.saturating_sub(sent.len());
        if some {
            self.told_apart.extend(self.refused.drain());
            for record in sent {
                self.told_apart.remove(record);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

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

    fn record(number: usize) -> RecordId {
        RecordId((number as u128).to_be_bytes())
    }

    /// Drains reports of which some are malformed; returns what was set aside and how many batches
    /// were refused.
    fn drain(count: usize, malformed: &BTreeSet<usize>) -> (BTreeSet<usize>, usize) {
        let (mut search, mut aside, mut held) = (MalformedSearch::default(), BTreeSet::new(), Vec::new());
        let (mut waiting, mut refused): (Vec<usize>, _) = ((0..count).collect(), 0);
        while !waiting.is_empty() || !held.is_empty() {
            if waiting.is_empty() {
                waiting.append(&mut held);
            }
            let sent = next_batch(&vec![960; waiting.len()], search.limited(BatchLimits::FULL));
            let records: Vec<_> = waiting[..sent].iter().map(|report| record(*report)).collect();
            if !waiting[..sent].iter().any(|report| malformed.contains(report)) {
                waiting.drain(..sent);
                search.answered(&records, true);
                continue;
            }
            refused += 1;
            assert!(refused < 2000, "stuck with {waiting:?}");
            match search.refused(&records) {
                Malformed::Narrow => assert!(sent > 1),
                Malformed::Hold => held.push(waiting.remove(0)),
                Malformed::SetAside => _ = aside.insert(waiting.remove(0)),
            }
        }
        (aside, refused)
    }

    #[test]
    fn one_malformed_report_of_five_hundred_is_found_within_ten_refusals() {
        for place in [0, 1, 249, 250, 498, 499] {
            let (aside, refused) = drain(500, &BTreeSet::from([place]));
            assert_eq!(aside, BTreeSet::from([place]));
            // Only the first one is refused once more: until then nothing was acknowledged.
            assert!(refused <= 10 + usize::from(place == 0), "{place}: {refused}");
        }
    }

    #[test]
    fn an_office_that_calls_everything_malformed_has_nothing_set_aside() {
        let mut search = MalformedSearch::default();
        let records: Vec<_> = (0..500).map(record).collect();
        let mut sent = 500;
        while sent > 1 {
            assert_eq!(search.refused(&records[..sent]), Malformed::Narrow);
            sent = search.limited(BatchLimits::FULL).reports;
        }
        for turn in 0..3 {
            assert_eq!(search.refused(&records[..1]), Malformed::Hold, "{turn}");
            search.answered(&records[..1], false);
        }
        search.answered(&records[499..], true);
        assert_eq!(search.refused(&[record(500)]), Malformed::Hold, "refused for the first time");
        assert_eq!(search.refused(&records[..1]), Malformed::SetAside);
    }

    proptest! {
        #[test]
        fn exactly_what_is_malformed_is_set_aside(
            count in 1_usize..700,
            malformed in proptest::collection::btree_set(0_usize..700, 0..6),
        ) {
            let malformed: BTreeSet<_> = malformed.into_iter().filter(|report| *report < count).collect();
            prop_assume!(malformed.len() < count);
            let (aside, _) = drain(count, &malformed);
            prop_assert_eq!(aside, malformed);
        }
    }
}
