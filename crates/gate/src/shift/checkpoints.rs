//! The checkpoints that the gate knows, and the one at which it stands.

use health_code::Trust;
use health_code::trust::{Checkpoint, CheckpointId};

use crate::limits::CHECKPOINT_NAME_CHARS;
use crate::window::shift::{CheckpointProblem, CheckpointRow};

pub(super) struct Checkpoints {
    present: Option<CheckpointId>,
    last: Option<CheckpointId>,
    /// Added here, and not yet in the community's file. A restart forgets them: their reports wait
    /// in the outbox by then, and the back office publishes them in the file.
    added: Vec<Checkpoint>,
}

impl Checkpoints {
    pub(super) fn new(last: Option<CheckpointId>) -> Self {
        Self { present: None, last, added: Vec::new() }
    }

    /// Returns the checkpoint chosen last, also in an earlier shift.
    pub(super) fn last(&self) -> Option<CheckpointId> {
        self.last
    }

    /// Returns the checkpoint of the present shift.
    pub(super) fn present(&self) -> Option<CheckpointId> {
        self.present
    }

    /// Returns the present checkpoint's name, if that checkpoint still exists.
    pub(super) fn present_name<'a>(&'a self, trust: Option<&'a Trust>) -> Option<&'a str> {
        let present = self.present?;
        let mut all = self.all(trust?);
        all.find(|checkpoint| checkpoint.id == present).map(|checkpoint| checkpoint.name.as_str())
    }

    /// Returns the rows to choose from: the last one first, then the community's order.
    pub(super) fn rows(&self, trust: Option<&Trust>) -> Vec<CheckpointRow> {
        let row = |checkpoint: &Checkpoint| CheckpointRow {
            id: checkpoint.id.to_string(),
            name: checkpoint.name.clone(),
            last: Some(checkpoint.id) == self.last,
        };
        let mut rows: Vec<_> = trust.into_iter().flat_map(|trust| self.all(trust)).map(row).collect();
        rows.sort_by_key(|row| !row.last);
        rows
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
        } else if self.all(trust).any(|checkpoint| checkpoint.name == name) {
            Err(CheckpointProblem::Exists)
        } else {
            Ok(name)
        }
    }

    pub(super) fn contains(&self, id: CheckpointId, trust: &Trust) -> bool {
        self.all(trust).any(|checkpoint| checkpoint.id == id)
    }

    pub(super) fn add(&mut self, checkpoint: Checkpoint) {
        self.added.push(checkpoint);
    }

    pub(super) fn enter(&mut self, id: CheckpointId) {
        self.present = Some(id);
        self.last = Some(id);
    }

    pub(super) fn leave(&mut self) {
        self.present = None;
    }

    /// Forgets the added checkpoints that the community's file lists now: from here on the file
    /// decides, and it may remove them again.
    pub(super) fn trust_changed(&mut self, trust: Option<&Trust>) {
        if let Some(trust) = trust {
            self.added.retain(|checkpoint| trust.community().checkpoint(checkpoint.id).is_none());
        }
    }

    fn all<'a>(&'a self, trust: &'a Trust) -> impl Iterator<Item = &'a Checkpoint> {
        trust.community().checkpoints.iter().chain(&self.added)
    }
}
