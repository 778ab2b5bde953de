//! What a shift reports, and who may add a checkpoint in it.

use health_code::trust::PersonId;
use wire::Report;
use wire::report::ShiftEvent;

use super::checkpoints::LastPlace;
use crate::reports::Purpose;
use crate::wing::{Effects, Known};

/// Reports what somebody did in their shift.
pub(super) fn report(person: PersonId, event: ShiftEvent, known: &Known, effects: &mut Effects) {
    let shift = wire::Shift { at: known.now.wall.0, clock: known.clock(), person: person.0, event };
    effects.append(Report::Shift(shift), Purpose::Notice);
}

/// Reports where somebody stands from now on.
pub(super) fn report_place(person: PersonId, place: LastPlace, known: &Known, effects: &mut Effects) {
    let at = ShiftEvent::At { checkpoint: place.checkpoint.0, direction: place.direction.into() };
    report(person, at, known, effects);
}

/// Returns whether whoever is on duty may add a checkpoint.
pub(super) fn may_add(known: &Known) -> bool {
    let add = roster::Right::AddCheckpoints;
    known.duty.is_some_and(|duty| roster::has(duty.role, add, known.standing.policy()))
}
