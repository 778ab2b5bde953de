//! Checkpoints: choosing one, adding one, and where the gate stands.

use health_code::Trust;
use health_code::trust::{Checkpoint, CheckpointId, Role};
use rand_chacha::rand_core::Rng as _;
use wire::report::{RosterChange, ShiftEvent};
use wire::{Report, Roster};

use super::record::Purpose;
use super::{Gate, Stage};
use crate::action::Action;
use crate::input::Now;
use crate::limits::CHECKPOINT_NAME_CHARS;
use crate::window::Screen;
use crate::window::shift::{CheckpointProblem, CheckpointRow, ShiftScreen};

/// The checkpoints that the gate knows of, and which it stands at.
pub(super) struct Places {
    at: Option<CheckpointId>,
    last: Option<CheckpointId>,
    /// Added here and not yet in the community's file. Forgotten at a restart: by then the
    /// report of it waits in the outbox, and its file comes back from the back office.
    added: Vec<Checkpoint>,
}

impl Places {
    pub(super) fn new(last: Option<CheckpointId>) -> Self {
        Self { at: None, last, added: Vec::new() }
    }

    pub(super) fn last(&self) -> Option<CheckpointId> {
        self.last
    }

    pub(super) fn at(&self) -> Option<CheckpointId> {
        self.at
    }

    pub(super) fn at_name(&self, trust: Option<&Trust>) -> Option<String> {
        let at = self.at?;
        self.all(trust?).find(|place| place.id == at).map(|place| place.name.clone())
    }

    /// Whether the gate stands at a checkpoint that there (still) is.
    pub(super) fn stands(&self, trust: Option<&Trust>) -> bool {
        self.at_name(trust).is_some()
    }

    pub(super) fn leave(&mut self) {
        self.at = None;
    }

    /// What the community's file lists is its own from now on, removals too.
    pub(super) fn published(&mut self, trust: Option<&Trust>) {
        if let Some(trust) = trust {
            self.added.retain(|place| trust.community().checkpoint(place.id).is_none());
        }
    }

    fn all<'a>(&'a self, trust: &'a Trust) -> impl Iterator<Item = &'a Checkpoint> {
        trust.community().checkpoints.iter().chain(&self.added)
    }
}

impl Gate {
    pub(super) fn choosing(&self, problem: Option<CheckpointProblem>, now: Now) -> Screen {
        let last = self.places.last;
        let mut rows: Vec<CheckpointRow> = self
            .trust
            .iter()
            .flat_map(|trust| self.places.all(trust))
            .map(|place| CheckpointRow {
                id: place.id.to_string(),
                name: place.name.clone(),
                last: Some(place.id) == last,
            })
            .collect();
        // Stable: the others keep the community's order.
        rows.sort_by_key(|row| !row.last);
        Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, may_add: self.may_add(now), problem })
    }

    pub(super) fn choose_checkpoint(&mut self, id: &str, now: Now, out: &mut Vec<Action>) {
        if !matches!(self.stage, Stage::Choosing { adding: None, .. }) {
            return;
        }
        let (Ok(id), Some(trust)) = (id.parse::<CheckpointId>(), &self.trust) else { return };
        if self.places.all(trust).any(|place| place.id == id) {
            self.stand_at(id, now, out);
        }
    }

    pub(super) fn add_checkpoint(&mut self, name: &str, now: Now, out: &mut Vec<Action>) {
        if !matches!(self.stage, Stage::Choosing { adding: None, .. }) || !self.may_add(now) {
            return;
        }
        let (Some(trust), Some(session)) = (&self.trust, &self.session) else { return };
        let name = name.trim();
        let fits = !name.is_empty()
            && name.chars().count() <= CHECKPOINT_NAME_CHARS
            && name.len() <= wire::limits::NAME_BYTES
            && !name.chars().any(char::is_control)
            && self.places.added.len() < health_code::limits::CHECKPOINTS;
        let problem = if !fits {
            Some(CheckpointProblem::BadName)
        } else if self.places.all(trust).any(|place| place.name == name) {
            Some(CheckpointProblem::Exists)
        } else {
            None
        };
        if problem.is_some() {
            self.stage = Stage::Choosing { problem, adding: None };
            return;
        }
        let by = session.person.0;
        let mut id = [0; 8];
        self.rng.fill_bytes(&mut id);
        let place = Checkpoint { id: CheckpointId(id), name: name.to_owned() };
        let change = RosterChange::CheckpointAdded { id, name: place.name.clone() };
        let clock = self.clock_state(now.wall);
        let report = Report::Roster(Roster { at: now.wall.0, clock, by, change });
        let record = self.new_record();
        self.reports.append(record, Box::new(report), Purpose::Checkpoint(place), out);
        self.stage = Stage::Choosing { problem: None, adding: Some(record) };
    }

    /// A checkpoint added here is on the disk: it acts at once.
    pub(super) fn checkpoint_added(
        &mut self,
        place: Checkpoint,
        asked: bool,
        now: Now,
        out: &mut Vec<Action>,
    ) {
        let id = place.id;
        self.places.added.push(place);
        if asked {
            self.stand_at(id, now, out);
        }
    }

    fn stand_at(&mut self, id: CheckpointId, now: Now, out: &mut Vec<Action>) {
        let Some(session) = &self.session else { return };
        let person = session.person;
        self.places.at = Some(id);
        self.places.last = Some(id);
        self.stage = Stage::Ready;
        self.hints.clear();
        self.report_shift(person, ShiftEvent::At { checkpoint: id.0 }, now, out);
    }

    pub(super) fn is_administrator(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.role == Role::Administrator)
    }

    fn may_add(&self, now: Now) -> bool {
        let administrator = self.is_administrator();
        let collectors =
            self.trust.as_ref().is_some_and(|trust| trust.policy(now.wall).collectors_add_checkpoints);
        administrator || (collectors && self.session.is_some())
    }
}
