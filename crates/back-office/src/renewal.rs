//! Renewing the community files, by a region key that the root delegates to this office.
//!
//! The office signs a new file at half the soft life of the one in force. It signs one at once when a
//! change that people made at a station of that community was accepted, when an officer came or went, when
//! a station was withdrawn, or when root or list stop believing the file. The root says what the key may sign: files of communities in
//! its region, and policies of one community each. No station ever has such a key.

use std::collections::BTreeSet;

use health_code::limits::WITHDRAWN;
use health_code::{Community, Timestamp, TrustFault};
use roster::Applied;
use wire::report::RosterChange;

use crate::context::Context;
use crate::limits::CHANGES_AT_ONCE;
use crate::officers;
use crate::store::{Change, ChangeKey, ChangeRefusal, ChangeState, Considered, Officer};
use crate::stricter;
use crate::trust::{Signed, TrustError};

/// Renews the files of those communities where it is due and this office may.
///
/// # Errors
/// [`TrustError`]; the files in force stay in force.
pub async fn renew(context: &Context, now: Timestamp) -> Result<(), TrustError> {
    if !may_sign(context, now) {
        return Ok(());
    }
    let changes = context.store.accepted_changes(CHANGES_AT_ONCE).await?;
    let officers = context.store.officers().await?;
    let withdrawn = context.store.withdrawn().await?;
    let community_from = context.store.community_from().await?;
    let mut signed = Vec::new();
    for trust in context.trust.communities() {
        let current = trust.community();
        let region = &current.region;
        let Some(key) = context.keys.region(trust.root(), region) else { continue };
        let disbelieved = trust.fault_at(now) == Some(TrustFault::CommunityNotBelieved);
        let changes: Vec<_> = changes.iter().filter(|change| change.community == *region).cloned().collect();
        let withdrawn = withdrawn.iter().filter(|(_, of)| of == region).map(|(station, _)| station.0);
        let Some(renewal) = due(current, disbelieved, &changes, &officers, withdrawn, now) else { continue };
        let Renewal { mut community, entered } = renewal;
        // A restored office may have signed some after the copy, which stations have.
        community.version = community.version.max(community_from);
        let stricter: Vec<_> = changes.iter().map(|change| &change.change).filter(is_of_policy).collect();
        let tightened = (!stricter.is_empty())
            .then(|| stricter::tighten(&trust, &mut community, &stricter, key, now))
            .flatten();
        let (policy, said) = tightened.map_or((None, None), |(file, said)| (file, Some(said)));
        let entered = outcomes(entered, community.version, said);
        tracing::info!(%region, version = community.version, "the community file is renewed");
        let file = issuer::sign_community(&community, &[key]);
        signed.push(Signed { region: region.clone(), file, policy, entered });
    }
    publish(context, signed, now).await
}

/// Returns whether this office signs now. By a clock that is wrong nothing is signed: a file from the future
/// would hold up all others. Past the list's time it is wrong more likely than not, and nothing is judged
/// then anyway.
pub(crate) fn may_sign(context: &Context, now: Timestamp) -> bool {
    let trust = context.trust.trust();
    let wrong = matches!(trust.fault_at(now), Some(TrustFault::ClockWrong | TrustFault::ListExpired));
    !wrong && context.keys.receipt(trust.root(), now).is_ok()
}

/// Brings files into force together; or each alone, where one is refused.
async fn publish(context: &Context, signed: Vec<Signed>, now: Timestamp) -> Result<(), TrustError> {
    if signed.is_empty() {
        return Ok(());
    }
    match context.trust.publish(signed.clone(), now).await {
        Err(TrustError::Rejected(_)) if signed.len() > 1 => {
            let mut refused = Ok(());
            for one in signed {
                refused = refused.and(context.trust.publish(vec![one], now).await);
            }
            refused
        }
        published => published,
    }
}

/// A community file that is to follow the one in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// What is to be signed.
    pub community: Community,
    /// The changes that were considered, and what came of each. What does not fit the community any more
    /// changes nothing.
    pub entered: Vec<(ChangeKey, Applied)>,
}

