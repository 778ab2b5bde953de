//! Cases of [`TrustHistory`](crate::store::TrustHistory).
use health_code::{PolicyHash, Region, TrustFiles};

use super::{Database, NOW, here};
use crate::store::{CommunityFiles, Edition, SetName, SharedFiles, Store};

fn there() -> Region {
    "420106001002".parse().unwrap()
}

/// Shared files that carry a number, so that they are told apart.
fn shared(n: u8, list: u64) -> SharedFiles {
    // A chunk that all share, one of each, and none at all.
    let revocations: &[[u8; 8]] = &[[0; 8], [9, 0, 0, 0, 0, 0, 0, n], [9, 9, 0, 0, 0, 0, 0, n]];
    SharedFiles {
        root_version: n.into(),
        list_version: list,
        root: vec![n],
        list: vec![n, 1],
        revocations: if n == 1 { [].into() } else { revocations.as_flattened().into() },
        policies: (0..n).map(|policy| vec![policy; 9]).collect(),
    }
}

/// A community's files that carry a number.
pub(super) fn community(region: Region, n: u8) -> CommunityFiles {
    let policies = (0..n % 3).map(|policy| vec![policy; 20]).collect();
    CommunityFiles { region, version: n.into(), file: vec![n, 2], policies }
}

pub(super) fn edition(
    shared: Option<SharedFiles>,
    communities: impl IntoIterator<Item = CommunityFiles>,
) -> Edition {
    Edition { shared, communities: communities.into_iter().collect(), ..Edition::default() }
}

/// The first edition: shared files and one community, all with the number 1.
pub(super) fn first() -> Edition {
    edition(Some(shared(1, 1)), [community(here(), 1)])
}

async fn bring(store: &dyn Store, editions: impl IntoIterator<Item = (Edition, i64)>) {
    for (edition, after) in editions {
        let before = store.edition().await.unwrap();
        assert!(store.bring_into_force(edition, before, NOW.plus(after)).await.unwrap());
        assert_eq!(store.edition().await.unwrap(), before + 1);
    }
}

fn name(shared: u64, community: u64) -> SetName {
    SetName { shared, community }
}

pub(super) async fn editions_are_read_whole_or_from_one_on(database: Database) {
    let store = &*database.open().await;
    assert_eq!(store.edition().await.unwrap(), 0);
    assert_eq!(store.shared(0).await.unwrap(), None);
    assert_eq!(store.communities(0).await.unwrap(), []);
    assert_eq!(store.first_community().await.unwrap(), None);
    let (one, two) = (community(there(), 1), community(here(), 2));
    let editions = [
        (edition(Some(shared(1, 1)), [one.clone()]), 0),
        (edition(None, [two.clone()]), 1),
        (edition(Some(shared(2, 2)), []), 2),
        (edition(Some(shared(3, 2)), [community(there(), 3)]), 3),
    ];
    bring(store, editions).await;
    let store = &*database.open().await;
    assert_eq!(store.shared(0).await.unwrap(), Some((4, shared(3, 2))));
    assert_eq!(store.shared(3).await.unwrap(), Some((4, shared(3, 2))));
    assert_eq!(store.shared(4).await.unwrap(), None);
    let three = community(there(), 3);
    assert_eq!(store.communities(0).await.unwrap(), [(2, two), (4, three.clone())]);
    assert_eq!(store.communities(2).await.unwrap(), [(4, three)]);
    assert_eq!(store.communities(4).await.unwrap(), []);
    assert_eq!(store.first_community().await.unwrap(), Some(there()), "not the one with the lower code");
}

