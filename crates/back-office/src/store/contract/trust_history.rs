//! Cases of [`TrustHistory`](crate::store::TrustHistory).

use health_code::{PolicyHash, TrustFiles};

use super::{Database, NOW};
use crate::store::{TrustSet, TrustVersions};

/// Files that carry a number, so that sets are told apart.
fn files(n: u8) -> TrustFiles {
    // A chunk that all share, one of each, and none at all.
    let revocations: &[[u8; 8]] = &[[0; 8], [9, 0, 0, 0, 0, 0, 0, n], [9, 9, 0, 0, 0, 0, 0, n]];
    let revocations = if n == 1 { [].into() } else { revocations.as_flattened().into() };
    let policies = (0..n).map(|policy| vec![policy; 9]).collect();
    TrustFiles { root: vec![n], list: vec![n, 1], community: vec![n, 2], revocations, policies }
}

pub(super) fn set(n: u8, list: u64, roots: &[(u64, Vec<u8>)]) -> TrustSet {
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
