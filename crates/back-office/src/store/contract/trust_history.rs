//! Cases of [`TrustHistory`](crate::store::TrustHistory) and of the changes that enter a community.

use health_code::{PolicyHash, TrustFiles};
use wire::ClockState;
use wire::report::{Roster, RosterChange};

use super::{Database, NOW, accept, chain, claim, enrolled, open};
use crate::store::{Alert, AlertKind, ChangeState, Dropped, Filing, Outcome, TrustSet, TrustVersions};

/// Files that carry a number, so that sets are told apart.
fn files(n: u8) -> TrustFiles {
    // A chunk that all share, one of each, and none at all.
    let revocations: &[[u8; 8]] = &[[0; 8], [9, 0, 0, 0, 0, 0, 0, n], [9, 9, 0, 0, 0, 0, 0, n]];
    let revocations = if n == 1 { [].into() } else { revocations.as_flattened().into() };
    let policies = (0..n).map(|policy| vec![policy; 9]).collect();
    TrustFiles { root: vec![n], list: vec![n, 1], community: vec![n, 2], revocations, policies }
}

fn set(n: u8, list: u64, roots: &[(u64, Vec<u8>)]) -> TrustSet {
    TrustSet {
        versions: TrustVersions { root: n.into(), list, community: 1, policies: n.into() },
        files: files(n),
        roots: roots.to_vec(),
        entered: Vec::new(),
        dropped: Vec::new(),
    }
}

pub(super) async fn trust_files_are_found_by_name_list_and_moment(database: Database) {
    let store = &*database.open().await;
    assert_eq!(store.trust(None).await.unwrap(), None);
    assert_eq!(store.in_force_at(vec![NOW]).await.unwrap(), [None]);
    let sets = [
        set(1, 1, &[(1, vec![1])]),
        set(2, u64::MAX, &[]),
        set(3, u64::MAX, &[(1, vec![1]), (2, vec![7]), (3, vec![3])]),
    ];
    let mut before = None;
    for (set, after) in sets.iter().zip([0, 10, 20]) {
        assert!(store.bring_into_force(set.clone(), before, NOW.plus(after)).await.unwrap());
        before = Some(set.versions);
    }
    let mut roots = Vec::new();
    for version in [1, 2, 3, 4] {
        roots.push(store.root(version).await.unwrap());
    }
    assert_eq!(roots, [Some(vec![1]), Some(vec![7]), Some(vec![3]), None]);
    let [one, two, three] = sets.map(|set| set.versions);
    assert_eq!(store.trust(None).await.unwrap(), Some(files(3)));
    for (versions, n) in [(one, 1), (two, 2), (three, 3)] {
        assert_eq!(store.trust(Some(versions)).await.unwrap(), Some(files(n)));
    }
    assert_eq!(store.trust(Some(TrustVersions { policies: 9, ..one })).await.unwrap(), None);
    assert_eq!(store.sets_of_list(u64::MAX, 9).await.unwrap(), [three, two]);
    assert_eq!(store.sets_of_list(u64::MAX, 1).await.unwrap(), [three]);
    assert_eq!(store.sets_of_list(2, 9).await.unwrap(), []);
    let moments = [-5, 0, 9, 10, 99].map(|after| NOW.plus(after)).to_vec();
    let then = [one, one, one, two, three].map(Some);
    assert_eq!(store.in_force_at(moments).await.unwrap(), then);
}

pub(super) async fn a_clock_that_was_set_back_brings_no_older_set_back(database: Database) {
    let store = &*database.open().await;
    let mut before = None;
    for (n, after) in [(1, 0), (2, 1000), (3, 500)] {
        let set = set(n, n.into(), &[]);
        let versions = set.versions;
        assert!(store.bring_into_force(set, before, NOW.plus(after)).await.unwrap());
        before = Some(versions);
    }
    let moments = [499, 500, 1000, 9999].map(|after| NOW.plus(after)).to_vec();
    let then = [1, 3, 3, 3].map(|n| Some(set(n, n.into(), &[]).versions));
    assert_eq!(store.in_force_at(moments).await.unwrap(), then);
}

