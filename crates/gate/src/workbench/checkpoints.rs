//! What can be done with checkpoints.

use health_code::trust::{CheckpointId, PersonId};
use wire::report::RosterChange;

use super::{Workbench, rows};
use crate::naming::checkpoint_name;
use crate::window::shift::Directions;
use crate::window::workbench::ChangeProblem;
use crate::wing::{Effect, Effects, Known};

impl Workbench {
    pub(super) fn add_checkpoint(
        &mut self,
        name: &str,
        directions: Directions,
        by: PersonId,
        known: &Known,
        effects: &mut Effects,
    ) {
        let Some(name) = self.named(name, None, known) else { return };
        let place = known.around.place(known.now.mono).map(|(located, _)| located.place);
        let asked = self.asks_place();
        if asked && place.is_none() {
            self.problem = Some(ChangeProblem::NoPlace);
            return;
        }
        let id = effects.random();
        let place = place.filter(|_| asked);
        let change = RosterChange::CheckpointAdded { id, name, directions: directions.into(), place };
        self.report_if_allowed(change, by, known, effects);
    }

    pub(super) fn change_checkpoint(
        &mut self,
        id: &str,
        name: &str,
        directions: Directions,
        by: PersonId,
        known: &Known,
        effects: &mut Effects,
    ) {
        let found = id.parse::<CheckpointId>().ok().filter(|id| rows::has_checkpoint(*id, known));
        let Some(id) = found else {
            self.problem = Some(ChangeProblem::Gone);
            return;
        };
        let Some(name) = self.named(name, Some(id), known) else { return };
        let change = RosterChange::CheckpointChanged { id: id.0, name, directions: directions.into() };
        self.report_if_allowed(change, by, known, effects);
    }

    pub(super) fn remove_checkpoint(&mut self, id: &str, by: PersonId, known: &Known, effects: &mut Effects) {
        let found = id.parse::<CheckpointId>().ok().filter(|id| rows::has_checkpoint(*id, known));
        match found {
            None => self.problem = Some(ChangeProblem::Gone),
            Some(id) if known.current == Some(id) => self.problem = Some(ChangeProblem::Current),
            Some(id) => self.hold(&RosterChange::CheckpointRemoved { id: id.0 }, by, known, effects),
        }
    }

    /// Makes a checkpoint the one at which this station stands.
    pub(super) fn set_current(&mut self, id: &str, known: &Known, effects: &mut Effects) {
        let found = id.parse::<CheckpointId>().ok().filter(|id| rows::has_checkpoint(*id, known));
        match found {
            Some(id) => effects.ask(Effect::Stand(id)),
            None => self.problem = Some(ChangeProblem::Gone),
        }
    }

    /// Returns the name that a checkpoint gets, or says what is wrong with it.
    fn named(&mut self, name: &str, of: Option<CheckpointId>, known: &Known) -> Option<String> {
        match checkpoint_name(name, of, known.community()?) {
            Ok(name) => Some(name.to_owned()),
            Err(why) => {
                self.problem = Some(ChangeProblem::Checkpoint { why });
                None
            }
        }
    }
}
