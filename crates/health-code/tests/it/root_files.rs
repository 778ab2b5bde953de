//! `root.cose`: the pin, the chain of roots, expiry, and keys that nobody may list.

use health_code::trust::{Grants, RoleKeys, SealingKey, TrustFile};
use health_code::{Rejection, Root, RootPin, Timestamp, Trust, TrustFiles, TrustUpdate};

use crate::world::*;

const FILE: TrustFile = TrustFile::Root;

fn signed(root: &Root, seeds: &[u8]) -> Vec<u8> {
    let keys: Vec<_> = seeds.iter().map(|seed| key(*seed)).collect();
    issuer::sign_root(root, &keys.iter().collect::<Vec<_>>())
}

fn open(root: &Root, seeds: &[u8]) -> Result<Trust, Rejection> {
    let root = signed(root, seeds);
    let pin = RootPin::of(&root);
    Trust::open(TrustFiles { root, ..World::new().files() }, &pin)
}

/// The second root: everything as before, made today.
fn second() -> Root {
    Root { version: 2, issued: NOW, ..World::new().root }
}

/// An update to these roots and to a list made for the last of them.
fn update(roots: Vec<Vec<u8>>, epoch: u64) -> TrustUpdate {
    let mut list = World::new().named_list();
    (list.version, list.root_epoch) = (8, epoch);
    let list = Some(issuer::sign_list(&list, &[&key(PUBLISHER)]));
    TrustUpdate { roots, list, ..TrustUpdate::default() }
}

fn offer(root: &Root, seeds: &[u8]) -> Result<Trust, Rejection> {
    World::new().trust().update(&update(vec![signed(root, seeds)], root.version), NOW)
}

#[test]
fn wrong_root() {
    let world = World::new();
    assert_eq!(Trust::open(world.files(), &RootPin([0; 32])), Err(Rejection::WrongRoot));
    let other = signed(&world.root, &[ROOT[0], ROOT[2]]);
    let files = TrustFiles { root: other, ..world.files() };
    assert_eq!(
        Trust::open(files, &world.trust().pin()),
        Err(Rejection::WrongRoot),
        "the same root, other bytes"
    );
}

#[test]
fn threshold() {
    let root = World::new().root;
    let held = |held| Err(Rejection::Threshold { file: FILE, held, needed: 2 });
    assert_eq!(open(&root, &[ROOT[0]]), held(1));
    assert_eq!(open(&root, &[ROOT[0], STRANGER]), held(1));
    assert_eq!(open(&root, &[PUBLISHER]), held(0));
    assert!(open(&root, &[ROOT[2], ROOT[1]]).is_ok());
}

#[test]
fn a_root_follows_by_a_threshold_of_both() {
    let next = Root { root: role_keys(&[20, 21], 2), ..second() };
    let old_only = offer(&next, &[ROOT[0], ROOT[1]]);
    assert_eq!(old_only, Err(Rejection::Threshold { file: FILE, held: 0, needed: 2 }));
    let new_only = offer(&next, &[20, 21]);
    assert_eq!(new_only, Err(Rejection::Threshold { file: FILE, held: 0, needed: 2 }));
    let one_old = offer(&next, &[20, 21, ROOT[0]]);
    assert_eq!(one_old, Err(Rejection::Threshold { file: FILE, held: 1, needed: 2 }));
    let trust = offer(&next, &[20, 21, ROOT[0], ROOT[1]]).unwrap();
    assert_eq!((trust.root(), trust.list().version), (&next, 8));
    assert_eq!(Trust::open(trust.files().clone(), &trust.pin()), Ok(trust));
}

