//! `trust.cose`: what opens, what may follow it, and how long it can be relied on.

use health_code::trust::{BelievedFrom, NamedPolicy, TrustFile};
use health_code::{
    Freshness, Policy, PolicyHash, Rejection, Timestamp, Trust, TrustFault, TrustList, TrustUpdate,
};

use crate::world::*;

const FILE: TrustFile = TrustFile::List;

/// Offers a changed list, signed by these keys.
fn offer_by(seeds: &[u8], change: impl FnOnce(&mut TrustList)) -> Result<Trust, Rejection> {
    let world = World::new();
    let trust = world.trust();
    let mut list = world.named_list();
    list.version += 1;
    change(&mut list);
    let keys: Vec<_> = seeds.iter().map(|seed| key(*seed)).collect();
    let file = issuer::sign_list(&list, &keys.iter().collect::<Vec<_>>());
    trust.update(&TrustUpdate { list: Some(file), ..TrustUpdate::default() }, NOW)
}

fn offer(change: impl FnOnce(&mut TrustList)) -> Result<Trust, Rejection> {
    offer_by(&[PUBLISHER], change)
}

fn named(digits: &str, byte: u8) -> NamedPolicy {
    NamedPolicy { region: region(digits), hash: PolicyHash([byte; 32]) }
}

fn from(digits: &str, moment: i64) -> BelievedFrom {
    BelievedFrom { region: region(digits), from: Timestamp(moment) }
}

