//! A listed collector's new PIN, which they choose themselves.

use std::time::Duration;

use health_code::Person;
use health_code::trust::{PersonId, Role};
use wire::report::RosterChange;

use super::hashing::Hashing;
use super::pins;
use super::typed::Typed;
use crate::action::Action;
use crate::input::AttemptId;
use crate::window::workbench::{AddProblem, WorkbenchFrame, WorkbenchScreen};
use crate::wing::Known;

/// The state of the page on which a collector gets another PIN.
pub(super) struct NewPin {
    person: PersonId,
    masked_name: String,
    masked_phone: String,
    hashing: Hashing<()>,
    pub(super) problem: Option<AddProblem>,
}

impl NewPin {
    pub(super) fn of(person: &Person) -> Self {
        Self {
            person: person.id,
            masked_name: person.masked_name.clone(),
            masked_phone: person.masked_phone.clone(),
            hashing: Hashing::default(),
            problem: None,
        }
    }

    pub(super) fn screen(&self, frame: WorkbenchFrame, saving: bool) -> WorkbenchScreen {
        WorkbenchScreen::NewPin {
            frame,
            masked_name: self.masked_name.clone(),
            masked_phone: self.masked_phone.clone(),
            saving: saving || self.hashing.is_open(),
            problem: self.problem,
        }
    }

    /// Returns whether the community still lists them as a collector.
    pub(super) fn is_listed(&self, known: &Known) -> bool {
        known.community().is_some_and(|community| {
            community.people.iter().any(|person| person.id == self.person && person.role == Role::Collector)
        })
    }

    pub(super) fn pass_time(&mut self, mono: Duration) {
        if self.hashing.pass_time(mono) {
            self.problem = Some(AddProblem::NotRecorded);
        }
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.hashing.deadline()
    }

    /// Checks what was typed, and asks for the PIN to be hashed.
    pub(super) fn begin(&mut self, typed: &Typed, attempt: AttemptId, known: &Known) -> Option<Action> {
        if self.hashing.is_open() {
            return None;
        }
        self.problem = pins::check(&typed.pin, &typed.again, pins::Phone::Masked(&self.masked_phone)).err();
        if self.problem.is_none() && !known.roster.has_room() {
            self.problem = Some(AddProblem::TooMany);
        }
        if self.problem.is_some() {
            return None;
        }
        self.hashing.begin(attempt, (), known.now.mono);
        Some(Action::HashPin { attempt, pin: typed.pin.clone() })
    }

    /// Takes the hash that was waited for, and returns the change.
    pub(super) fn hashed(&mut self, attempt: AttemptId, phc: String) -> Option<RosterChange> {
        self.hashing.take(attempt)?;
        if !health_code::secret::is_bearable_hash(&phc) {
            self.problem = Some(AddProblem::NotRecorded);
            return None;
        }
        Some(RosterChange::PinChanged { id: self.person.0, phc })
    }
}
