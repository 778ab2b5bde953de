//! What the office knows, as far as the reports at hand name it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use health_code::{CheckpointId, PersonId, Region, Role, Timestamp, Trust, UnverifiedCode};
use wire::report::{Roster, RosterChange};
use wire::{Direction, Directions, RecordId, StationId};

use crate::store::{Change, ChangeKey, ChangeRefusal, ChangeState};

/// What the office knows of each community, and which station belongs to which.
#[derive(Default)]
pub(super) struct Communities {
    /// The community of each station.
    pub of: BTreeMap<StationId, Region>,
    /// What is known of each community.
    pub known: BTreeMap<Region, Known>,
}

impl Communities {
    /// Returns what is known of a station's community.
    pub fn of(&self, station: StationId) -> Option<&Known> {
        self.known.get(self.of.get(&station)?)
    }

    /// Takes note of what just became of a change: one that was accepted counts in its station's community from now
    /// on.
    pub fn hear(&mut self, key: ChangeKey, roster: &Roster, state: ChangeState) {
        let known = self.of.get(&key.station).and_then(|community| self.known.get_mut(community));
        match (known, state) {
            (Some(known), ChangeState::Accepted) => known.accept(key, roster),
            (Some(known), state) => known.hear(key, roster, state),
            (None, _) => {}
        }
    }
}

/// What opened reports of one community are compared with.
pub(super) struct Known {
    /// The sets of trust files by the version of their list, the latest first.
    pub by_list: BTreeMap<u64, Vec<Arc<Trust>>>,
    /// The set that was in force at each moment that matters.
    pub at: BTreeMap<Timestamp, Arc<Trust>>,
    /// The set in force.
    pub now: Arc<Trust>,
    /// Checkpoints that stations added or changed, as no community file has them yet.
    pub added: BTreeMap<[u8; 8], Directions>,
    /// People whom stations added, and who are in no community file yet.
    pub added_people: BTreeSet<[u8; 8]>,
    /// Changes, in any state, about those who made the changes at hand and about whom they restore. Where they add
    /// somebody, also about everybody in the community; and about those who stood at a gate and are in none.
    pub about: Vec<Change>,
}

impl Known {
    /// Returns what is known of a community by its trust in force alone.
    pub fn now(trust: Arc<Trust>) -> Self {
        Self {
            by_list: BTreeMap::new(),
            at: BTreeMap::new(),
            now: trust,
            added: BTreeMap::new(),
            added_people: BTreeSet::new(),
            about: Vec::new(),
        }
    }

    /// Returns the set that was in force at a moment.
    pub fn then(&self, moment: Timestamp) -> &Trust {
        self.at.get(&moment).unwrap_or(&self.now)
    }

    /// Returns whether somebody is in the community of that moment or in that of now, or was added by a
    /// report; also by one that was refused because they are there already, under another id. Their laptop let them
    /// work until it heard that.
    pub fn has_person(&self, id: [u8; 8], then: Timestamp) -> bool {
        let communities = [self.then(then), &*self.now].map(Trust::community);
        let mut people = communities.into_iter().flat_map(|community| &community.people);
        let added_twice = |change: &Change| {
            let taken = change.state == ChangeState::Refused(ChangeRefusal::Taken);
            taken && matches!(change.change, RosterChange::PersonAdded { .. })
        };
        people.any(|person| person.id == PersonId(id))
            || self.added_people.contains(&id)
            || self.about(id).any(added_twice)
    }

    /// Returns whether people may pass a checkpoint in this direction: by the community of that moment, by
    /// that of now, or by a report that added it. `None` where nobody knows the checkpoint.
    pub fn may_pass(&self, id: [u8; 8], direction: Direction, then: Timestamp) -> Option<bool> {
        let communities = [self.then(then), &*self.now].map(Trust::community);
        let listed = communities.into_iter().filter_map(|community| community.checkpoint(CheckpointId(id)));
        let directions = listed.filter_map(|checkpoint| Directions::from_repr(checkpoint.directions.bits()));
        let known: Vec<Directions> = directions.chain(self.added.get(&id).copied()).collect();
        (!known.is_empty()).then(|| known.iter().any(|directions| directions.allows(direction)))
    }

    /// Returns whether an accepted report added this collector, and the community of this set is too old to
    /// list them.
    pub fn was_added(&self, id: [u8; 8], trust: &Trust) -> bool {
        self.about(id).any(|change| {
            let adds = matches!(
                change.change,
                RosterChange::PersonAdded { .. } | RosterChange::PersonRestored { .. }
            );
            adds && match change.state {
                ChangeState::Accepted => true,
                ChangeState::Entered { version } => trust.community().version < version,
                ChangeState::Waits | ChangeState::Refused(_) => false,
            }
        })
    }