/// Says what becomes of a change that was considered for the community file of this version.
fn considered(key: ChangeKey, applied: Applied, version: u64) -> Considered {
    let state = match applied {
        Applied::Done | Applied::Already => ChangeState::Entered { version },
        Applied::NotThere => ChangeState::Refused(ChangeRefusal::NotThere),
        Applied::Taken => ChangeState::Refused(ChangeRefusal::Taken),
        Applied::Full => ChangeState::Refused(ChangeRefusal::Full),
        Applied::LastAdministrator => ChangeState::Refused(ChangeRefusal::LastAdministrator),
        Applied::Unusable => ChangeState::Refused(ChangeRefusal::Unusable),
        Applied::OtherFile => ChangeState::Waits,
    };
    Considered { key, state }
}

/// Says what becomes of all changes that were considered. `policy` says of each that is about a policy, in
/// their order, whether the community's own may say so; where the office signs none, they wait.
fn outcomes(entered: Vec<(ChangeKey, Applied)>, version: u64, policy: Option<Vec<bool>>) -> Vec<Considered> {
    let mut said = policy.unwrap_or_default().into_iter();
    let outcome = |(key, applied)| {
        let applied = match applied {
            Applied::OtherFile => match said.next() {
                Some(true) => Applied::Done,
                Some(false) => Applied::Unusable,
                None => Applied::OtherFile,
            },
            of_community => of_community,
        };
        considered(key, applied, version)
    };
    entered.into_iter().map(outcome).collect()
}

fn is_of_policy(change: &&RosterChange) -> bool {
    matches!(change, RosterChange::PolicyStricter { .. })
}

/// Returns the file that follows, if one is due. One that root or list do not believe any more
/// (`disbelieved`) is followed at once. Pure.
///
/// A clock that is behind the file in force renews nothing: what it would sign were issued earlier.
#[must_use]
pub fn due(
    current: &Community,
    disbelieved: bool,
    changes: &[Change],
    officers: &[Officer],
    withdrawn: impl IntoIterator<Item = [u8; 16]>,
    now: Timestamp,
) -> Option<Renewal> {
    let half = current.soft_expiry.since(current.issued) / 2;
    let listed: BTreeSet<[u8; 16]> = current.withdrawn.iter().copied().collect();
    let all: BTreeSet<[u8; 16]> =
        withdrawn.into_iter().chain(listed.iter().copied()).take(WITHDRAWN).collect();
    let is_old = disbelieved || now >= current.issued.plus(half);
    let mut with_officers = current.clone();
    let left_out = officers::list(&mut with_officers, officers);
    let others = with_officers.people != current.people;
    if now <= current.issued || !(is_old || others || all != listed || !changes.is_empty()) {
        return None;
    }
    if left_out > 0 {
        tracing::error!(left_out, region = %current.region, "a community file is full: officers are not in it");
    }
    let mut community = Community {
        version: current.version.checked_add(1)?,
        issued: now,
        soft_expiry: now.plus(current.soft_expiry.since(current.issued)),
        hard_expiry: now.plus(current.hard_expiry.since(current.issued)),
        withdrawn: all.into_iter().collect(),
        ..current.clone()
    };
    let mut entered = Vec::with_capacity(changes.len());
    for change in changes {
        entered.push((change.key, roster::apply(&mut community, &change.change)));
    }
    // Last: no change at a station takes an officer out, or gives them another secret.
    officers::list(&mut community, officers);
    Some(Renewal { community, entered })
}

#[cfg(test)]
mod tests {
    use health_code::{Directions, Person, PersonId, Role};
    use sample::{DAY, Deployment, NOW, PHC};
    use wire::{RecordId, StationId};

    use super::*;

    fn community() -> Community {
        let mut community = Deployment::new().community;
        let collector = community.people[0].clone();
        community.people.push(Person { id: PersonId([9; 8]), role: Role::Administrator, ..collector });
        community
    }

    fn changes(changes: impl IntoIterator<Item = RosterChange>) -> Vec<Change> {
        let change = |(change, n): (RosterChange, u8)| Change {
            key: ChangeKey { station: StationId([1; 16]), record: RecordId([n; 16]) },
            community: sample::HERE.parse().unwrap(),
            at: NOW,
            by: [9; 8],
            change,
            state: ChangeState::Accepted,
        };
        changes.into_iter().zip(0..).map(change).collect()
    }

