//! The rows of the workbench's pages.

use health_code::trust::{CheckpointId, PersonId, Role};
use health_code::{Checkpoint, Person};

use crate::changes::UNDO;
use crate::deadlines;
use crate::window::collector::Countdown;
use crate::window::workbench::{CheckpointItem, CollectorItem, OfficeNotice};
use crate::wing::Known;

/// Returns the checkpoint at which this station stands, or stood last, and the others.
pub(super) fn checkpoints(known: &Known) -> (Option<CheckpointItem>, Vec<CheckpointItem>) {
    let listed = known.roster.listed().map(|community| community.checkpoints.as_slice()).unwrap_or_default();
    let (current, others): (Vec<_>, Vec<_>) =
        listed.iter().partition(|checkpoint| known.current == Some(checkpoint.id));
    let item = |checkpoint: &Checkpoint| CheckpointItem {
        id: checkpoint.id.to_string(),
        name: checkpoint.name.clone(),
        directions: checkpoint.directions.into(),
        pending: known.roster.is_pending(checkpoint.id.0),
        undo: undo(checkpoint.id.0, known),
    };
    (current.first().map(|checkpoint| item(checkpoint)), others.into_iter().map(item).collect())
}

/// Returns the collectors by masked phone number.
pub(super) fn collectors(known: &Known) -> Vec<CollectorItem> {
    let listed = known.roster.listed().map(|community| community.people.as_slice()).unwrap_or_default();
    let mut people: Vec<&Person> = listed.iter().filter(|person| person.role == Role::Collector).collect();
    people.sort_by(|a, b| (&a.masked_phone, a.id).cmp(&(&b.masked_phone, b.id)));
    let item = |person: &Person| CollectorItem {
        id: person.id.to_string(),
        masked_name: person.masked_name.clone(),
        masked_phone: person.masked_phone.clone(),
        on_duty: known.duty.is_some_and(|duty| duty.person == person.id),
        pending: known.roster.is_pending(person.id.0),
        undo: undo(person.id.0, known),
    };
    people.into_iter().map(item).collect()
}

/// Returns what the back office refused.
pub(super) fn notices(known: &Known) -> Vec<OfficeNotice> {
    let refused = known.roster.refused();
    refused
        .map(|(entry, why)| OfficeNotice { change: entry.kind(), subject: entry.subject.clone(), why })
        .collect()
}

/// Returns whether there is such a checkpoint.
pub(super) fn has_checkpoint(id: CheckpointId, known: &Known) -> bool {
    known.community().is_some_and(|community| community.checkpoint(id).is_some())
}

/// Returns the role of somebody who is listed.
pub(super) fn role(id: PersonId, known: &Known) -> Option<Role> {
    let mut people = known.community()?.people.iter();
    people.find(|person| person.id == id).map(|person| person.role)
}

fn undo(about: [u8; 8], known: &Known) -> Option<Countdown> {
    let until = known.roster.undo_until(about)?;
    Some(deadlines::countdown(UNDO, until, known.now.mono))
}
