//! What a station counts of its own work: refused codes, by refusal, and failed sign-ins. The counts
//! tell how a station fares, and name nobody.

use std::collections::BTreeMap;
use std::time::Duration;

/// A health report is due this long after the first thing that it counts.
const REPORT_AFTER: Duration = Duration::from_secs(3600);

#[derive(Default)]
pub(super) struct HealthCounts {
    refusals: BTreeMap<&'static str, u32>,
    wrong_tries: u32,
    /// When the first thing was counted.
    since: Option<Duration>,
}

/// What was counted since the last report.
pub(super) struct Counted {
    /// By refusal, in the order of their codes.
    pub(super) refusals: Vec<(String, u32)>,
    pub(super) wrong_tries: u32,
}

impl HealthCounts {
    pub(super) fn count_refusal(&mut self, refusal: &'static str, mono: Duration) {
        let count = self.refusals.entry(refusal).or_default();
        *count = count.saturating_add(1);
        self.since.get_or_insert(mono);
    }

    pub(super) fn count_wrong_try(&mut self, mono: Duration) {
        self.wrong_tries = self.wrong_tries.saturating_add(1);
        self.since.get_or_insert(mono);
    }

    /// Returns when a report is due, if anything was counted.
    pub(super) fn due(&self) -> Option<Duration> {
        self.since.map(|since| since.saturating_add(REPORT_AFTER))
    }

    /// Returns what was counted, if anything was, and begins anew.
    pub(super) fn take(&mut self) -> Option<Counted> {
        self.since.take()?;
        let refusals = std::mem::take(&mut self.refusals);
        Some(Counted {
            refusals: refusals.into_iter().map(|(code, count)| (code.to_owned(), count)).collect(),
            wrong_tries: std::mem::take(&mut self.wrong_tries),
        })
    }
}
