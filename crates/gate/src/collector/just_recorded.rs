//! Who was just recorded: tags in two generations, in memory only, and bounded.

use std::collections::HashMap;
use std::time::Duration;

use crate::limits::{JUST_RECORDED, REPEAT_WINDOW};
use crate::tags::Tag;
use crate::window::collector::RecordedBefore;

/// When somebody was recorded, and as what.
type Entry = (Duration, RecordedBefore);

/// Tags enter the newer generation. When that is full, or one window old, it becomes the older
/// generation, and the former older one is forgotten. So the gate remembers at most two windows,
/// and at most twice [`JUST_RECORDED`] people.
pub(super) struct JustRecorded {
    newer: HashMap<Tag, Entry>,
    older: HashMap<Tag, Entry>,
    began: Duration,
}

impl JustRecorded {
    pub(super) fn new(mono: Duration) -> Self {
        Self { newer: HashMap::new(), older: HashMap::new(), began: mono }
    }

    /// Returns what was recorded last of a holder, if that was inside the window.
    pub(super) fn get(&self, holder: &Tag, window: Duration, mono: Duration) -> Option<RecordedBefore> {
        let window = window.min(REPEAT_WINDOW);
        [&self.newer, &self.older]
            .into_iter()
            .find_map(|generation| generation.get(holder))
            .filter(|(at, _)| mono.saturating_sub(*at) < window)
            .map(|(_, recorded)| *recorded)
    }

    pub(super) fn insert(&mut self, holder: Tag, recorded: RecordedBefore, mono: Duration) {
        if self.newer.len() >= JUST_RECORDED {
            self.start_generation(mono);
        }
        self.newer.insert(holder, (mono, recorded));
    }

    /// Forgets everybody who was recorded more than two windows ago.
    pub(super) fn pass_time(&mut self, window: Duration, mono: Duration) {
        let window = window.min(REPEAT_WINDOW);
        let age = mono.saturating_sub(self.began);
        if age >= window.saturating_mul(2) {
            self.newer.clear();
        }
        if age >= window {
            self.start_generation(mono);
        }
    }

    fn start_generation(&mut self, mono: Duration) {
        self.older = std::mem::take(&mut self.newer);
        self.began = mono;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::window::collector::{Outcome, RecordedAs};

    const WINDOW: Duration = Duration::from_secs(60);
    const PASS: RecordedBefore = RecordedBefore { shown: RecordedAs::Pass, outcome: Outcome::LetThrough };
    const STOP: RecordedBefore = RecordedBefore { shown: RecordedAs::Stop, outcome: Outcome::TurnedAway };

    fn tag(number: usize) -> Tag {
        let mut tag = [0; 32];
        tag[..8].copy_from_slice(&number.to_be_bytes());
        tag
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_person_is_known_for_one_window_and_forgotten_after_two() {
        let mut recorded = JustRecorded::new(at(0));
        recorded.insert(tag(1), PASS, at(50));
        for second in 50..200 {
            recorded.pass_time(WINDOW, at(second));
            let expected = (second < 110).then_some(PASS);
            assert_eq!(recorded.get(&tag(1), WINDOW, at(second)), expected, "{second}");
        }
        assert!(recorded.newer.is_empty() && recorded.older.is_empty());
    }

    #[test]
    fn the_last_record_of_a_person_is_the_one_that_counts() {
        let mut recorded = JustRecorded::new(at(0));
        recorded.insert(tag(1), PASS, at(50));
        recorded.pass_time(WINDOW, at(70));
        recorded.insert(tag(1), STOP, at(80));
        assert_eq!(recorded.get(&tag(1), WINDOW, at(90)), Some(STOP));
    }

    #[test]
    fn a_long_pause_forgets_everything_at_once() {
        let mut recorded = JustRecorded::new(at(0));
        recorded.insert(tag(1), PASS, at(1));
        recorded.pass_time(WINDOW, at(500));
        assert!(recorded.newer.is_empty() && recorded.older.is_empty());
    }

    #[test]
    fn a_crowd_replaces_the_oldest_and_memory_stays_bounded() {
        let mut recorded = JustRecorded::new(at(0));
        for number in 0..5 * JUST_RECORDED {
            recorded.insert(tag(number), PASS, at(1));
            assert!(recorded.newer.len() <= JUST_RECORDED && recorded.older.len() <= JUST_RECORDED);
        }
        assert!(recorded.get(&tag(5 * JUST_RECORDED - 1), WINDOW, at(2)).is_some());
        assert!(recorded.get(&tag(4 * JUST_RECORDED), WINDOW, at(2)).is_some());
        assert!(recorded.get(&tag(0), WINDOW, at(2)).is_none());
    }
}
