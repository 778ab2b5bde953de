//! The checkpoints that the gate knows, and the one at which it stands.

use health_code::Trust;
use health_code::trust::{Checkpoint, CheckpointId};

use super::added::{AddedCheckpoints, Place, is_name};
use crate::window::shift::{CheckpointProblem, CheckpointRow, Direction, Directions};

/// A checkpoint, and the direction in which people pass there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastPlace {
    /// The checkpoint.
    pub checkpoint: CheckpointId,
    /// The direction.
    pub direction: Direction,
}

pub(super) struct Checkpoints {
    present: Option<LastPlace>,
    last: Option<LastPlace>,
    /// Added here, and not yet in the community's file: the back office publishes them there.
    added: AddedCheckpoints,
}

impl Checkpoints {
    pub(super) fn new(last: Option<LastPlace>, added: AddedCheckpoints) -> Self {
        Self { present: None, last, added }
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
    pub(super) fn present_place(&self, trust: Option<&Trust>) -> Option<Place> {
        let present = self.present?;
        let place = self.all(trust?).find(|place| place.id == present.checkpoint)?;
        place.directions.have(present.direction).then_some(place)
    }

    /// Returns the rows to choose from: the one just added first, then the last one, then the
    /// community's order.
    pub(super) fn rows(&self, trust: Option<&Trust>, fresh: Option<CheckpointId>) -> Vec<CheckpointRow> {
        let row = |place: Place| {
            let last = self.last.filter(|last| last.checkpoint == place.id);
            let row = CheckpointRow {
                id: place.id.to_string(),
                name: place.name,
                last: last.is_some(),
                directions: place.directions,
                direction: place.directions.nearest(last.map_or(Direction::In, |last| last.direction)),
            };
            (fresh == Some(place.id), row)
        };
        let mut rows: Vec<_> = trust.into_iter().flat_map(|trust| self.all(trust)).map(row).collect();
        rows.sort_by_key(|(fresh, row)| (!fresh, !row.last));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Returns the name that a new checkpoint gets, or what is wrong with it.
    pub(super) fn new_name<'a>(&self, name: &'a str, trust: &Trust) -> Result<&'a str, CheckpointProblem> {
        let name = name.trim();
        if !is_name(name) || self.added.0.len() >= health_code::limits::CHECKPOINTS {
            Err(CheckpointProblem::BadName)
        } else if self.all(trust).any(|place| place.name == name) {
            Err(CheckpointProblem::Exists)
        } else {
            Ok(name)
        }
    }

    /// Returns whether there is such a checkpoint, and people pass it in this direction.
    pub(super) fn has(&self, place: LastPlace, trust: &Trust) -> bool {
        self.all(trust).any(|known| known.id == place.checkpoint && known.directions.have(place.direction))
    }

    /// Adds a checkpoint, and returns what the next start has to know.
    pub(super) fn add(&mut self, place: Place) -> AddedCheckpoints {
        self.added.0.push(place);
        self.added.clone()
    }

    pub(super) fn enter(&mut self, place: LastPlace) {
        self.present = Some(place);
        self.last = Some(place);
    }

    pub(super) fn leave(&mut self) {
        self.present = None;
    }

    /// Forgets the added checkpoints that the community's file lists now: from here on the file
    /// decides, and it may remove them again. Returns what the next start has to know, if that changed.
    pub(super) fn trust_changed(&mut self, trust: Option<&Trust>) -> Option<AddedCheckpoints> {
        let trust = trust?;
        let before = self.added.0.len();
        self.added.0.retain(|place| trust.community().checkpoint(place.id).is_none());
        (self.added.0.len() < before).then(|| self.added.clone())
    }

    fn all<'a>(&'a self, trust: &'a Trust) -> impl Iterator<Item = Place> + 'a {
        // A station may start with a file that lists by now what was added before.
        let added = self.added.0.iter().filter(|place| trust.community().checkpoint(place.id).is_none());
        trust.community().checkpoints.iter().map(Place::of).chain(added.cloned())
    }
}

impl Place {
    fn of(checkpoint: &Checkpoint) -> Self {
        let directions = match checkpoint.directions {
            health_code::Directions::Entry => Directions::Entry,
            health_code::Directions::Exit => Directions::Exit,
            health_code::Directions::Both => Directions::Both,
        };
        Self { id: checkpoint.id, name: checkpoint.name.clone(), directions }
    }
}