    /// Returns whether a collector may return whom this report removed: they were one, and no other report
    /// removed them as well. A removal wins.
    pub fn may_return(&self, id: [u8; 8], removal: ChangeKey) -> bool {
        let counting = || self.about(id).filter(|change| change.state.counts());
        let undone: Vec<ChangeKey> = counting()
            .filter_map(|change| match change.change {
                RosterChange::PersonRestored { removal, .. } => {
                    Some(ChangeKey { record: removal, ..change.key })
                }
                _ => None,
            })
            .collect();
        let removals =
            || counting().filter(|change| matches!(change.change, RosterChange::PersonRemoved { .. }));
        let Some(own) = removals().find(|change| change.key == removal) else { return false };
        let standing = removals().filter(|change| !undone.contains(&change.key)).count();
        let added = || counting().any(|change| matches!(change.change, RosterChange::PersonAdded { .. }));
        let listed = [self.then(own.at), &*self.now].map(Trust::community).into_iter().any(|community| {
            let mut people = community.people.iter();
            people.any(|person| person.id.0 == id && person.role == Role::Collector)
        });
        standing == 1 && !undone.contains(&removal) && (added() || listed)
    }

    /// Returns whether the community has the person already who is to be added, under another id: two administrators
    /// scanned one person while neither heard of the other. They are one if both showed codes of one holder (issuer and
    /// pseudonym, which stays for a month), or have one phone number and one masked name.
    pub fn has_holder(&self, added: &RosterChange) -> bool {
        let RosterChange::PersonAdded { id, masked_name, code, phone, .. } = added else { return false };
        let holder = self.holder(code);
        self.about.iter().filter(|change| change.state.counts()).any(|other| match &other.change {
            RosterChange::PersonAdded { id: had, masked_name: name, code: shown, phone: number, .. } => {
                let same_phone = phone.is_some() && phone == number && masked_name == name;
                had != id
                    && self.stays(*had)
                    && (same_phone || (holder.is_some() && holder == self.holder(shown)))
            }
            _ => false,
        })
    }

    /// Returns whose a code is: its issuer and pseudonym. Whether it was good at its moment was checked when it came.
    fn holder(&self, code: &[u8]) -> Option<(String, [u8; 16])> {
        let code = UnverifiedCode::from_cose(code).ok()?;
        let authentic = self.now.authenticate(&code, &self.now.community().region).ok()?;
        let claims = authentic.claims();
        Some((claims.iss.clone(), claims.pseudonym))
    }

    /// Returns whether somebody is listed, or is to be, and no removal that counts stands against them.
    fn stays(&self, id: [u8; 8]) -> bool {
        let listed = self.now.community().people.iter().any(|person| person.id.0 == id);
        let counting = || self.about(id).filter(|change| change.state.counts());
        let undone: Vec<RecordId> = counting()
            .filter_map(|change| match change.change {
                RosterChange::PersonRestored { removal, .. } => Some(removal),
                _ => None,
            })
            .collect();
        let leaves = counting().any(|change| {
            matches!(change.change, RosterChange::PersonRemoved { .. })
                && !undone.contains(&change.key.record)
        });
        let comes = counting().any(|change| change.state == ChangeState::Accepted);
        (listed || comes) && !leaves
    }

    fn about(&self, id: [u8; 8]) -> impl Iterator<Item = &Change> {
        self.about.iter().filter(move |change| change.change.subject() == Some(id))
    }

    /// Takes note of a change that was just accepted.
    pub fn accept(&mut self, key: ChangeKey, roster: &Roster) {
        self.take(&roster.change);
        self.hear(key, roster, ChangeState::Accepted);
    }

    /// Takes note of what just became of a change.
    pub fn hear(&mut self, key: ChangeKey, roster: &Roster, state: ChangeState) {
        self.about.push(Change {
            key,
            community: self.now.community().region.clone(),
            at: Timestamp(roster.at),
            by: roster.by,
            change: roster.change.clone(),
            state,
        });
    }

    /// Takes note of a change that counts from now on.
    pub fn take(&mut self, change: &RosterChange) {
        match change {
            RosterChange::CheckpointAdded { id, directions, .. }
            | RosterChange::CheckpointChanged { id, directions, .. } => {
                self.added.insert(*id, *directions);
            }
            RosterChange::PersonAdded { id, .. } | RosterChange::PersonRestored { id, .. } => {
                self.added_people.insert(*id);
            }
            _ => {}
        }
    }
}
