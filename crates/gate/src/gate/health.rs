//! Counts of refused codes, by refusal code: how a station is, without identities.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::limits::HEALTH_EVERY;

#[derive(Default)]
pub(super) struct Counters {
    refusals: BTreeMap<&'static str, u32>,
    /// When the first of them was counted.
    since: Option<Duration>,
}

impl Counters {
    pub(super) fn count(&mut self, refusal: &'static str, mono: Duration) {
        let count = self.refusals.entry(refusal).or_default();
        *count = count.saturating_add(1);
        self.since.get_or_insert(mono);
    }

    /// When a report is due, where anything was counted.
    pub(super) fn due(&self) -> Option<Duration> {
        self.since.map(|since| since.saturating_add(HEALTH_EVERY))
    }

    /// The counts, ascending by code; begins anew.
    pub(super) fn take(&mut self) -> Vec<(String, u32)> {
        self.since = None;
        std::mem::take(&mut self.refusals).into_iter().map(|(code, count)| (code.to_owned(), count)).collect()
    }
}
