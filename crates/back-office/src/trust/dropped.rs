//! What a publisher's community file drops of what the office had entered.
//!
//! A publisher makes the next community from their own papers. They may not know of what people changed
//! at stations since, and of the stations that the office has withdrawn.

use health_code::Community;
use wire::report::RosterChange;
use wire::{RecordId, hex};

use crate::store::{Change, ChangeKey, ChangeState, Dropped, Station};

/// Returns the changes that had entered `held`, and the withdrawals in it, that `next` does not hold. Pure.
pub(super) fn between(
    held: &Community,
    next: &Community,
    changes: &[Change],
    stations: &[Station],
) -> Vec<Dropped> {
    let version = next.version;
    let entered = changes.iter().filter(|change| matches!(change.state, ChangeState::Entered { .. }));
    let changes =
        entered.filter(|change| holds(held, &change.change) && !holds(next, &change.change)).map(|change| {
            let detail = format!("community {version} of the publisher drops: {}", named(&change.change));
            Dropped { key: change.key, detail }
        });
    let undone = stations
        .iter()
        .filter(|station| held.withdrawn.contains(&station.id.0) && !next.withdrawn.contains(&station.id.0))
        .map(|station| {
            let id = hex::encode(&station.id.0);
            let detail = format!("community {version} of the publisher drops: station {id} withdrawn");
            Dropped { key: ChangeKey { station: station.id, record: RecordId([0; 16]) }, detail }
        });
    changes.chain(undone).collect()
}

/// Returns whether a community shows a change. What the change is about may be gone: that is another
/// change, and this one is not undone by it.
fn holds(community: &Community, change: &RosterChange) -> bool {
    let has_checkpoint = |id| community.checkpoints.iter().any(|checkpoint| checkpoint.id.0 == id);
    let has_person = |id| community.people.iter().any(|person| person.id.0 == id);
    match change {
        RosterChange::CheckpointAdded { id, .. } => has_checkpoint(*id),
        RosterChange::CheckpointChanged { id, name, directions } => {
            let found = community.checkpoints.iter().find(|checkpoint| checkpoint.id.0 == *id);
            found.is_none_or(|found| found.name == *name && wire_directions(found.directions) == *directions)
        }
        RosterChange::CheckpointRemoved { id } => !has_checkpoint(*id),
        RosterChange::PersonAdded { id, .. } | RosterChange::PersonRestored { id, .. } => has_person(*id),
        RosterChange::PersonRemoved { id } => !has_person(*id),
        RosterChange::PinChanged { id, phc } => {
            let found = community.people.iter().find(|person| person.id.0 == *id);
            found.is_none_or(|found| found.pin_phc == *phc)
        }
        // It enters no community.
        RosterChange::PolicyStricter { .. } => true,
    }
}

fn wire_directions(directions: health_code::Directions) -> wire::Directions {
    match directions {
        health_code::Directions::Entry => wire::Directions::Entry,
        health_code::Directions::Exit => wire::Directions::Exit,
        health_code::Directions::Both => wire::Directions::Both,
    }
}

/// Names a change by its id: no name of a person, and no secret's hash.
fn named(change: &RosterChange) -> String {
    let (what, id) = match change {
        RosterChange::CheckpointAdded { id, .. } => ("checkpoint", id),
        RosterChange::CheckpointChanged { id, .. } => ("another name or direction of checkpoint", id),
        RosterChange::CheckpointRemoved { id } => ("the removal of checkpoint", id),
        RosterChange::PersonAdded { id, .. } => ("person", id),
        RosterChange::PersonRestored { id, .. } => ("the return of person", id),
        RosterChange::PersonRemoved { id } => ("the removal of person", id),
        RosterChange::PinChanged { id, .. } => ("another secret of person", id),
        RosterChange::PolicyStricter { .. } => return "a stricter policy".to_owned(),
    };
    format!("{what} {}", hex::encode(id))
}

#[cfg(test)]
mod tests {
    use sample::{Deployment, HERE, NOW, PHC};
    use wire::StationId;

    use super::*;
    use crate::renewal::due;

    fn change(n: u8, state: ChangeState, change: RosterChange) -> Change {
        let key = ChangeKey { station: StationId([1; 16]), record: RecordId([n; 16]) };
        Change { key, community: HERE.parse().unwrap(), at: NOW, by: [9; 8], change, state }
    }

    fn all(state: ChangeState) -> Vec<Change> {
        let both = wire::Directions::Both;
        let name = "北门".to_owned();
        let added =
            RosterChange::CheckpointAdded { id: [6; 8], name: name.clone(), directions: both, place: None };
        let person = RosterChange::PersonAdded {
            id: [8; 8],
            masked_name: "王*".to_owned(),
            masked_phone: "*******1234".to_owned(),
            phc: PHC.to_owned(),
            code: Vec::new(),
            phone: None,
        };
        let first = Deployment::new().community.people[0].id.0;
        let phc = PHC.replace("t=3", "t=4");
        let changes = [
            added,
            RosterChange::CheckpointRemoved { id: [1; 8] },
            person,
            RosterChange::PinChanged { id: first, phc },
        ];
        changes.into_iter().zip(0..).map(|(what, n)| change(n, state, what)).collect()
    }

    #[test]
    fn each_change_and_withdrawal_that_the_next_community_lacks_is_named() {
        let published = Deployment::new().community;
        let station = |n: u8| Station {
            id: StationId([n; 16]),
            key: [n; 32],
            sealing: [n; 32],
            name: String::new(),
            community: HERE.parse().unwrap(),
            enrolled: NOW,
            withdrawn: Some(NOW),
            told: None,
            last_seen: None,
            about: None,
        };
        let stations = [station(4), station(5)];
        let accepted = all(ChangeState::Accepted);
        let held = due(&published, false, &accepted, &[], [[4; 16]], NOW).unwrap().community;
        let entered = all(ChangeState::Entered { version: 1 });
        let next = Community { version: held.version + 1, ..published };
        let dropped = between(&held, &next, &entered, &stations);
        let details: Vec<_> =
            dropped.iter().map(|dropped| dropped.detail.split(": ").last().unwrap().to_owned()).collect();
        let first = hex::encode(&next.people[0].id.0);
        assert_eq!(
            details,
            [
                "checkpoint 0606060606060606".to_owned(),
                "the removal of checkpoint 0101010101010101".to_owned(),
                "person 0808080808080808".to_owned(),
                format!("another secret of person {first}"),
                format!("station {} withdrawn", "04".repeat(16)),
            ]
        );
        assert_eq!(dropped[4].key.record, RecordId([0; 16]));
        // A file that holds them, and changes that never entered, raise nothing.
        assert_eq!(between(&held, &held, &entered, &stations), []);
        assert_eq!(between(&held, &next, &accepted, &[]), []);
    }
}
