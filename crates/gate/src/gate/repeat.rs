//! Who was just recorded: tags in two generations, in memory only, and bounded.

use std::collections::HashMap;
use std::time::Duration;

use super::tags::Tag;
use crate::limits::{REPEAT_WINDOW_MAX, REPEATS};

/// The newer generation takes in; when it is full, or a window old, it becomes the older one and
/// the older one is forgotten. So at most two windows and twice [`REPEATS`] people are known.
pub(super) struct Repeats {
    newer: HashMap<Tag, Duration>,
    older: HashMap<Tag, Duration>,
    began: Duration,
}

impl Repeats {
    pub(super) fn new(mono: Duration) -> Self {
        Self { newer: HashMap::new(), older: HashMap::new(), began: mono }
    }

    pub(super) fn contains(&self, tag: &Tag, window: Duration, mono: Duration) -> bool {
        let window = window.min(REPEAT_WINDOW_MAX);
        [&self.newer, &self.older]
            .into_iter()
            .filter_map(|generation| generation.get(tag))
            .any(|recorded| mono.saturating_sub(*recorded) < window)
    }

    pub(super) fn insert(&mut self, tag: Tag, mono: Duration) {
        if self.newer.len() >= REPEATS {
            self.turn(mono);
        }
        self.newer.insert(tag, mono);
    }

    /// Forgets what is older than two windows.
    pub(super) fn pass_time(&mut self, window: Duration, mono: Duration) {
        let window = window.min(REPEAT_WINDOW_MAX);
        let age = mono.saturating_sub(self.began);
        if age >= window.saturating_mul(2) {
            self.newer.clear();
        }
        if age >= window {
            self.turn(mono);
        }
    }

    fn turn(&mut self, mono: Duration) {
        self.older = std::mem::take(&mut self.newer);
        self.began = mono;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(60);

    fn tag(number: usize) -> Tag {
        let mut tag = [0; 32];
        tag[..8].copy_from_slice(&number.to_be_bytes());
        tag
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn known_for_one_window_and_forgotten_after_two() {
        let mut repeats = Repeats::new(at(0));
        repeats.insert(tag(1), at(50));
        for second in 50..200 {
            repeats.pass_time(WINDOW, at(second));
            assert_eq!(repeats.contains(&tag(1), WINDOW, at(second)), second < 110, "{second}");
        }
        assert!(repeats.newer.is_empty() && repeats.older.is_empty());
    }

    #[test]
    fn a_long_pause_forgets_everything_at_once() {
        let mut repeats = Repeats::new(at(0));
        repeats.insert(tag(1), at(1));
        repeats.pass_time(WINDOW, at(500));
        assert!(repeats.newer.is_empty() && repeats.older.is_empty());
    }

    #[test]
    fn a_crowd_pushes_out_the_oldest_and_never_grows_it() {
        let mut repeats = Repeats::new(at(0));
        for number in 0..5 * REPEATS {
            repeats.insert(tag(number), at(1));
            assert!(repeats.newer.len() <= REPEATS && repeats.older.len() <= REPEATS);
        }
        assert!(repeats.contains(&tag(5 * REPEATS - 1), WINDOW, at(2)));
        assert!(repeats.contains(&tag(4 * REPEATS), WINDOW, at(2)));
        assert!(!repeats.contains(&tag(0), WINDOW, at(2)));
    }
}
