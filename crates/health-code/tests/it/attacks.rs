//! The attacks that TUF names (specification 1.0, §1.5.2), and those on communities, each against these files.

use health_code::trust::{BelievedFrom, COMMUNITY_AAD, Grants, LIST_AAD, RegionKey, Revocations, TrustFile};
use health_code::{Freshness, Rejection, Root, Trust, TrustFault, TrustFiles, TrustUpdate};

use crate::world::*;

/// A publisher and a region key of the second root.
const PUBLISHER_2: u8 = 60;
pub const REGION_2: u8 = 61;

fn only_list(list: Vec<u8>) -> TrustUpdate {
    TrustUpdate { list: Some(list), ..TrustUpdate::default() }
}

pub fn only_community(community: Vec<u8>) -> TrustUpdate {
    TrustUpdate { community: Some(community), ..TrustUpdate::default() }
}

pub fn sign_root(root: &Root) -> Vec<u8> {
    issuer::sign_root(root, &[&key(ROOT[0]), &key(ROOT[1])])
}

pub fn region_key(digits: &str, seed: u8) -> RegionKey {
    let (pair, grants) = (key(seed), Grants::ALL);
    RegionKey { region: region(digits), kid: pair.kid(), key: pair.public().clone(), grants }
}

/// The world after a rotation of the publisher's and the region's key, with low versions.
fn rotated() -> World {
    let mut world = World::new();
    (world.root.version, world.root.issued) = (2, NOW);
    world.root.publisher = role_keys(&[PUBLISHER_2], 1);
    world.root.regions[1] = region_key("4201", REGION_2);
    (world.list.version, world.list.root_epoch) = (8, 2);
    world.community.version += 1;
    world
}

fn rotation() -> TrustUpdate {
    let world = rotated();
    TrustUpdate {
        roots: vec![sign_root(&world.root)],
        list: Some(issuer::sign_list(&world.named_list(), &[&key(PUBLISHER_2)])),
        community: Some(issuer::sign_community(&world.community, &[&key(REGION_2)])),
        revocations: None,
        policies: Vec::new(),
    }
}

#[test]
fn rollback_attack() {
    let world = World::new();
    let mut newer = world.clone();
    newer.list.version += 1;
    newer.community.version += 1;
    let files = newer.files();
    let update =
        TrustUpdate { list: Some(files.list), community: Some(files.community), ..TrustUpdate::default() };
    let trust = world.trust().update(&update, NOW).unwrap();
    for old in [only_list(world.files().list), only_community(world.files().community)] {
        assert!(matches!(trust.update(&old, NOW), Err(Rejection::Rollback { .. })));
    }
    // Not by a new root, either, where the same keys go on.
    let mut root = world.clone();
    (root.root.version, root.root.issued, root.list.root_epoch) = (2, NOW, 2);
    let with_root = TrustUpdate {
        roots: vec![sign_root(&root.root)],
        list: Some(root.files().list),
        ..TrustUpdate::default()
    };
    let rejected = Err(Rejection::Rollback { file: TrustFile::List, stored: 8, offered: 7 });
    assert_eq!(trust.update(&with_root, NOW), rejected);
}

#[test]
fn fast_forward_attack() {
    // Who had the keys once has put versions in force that no honest file can follow.
    let mut stolen = World::new();
    (stolen.list.version, stolen.community.version) = (u64::MAX, u64::MAX);
    let files = stolen.files();
    let update =
        TrustUpdate { list: Some(files.list), community: Some(files.community), ..TrustUpdate::default() };
    let trust = World::new().trust().update(&update, NOW).unwrap();
    // A root that withdraws the keys ends it: versions count among files that its keys vouch for.
    let after = trust.update(&rotation(), NOW).unwrap();
    assert_eq!((after.list().version, after.root().version), (8, 2));
    assert_eq!(after.community().version, rotated().community.version);
    // And the thief's files are no longer taken.
    let back = only_list(trust.files().list.clone());
    assert!(matches!(after.update(&back, NOW), Err(Rejection::Threshold { held: 0, .. })));
}

#[test]
fn freeze_attack() {
    // Who keeps newer files away gains what the hard expiry allows, and not a second more.
    let trust = World::new().trust();
    let same = only_list(trust.files().list.clone());
    let over = trust.list().hard_expiry;
    assert_eq!(trust.update(&same, over.plus(-1)).unwrap().freshness(over.plus(-1)), Freshness::Old);
    assert_eq!(trust.update(&same, over).unwrap().freshness(over), Freshness::Expired);
    // Another station that was away longer is not given it any more.
    let mut older = World::new();
    older.list.version = 6;
    let rejected = older.trust().update(&same, over);
    assert_eq!(rejected, Err(Rejection::Expired { file: TrustFile::List, at: over }));
}