    #[test]
    fn a_community_is_renewed_at_half_its_soft_life_and_lives_as_long_again() {
        let current = community();
        let half = current.issued.plus(15 * DAY);
        assert_eq!(due(&current, false, &[], &[], [], half.plus(-1)), None);
        let Renewal { community, entered } = due(&current, false, &[], &[], [], half).unwrap();
        let expected = Community {
            version: current.version + 1,
            issued: half,
            soft_expiry: half.plus(30 * DAY),
            hard_expiry: half.plus(90 * DAY),
            ..current.clone()
        };
        assert_eq!((community, entered), (expected, vec![]));
        // One that is not believed any more is followed at once.
        assert_eq!(due(&current, true, &[], &[], [], NOW).unwrap().community.issued, NOW);
        // A clock behind the file in force signs nothing.
        assert_eq!(
            due(
                &current,
                false,
                &changes([RosterChange::PersonRemoved { id: [1; 8] }]),
                &[],
                [],
                current.issued
            ),
            None
        );
    }

    #[test]
    fn a_withdrawal_goes_in_at_once_and_stays() {
        let current = community();
        let renewed = due(&current, false, &[], &[], [[5; 16], [4; 16]], NOW).unwrap().community;
        assert_eq!(renewed.withdrawn, [[4; 16], [5; 16]]);
        assert_eq!(
            due(&renewed, false, &[], &[], [[5; 16]], NOW.plus(1)),
            None,
            "who was listed stays listed"
        );
    }

    #[test]
    fn changes_go_in_by_the_order_of_their_arrival() {
        let name = |name: &str| name.to_owned();
        let both = wire::Directions::Both;
        let phc = PHC.replace("t=3", "t=4");
        let added = |id: u8, name: &str| RosterChange::CheckpointAdded {
            id: [id; 8],
            name: name.to_owned(),
            directions: both,
            place: None,
        };
        let person = |id: u8, masked_phone: &str| RosterChange::PersonAdded {
            id: [id; 8],
            masked_name: "王*".to_owned(),
            masked_phone: masked_phone.to_owned(),
            phc: PHC.to_owned(),
            code: Vec::new(),
            phone: None,
        };
        let all = changes([
            added(6, "北门"),
            added(6, "again"),
            added(7, "北门"),
            RosterChange::CheckpointChanged {
                id: [6; 8],
                name: name("大门"),
                directions: wire::Directions::Exit,
            },
            RosterChange::CheckpointRemoved { id: [1; 8] },
            RosterChange::CheckpointChanged { id: [1; 8], name: name("back"), directions: both },
            person(8, "*******1234"),
            person(10, "no digits"),
            RosterChange::PinChanged { id: [8; 8], phc: phc.clone() },
            RosterChange::PinChanged { id: [8; 8], phc: name("$2b$cheap") },
            RosterChange::PersonRemoved { id: [1; 8] },
            // The last administrator stays.
            RosterChange::PersonRemoved { id: [9; 8] },
        ]);
        let Renewal { community, entered } = due(&community(), false, &all, &[], [], NOW).unwrap();
        let states: Vec<_> =
            entered.iter().map(|(key, applied)| considered(*key, *applied, 8).state.code()).collect();
        let expected = [
            "entered",
            "entered",
            "taken",
            "entered",
            "entered",
            "not-there",
            "entered",
            "unusable",
            "entered",
            "unusable",
            "entered",
            "last-administrator",
        ];
        assert_eq!(states, expected, "each was considered");
        let checkpoints: Vec<_> = community
            .checkpoints
            .iter()
            .map(|checkpoint| (checkpoint.id.0[0], checkpoint.name.as_str()))
            .collect();
        assert_eq!(checkpoints, [(6, "大门")]);
        assert_eq!(community.checkpoints[0].directions, Directions::Exit);
        let people: Vec<_> = community.people.iter().map(|person| (person.id.0[0], person.role)).collect();
        assert_eq!(people, [(9, Role::Administrator), (8, Role::Collector)]);
        assert_eq!(community.people[1].pin_phc, phc);
    }
}
