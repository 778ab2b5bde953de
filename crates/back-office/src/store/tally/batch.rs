//! What a transaction adds to counters: one row a key, however many reports it files.

use std::collections::BTreeMap;

use health_code::{Region, Timestamp};
use wire::report::Passage;
use wire::{Direction, StationId};

use super::{Span, Subject, Tally};
use crate::limits::{TALLY_HOURS_SECONDS, TALLY_MINUTES_SECONDS};
use crate::store::Filing;

/// Lengths of the digits of a region that others are part of.
const LEVELS: [usize; 6] = [0, 2, 4, 6, 9, 12];

/// A community, an hour of it, a collector, a checkpoint and a direction.
pub(in crate::store) type WorkKey = (String, i64, [u8; 8], [u8; 8], u8);

/// Additions to counters, in the order in which every process writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Batch {
    /// When it is written.
    pub now: Timestamp,
    /// By span, subject, and the second in which it begins.
    pub tallies: BTreeMap<(Span, String, i64), Tally>,
    pub work: BTreeMap<WorkKey, Tally>,
}

impl Batch {
    /// Returns a batch that adds nothing.
    pub fn new(now: Timestamp) -> Self {
        Self { now, tallies: BTreeMap::new(), work: BTreeMap::new() }
    }

    /// Counts a report that was filed. It is counted when it happened by the station's clock, and at the latest
    /// when it arrived: no clock makes a row in the future.
    pub fn add(&mut self, community: &Region, station: StationId, received: Timestamp, filing: &Filing) {
        let capped = |at: i64| Timestamp(at.min(received.0));
        match filing {
            Filing::Passage { passage, .. } | Filing::Certificate(passage) => {
                self.add_passage(community, station, capped(passage.at), passage);
            }
            Filing::Health(health) => {
                let tally = Tally::of_health(health);
                if tally != Tally::default() {
                    self.add_everywhere(community, station, capped(health.at), tally);
                }
            }
            Filing::Shift(_) | Filing::Roster { .. } => {}
        }
    }

    fn add_passage(&mut self, community: &Region, station: StationId, at: Timestamp, passage: &Passage) {
        let tally = Tally::of_passage(passage);
        self.add_everywhere(community, station, at, tally);
        let checkpoint = Subject::Checkpoint { community: community.clone(), id: passage.checkpoint };
        for span in [Span::Minute, Span::Hour] {
            self.count(span, checkpoint.key(), at, tally);
        }
        if self.keeps(Span::Hour, at) {
            let (hour, direction) = (Span::Hour.start(at), Direction::number(passage.direction));
            let key = (community.to_string(), hour, passage.collector, passage.checkpoint, direction);
            *self.work.entry(key).or_default() += tally;
        }
    }

    fn add_everywhere(&mut self, community: &Region, station: StationId, at: Timestamp, tally: Tally) {
        self.count(Span::Minute, Subject::Station(station).key(), at, tally);
        for region in LEVELS.into_iter().filter_map(|digits| community.as_str().get(..digits)) {
            for span in [Span::Minute, Span::Hour] {
                self.count(span, region.to_owned(), at, tally);
            }
        }
    }

    fn count(&mut self, span: Span, subject: String, at: Timestamp, tally: Tally) {
        if self.keeps(span, at) {
            *self.tallies.entry((span, subject, span.start(at))).or_default() += tally;
        }
    }

    fn keeps(&self, span: Span, at: Timestamp) -> bool {
        span.start(at) >= kept_from(span, self.now)
    }
}

/// Returns the second from which counters are kept.
pub(in crate::store) fn kept_from(span: Span, now: Timestamp) -> i64 {
    span.start(now.plus(match span {
        Span::Minute => -TALLY_MINUTES_SECONDS,
        Span::Hour => -TALLY_HOURS_SECONDS,
    }))
}

#[cfg(test)]
mod tests {
    use wire::ClockState;
    use wire::report::Health;

    use super::*;

    const NOW: Timestamp = Timestamp(1_583_000_030);

    fn health(at: i64, count: u32) -> Filing {
        let refusals = vec![("expired".to_owned(), count), ("signature".to_owned(), 2)];
        Filing::Health(Health { at, clock: ClockState::Trusted, refusals, wrong_tries: 1 })
    }

    #[test]
    fn a_region_and_all_above_it_count_and_no_clock_reaches_the_future() {
        let community: Region = "420106001001".parse().unwrap();
        let mut batch = Batch::new(NOW);
        batch.add(&community, StationId([1; 16]), NOW, &health(i64::MAX, 3));
        let minutes: Vec<_> = batch.tallies.keys().filter(|(span, ..)| *span == Span::Minute).collect();
        let subjects: Vec<&str> = minutes.iter().map(|(_, subject, _)| &**subject).collect();
        let station = format!("s{}", StationId([1; 16]));
        assert_eq!(subjects, ["", "42", "4201", "420106", "420106001", "420106001001", &station]);
        assert!(minutes.iter().all(|(_, _, at)| *at == NOW.0 - NOW.0 % 60));
        assert!(batch.tallies.values().all(|tally| tally.invalid == 5 && tally.people() == 0));
        assert!(batch.work.is_empty(), "invalid scans have no collector");
    }

    #[test]
    fn what_is_older_than_is_kept_is_not_counted_and_a_lie_is_cut() {
        let community: Region = "420106001001".parse().unwrap();
        let mut batch = Batch::new(NOW);
        batch.add(&community, StationId([1; 16]), NOW, &health(NOW.0 - TALLY_HOURS_SECONDS - 3600, 3));
        batch.add(&community, StationId([1; 16]), NOW, &health(i64::MIN, 3));
        assert_eq!(batch, Batch::new(NOW));
        batch.add(&community, StationId([1; 16]), NOW, &health(NOW.0 - TALLY_MINUTES_SECONDS - 60, u32::MAX));
        assert!(batch.tallies.keys().all(|(span, ..)| *span == Span::Hour), "minutes are gone");
        assert!(batch.tallies.values().all(|tally| tally.invalid == crate::limits::INVALID_A_REPORT));
    }
}
