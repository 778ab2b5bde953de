//! Reporting a change of checkpoints, people or the policy.

use health_code::trust::PersonId;
use wire::report::RosterChange;
use wire::{RecordId, Report, Roster};

use crate::changes::Entry;
use crate::reports::Purpose;
use crate::wing::{Effect, Effects, Known};

/// Asks for the report of a change, which acts once the report is durable.
pub(crate) fn report_change(
    change: RosterChange,
    by: PersonId,
    known: &Known,
    effects: &mut Effects,
) -> RecordId {
    let entry = new_entry(&change, by, known, effects);
    let record = entry.record;
    let report = Report::Roster(Roster { at: known.now.wall.0, clock: known.clock(), by: by.0, change });
    effects.append_again(record, Box::new(report), Purpose::Change(Box::new(entry)));
    record
}

/// Has a change act at once, and reports it when it can't be taken back any more.
pub(crate) fn hold_change(change: &RosterChange, by: PersonId, known: &Known, effects: &mut Effects) {
    let entry = new_entry(change, by, known, effects);
    effects.ask(Effect::Hold(Box::new(entry)));
}

fn new_entry(change: &RosterChange, by: PersonId, known: &Known, effects: &mut Effects) -> Entry {
    Entry::new(RecordId(effects.random()), by, known.now.wall, change)
}
