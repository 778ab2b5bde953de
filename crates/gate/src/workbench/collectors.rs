//! What can be done with collectors.

use health_code::Person;
use health_code::trust::PersonId;
use wire::report::RosterChange;

use super::adding::Adding;
use super::new_pin::NewPin;
use super::typed::Typed;
use super::{Page, Workbench, rows};
use crate::input::AttemptId;
use crate::window::workbench::{AddProblem, ChangeProblem};
use crate::wing::{Effects, Known};

impl Workbench {
    pub(super) fn remove_collector(&mut self, id: &str, by: PersonId, known: &Known, effects: &mut Effects) {
        match found(id, known) {
            None => self.problem = Some(ChangeProblem::Gone),
            Some(person) => {
                self.hold(&RosterChange::PersonRemoved { id: person.id.0 }, by, known, effects);
            }
        }
    }

    /// Brings back whom this station removed, for as long as the community's file still lists them.
    pub(super) fn restore_collector(&mut self, id: &str, by: PersonId, known: &Known, effects: &mut Effects) {
        let id = id.parse::<PersonId>().ok();
        let removed = known.roster.removed().iter().find(|(_, person)| Some(person.id) == id);
        let Some((removal, person)) = removed else {
            self.problem = Some(ChangeProblem::Gone);
            return;
        };
        let change = RosterChange::PersonRestored {
            id: person.id.0,
            masked_name: person.masked_name.clone(),
            masked_phone: person.masked_phone.clone(),
            phc: person.pin_phc.clone(),
            removal: *removal,
        };
        self.report_if_allowed(change, by, known, effects);
    }

    pub(super) fn scan_collector(&mut self, known: &Known) {
        if self.saving.is_some() {
            return;
        }
        if known.community().is_none_or(|community| community.checkpoints.is_empty()) {
            self.problem = Some(ChangeProblem::NoCheckpoint);
        } else {
            self.page = Page::Adding(Box::<Adding>::default());
        }
    }

    /// Opens the page on which a collector chooses another PIN.
    pub(super) fn choose_new_pin(&mut self, id: &str, by: PersonId, known: &Known, effects: &mut Effects) {
        if self.saving.is_some() {
            return;
        }
        let Some(person) = found(id, known) else {
            self.problem = Some(ChangeProblem::Gone);
            return;
        };
        // An administrator's secret is set at the office.
        let change = RosterChange::PinChanged { id: person.id.0, phc: String::new() };
        match super::rights::allow(&change, by, known, effects) {
            Ok(()) => self.page = Page::NewPin(Box::new(NewPin::of(person))),
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// Has a PIN hashed that was typed on the page that waits for one.
    pub(super) fn hash_pin(&mut self, typed: &Typed, by: PersonId, known: &Known, effects: &mut Effects) {
        if self.saving.is_some() || !rows::is_administrator(by, known) {
            return;
        }
        let attempt = AttemptId(self.hashings.wrapping_add(1));
        let hash = match &mut self.page {
            Page::Adding(adding) => adding.begin(typed, attempt, known),
            Page::NewPin(page) => page.begin(typed, attempt, known),
            _ => None,
        };
        if let Some(hash) = hash {
            self.hashings = attempt.0;
            effects.act(hash);
        }
    }

    /// The shell has hashed a PIN: it is reported, and good from the moment on at which that is durable.
    pub(crate) fn pin_hashed(
        &mut self,
        attempt: AttemptId,
        phc: String,
        known: &Known,
        effects: &mut Effects,
    ) {
        let Some(by) = known.keeper else { return };
        let change = match &mut self.page {
            Page::Adding(adding) => adding.hashed(attempt, phc, effects),
            Page::NewPin(page) => page.hashed(attempt, phc),
            _ => None,
        };
        let Some(change) = change else { return };
        match super::rights::allow(&change, by, known, effects) {
            Ok(()) => self.report(change, by, known, effects),
            Err(_) => self.page_problem(AddProblem::NotRecorded),
        }
    }
}

/// Returns somebody who is listed.
fn found<'a>(id: &str, known: &Known<'a>) -> Option<&'a Person> {
    let id = id.parse::<PersonId>().ok()?;
    known.community()?.people.iter().find(|person| person.id == id)
}