pub(super) async fn trust_files_are_found_by_name_list_and_moment(database: Database) {
    let store = &*database.open().await;
    assert_eq!(store.in_force_at(vec![(here(), NOW)]).await.unwrap(), [None]);
    let editions = [
        (Edition { roots: vec![(1, vec![1])], ..first() }, 0),
        (edition(None, [community(here(), 2)]), 10),
        (edition(Some(shared(2, u64::MAX)), [community(there(), 3)]), 20),
        (edition(None, [community(here(), 4), community(there(), 5)]), 30),
        (
            Edition {
                roots: vec![(1, vec![1]), (2, vec![7]), (3, vec![3])],
                ..edition(Some(shared(3, u64::MAX)), [])
            },
            40,
        ),
    ];
    bring(store, editions).await;
    let mut roots = Vec::new();
    for version in [1, 2, 3, 4] {
        roots.push(store.root(version).await.unwrap());
    }
    assert_eq!(roots, [Some(vec![1]), Some(vec![7]), Some(vec![3]), None]);
    let found = store.trust(&here(), name(3, 4)).await.unwrap();
    assert_eq!(found, Some(shared(2, u64::MAX).with(community(here(), 4))));
    let TrustFiles { policies, community: file, .. } = found.unwrap();
    assert!(policies.is_sorted_by_key(|policy| PolicyHash::of(policy)));
    assert_eq!((policies.len(), file), (3, vec![4, 2]));
    for missing in [name(2, 4), name(3, 3), name(9, 9)] {
        assert_eq!(store.trust(&here(), missing).await.unwrap(), None, "{missing:?}");
    }
    // Those files of a community count that were in force together with the list.
    let of = async |community, list, limit| store.sets_of_list(&community, list, limit).await.unwrap();
    assert_eq!(of(here(), 1, 9).await, [name(1, 2), name(1, 1)]);
    assert_eq!(of(here(), u64::MAX, 9).await, [name(5, 4), name(3, 4), name(3, 2)]);
    assert_eq!(of(here(), u64::MAX, 1).await, [name(5, 4)]);
    assert_eq!(of(there(), u64::MAX, 9).await, [name(5, 4), name(3, 4), name(3, 3)]);
    assert_eq!(of(there(), 1, 9).await, []);
    assert_eq!(of(here(), 2, 9).await, []);
    let at = [-5, 0, 9, 10, 20, 30, 99].map(|after| (here(), NOW.plus(after)));
    let then = [name(1, 1), name(1, 1), name(1, 1), name(1, 2), name(3, 2), name(3, 4), name(5, 4)];
    assert_eq!(store.in_force_at(at.to_vec()).await.unwrap(), then.map(Some));
    let elsewhere = "420106001003".parse().unwrap();
    let at = vec![(there(), NOW), (elsewhere, NOW), (there(), NOW.plus(30))];
    assert_eq!(store.in_force_at(at).await.unwrap(), [Some(name(1, 3)), None, Some(name(3, 4))]);
}

pub(super) async fn a_clock_that_was_set_back_brings_no_older_set_back(database: Database) {
    let store = &*database.open().await;
    let later = |n| edition(Some(shared(n, n.into())), [community(here(), n)]);
    bring(store, [(first(), 0), (later(2), 1000), (later(3), 500)]).await;
    let moments = [499, 500, 1000, 9999].map(|after| (here(), NOW.plus(after))).to_vec();
    let then = [1, 3, 3, 3].map(|n| Some(name(n, n)));
    assert_eq!(store.in_force_at(moments).await.unwrap(), then);
}

pub(super) async fn a_policy_is_kept_for_ever(database: Database) {
    let store = &*database.open().await;
    let begun = edition(Some(shared(3, 3)), [community(here(), 2)]);
    bring(store, [(begun, 0), (edition(Some(shared(1, 4)), [community(here(), 3)]), 1)]).await;
    // The sets in force have fewer policies; those of the sets before are here all the same.
    for policy in shared(3, 3).policies.into_iter().chain(community(here(), 2).policies) {
        assert_eq!(store.policy(PolicyHash::of(&policy)).await.unwrap(), Some(policy));
    }
    assert_eq!(store.policy(PolicyHash([7; 32])).await.unwrap(), None);
}

pub(super) async fn the_slower_of_two_servers_brings_nothing_into_force(database: Database) {
    let (one, other) = (database.open().await, database.open().await);
    assert!(one.bring_into_force(first(), 0, NOW).await.unwrap());
    assert!(!other.bring_into_force(first(), 0, NOW).await.unwrap());
    assert_eq!(other.edition().await.unwrap(), 1);
    let next = |n| edition(Some(shared(n, n.into())), [community(here(), n)]);
    assert!(other.bring_into_force(next(3), 1, NOW).await.unwrap());
    assert!(!one.bring_into_force(next(2), 1, NOW).await.unwrap());
    assert_eq!(one.shared(0).await.unwrap(), Some((2, shared(3, 3))));
    assert_eq!(one.communities(0).await.unwrap(), [(2, community(here(), 3))]);
}
