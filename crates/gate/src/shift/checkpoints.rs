//! The checkpoints that the gate knows, and the one at which it stands.

use health_code::Trust;
use health_code::trust::{Checkpoint, CheckpointId};

use crate::limits::CHECKPOINT_NAME_CHARS;
use crate::window::shift::{CheckpointProblem, CheckpointRow, Direction, Directions};

/// A checkpoint, and the direction in which people pass there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastPlace {
    /// The checkpoint.
    pub checkpoint: CheckpointId,
    /// The direction.
    pub direction: Direction,
}

/// A checkpoint of the community's file, or one that was added here.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) id: CheckpointId,
    pub(crate) name: String,
    pub(crate) directions: Directions,
}

pub(super) struct Checkpoints {
    present: Option<LastPlace>,
    last: Option<LastPlace>,
    /// Added here, and not yet in the community's file. A restart forgets them: their reports wait
    /// in the outbox by then, and the back office publishes them in the file.
    added: Vec<Place>,
}

impl Checkpoints {
    pub(super) fn new(last: Option<LastPlace>) -> Self {
        Self { present: None, last, added: Vec::new() }
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
        let fits = !name.is_empty()
            && name.chars().count() <= CHECKPOINT_NAME_CHARS
            && name.len() <= wire::limits::NAME_BYTES
            && !name.chars().any(char::is_control)
            && self.added.len() < health_code::limits::CHECKPOINTS;
        if !fits {
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

    pub(super) fn add(&mut self, place: Place) {
        self.added.push(place);
    }

    pub(super) fn enter(&mut self, place: LastPlace) {
        self.present = Some(place);
        self.last = Some(place);
    }

    pub(super) fn leave(&mut self) {
        self.present = None;
    }

    /// Forgets the added checkpoints that the community's file lists now: from here on the file
    /// decides, and it may remove them again.
    pub(super) fn trust_changed(&mut self, trust: Option<&Trust>) {
        if let Some(trust) = trust {
            self.added.retain(|place| trust.community().checkpoint(place.id).is_none());
        }
    }

    fn all<'a>(&'a self, trust: &'a Trust) -> impl Iterator<Item = Place> + 'a {
        trust.community().checkpoints.iter().map(Place::of).chain(self.added.iter().cloned())
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
