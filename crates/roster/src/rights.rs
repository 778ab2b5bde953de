//! Who may change what: one table for the gate, the window's layer and the office.
//!
//! | right | collector | administrator |
//! |---|---|---|
//! | add checkpoints | where the policy lets them | yes |
//! | rename and remove checkpoints | no | yes |
//! | add, restore and remove collectors | no | yes |
//! | set a collector's PIN | no | yes |
//! | make the policy stricter | no | yes |
//!
//! No station makes an administrator, removes one, or sets the secret of one, whoever asks: the office's
//! console does that.

use health_code::{Community, Person, PersonId, Policy, Role};
use wire::report::RosterChange;

/// What somebody may be allowed to do at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Right {
    /// Adding a checkpoint.
    AddCheckpoints,
    /// Giving a checkpoint another name or other directions.
    ChangeCheckpoints,
    /// Removing a checkpoint.
    RemoveCheckpoints,
    /// Adding a collector, or bringing back one whom they removed.
    AddPeople,
    /// Removing a collector.
    RemovePeople,
    /// Setting a collector's PIN.
    SetPins,
    /// Making the community's policy stricter.
    TightenPolicy,
}

impl Right {
    /// Returns the right that a change needs.
    #[must_use]
    pub fn of(change: &RosterChange) -> Self {
        match change {
            RosterChange::CheckpointAdded { .. } => Self::AddCheckpoints,
            RosterChange::CheckpointChanged { .. } => Self::ChangeCheckpoints,
            RosterChange::CheckpointRemoved { .. } => Self::RemoveCheckpoints,
            RosterChange::PersonAdded { .. } | RosterChange::PersonRestored { .. } => Self::AddPeople,
            RosterChange::PersonRemoved { .. } => Self::RemovePeople,
            RosterChange::PinChanged { .. } => Self::SetPins,
            RosterChange::PolicyStricter { .. } => Self::TightenPolicy,
        }
    }

    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Why somebody may not make a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Forbidden {
    /// The community does not list them.
    NotListed,
    /// Their role does not have the right.
    Role,
    /// It is about an administrator, whom no station changes.
    Administrator,
}

impl Forbidden {
    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Returns whether a role has a right. `policy` is the one in force; where there is none, what it would
/// have to allow is not allowed.
#[must_use]
pub fn has(role: Role, right: Right, policy: Option<&Policy>) -> bool {
    match role {
        Role::Administrator => true,
        Role::Collector => {
            right == Right::AddCheckpoints && policy.is_some_and(|policy| policy.collectors_add_checkpoints)
        }
    }
}

/// Returns whether a role may make a change, as far as the change itself says whom it is about.
#[must_use]
pub fn may(role: Role, change: &RosterChange, policy: Option<&Policy>) -> bool {
    has(role, Right::of(change), policy)
}

/// Decides whether somebody may make a change in a community.
///
/// # Errors
/// [`Forbidden`].
pub fn permitted(
    by: PersonId,
    change: &RosterChange,
    community: &Community,
    policy: Option<&Policy>,
) -> Result<(), Forbidden> {
    let role = |id| community.people.iter().find(|person| person.id == id).map(|Person { role, .. }| *role);
    let author = role(by).ok_or(Forbidden::NotListed)?;
    if !may(author, change, policy) {
        return Err(Forbidden::Role);
    }
    let about = match change {
        RosterChange::PersonRemoved { id } | RosterChange::PinChanged { id, .. } => role(PersonId(*id)),
        _ => None,
    };
    if about == Some(Role::Administrator) { Err(Forbidden::Administrator) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use sample::{Deployment, PHC};
    use strum::VariantArray as _;
    use wire::Directions;

    use super::*;

    #[test]
    fn the_table_is_this_one() {
        let open = Deployment::new().policy;
        let mut closed = open.clone();
        closed.collectors_add_checkpoints = false;
        for right in Right::VARIANTS {
            assert!(has(Role::Administrator, *right, None), "{}", right.code());
            let adds = *right == Right::AddCheckpoints;
            assert_eq!(has(Role::Collector, *right, Some(&open)), adds, "{}", right.code());
            assert!(!has(Role::Collector, *right, Some(&closed)), "{}", right.code());
            assert!(!has(Role::Collector, *right, None), "{}", right.code());
        }
    }

    #[test]
    fn a_change_needs_a_listed_author_with_the_right_and_is_about_no_administrator() {
        let mut community = Deployment::new().community;
        let policy = Deployment::new().policy;
        let collector = community.people[0].clone();
        let administrator = Person { id: PersonId([9; 8]), role: Role::Administrator, ..collector.clone() };
        let other = Person { id: PersonId([10; 8]), ..administrator.clone() };
        community.people.extend([administrator.clone(), other.clone()]);
        let added = RosterChange::CheckpointAdded {
            id: [5; 8],
            name: "北门".to_owned(),
            directions: Directions::Both,
            place: None,
        };
        let removed = |person: &Person| RosterChange::PersonRemoved { id: person.id.0 };
        let pin = |person: &Person| RosterChange::PinChanged { id: person.id.0, phc: PHC.to_owned() };
        for (by, change, expected) in [
            (PersonId([99; 8]), added.clone(), Err(Forbidden::NotListed)),
            (collector.id, added.clone(), Ok(())),
            (collector.id, RosterChange::CheckpointRemoved { id: [1; 8] }, Err(Forbidden::Role)),
            (collector.id, removed(&collector), Err(Forbidden::Role)),
            (administrator.id, added, Ok(())),
            (administrator.id, removed(&collector), Ok(())),
            (administrator.id, removed(&other), Err(Forbidden::Administrator)),
            (administrator.id, pin(&collector), Ok(())),
            (administrator.id, pin(&administrator), Err(Forbidden::Administrator)),
        ] {
            assert_eq!(permitted(by, &change, &community, Some(&policy)), expected, "{change:?}");
        }
        assert_eq!(Forbidden::NotListed.code(), "not-listed");
    }
}