#[test]
fn mix_and_match_attack() {
    let trust = World::new().trust();
    // A list of the next root without that root, and that root without its list.
    let alone = TrustUpdate { roots: Vec::new(), ..rotation() };
    assert!(trust.update(&alone, NOW).is_err());
    let alone = TrustUpdate { list: None, ..rotation() };
    assert!(trust.update(&alone, NOW).is_err());
    // Revocations of another day than the list's: none of them, some of them, more than them.
    let mut world = World::new();
    world.revoke([[1; 8], [2; 8]]);
    world.list.version += 1;
    let listed = |entries: &[[u8; 8]]| TrustUpdate {
        revocations: Some(entries.as_flattened().into()),
        ..only_list(world.files().list)
    };
    for other in [&[][..], &[[1; 8]], &[[1; 8], [2; 8], [3; 8]], &[[1; 8], [4; 8]]] {
        assert_eq!(trust.update(&listed(other), NOW), Err(Rejection::OtherRevocations));
    }
    let after = trust.update(&listed(&[[1; 8], [2; 8]]), NOW).unwrap();
    assert_eq!(after.revocations(), &world.revocations);
    // Nor may they go with the next list unless it names them.
    let mut next = world.clone();
    next.list.version += 1;
    next.list.revocations = Revocations::new([9; 16], []).index().clone();
    assert_eq!(after.update(&only_list(next.files().list), NOW), Err(Rejection::OtherRevocations));
    // And files of two deployments never mix.
    let mut other = World::new();
    other.root.issued = NOW.plus(-1);
    let files = TrustFiles { root: other.files().root, ..World::new().files() };
    assert_eq!(Trust::open(files, &trust.pin()), Err(Rejection::WrongRoot));
}

#[test]
fn wrong_role_attack() {
    let world = World::new();
    let trust = world.trust();
    let (mut list, mut community) = (world.named_list(), world.community.clone());
    (list.version, community.version) = (8, community.version + 1);
    let nobody = |file| Err(Rejection::Threshold { file, held: 0, needed: 1 });
    for seed in [ROOT[0], REGION, HUBEI] {
        let file = only_list(issuer::sign_list(&list, &[&key(seed)]));
        assert_eq!(trust.update(&file, NOW), nobody(TrustFile::List));
    }
    for seed in [ROOT[0], PUBLISHER, HUBEI] {
        let file = only_community(issuer::sign_community(&community, &[&key(seed)]));
        assert_eq!(trust.update(&file, NOW), nobody(TrustFile::Community));
    }
    // The right key for another purpose.
    let file = issuer::sign_file(list.to_payload(), COMMUNITY_AAD, &[&key(PUBLISHER)]);
    assert_eq!(trust.update(&only_list(file), NOW), nobody(TrustFile::List));
    let file = issuer::sign_file(community.to_payload(), LIST_AAD, &[&key(REGION)]);
    assert_eq!(trust.update(&only_community(file), NOW), nobody(TrustFile::Community));
}

#[test]
fn threshold_by_the_same_key_twice() {
    // Two signatures by one key, under its own name and under another's.
    let mut root = World::new().root;
    (root.version, root.issued) = (2, NOW);
    let mut file = strict_cose::Signed::unsigned(root.to_payload());
    let one = key(ROOT[0]);
    file.add(one.kid(), health_code::trust::ROOT_AAD, |tbs| one.sign(tbs));
    file.add(key(ROOT[1]).kid(), health_code::trust::ROOT_AAD, |tbs| one.sign(tbs));
    let update = TrustUpdate { roots: vec![file.to_bytes()], ..rotation() };
    let held = Err(Rejection::Threshold { file: TrustFile::Root, held: 1, needed: 2 });
    assert_eq!(World::new().trust().update(&update, NOW), held);
    // One signer twice is no file at all; adding replaces.
    let mut file = strict_cose::Signed::unsigned(root.to_payload());
    file.add(one.kid(), health_code::trust::ROOT_AAD, |tbs| one.sign(tbs));
    file.add(one.kid(), health_code::trust::ROOT_AAD, |tbs| one.sign(tbs));
    let update = TrustUpdate { roots: vec![file.to_bytes()], ..rotation() };
    assert!(matches!(
        World::new().trust().update(&update, NOW),
        Err(Rejection::Threshold { held: 1, .. } | Rejection::Malformed { .. })
    ));
}

