//! `community.cose`: whose signature counts, and what may follow it.

use health_code::trust::{Grants, NamedPolicy, RegionKey, TrustFile};
use health_code::{
    Checkpoint, CheckpointId, Community, Directions, Person, PersonId, PolicyHash, Rejection, Timestamp,
    Trust, TrustFault, TrustUpdate,
};

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
fn people_are_found_by_four_digits_and_checkpoints_by_id() {
    let mut community = World::new().community;
    let twin = Person { id: PersonId([2; 8]), ..community.people[0].clone() };
    community.people.push(twin);
    assert_eq!(community.people_by_digits("0001").count(), 2, "several may share them");
    for other in ["0002", "001", "80000001", "", "****"] {
        assert_eq!(community.people_by_digits(other).count(), 0, "{other}");
    }
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
        grants: Grants::ALL,
    });
    let mut files = world.files();
    files.community = issuer::sign_community(&world.community, &[&key(STRANGER)]);
    let pin = health_code::RootPin::of(&files.root);
    let trust = Trust::open(files, &pin).unwrap();
    assert_eq!(trust.fault_at(NOW).map(TrustFault::code), Some("community-not-believed"));
    let why = Rejection::Threshold { file: FILE, held: 0, needed: 1 };
    assert_eq!(trust.vouched_for(), Err(why));
}

#[test]
fn other_community() {
    let neighbour = offer(|community| community.region = region("420106001002"));
    assert_eq!(neighbour, Err(Rejection::OtherCommunity));
}

#[test]
fn another_community_stands_beside_the_first_under_the_same_root_and_list() {
    let world = World::new();
    let trust = world.trust();
    let file = |change: &dyn Fn(&mut Community)| {
        let mut community = world.community.clone();
        community.region = region("420106001002");
        change(&mut community);
        issuer::sign_community(&community, &[&key(REGION)])
    };
    let neighbour = trust.admit(file(&|_| ()), &[], NOW).unwrap();
    assert_eq!(neighbour.community().region, region("420106001002"));
    assert_eq!(neighbour.fault_at(NOW), None, "the list's policies hold there too");
    assert_eq!(neighbour.files().list, trust.files().list);
    // It goes on as any other, and the first one comes back from it.
    let newer = TrustUpdate { community: Some(file(&|next| next.version += 1)), ..TrustUpdate::default() };
    assert_eq!(neighbour.update(&newer, NOW).unwrap().community().version, 6);
    assert_eq!(neighbour.beside(trust.files().community.clone(), &[]).unwrap(), trust);
    // What is stored is opened whatever its age; what is new is not.
    let (early, late) = (NOW.plus(121), NOW.plus(-200 * 86_400));
    let future = file(&|next| (next.issued, next.soft_expiry) = (early, early.plus(30 * 86_400)));
    assert_eq!(
        trust.admit(future.clone(), &[], NOW),
        Err(Rejection::FromTheFuture { file: FILE, at: early })
    );
    assert!(trust.beside(future, &[]).is_ok());
    let over = file(&|next| next.issued = late);
    assert!(matches!(trust.admit(over, &[], NOW), Err(Rejection::Expired { file: FILE, .. })));
    // Nobody vouches for one that lies elsewhere.
    let elsewhere = file(&|next| next.region = region("110101001001"));
    assert_eq!(trust.admit(elsewhere.clone(), &[], NOW), Err(Rejection::OtherRoot { file: FILE }));
    assert!(trust.beside(elsewhere, &[]).unwrap().unvouched().is_some());
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
    for phone in ["138********", "138****001", "138****０００１", "001"] {
        assert!(is_malformed(|community| community.people[0].masked_phone = phone.to_owned()), "{phone}");
    }
    assert!(is_malformed(|community| community.people[0].masked_name = "长".repeat(11)));
    assert!(is_malformed(|community| community.people[0].pin_phc = "x".repeat(257)));
    assert!(is_malformed(|community| {
        let many = (0..=1024_u64).map(|n| Checkpoint {
            id: CheckpointId(n.to_be_bytes()),
            name: "门".to_owned(),
            directions: Directions::Both,
            place: None,
        });
        community.checkpoints = many.collect();
    }));
    let named = |digits: &str| NamedPolicy { region: region(digits), hash: PolicyHash([1; 32]) };
    for digits in ["", "4201", "420111", "420106002", "420106001002"] {
        assert!(is_malformed(|community| community.policies = vec![named(digits)]), "{digits:?}");
    }
    assert!(is_malformed(|community| community.policies = vec![named(HERE), named("420106")]));
    assert!(is_malformed(|community| community.soft_expiry = community.issued.plus(7 * DAY - 1)));
    assert!(is_malformed(|community| community.hard_expiry = community.issued.plus(45 * DAY - 1)));
    assert!(is_malformed(|community| community.soft_expiry = community.hard_expiry.plus(1)));
    assert!(is_malformed(|community| community.withdrawn = vec![[2; 16], [1; 16]]));
    assert!(is_malformed(|community| community.withdrawn = vec![[1; 16], [1; 16]]));
    assert!(is_malformed(|community| {
        community.checkpoints[0].place =
            Some(health_code::trust::Place { latitude: 90_000_001, longitude: 0 });
    }));
}

#[test]
fn a_pin_asks_for_no_less_than_slows_a_thief_and_no_more_than_a_station_can_bear() {
    let with = |phc: String| is_malformed(|community| community.people[0].pin_phc = phc);
    assert!(!with(sample::PHC.replace("m=65536,t=3,p=1", "m=131072,t=8,p=4")));
    for bad in
        ["m=65535,t=3,p=1", "m=131073,t=3,p=1", "m=65536,t=2,p=1", "m=65536,t=9,p=1", "m=65536,t=3,p=5"]
    {
        assert!(with(sample::PHC.replace("m=65536,t=3,p=1", bad)), "{bad}");
    }
    for bad in ["argon2i", "argon2d", "scrypt"] {
        assert!(with(sample::PHC.replace("argon2id", bad)), "{bad}");
    }
    assert!(with("1234".to_owned()) && with(String::new()));
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
