//! Joining what hung loose to what has arrived.

use wire::RecordId;

use super::view::View;
use super::{Head, LooseRun, Plan, RunKey};
use crate::store::AlertKind;

/// An alert of the station that is to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// What it is about.
    pub kind: AlertKind,
    /// The record it concerns; zeros where it concerns the whole station.
    pub record: RecordId,
    /// More, in English.
    pub detail: String,
}

/// What a batch joins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Joined {
    /// The runs that do not hang any more.
    pub runs: Vec<RunKey>,
    /// The records whose gap alerts are cleared.
    pub cleared: Vec<RecordId>,
    /// Forks that came to light.
    pub alerts: Vec<Raised>,
    /// Whether one of them follows the last head of the batch.
    pub tip_followed: bool,
}

/// Joins loose runs to a batch that took the fast path. `loose` are those that follow one of its heads.
#[must_use]
pub fn join(plan: &Plan, loose: &[LooseRun]) -> Joined {
    let mut view = View::default();
    for planned in &plan.runs {
        view.add_run(&planned.run, 0, false);
    }
    loose.iter().for_each(|loose| view.follows(loose.link, loose.record));
    let last: Option<Head> = plan.runs.last().map(|planned| planned.run.head);
    let tip_followed = loose.iter().any(|loose| Some(loose.link) == last);
    Joined { tip_followed, ..join_in(&view, loose) }
}

/// Joins loose runs to heads that the view knows.
pub(super) fn join_in(view: &View, loose: &[LooseRun]) -> Joined {
    let mut joined = Joined::default();
    for loose in loose.iter().filter(|loose| view.knows(&loose.link)) {
        joined.runs.push(loose.key);
        if loose.told {
            joined.cleared.push(loose.record);
        }
        if view.other_follows(&loose.link, loose.record) {
            joined.alerts.push(fork(loose.key, &loose.link, loose.record));
        }
    }
    joined
}

/// Returns the alert for a report that follows what another one follows.
pub(super) fn fork(key: RunKey, link: &Head, record: RecordId) -> Raised {
    let detail = if *link == super::NOTHING {
        "a second stream without a predecessor: the station's outbox was replaced or cloned".to_owned()
    } else {
        format!(
            "stream {} #{} follows what another report follows: a restored or cloned disk",
            key.stream, key.first
        )
    };
    Raised { kind: AlertKind::Fork, record, detail }
}