#[test]
fn a_region_key_signs_for_its_subtree_only() {
    let community = World::new().community;
    let open = |digits: &str| {
        let mut world = World::new();
        world.root.regions = vec![region_key(digits, REGION)];
        let files = world.files();
        let pin = health_code::RootPin::of(&files.root);
        Trust::open(files, &pin).and_then(Trust::vouched_for).map(|_| ())
    };
    let own = community.region.to_string();
    for length in [0, 2, 4, 6, 9, 12] {
        assert_eq!(open(&own[..length]), Ok(()), "{length} digits");
    }
    for other in ["43", "4202", "420111", "420106002", "420106001002"] {
        assert!(open(other).is_err(), "{other}");
    }
}

#[test]
fn endless_data_attack() {
    let trust = World::new().trust();
    let huge = vec![0; health_code::limits::TRUST_FILE_BYTES + 1];
    for update in [
        only_list(huge.clone()),
        only_community(huge.clone()),
        TrustUpdate { roots: vec![huge], ..TrustUpdate::default() },
    ] {
        assert!(matches!(trust.update(&update, NOW), Err(Rejection::Malformed { .. })));
    }
}

#[test]
fn rollback_by_a_new_root() {
    // The city's own key signed a community before the office had one; then the office's key did.
    let mut before = World::new();
    before.root.regions.push(region_key("420106", REGION_2));
    before.keys.region = key(REGION_2);
    before.community.version = 9;
    before.community.issued = NOW.plus(-DAY);
    let trust = before.trust();
    let mut old = before.clone();
    (old.community.version, old.community.issued) = (3, NOW.plus(-20 * DAY));
    let old = issuer::sign_community(&old.named_community(), &[&key(REGION)]);
    assert!(matches!(trust.update(&only_community(old.clone()), NOW), Err(Rejection::Rollback { .. })));
    // A root withdraws the office's key: what it signed no longer holds up a lower version. So the root
    // says, too, from when on it believes communities.
    let mut next = before.clone();
    (next.root.version, next.root.issued, next.list.root_epoch, next.list.version) = (2, NOW, 2, 8);
    next.root.regions.truncate(2);
    let update = |world: &World| TrustUpdate {
        roots: vec![sign_root(&world.root)],
        list: Some(world.files().list),
        community: Some(old.clone()),
        ..TrustUpdate::default()
    };
    assert!(trust.update(&update(&next), NOW).is_ok(), "without a word about it the old one is back");
    next.root.believed_from = vec![BelievedFrom { region: region("4201"), from: NOW.plus(-DAY) }];
    let refused = Err(Rejection::NotBelieved { from: NOW.plus(-DAY) });
    assert_eq!(trust.update(&update(&next), NOW), refused);
}

#[test]
fn an_older_community_beside_a_newer_list() {
    let trust = World::new().trust();
    let mut next = World::new();
    next.list.version += 1;
    let from = next.community.issued.plus(1);
    next.list.believed_from = vec![BelievedFrom { region: region("420106"), from }];
    let after = trust.update(&only_list(next.files().list), NOW).unwrap();
    assert_eq!(after.fault_at(NOW), Some(TrustFault::CommunityNotBelieved));
    // Another that is as old is refused; the next one ends the fault.
    next.community.version += 1;
    assert_eq!(
        after.update(&only_community(next.files().community), NOW),
        Err(Rejection::NotBelieved { from })
    );
    next.community.issued = from;
    let mended = after.update(&only_community(next.files().community), NOW).unwrap();
    assert_eq!(mended.fault_at(NOW), None);
    // What is said of another region says nothing here, and of several entries the latest counts.
    let believed = |entries: &[(&str, i64)]| {
        let mut world = World::new();
        let entry = |(digits, later): &(&str, i64)| BelievedFrom {
            region: region(digits),
            from: world.community.issued.plus(*later),
        };
        world.list.believed_from = entries.iter().map(entry).collect();
        world.trust().fault_at(NOW).is_none()
    };
    assert!(believed(&[("420111", 9), ("4202", 9)]) && believed(&[("", 0), (HERE, 0)]));
    assert!(!believed(&[("", 0), (HERE, 1)]) && !believed(&[("", 1), (HERE, 0)]));
}

#[test]
fn fast_forward_of_a_community() {
    // By the office's own key, which goes on: the list no longer believes what was signed with it.
    let mut stolen = World::new();
    stolen.community.version = u64::MAX;
    let trust = stolen.trust();
    let mut next = World::new();
    next.list.version += 1;
    next.list.believed_from = vec![BelievedFrom { region: region(""), from: NOW }];
    (next.community.version, next.community.issued) = (6, NOW);
    let files = next.files();
    let update =
        TrustUpdate { list: Some(files.list), community: Some(files.community), ..TrustUpdate::default() };
    assert_eq!(trust.update(&update, NOW).unwrap().community().version, 6);
    let alone = TrustUpdate { list: None, ..update };
    assert!(matches!(trust.update(&alone, NOW), Err(Rejection::Rollback { .. })));
}

