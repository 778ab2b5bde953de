//! Choosing a checkpoint, or adding one where that is allowed.

use std::time::Duration;

use health_code::trust::CheckpointId;
use wire::RecordId;
use wire::report::RosterChange;

use crate::change_report::report_change;
use crate::naming::checkpoint_name;
use crate::window::shift::{CheckpointProblem, Directions};
use crate::wing::{Effects, Known};

/// A checkpoint that is being added is given up after this.
const ADDS_FOR: Duration = Duration::from_secs(10);

/// The state of the page on which a checkpoint is chosen.
#[derive(Default)]
pub(super) struct Choice {
    pub(super) problem: Option<CheckpointProblem>,
    /// The report of a checkpoint that is being added, and until when its person waits for it.
    adding: Option<(RecordId, Duration)>,
    /// The checkpoint that was just added, and still has to be chosen.
    pub(super) fresh: Option<CheckpointId>,
}

impl Choice {
    pub(super) fn failed(problem: CheckpointProblem) -> Self {
        Self { problem: Some(problem), ..Self::default() }
    }

    /// Returns the page with a checkpoint that was just added and still has to be chosen.
    pub(super) fn fresh(checkpoint: CheckpointId) -> Self {
        Self { fresh: Some(checkpoint), ..Self::default() }
    }

    pub(super) fn waits_for(&self, record: RecordId) -> bool {
        self.adding.is_some_and(|(adding, _)| adding == record)
    }

    pub(super) fn is_adding(&self) -> bool {
        self.adding.is_some()
    }

    /// Returns until when somebody waits for a checkpoint.
    pub(super) fn adding_until(&self) -> Option<Duration> {
        self.adding.map(|(_, until)| until)
    }

    /// Reports a new checkpoint, if this person may add it.
    pub(super) fn add(
        name: &str,
        directions: Directions,
        known: &Known,
        effects: &mut Effects,
    ) -> Option<Self> {
        let (community, duty) = (known.community()?, known.duty?);
        let name = match checkpoint_name(name, None, community) {
            Ok(name) => name,
            Err(problem) => return Some(Self::failed(problem)),
        };
        if !known.roster.has_room() {
            return Some(Self::failed(CheckpointProblem::NotRecorded));
        }
        let change = RosterChange::CheckpointAdded {
            id: effects.random(),
            name: name.to_owned(),
            directions: directions.into(),
            place: None,
        };
        if roster::permitted(duty.person, &change, community, known.standing.policy()).is_err() {
            effects.count_forbidden();
            return None;
        }
        let record = report_change(change, duty.person, known, effects);
        let until = known.now.mono.saturating_add(ADDS_FOR);
        Some(Self { adding: Some((record, until)), ..Self::default() })
    }
}
