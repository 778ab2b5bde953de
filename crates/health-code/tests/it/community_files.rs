//! `community.cose`: whose signature counts, and what may follow it.

use health_code::trust::{RegionKey, TrustFile};
use health_code::{CheckpointId, Community, Rejection, Timestamp, Trust, TrustUpdate};

use crate::world::*;

const FILE: TrustFile = TrustFile::Community;

fn offer_by(seed: u8, change: impl FnOnce(&mut Community)) -> Result<Trust, Rejection> {
    let mut world = World::new();
    let trust = world.trust();
    world.community.version += 1;
    change(&mut world.community);
    let file = issuer::sign_community(&world.community, &[&key(seed)]);
    trust.update(&TrustUpdate { community: Some(file), ..TrustUpdate::default() }, NOW)
}

fn offer(change: impl FnOnce(&mut Community)) -> Result<Trust, Rejection> {
    offer_by(REGION, change)
}

fn is_malformed(change: impl FnOnce(&mut Community)) -> bool {
    matches!(offer(change), Err(Rejection::Malformed { file: FILE, .. }))
}

#[test]
fn a_newer_community_replaces_the_one_in_force() {
    let trust = offer(|community| community.checkpoints.clear()).unwrap();
    assert!(trust.community().checkpoints.is_empty());
    assert_eq!(trust.list().version, 7);
}

#[test]
fn people_are_found_by_phone_and_checkpoints_by_id() {
    let community = World::new().community;
    for phone in ["13800000001", "+86 138 0000 0001", "138-0000-0001"] {
        assert!(community.person_by_phone(phone).is_some(), "{phone}");
    }
    assert!(community.person_by_phone("13800000002").is_none());
    assert!(community.checkpoint(CheckpointId([1; 8])).is_some());
    assert!(community.checkpoint(CheckpointId([2; 8])).is_none());
}

#[test]
fn rollback_and_same_version() {
    let rollback = Rejection::Rollback { file: FILE, stored: 5, offered: 4 };
    assert_eq!(offer(|community| community.version = 4), Err(rollback));
    let same = offer(|community| (community.version, community.issued) = (5, NOW));
    assert_eq!(same, Err(Rejection::SameVersionOtherBytes { file: FILE }));
}

#[test]
fn from_the_future() {
    let at = NOW.plus(121);
    assert_eq!(offer(|community| community.issued = at), Err(Rejection::FromTheFuture { file: FILE, at }));
}

#[test]
fn threshold() {
    for seed in [STRANGER, PUBLISHER, ROOT[0]] {
        let rejected = offer_by(seed, |_| {});
        assert_eq!(rejected, Err(Rejection::Threshold { file: FILE, held: 0, needed: 1 }), "{seed}");
    }
}

#[test]
fn other_root() {
    let elsewhere = offer(|community| community.region = region("110101001001"));
    assert_eq!(elsewhere, Err(Rejection::OtherRoot { file: FILE }));
}

#[test]
fn a_region_key_signs_for_its_own_subtree_only() {
    let mut world = World::new();
    world.root.regions.push(RegionKey {
        region: region("11"),
        kid: key(STRANGER).kid(),
        key: key(STRANGER).public().clone(),
    });
    let mut files = world.files();
    files.community = issuer::sign_community(&world.community, &[&key(STRANGER)]);
    let pin = health_code::RootPin::of(&files.root);
    assert_eq!(Trust::open(files, &pin), Err(Rejection::Threshold { file: FILE, held: 0, needed: 1 }));
}

#[test]
fn other_community() {
    let neighbour = offer(|community| community.region = region("420106001002"));
    assert_eq!(neighbour, Err(Rejection::OtherCommunity));
}

#[test]
fn malformed_communities() {
    assert!(is_malformed(|community| community.region = region("420106")));
    assert!(is_malformed(|community| community.name.clear()));
    assert!(is_malformed(|community| community.name = "a\u{200b}".to_owned()));
    assert!(is_malformed(|community| community.contact = "长".repeat(50)));
    assert!(is_malformed(|community| community.issued = Timestamp(-1)));
    assert!(is_malformed(|community| community.checkpoints.push(community.checkpoints[0].clone())));
    assert!(is_malformed(|community| community.checkpoints[0].name.clear()));
    assert!(is_malformed(|community| community.people.push(community.people[0].clone())));
    assert!(is_malformed(|community| {
        let mut twin = community.people[0].clone();
        twin.id.0 = [2; 8];
        community.people.push(twin);
    }));
    assert!(is_malformed(|community| community.people[0].masked_name = "长".repeat(11)));
    assert!(is_malformed(|community| community.people[0].pin_phc = "x".repeat(257)));
    assert!(is_malformed(|community| {
        let many = (0..=1024_u64)
            .map(|n| health_code::Checkpoint { id: CheckpointId(n.to_be_bytes()), name: "门".to_owned() });
        community.checkpoints = many.collect();
    }));
    assert!(is_malformed(|community| {
        let elsewhere = region("4202");
        community.policy = Some(health_code::Policy::standard(1, elsewhere, "", NOW, ""));
    }));
}

#[test]
fn a_pin_asks_for_no_more_than_a_station_can_bear() {
    let with = |phc: &str| is_malformed(|community| community.people[0].pin_phc = phc.to_owned());
    assert!(!with("$argon2id$v=19$m=65536,t=8,p=4$c2FsdHNhbHQ$aGFz+A/"));
    for bad in [
        "",
        "1234",
        "$argon2id$v=19$m=65537,t=2,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=19456,t=9,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=19456,t=2,p=5$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=19456,t=2$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=16$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ",
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA$x",
        "$argon2id$v=19$m=19456,t=2,p=1,keyid=AA$c2FsdHNhbHQ$aGFzaA",
    ] {
        assert!(with(bad), "{bad}");
    }
}

#[test]
fn all_of_an_update_or_nothing() {
    let mut world = World::new();
    let trust = world.trust();
    world.list.version += 1;
    world.community.version -= 1;
    let files = world.files();
    let update =
        TrustUpdate { list: Some(files.list), community: Some(files.community), ..TrustUpdate::default() };
    assert!(matches!(trust.update(&update, NOW), Err(Rejection::Rollback { file: FILE, .. })));
    assert_eq!(trust, World::new().trust());
}