#[test]
fn a_list_is_not_believed_for_longer_than_45_days() {
    let mut world = World::new();
    world.list.issued = NOW;
    (world.list.soft_expiry, world.list.hard_expiry) = (NOW.plus(200 * DAY), NOW.plus(1000 * DAY));
    world.community.soft_expiry = world.community.hard_expiry;
    let (trust, over) = (world.trust(), NOW.plus(45 * DAY));
    assert_eq!((trust.fault_at(over.plus(-1)), trust.freshness(over.plus(-1))), (None, Freshness::Fresh));
    assert_eq!(
        (trust.fault_at(over), trust.freshness(over)),
        (Some(TrustFault::ListExpired), Freshness::Expired)
    );
    assert_eq!(trust.expiries(NOW), (over, over));
    world.list.version += 1;
    let rejected = World::new().trust().update(&only_list(world.files().list), over);
    assert_eq!(rejected, Err(Rejection::Expired { file: TrustFile::List, at: over }));
}

#[test]
fn a_community_freezes_no_longer_than_its_own_expiries() {
    let mut world = World::new();
    // The list is renewed again and again, the community is not.
    world.list.issued = NOW.plus(85 * DAY);
    (world.list.soft_expiry, world.list.hard_expiry) = (NOW.plus(92 * DAY), NOW.plus(130 * DAY));
    let at = |world: &World, moment| (world.trust().fault_at(moment), world.trust().freshness(moment));
    let (soft, hard) = (world.community.soft_expiry, world.community.hard_expiry);
    assert_eq!(at(&World::new(), soft.plus(-1)).1, Freshness::Old, "that is the list's");
    assert_eq!(at(&world, hard.plus(-1)), (None, Freshness::Old));
    assert_eq!(at(&world, hard), (Some(TrustFault::CommunityExpired), Freshness::Expired));
    // Whatever it says of itself, 180 days are all.
    world.list.issued = NOW.plus(170 * DAY);
    (world.list.soft_expiry, world.list.hard_expiry) = (NOW.plus(200 * DAY), NOW.plus(210 * DAY));
    (world.community.soft_expiry, world.community.hard_expiry) = (NOW.plus(900 * DAY), NOW.plus(900 * DAY));
    let over = world.community.issued.plus(180 * DAY);
    assert_eq!(at(&world, over.plus(-1)), (None, Freshness::Fresh));
    assert_eq!(at(&world, over), (Some(TrustFault::CommunityExpired), Freshness::Expired));
    assert_eq!(TrustFault::CommunityExpired.code(), "community-expired");
}

#[test]
fn a_community_that_cannot_be_had_keeps_out_no_list() {
    let trust = World::new().trust();
    let mut next = World::new();
    next.list.version += 1;
    next.revoke([[1; 8]]);
    let files = next.files();
    let update = TrustUpdate {
        list: Some(files.list),
        revocations: Some(files.revocations),
        policies: files.policies,
        ..TrustUpdate::default()
    };
    let after = trust.update(&update, NOW).unwrap();
    assert_eq!((after.revocations().len(), after.community().version), (1, 5));
    assert_eq!(after.fault_at(NOW), None);
}

#[test]
fn a_withdrawn_station_is_named_by_its_community() {
    let mut world = World::new();
    world.community.withdrawn = vec![[1; 16], [3; 16]];
    let trust = world.trust();
    assert_eq!(
        [[0; 16], [1; 16], [2; 16], [3; 16]].map(|station| trust.withdrawn(&station)),
        [false, true, false, true]
    );
}

#[test]
fn the_page_names_tests_that_are_there() {
    let page = include_str!("../../../../docs/trust-files.md");
    let part = page.split("## What an attacker gains").nth(1).unwrap();
    let table = part.split("\n\n").find(|block| block.starts_with("| attack")).unwrap();
    let tests = [
        include_str!("attacks.rs"),
        include_str!("unvouched.rs"),
        include_str!("policies.rs"),
        include_str!("community_files.rs"),
        include_str!("../../src/policy/composed/tests.rs"),
    ]
    .concat();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 15, "{}", rows.len());
    for row in rows {
        let named: Vec<&str> = row.rsplit('|').nth(1).unwrap().split('`').skip(1).step_by(2).collect();
        assert!(named.iter().any(|name| tests.contains(&format!("fn {name}("))), "{row}");
        for name in named.iter().filter(|name| !name.contains('/')) {
            assert!(tests.contains(&format!("fn {name}(")), "{name}");
        }
    }
}