#[test]
fn roots_are_applied_one_by_one() {
    let second = signed(&Root { root: role_keys(&[20, 21], 2), ..second() }, &[1, 2, 20, 21]);
    let third = Root { version: 3, root: role_keys(&[30], 1), ..self::second() };
    let third = signed(&third, &[20, 21, 30]);
    let trust = World::new().trust();
    let chain = update(vec![second.clone(), third.clone()], 3);
    assert_eq!(trust.update(&chain, NOW).map(|trust| trust.root().version), Ok(3));
    let gap = trust.update(&update(vec![third.clone()], 3), NOW);
    assert_eq!(gap, Err(Rejection::RootGap { stored: 1, offered: 3 }));
    let backwards = trust.update(&update(vec![third, second], 2), NOW);
    assert_eq!(backwards, Err(Rejection::RootGap { stored: 1, offered: 3 }));
}

#[test]
fn rollback_and_same_version() {
    let trust = offer(&second(), &[1, 2]).unwrap();
    let first = World::new().files().root;
    let rollback = Err(Rejection::Rollback { file: FILE, stored: 2, offered: 1 });
    assert_eq!(trust.update(&update(vec![first], 2), NOW), rollback);
    let twin = signed(&second(), &[2, 3]);
    let same = Err(Rejection::SameVersionOtherBytes { file: FILE });
    assert_eq!(trust.update(&update(vec![twin], 2), NOW), same);
}

#[test]
fn from_the_future() {
    let at = NOW.plus(121);
    assert_eq!(
        offer(&Root { issued: at, ..second() }, &[1, 2]),
        Err(Rejection::FromTheFuture { file: FILE, at })
    );
}

#[test]
fn a_new_root_needs_a_list_made_for_it() {
    let roots = vec![signed(&second(), &[1, 2])];
    let alone = TrustUpdate { roots: roots.clone(), ..TrustUpdate::default() };
    let rejected = Err(Rejection::OtherRoot { file: TrustFile::List });
    assert_eq!(World::new().trust().update(&alone, NOW), rejected);
    assert_eq!(World::new().trust().update(&update(roots, 1), NOW), rejected);
}

#[test]
fn a_withdrawn_region_key_ends_the_community_it_signed() {
    let mut next = second();
    next.regions[1] = health_code::trust::RegionKey {
        grants: Grants::ALL,
        kid: key(40).kid(),
        key: key(40).public().clone(),
        region: region("42"),
    };
    // The root is taken, and nothing is judged by that community any more.
    let after = offer(&next, &[1, 2]).unwrap();
    assert_eq!(after.fault_at(NOW).map(|fault| fault.code()), Some("community-not-believed"));
    let why = Rejection::Threshold { file: TrustFile::Community, held: 0, needed: 1 };
    assert_eq!(after.vouched_for(), Err(why));
}

#[test]
fn an_expired_root_blocks_new_files_but_not_those_in_force() {
    let world = World::new();
    let trust = world.trust();
    let later = world.root.expires;
    assert!(Trust::open(world.files(), &trust.pin()).is_ok());
    let code = issuer::CodeSigner::new(key(HUBEI));
    let (iat, exp) = (later, later.plus(60));
    let mut open_ended = world.clone();
    open_ended.issuer(HUBEI).not_after = later.plus(DAY);
    let cose = code.cose(health_code::Claims { iat, exp, ..claims() }.to_payload());
    let parsed = health_code::UnverifiedCode::from_cose(&cose).unwrap();
    assert!(open_ended.trust().verify(&parsed, &region(HERE), later).is_ok());

    let expired = Err(Rejection::Expired { file: FILE, at: later });
    let mut list = world.named_list();
    (list.version, list.issued) = (8, later.plus(-1));
    (list.soft_expiry, list.hard_expiry) = (later.plus(DAY), later.plus(2 * DAY));
    let list =
        TrustUpdate { list: Some(issuer::sign_list(&list, &[&key(PUBLISHER)])), ..TrustUpdate::default() };
    assert_eq!(trust.update(&list, later), expired);
    assert!(trust.update(&list, later.plus(-1)).is_ok());
    let mut community = world.community.clone();
    community.version += 1;
    let file = issuer::sign_community(&community, &[&key(REGION)]);
    let community = TrustUpdate { community: Some(file), ..TrustUpdate::default() };
    assert_eq!(trust.update(&community, later), expired);
}