pub(super) async fn a_policy_is_kept_for_ever(database: Database) {
    let store = &*database.open().await;
    let mut before = None;
    for n in [3, 1] {
        let set = set(n, n.into(), &[]);
        let versions = set.versions;
        assert!(store.bring_into_force(set, before, NOW).await.unwrap());
        before = Some(versions);
    }
    // The set in force has one policy; those of the set before are here all the same.
    for policy in files(3).policies {
        assert_eq!(store.policy(PolicyHash::of(&policy)).await.unwrap(), Some(policy));
    }
    assert_eq!(store.policy(PolicyHash([7; 32])).await.unwrap(), None);
}

pub(super) async fn a_change_enters_one_community_file(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(2, [0; 32])).await;
    let outcomes = [ChangeState::Accepted, ChangeState::Waits].map(|state| {
        let change = RosterChange::CheckpointRemoved { id: [6; 8] };
        let roster = Roster { at: 1, clock: ClockState::Trusted, by: [2; 8], change };
        Outcome::Filed(Box::new(Filing::Roster { roster, state }))
    });
    store.settle(open(&claim(store, 2).await, outcomes), NOW).await.unwrap();
    let accepted = store.accepted_changes(10).await.unwrap();
    assert_eq!(accepted.len(), 1);
    let entered = vec![accepted[0].key];
    // A server that was too slow brings nothing into force, and nothing entered.
    let late = TrustSet { entered: entered.clone(), ..set(1, 1, &[]) };
    let other = Some(TrustVersions { root: 9, list: 9, community: 9, policies: 9 });
    assert!(!store.bring_into_force(late, other, NOW).await.unwrap());
    assert_eq!(store.accepted_changes(10).await.unwrap(), accepted);
    assert!(store.bring_into_force(TrustSet { entered, ..set(1, 1, &[]) }, None, NOW).await.unwrap());
    assert_eq!(store.accepted_changes(10).await.unwrap(), []);
    let states: Vec<_> =
        store.roster_changes(10).await.unwrap().iter().map(|change| change.state.code()).collect();
    assert_eq!(states, ["entered", "waits"]);
    // A set that drops it raises an alert, in the same transaction.
    let before = Some(set(1, 1, &[]).versions);
    let dropped = vec![Dropped { key: accepted[0].key, detail: "checkpoint 06".to_owned() }];
    let late = TrustSet { dropped: dropped.clone(), ..set(2, 2, &[]) };
    assert!(!store.bring_into_force(late.clone(), other, NOW).await.unwrap());
    assert_eq!(store.alerts(10).await.unwrap(), []);
    assert!(store.bring_into_force(late, before, NOW).await.unwrap());
    let alerts = store.alerts(10).await.unwrap();
    let alert = |alert: &Alert| (alert.kind, alert.record, alert.detail.clone());
    let expected = (AlertKind::Dropped, accepted[0].key.record, "checkpoint 06".to_owned());
    assert_eq!(alerts.iter().map(alert).collect::<Vec<_>>(), [expected]);
}

pub(super) async fn the_slower_of_two_servers_brings_nothing_into_force(database: Database) {
    let (one, other) = (database.open().await, database.open().await);
    let set = |list: u64| TrustSet {
        versions: TrustVersions { root: 1, list, community: 1, policies: 0 },
        files: TrustFiles { list: vec![u8::try_from(list).unwrap()], ..TrustFiles::default() },
        roots: vec![(1, vec![1])],
        entered: Vec::new(),
        dropped: Vec::new(),
    };
    assert_eq!(one.versions_in_force().await.unwrap(), None);
    assert!(one.bring_into_force(set(1), None, NOW).await.unwrap());
    assert!(!other.bring_into_force(set(1), None, NOW).await.unwrap());
    let in_force = other.versions_in_force().await.unwrap();
    assert_eq!(in_force, Some(set(1).versions));
    assert!(other.bring_into_force(set(3), in_force, NOW).await.unwrap());
    assert!(!one.bring_into_force(set(2), in_force, NOW).await.unwrap());
    assert_eq!(one.trust(None).await.unwrap(), Some(set(3).files));
}
