//! Hints: why the code in view cannot be read, without flicker.

use std::time::Duration;

use crate::limits::{HINT_AFTER, HINT_STAYS};
use crate::window::collector::Hint;

#[derive(Default)]
pub(super) struct Hints {
    /// What is found now, and since when.
    finding: Option<(Hint, Duration)>,
    /// What is shown, and since when.
    shown: Option<(Hint, Duration)>,
}

impl Hints {
    pub(super) fn shown(&self) -> Option<Hint> {
        self.shown.map(|(hint, _)| hint)
    }

    /// A frame's finding; `None` where there is no code in it, or a readable one.
    pub(super) fn found(&mut self, hint: Option<Hint>, mono: Duration) {
        if self.finding.map(|(hint, _)| hint) != hint {
            self.finding = hint.map(|hint| (hint, mono));
        }
        self.pass_time(mono);
    }

    pub(super) fn pass_time(&mut self, mono: Duration) {
        let stays = self.shown.is_some_and(|(_, since)| mono.saturating_sub(since) < HINT_STAYS);
        let found = self.finding.map(|(hint, _)| hint);
        // What is shown stays its second, and as long as it is still what is found.
        if stays || (found.is_some() && found == self.shown()) {
            return;
        }
        self.shown = self
            .finding
            .filter(|(_, since)| mono.saturating_sub(*since) >= HINT_AFTER)
            .map(|(hint, _)| (hint, mono));
    }

    pub(super) fn deadlines(&self) -> impl Iterator<Item = Duration> {
        let begins = self.finding.map(|(_, since)| since.saturating_add(HINT_AFTER));
        let ends = self.shown.map(|(_, since)| since.saturating_add(HINT_STAYS));
        begins.into_iter().chain(ends)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