#[test]
fn a_new_root_ends_the_expiry_unless_it_is_over_itself() {
    let over = Root { issued: NOW.plus(-DAY), expires: NOW, ..second() };
    assert_eq!(offer(&over, &[1, 2]), Err(Rejection::Expired { file: FILE, at: NOW }));
    let next = Root { issued: NOW.plus(-DAY), expires: NOW.plus(9), ..second() };
    assert!(offer(&next, &[1, 2]).is_ok());
}

fn is_malformed(change: impl FnOnce(&mut Root)) -> bool {
    let mut root = World::new().root;
    change(&mut root);
    matches!(open(&root, &ROOT), Err(Rejection::Malformed { file: FILE, .. }))
}

#[test]
fn malformed_roots() {
    assert!(is_malformed(|root| root.version = 0));
    assert!(is_malformed(|root| root.expires = root.issued));
    assert!(is_malformed(|root| root.root.threshold = 0));
    assert!(is_malformed(|root| root.root.threshold = 4));
    assert!(is_malformed(|root| root.publisher = RoleKeys { keys: Vec::new(), threshold: 1 }));
    assert!(is_malformed(|root| root.root.keys[1].0 = root.root.keys[0].0));
    assert!(is_malformed(|root| root.root.keys[1].1 = root.root.keys[0].1.clone()));
    assert!(is_malformed(|root| root.root = role_keys(&(50..67).collect::<Vec<_>>(), 1)));
    assert!(is_malformed(|root| root.regions.push(root.regions[0].clone())));
    assert!(is_malformed(|root| {
        let mut other = root.regions[1].clone();
        (other.region, other.key) = (region("42"), key(40).public().clone());
        root.regions.push(other);
    }));
    assert!(is_malformed(|root| root.sealing.push(root.sealing[0].clone())));
    assert!(is_malformed(|root| root.sealing[0].not_after = root.sealing[0].not_before));
    assert!(is_malformed(|root| root.receipts.push(root.receipts[0].clone())));
}

#[test]
fn one_region_key_may_have_several_regions() {
    let mut root = World::new().root;
    let other = root.regions[1].clone();
    root.regions.push(health_code::trust::RegionKey { region: region("42"), ..other });
    assert!(open(&root, &ROOT).is_ok());
}

#[test]
fn keys_that_nobody_can_seal_to_are_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    let near_p = |first: u8| {
        let mut key = [0xff; 32];
        (key[0], key[31]) = (first, 0x7f);
        key
    };
    let mut high_bit = [9; 32];
    high_bit[31] |= 0x80;
    for bad in [[0; 32], one, near_p(0xec), near_p(0xed), near_p(0xee), near_p(0xff), high_bit] {
        assert!(is_malformed(|root| root.sealing[0].key = bad), "{bad:02x?}");
    }
    assert!(!is_malformed(|root| root.sealing[0].key = near_p(0xeb)));
}

#[test]
fn the_recipient_is_the_newest_valid_one_or_the_last() {
    let key = |n: u8, from: i64, until: i64| SealingKey {
        kid: strict_cose::KeyId([n; 8]),
        key: [n; 32],
        not_before: Timestamp(from),
        not_after: Timestamp(until),
    };
    let root = Root { sealing: vec![key(3, 50, 300), key(1, 0, 100), key(2, 100, 200)], ..World::new().root };
    let at = |moment| root.sealing_key(Timestamp(moment)).unwrap().key[0];
    assert_eq!([at(-5), at(0), at(60), at(150), at(250), at(300), at(999)], [1, 1, 3, 2, 3, 3, 3]);
    assert!(Root { sealing: Vec::new(), ..root }.sealing_key(NOW).is_none());
}
