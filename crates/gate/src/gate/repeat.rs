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
