//! The checkpoints of the community, and the one at which the gate stands.

use health_code::Community;
use health_code::trust::{Checkpoint, CheckpointId};

use crate::window::shift::{CheckpointRow, Direction, Directions};

/// A checkpoint, and the direction in which people pass there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastPlace {
    /// The checkpoint.
    pub checkpoint: CheckpointId,
    /// The direction.
    pub direction: Direction,
}

impl LastPlace {
    /// Returns the checkpoint, if it still exists and has the direction.
    pub(super) fn find(self, community: Option<&Community>) -> Option<&Checkpoint> {
        let place = community?.checkpoint(self.checkpoint)?;
        Directions::from(place.directions).have(self.direction).then_some(place)
    }
}

#[derive(Default)]
pub(super) struct Checkpoints {
    present: Option<LastPlace>,
    last: Option<LastPlace>,
}

impl Checkpoints {
    pub(super) fn new(last: Option<LastPlace>) -> Self {
        Self { present: None, last }
    }

    /// Returns the checkpoint and direction chosen last, also in an earlier shift.
    pub(super) fn last(&self) -> Option<LastPlace> {
        self.last
    }

    /// Returns the checkpoint and direction of the present shift.
    pub(super) fn present(&self) -> Option<LastPlace> {
        self.present
    }

    /// Returns the present checkpoint, if it still exists and has the direction chosen.
    pub(super) fn present_place<'c>(&self, community: Option<&'c Community>) -> Option<&'c Checkpoint> {
        self.present?.find(community)
    }

    /// Returns the rows to choose from: the one just added first, then the last one, then the
    /// community's order.
    pub(super) fn rows(
        &self,
        community: Option<&Community>,
        fresh: Option<CheckpointId>,
    ) -> Vec<CheckpointRow> {
        let row = |place: &Checkpoint| {
            let last = self.last.filter(|last| last.checkpoint == place.id);
            let directions = Directions::from(place.directions);
            let row = CheckpointRow {
                id: place.id.to_string(),
                name: place.name.clone(),
                last: last.is_some(),
                directions,
                direction: directions.nearest(last.map_or(Direction::In, |last| last.direction)),
            };
            (fresh == Some(place.id), row)
        };
        let checkpoints = community.map(|community| community.checkpoints.as_slice()).unwrap_or_default();
        let mut rows: Vec<_> = checkpoints.iter().map(row).collect();
        rows.sort_by_key(|(fresh, row)| (!fresh, !row.last));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Returns what somebody chose, if there is such a checkpoint, and people pass it in this direction.
    pub(super) fn chosen(id: &str, direction: Direction, community: Option<&Community>) -> Option<LastPlace> {
        let found = community?.checkpoint(id.parse().ok()?)?;
        let place = LastPlace { checkpoint: found.id, direction };
        Directions::from(found.directions).have(direction).then_some(place)
    }

    /// Returns a checkpoint in the direction chosen last, or in the one that it has.
    pub(super) fn at(&self, checkpoint: CheckpointId, community: Option<&Community>) -> Option<LastPlace> {
        let found = community?.checkpoint(checkpoint)?;
        let wanted = self.last.map_or(Direction::In, |last| last.direction);
        Some(LastPlace { checkpoint, direction: Directions::from(found.directions).nearest(wanted) })
    }

    pub(super) fn enter(&mut self, place: LastPlace) {
        self.present = Some(place);
        self.last = Some(place);
    }

    /// Remembers where the next shift begins.
    pub(super) fn remember(&mut self, place: LastPlace) {
        self.last = Some(place);
    }

    pub(super) fn leave(&mut self) {
        self.present = None;
    }
}
