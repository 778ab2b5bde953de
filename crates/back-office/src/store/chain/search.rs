//! The search through a station's whole history for what its loose runs follow.

use std::collections::{BTreeMap, BTreeSet};

use wire::RecordId;

use super::join::fork;
use super::{Head, LooseRun, Raised, Run};
use crate::store::AlertKind;

/// Looks for what loose runs follow. It is shown all runs of a station, and its conflicts.
#[derive(Debug)]
pub struct Search {
    due: Vec<LooseRun>,
    links: BTreeMap<Head, Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    found: bool,
    followers: BTreeSet<RecordId>,
}

/// What is to be written for a loose run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The run.
    pub run: LooseRun,
    /// Whether what it follows was found: it does not hang any more. Otherwise it is told.
    pub found: bool,
    /// The alerts to raise.
    pub alerts: Vec<Raised>,
}

impl Search {
    /// Begins a search for these runs.
    #[must_use]
    pub fn new(due: Vec<LooseRun>) -> Self {
        let links = due.iter().map(|run| (run.link, Seen::default())).collect();
        Self { due, links }
    }

    /// Looks at a run.
    pub fn look(&mut self, run: &Run) {
        for report in run.reports() {
            if let Some(seen) = self.links.get_mut(&report.head) {
                seen.found = true;
            }
            if let Some(seen) = self.links.get_mut(&report.link) {
                seen.followers.insert(report.record);
            }
        }
    }

    /// Looks at a report that is in quarantine as a conflict; no run has it.
    pub fn look_at_conflict(&mut self, link: &Head, hash: &[u8; 32]) {
        if let Some(seen) = self.links.get_mut(&wire::seal::head_after(link, hash)) {
            seen.found = true;
        }
    }

    /// Returns what was found, for each run.
    #[must_use]
    pub fn finish(self) -> Vec<Verdict> {
        let Self { due, links } = self;
        due.into_iter()
            .map(|run| {
                let seen = links.get(&run.link);
                let found = seen.is_some_and(|seen| seen.found);
                let shared = seen.is_some_and(|seen| seen.followers.iter().any(|other| *other != run.record));
                let gap = (!found).then(|| gap(&run));
                let forked = shared.then(|| fork(run.key, &run.link, run.record));
                Verdict { run, found, alerts: gap.into_iter().chain(forked).collect() }
            })
            .collect()
    }
}

fn gap(run: &LooseRun) -> Raised {
    let detail = format!("stream {}: what came before #{} has not arrived", run.key.stream, run.key.first);
    Raised { kind: AlertKind::Gap, record: run.record, detail }
}
