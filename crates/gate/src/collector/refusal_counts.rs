//! Counts of refused codes, by refusal: they tell how a station fares, and name nobody.

use std::collections::BTreeMap;
use std::time::Duration;

/// A health report is due this long after the first refusal that it counts.
const REPORT_AFTER: Duration = Duration::from_secs(3600);

#[derive(Default)]
pub(super) struct RefusalCounts {
    counts: BTreeMap<&'static str, u32>,
    /// When the first of them was counted.
    since: Option<Duration>,
}

impl RefusalCounts {
    pub(super) fn count(&mut self, refusal: &'static str, mono: Duration) {
        let count = self.counts.entry(refusal).or_default();
        *count = count.saturating_add(1);
        self.since.get_or_insert(mono);
    }

    /// Returns when a report is due, if anything was counted.
    pub(super) fn due(&self) -> Option<Duration> {
        self.since.map(|since| since.saturating_add(REPORT_AFTER))
    }

    /// Returns the counts in the order of their codes, and begins anew.
    pub(super) fn take(&mut self) -> Vec<(String, u32)> {
        self.since = None;
        std::mem::take(&mut self.counts).into_iter().map(|(code, count)| (code.to_owned(), count)).collect()
    }
}
