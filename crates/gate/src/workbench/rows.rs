//! The rows of the workbench's pages.

use health_code::trust::{CheckpointId, PersonId, Role};
use health_code::{Checkpoint, Person};

use crate::changes::UNDO;
use crate::deadlines;
use crate::input::Located;
use crate::window::collector::Countdown;
use crate::window::workbench::{
    CheckpointItem, CollectorItem, CollectorState, GpsView, HereView, OfficeNotice,
};
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
        placed: checkpoint.place.is_some(),
        pending: known.roster.is_pending(checkpoint.id.0),
        undo: undo(checkpoint.id.0, known),
    };
    (current.first().map(|checkpoint| item(checkpoint)), others.into_iter().map(item).collect())
}

/// Returns what is known of a GPS receiver, and where the laptop is if somebody asked.
pub(super) fn gps(asked: bool, known: &Known) -> GpsView {
    if !asked {
        return if known.around.receiver_plugged { GpsView::Idle } else { GpsView::Unplugged };
    }
    let here = known.around.place(known.now.mono).map(|(Located { place, within_metres }, _)| HereView {
        latitude: place.latitude,
        longitude: place.longitude,
        within_metres,
    });
    GpsView::Asked { here }
}

/// Returns the collectors by masked phone number.
pub(super) fn collectors(known: &Known) -> Vec<CollectorItem> {
    let listed = known.roster.listed().map(|community| community.people.as_slice()).unwrap_or_default();
    let removed = known.roster.removed().iter().map(|(_, person)| (person, CollectorState::Restorable));
    let state = |person: &Person| match known.roster.is_leaving(person.id.0) {
        true => CollectorState::Removed,
        false => CollectorState::Listed,
    };
    let listed = listed.iter().filter(|person| person.role == Role::Collector);
    let mut people: Vec<_> = listed.map(|person| (person, state(person))).chain(removed).collect();
    people.sort_by(|(a, _), (b, _)| (&a.masked_phone, a.id).cmp(&(&b.masked_phone, b.id)));
    let item = |(person, state): (&Person, CollectorState)| CollectorItem {
        id: person.id.to_string(),
        masked_name: person.masked_name.clone(),
        masked_phone: person.masked_phone.clone(),
        state,
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

/// Returns whether somebody is listed as an administrator.
pub(super) fn is_administrator(id: PersonId, known: &Known) -> bool {
    known.community().is_some_and(|community| {
        community.people.iter().any(|person| person.id == id && person.role == Role::Administrator)
    })
}

fn undo(about: [u8; 8], known: &Known) -> Option<Countdown> {
    let until = known.roster.undo_until(about)?;
    Some(deadlines::countdown(UNDO, until, known.now.mono))
}