fn malformed(change: impl FnOnce(&mut TrustList)) -> String {
    match offer(change) {
        Err(Rejection::Malformed { file: FILE, what }) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_signed_is_what_is_read() {
    let mut world = World::new();
    world.policy.to = Some(NOW.plus(DAY));
    world.policy.soft_expiry_seconds = Some(60);
    world.policy.hard_expiry_seconds = Some(600);
    world.revoke([[1; 8], [2; 8]]);
    world.issuer(HUBEI).static_cut_off = Some(NOW);
    let trust = world.trust();
    assert_eq!((trust.root(), trust.list()), (&world.root, &world.named_list()));
    assert_eq!(trust.revocations(), &world.revocations);
    assert_eq!(trust.community(), &world.community);
    assert_eq!(trust.files(), &world.files());
}

#[test]
fn a_newer_list_replaces_the_one_in_force() {
    let trust = offer(|list| list.issued = NOW.plus(120)).unwrap();
    assert_eq!(trust.list().version, 8);
    assert_eq!(trust.latest_signed_time(), NOW.plus(120));
    assert_eq!(Trust::open(trust.files().clone(), &trust.pin()).as_ref(), Ok(&trust));
}

#[test]
fn rollback() {
    let rejected = offer(|list| list.version = 6);
    assert_eq!(rejected, Err(Rejection::Rollback { file: FILE, stored: 7, offered: 6 }));
}

#[test]
fn same_version_other_bytes() {
    let rejected = offer(|list| (list.version, list.issued) = (7, NOW));
    assert_eq!(rejected, Err(Rejection::SameVersionOtherBytes { file: FILE }));
}

#[test]
fn the_same_bytes_are_no_news_whatever_their_age() {
    let world = World::new();
    let (trust, files) = (world.trust(), world.files());
    let same = TrustUpdate {
        roots: vec![files.root],
        list: Some(files.list),
        community: Some(files.community),
        revocations: None,
        policies: files.policies,
    };
    assert_eq!(trust.update(&same, NOW.plus(1000 * DAY)), Ok(trust));
}

#[test]
fn threshold() {
    let none = Err(Rejection::Threshold { file: FILE, held: 0, needed: 1 });
    assert_eq!(offer_by(&[STRANGER], |_| {}), none);
    assert_eq!(offer_by(&ROOT, |_| {}), none, "root keys sign roots only");
    assert_eq!(offer_by(&[STRANGER, PUBLISHER], |_| {}).map(|trust| trust.list().version), Ok(8));

    let mut world = World::new();
    let trust = world.trust();
    world.list.version += 1;
    let as_community = issuer::sign_file(
        world.named_list().to_payload(),
        health_code::trust::COMMUNITY_AAD,
        &[&key(PUBLISHER)],
    );
    let update = TrustUpdate { list: Some(as_community), ..TrustUpdate::default() };
    assert_eq!(trust.update(&update, NOW), none, "a signature for another purpose");
}

#[test]
fn a_flipped_bit_is_refused() {
    let world = World::new();
    let files = world.files();
    for at in (0..files.list.len()).step_by(7) {
        let mut spoilt = files.clone();
        spoilt.list[at] ^= 0x10;
        assert!(Trust::open(spoilt, &world.trust().pin()).is_err(), "byte {at}");
    }
}

#[test]
fn expired() {
    let at = NOW;
    assert_eq!(
        offer(|list| (list.soft_expiry, list.hard_expiry) = (at, at)),
        Err(Rejection::Expired { file: FILE, at })
    );
}

#[test]
fn from_the_future() {
    let at = NOW.plus(121);
    assert_eq!(offer(|list| list.issued = at), Err(Rejection::FromTheFuture { file: FILE, at }));
}

#[test]
fn other_root() {
    assert_eq!(offer(|list| list.root_epoch = 2), Err(Rejection::OtherRoot { file: FILE }));
}

#[test]
fn malformed_lists() {
    assert!(malformed(|list| list.version = 0).contains("key 1"));
    malformed(|list| list.soft_expiry = list.issued.plus(-1));
    malformed(|list| list.hard_expiry = list.soft_expiry.plus(-1));
    malformed(|list| list.hard_expiry = Timestamp(i64::MAX));
    assert!(malformed(|list| list.issuers[1].kid = list.issuers[0].kid).contains("kid"));
    assert!(malformed(|list| list.issuers[1].key = list.issuers[0].key.clone()).contains("key for two"));
    assert!(malformed(|list| list.issuers.push(list.issuers[0].clone())).contains("two issuers"));
    assert!(malformed(|list| list.issuers[2].iss.clear()).starts_with("issuer 2: key 1"));
    malformed(|list| list.issuers[2].name_en = "a\u{202e}b".to_owned());
    malformed(|list| list.issuers[2].declare_url = "javascript:alert(1)".to_owned());
    malformed(|list| list.issuers[2].not_after = list.issuers[2].not_before);
    assert!(malformed(|list| list.policies.clear()).contains("no national policy"));
    malformed(|list| list.policies.push(list.policies[0].clone()));
    malformed(|list| list.policies.insert(0, named("42", 1)));
    malformed(|list| list.policies.push(named("420106", 1)));
    malformed(|list| list.policies.extend((0..9).map(|n| named("42", n))));
    malformed(|list| list.believed_from = vec![from("42", 1), from("42", 2)]);
    malformed(|list| list.believed_from = vec![from("43", 1), from("42", 1)]);
}

#[test]
fn malformed_bytes() {
    let trust = World::new().trust();
    let good = World::new().files().list;
    let cut = good[..good.len() - 1].to_vec();
    let trailing = [good.clone(), vec![0]].concat();
    let unsigned = strict_cose::Signed::unsigned(World::new().named_list().to_payload()).to_bytes();
    let code = issuer::CodeSigner::new(key(PUBLISHER)).cose(World::new().named_list().to_payload());
    let too_large = vec![0; health_code::limits::TRUST_FILE_BYTES + 1];
    for bytes in [cut, trailing, unsigned, code, too_large, Vec::new()] {
        let update = TrustUpdate { list: Some(bytes), ..TrustUpdate::default() };
        assert!(matches!(trust.update(&update, NOW), Err(Rejection::Malformed { file: FILE, .. })));
    }
}

/// A signed list whose issuer has this key and algorithm.
fn with_key(bytes: [u8; 32], alg: i64) -> Result<Trust, Rejection> {
    use strict_cose::{Limits, Value, cbor};
    let mut list = World::new().named_list();
    list.version += 1;
    let limits = Limits { bytes: 1 << 20, depth: 8 };
    let Value::Map(mut file) = cbor::decode(&list.to_payload(), limits).unwrap() else { panic!("a map") };
    let issuers = file.iter_mut().find(|(key, _)| *key == Value::from(6)).unwrap();
    let Value::Array(issuers) = &mut issuers.1 else { panic!("an array") };
    let Value::Map(issuer) = &mut issuers[0] else { panic!("a map") };
    for (key, value) in issuer {
        if *key == Value::from(5) {
            *value = bytes.to_vec().into();
        } else if *key == Value::from(16) {
            *value = alg.into();
        }
    }
    let payload = cbor::encode(&Value::Map(file));
    let list = Some(issuer::sign_file(payload, health_code::trust::LIST_AAD, &[&key(PUBLISHER)]));
    World::new().trust().update(&TrustUpdate { list, ..TrustUpdate::default() }, NOW)
}

#[test]
fn bad_keys_and_other_algorithms_are_refused() {
    let good = key(NATIONAL).public().to_bytes();
    assert!(with_key(good, -19).is_ok());
    assert!(matches!(with_key(good, -8), Err(Rejection::Malformed { .. })));
    let mut identity = [0; 32];
    identity[0] = 1;
    for weak in [[0; 32], identity] {
        assert!(matches!(with_key(weak, -19), Err(Rejection::Malformed { .. })));
    }
}

#[test]
fn freshness() {
    let world = World::new();
    let trust = world.trust();
    let at = |trust: &Trust, moment: Timestamp| trust.freshness(moment);
    assert_eq!(at(&trust, world.list.soft_expiry.plus(-1)), Freshness::Fresh);
    assert_eq!(at(&trust, world.list.soft_expiry), Freshness::Old);
    assert_eq!(at(&trust, world.list.hard_expiry.plus(-1)), Freshness::Old);
    assert_eq!(at(&trust, world.list.hard_expiry), Freshness::Expired);
}

#[test]
fn a_trust_judges_from_the_skew_before_its_latest_file_to_its_lists_hard_expiry() {
    let world = World::new();
    let trust = world.trust();
    let (signed, expiry) = (trust.latest_signed_time(), world.list.hard_expiry);
    for (moment, fault) in [
        (signed.plus(-121), Some(TrustFault::ClockWrong)),
        (signed.plus(-120), None),
        (expiry.plus(-1), None),
        (expiry, Some(TrustFault::ListExpired)),
    ] {
        assert_eq!(trust.fault_at(moment), fault, "{moment:?}");
    }
    assert_eq!(TrustFault::ClockWrong.code(), "clock-wrong");
    assert_eq!(TrustFault::ListExpired.code(), "trust-expired");
}

#[test]
fn a_receipt_key_is_in_force_from_its_first_moment_to_just_before_its_end() {
    let key = &World::new().root.receipts[0];
    for (moment, holds) in [
        (key.not_before.plus(-1), false),
        (key.not_before, true),
        (key.not_after.plus(-1), true),
        (key.not_after, false),
    ] {
        assert_eq!(key.is_in_force(moment), holds, "{moment:?}");
    }
}

#[test]
fn a_policy_shortens_both_expiries_and_never_lengthens_them() {
    let mut world = World::new();
    world.policy.soft_expiry_seconds = Some(3600);
    world.policy.hard_expiry_seconds = Some(7200);
    let (trust, issued) = (world.trust(), world.list.issued);
    assert_eq!(trust.freshness(issued.plus(3599)), Freshness::Fresh);
    assert_eq!(trust.freshness(issued.plus(3600)), Freshness::Old);
    assert_eq!(trust.freshness(issued.plus(7200)), Freshness::Expired);

    world.policy.soft_expiry_seconds = Some(u32::MAX);
    world.policy.hard_expiry_seconds = Some(u32::MAX);
    assert_eq!(world.trust().freshness(world.list.hard_expiry), Freshness::Expired);
}

#[test]
fn the_local_policy_holds_while_it_is_in_force() {
    let mut world = World::new();
    let mut local = Policy::standard(9, region("4201"), "武防指〔2020〕2号", NOW, "");
    local.to = Some(NOW.plus(DAY));
    local.hard_expiry_seconds = Some(0);
    world.policies.push(local);
    let trust = world.trust();
    let version = |moment| trust.policy(moment).unwrap().policy.version;
    assert_eq!([version(NOW.plus(-1)), version(NOW), version(NOW.plus(DAY))], [3, 9, 3]);
    assert_eq!(trust.freshness(NOW), Freshness::Expired);
    assert_eq!(trust.freshness(NOW.plus(-1)), Freshness::Fresh);
}

#[test]
fn latest_signed_time_is_the_latest_of_the_three() {
    let mut world = World::new();
    assert_eq!(world.trust().latest_signed_time(), NOW.plus(-DAY));
    world.community.issued = NOW.plus(5);
    assert_eq!(world.trust().latest_signed_time(), NOW.plus(5));
    world.root.issued = NOW.plus(6);
    assert_eq!(world.trust().latest_signed_time(), NOW.plus(6));
}
