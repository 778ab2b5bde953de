//! Cases of [`TrustHistory`](crate::store::TrustHistory).

use health_code::TrustFiles;

use super::{Database, NOW};
use crate::store::{TrustSet, TrustVersions};

pub(super) async fn trust_files_are_found_by_version(database: Database) {
    let store = &*database.open();
    assert_eq!(store.trust(None).await.unwrap(), None);
    // A chunk that all share, one of each, and none at all.
    let files = |n: u8| {
        let revocations: &[[u8; 8]] = &[[0; 8], [9, 0, 0, 0, 0, 0, 0, n], [9, 9, 0, 0, 0, 0, 0, n]];
        let revocations = if n == 1 { [].into() } else { revocations.as_flattened().into() };
        TrustFiles {
            root: vec![n],
            list: vec![n, 1],
            community: vec![n, 2],
            revocations,
            policies: vec![vec![n, 3]],
        }
    };
    let set = |n: u8, list: u64, roots: &[(u64, Vec<u8>)]| TrustSet {
        versions: TrustVersions { root: n.into(), list, community: 1 },
        files: files(n),
        roots: roots.to_vec(),
    };
    let mut before = None;
    for set in [
        set(1, 1, &[(1, vec![1])]),
        set(2, u64::MAX, &[]),
        set(3, u64::MAX, &[(1, vec![1]), (2, vec![7]), (3, vec![3])]),
    ] {
        let versions = set.versions;
        assert!(store.bring_into_force(set, before, NOW).await.unwrap());
        before = Some(versions);
    }
    let mut roots = Vec::new();
    for version in [1, 2, 3, 4] {
        roots.push(store.root(version).await.unwrap());
    }
    assert_eq!(roots, [Some(vec![1]), Some(vec![7]), Some(vec![3]), None]);
    assert_eq!(store.trust(None).await.unwrap(), Some(files(3)));
    assert_eq!(store.trust(Some(1)).await.unwrap(), Some(files(1)));
    assert_eq!(store.trust(Some(u64::MAX)).await.unwrap(), Some(files(3)));
    assert_eq!(store.trust(Some(2)).await.unwrap(), None);
}

pub(super) async fn the_slower_of_two_servers_brings_nothing_into_force(database: Database) {
    let (one, other) = (database.open(), database.open());
    let set = |list: u64| TrustSet {
        versions: TrustVersions { root: 1, list, community: 1 },
        files: TrustFiles { list: vec![u8::try_from(list).unwrap()], ..TrustFiles::default() },
        roots: vec![(1, vec![1])],
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
