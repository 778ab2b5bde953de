//! Entering a change into a community.

use health_code::limits::{CHECKPOINTS, PEOPLE};
use health_code::trust::Place;
use health_code::{Checkpoint, CheckpointId, Community, Directions, Person, PersonId, Role, secret};
use wire::report::RosterChange;

/// What became of a change, or why nothing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Applied {
    /// The community is another one now.
    Done,
    /// The community says so already.
    Already,
    /// The community has no such checkpoint or person: removed, most likely.
    NotThere,
    /// Another checkpoint has this name.
    Taken,
    /// The community has as many checkpoints or people as a file takes.
    Full,
    /// Nobody would be left who may change anything.
    LastAdministrator,
    /// No reader would take what it says.
    Unusable,
    /// It is about a policy, which is a file of its own.
    OtherFile,
}

impl Applied {
    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Returns whether the community now says what the change wants.
    #[must_use]
    pub fn holds(self) -> bool {
        matches!(self, Self::Done | Self::Already)
    }
}

/// Enters a change into a community. Entered twice it changes nothing more. Pure.
///
/// It does not ask who made the change: see [`crate::permitted`].
pub fn apply(community: &mut Community, change: &RosterChange) -> Applied {
    match change {
        RosterChange::CheckpointAdded { id, name, directions, place } => {
            let place = place.and_then(|place| Place::new(place.latitude, place.longitude));
            let directions = directions_of(*directions);
            add_checkpoint(
                community,
                Checkpoint { id: CheckpointId(*id), name: name.clone(), directions, place },
            )
        }
        RosterChange::CheckpointChanged { id, name, directions } => {
            change_checkpoint(community, CheckpointId(*id), name, directions_of(*directions))
        }
        RosterChange::CheckpointRemoved { id } => {
            let before = community.checkpoints.len();
            community.checkpoints.retain(|checkpoint| checkpoint.id.0 != *id);
            done_if(community.checkpoints.len() < before)
        }
        RosterChange::PersonAdded { id, masked_name, masked_phone, phc, .. }
        | RosterChange::PersonRestored { id, masked_name, masked_phone, phc, .. } => {
            let person = Person {
                id: PersonId(*id),
                masked_name: masked_name.clone(),
                masked_phone: masked_phone.clone(),
                pin_phc: phc.clone(),
                // No station makes an administrator.
                role: Role::Collector,
            };
            add_person(community, person)
        }
        RosterChange::PersonRemoved { id } => remove_person(community, PersonId(*id)),
        RosterChange::PinChanged { id, phc } => change_pin(community, PersonId(*id), phc),
        RosterChange::PolicyStricter { .. } => Applied::OtherFile,
    }
}

fn add_checkpoint(community: &mut Community, checkpoint: Checkpoint) -> Applied {
    if community.checkpoint(checkpoint.id).is_some() {
        return Applied::Already;
    }
    if is_taken(community, &checkpoint.name, checkpoint.id) {
        return Applied::Taken;
    }
    if community.checkpoints.len() >= CHECKPOINTS {
        return Applied::Full;
    }
    if !is_readable(community, Some(&checkpoint), None) {
        return Applied::Unusable;
    }
    community.checkpoints.push(checkpoint);
    Applied::Done
}

fn change_checkpoint(
    community: &mut Community,
    id: CheckpointId,
    name: &str,
    directions: Directions,
) -> Applied {
    let Some(current) = community.checkpoint(id) else { return Applied::NotThere };
    let changed = Checkpoint { name: name.to_owned(), directions, ..current.clone() };
    if *current == changed {
        return Applied::Already;
    }
    if is_taken(community, name, id) {
        return Applied::Taken;
    }
    if !is_readable(community, Some(&changed), None) {
        return Applied::Unusable;
    }
    let found = community.checkpoints.iter_mut().find(|checkpoint| checkpoint.id == id);
    found.map_or(Applied::NotThere, |checkpoint| {
        *checkpoint = changed;
        Applied::Done
    })
}

fn add_person(community: &mut Community, person: Person) -> Applied {
    if community.people.iter().any(|known| known.id == person.id) {
        return Applied::Already;
    }
    if community.people.len() >= PEOPLE {
        return Applied::Full;
    }
    if !is_readable(community, None, Some(&person)) {
        return Applied::Unusable;
    }
    community.people.push(person);
    Applied::Done
}

fn remove_person(community: &mut Community, id: PersonId) -> Applied {
    let administrators = || community.people.iter().filter(|person| person.role == Role::Administrator);
    if administrators().any(|person| person.id == id) && administrators().count() == 1 {
        return Applied::LastAdministrator;
    }
    let before = community.people.len();
    community.people.retain(|person| person.id != id);
    done_if(community.people.len() < before)
}

fn change_pin(community: &mut Community, id: PersonId, phc: &str) -> Applied {
    let Some(person) = community.people.iter_mut().find(|person| person.id == id) else {
        return Applied::NotThere;
    };
    if person.pin_phc == phc {
        return Applied::Already;
    }
    if !secret::is_bearable_hash(phc) {
        return Applied::Unusable;
    }
    phc.clone_into(&mut person.pin_phc);
    Applied::Done
}

fn done_if(changed: bool) -> Applied {
    if changed { Applied::Done } else { Applied::Already }
}

fn is_taken(community: &Community, name: &str, by_other_than: CheckpointId) -> bool {
    community.checkpoints.iter().any(|checkpoint| checkpoint.id != by_other_than && checkpoint.name == name)
}

/// Returns whether the strict reader of community files takes this checkpoint and this person.
fn is_readable(community: &Community, checkpoint: Option<&Checkpoint>, person: Option<&Person>) -> bool {
    let alone = Community {
        name: community.name.clone(),
        contact: community.contact.clone(),
        region: community.region.clone(),
        policies: Vec::new(),
        withdrawn: Vec::new(),
        checkpoints: checkpoint.cloned().into_iter().collect(),
        people: person.cloned().into_iter().collect(),
        ..*community
    };
    Community::read_unverified(&alone.to_payload()).is_ok()
}

fn directions_of(directions: wire::Directions) -> Directions {
    match directions {
        wire::Directions::Entry => Directions::Entry,
        wire::Directions::Exit => Directions::Exit,
        wire::Directions::Both => Directions::Both,
    }
}

#[cfg(test)]
mod tests;
