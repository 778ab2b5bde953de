//! Hints: why the code in view cannot be read, debounced so that they do not flicker.

use std::time::Duration;

use crate::window::collector::Hint;

/// A hint is shown after the same finding for this long.
const SHOWN_AFTER: Duration = Duration::from_millis(600);
/// A hint is shown for at least this long.
const STAYS: Duration = Duration::from_secs(1);
/// What came of one event, and not of frame after frame, is said for this long.
const SAYS: Duration = Duration::from_secs(4);

#[derive(Default)]
pub(crate) struct Hints {
    /// What is found now, and since when.
    finding: Option<(Hint, Duration)>,
    /// What is shown, and since when.
    shown: Option<(Hint, Duration)>,
    /// What is said of one event, and until when; it comes first.
    said: Option<(Hint, Duration)>,
}

impl Hints {
    pub(crate) fn shown(&self) -> Option<Hint> {
        self.said.or(self.shown).map(|(hint, _)| hint)
    }

    /// Says something at once, for a while.
    pub(crate) fn say(&mut self, hint: Hint, mono: Duration) {
        self.said = Some((hint, mono.saturating_add(SAYS)));
    }

    /// Takes a frame's finding; `None` if the frame shows no code, or a readable one.
    pub(crate) fn found(&mut self, hint: Option<Hint>, mono: Duration) {
        if self.finding.map(|(hint, _)| hint) != hint {
            self.finding = hint.map(|hint| (hint, mono));
        }
        self.pass_time(mono);
    }

    pub(crate) fn pass_time(&mut self, mono: Duration) {
        self.said = self.said.filter(|(_, until)| mono < *until);
        let stays = self.shown.is_some_and(|(_, since)| mono.saturating_sub(since) < STAYS);
        let found = self.finding.map(|(hint, _)| hint);
        // A shown hint stays for its second, and as long as frames still find it.
        if stays || (found.is_some() && found == self.shown.map(|(hint, _)| hint)) {
            return;
        }
        self.shown = self
            .finding
            .filter(|(_, since)| mono.saturating_sub(*since) >= SHOWN_AFTER)
            .map(|(hint, _)| (hint, mono));
    }

    pub(crate) fn deadlines(&self) -> impl Iterator<Item = Duration> {
        let begins = self.finding.map(|(_, since)| since.saturating_add(SHOWN_AFTER));
        let ends = self.shown.map(|(_, since)| since.saturating_add(STAYS));
        let falls_silent = self.said.map(|(_, until)| until);
        begins.into_iter().chain(ends).chain(falls_silent)
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
