//! Policy files: who may sign them, which are missed, and what is in force when.

use health_code::policy::{Limit, Milder, ScreenTimes};
use health_code::trust::{
    BelievedFrom, Grants, NamedPolicy, PolicyFile, RegionKey, TrustFile, bundle, unbundle,
};
use health_code::{
    Colour, Freshness, Policy, PolicyHash, PolicySet, Rejection, Ruling, Timestamp, Trust, TrustFault,
    TrustUpdate, Zone,
};
use proptest::prelude::*;

use crate::world::*;

fn policy(digits: &str, version: u64, from: Timestamp) -> Policy {
    Policy::standard(version, region(digits), "", from, "")
}

/// Stops everybody.
fn closed(digits: &str) -> Policy {
    let mut policy = policy(digits, 1, NOW.plus(-DAY));
    for row in &mut policy.table {
        *row = health_code::policy::Row::of([Ruling::Stop; 5]);
    }
    policy
}

fn green(trust: &Trust, now: Timestamp) -> Result<Ruling, TrustFault> {
    let in_force = trust.policy(now)?;
    Ok(in_force.policy.ruling(Colour::Green, health_code::Origin::Community))
}

/// Opens the files of a world without the policy of a region.
fn without(world: &World, digits: &str) -> Trust {
    let mut files = world.files();
    let gone: Vec<Vec<u8>> = world
        .policy_files()
        .into_iter()
        .filter(|(of, _)| *of == region(digits))
        .map(|(_, file)| file)
        .collect();
    assert_eq!(gone.len(), 1);
    files.policies.retain(|file| !gone.contains(file));
    let pin = health_code::RootPin::of(&files.root);
    Trust::open(files, &pin).unwrap()
}

#[test]
fn a_policy_that_is_missing_never_makes_a_gate_milder() {
    for digits in ["", "42", "4201", "420106", "420106001", HERE] {
        let mut world = World::new();
        if !digits.is_empty() {
            world.policies.push(closed(digits));
            assert_eq!(green(&world.trust(), NOW), Ok(Ruling::Stop), "{digits}");
        }
        let trust = without(&world, digits);
        assert_eq!(trust.fault_at(NOW), Some(TrustFault::PolicyMissing), "{digits}");
        assert_eq!(green(&trust, NOW), Err(TrustFault::PolicyMissing));
        assert_eq!(trust.missing_policies().len(), 1);
        assert_eq!(trust.missing_policies()[0].region, region(digits));
        // It comes alone, and then everything is as it was.
        let update = TrustUpdate { policies: world.files().policies, ..TrustUpdate::default() };
        assert_eq!(trust.update(&update, NOW), Ok(world.trust()));
        // Not in force yet is no excuse: nobody here knows from when on it holds.
        let mut later = World::new();
        later.policies.push(Policy { from: NOW.plus(DAY), ..closed("43") });
        assert_eq!(later.trust().fault_at(NOW), None, "another province's");
    }
    assert_eq!(TrustFault::PolicyMissing.code(), "policy-missing");
}

#[test]
fn a_policy_that_is_not_named_or_not_for_here_is_not_kept() {
    let mut world = World::new();
    world.policies.push(closed("4201"));
    let stranger = issuer::sign_policy(&closed("42"), &[&world.keys.nation]);
    let update = TrustUpdate { policies: vec![stranger, vec![1, 2, 3]], ..TrustUpdate::default() };
    let trust = world.trust();
    assert_eq!(trust.update(&update, NOW), Ok(trust.clone()));
    world.policies.push(Policy { region: region("4202"), ..closed("4201") });
    assert_eq!(world.trust().policy_files().len(), 2, "of another city");
}

#[test]
fn one_policy_that_fails_its_check_keeps_out_no_other_file() {
    let trust = World::new().trust();
    let mut next = World::new();
    next.list.version += 1;
    next.revoke([[1; 8]]);
    next.policies = vec![closed("42"), closed("4201")];
    let files = next.files();
    let mut policies = files.policies.clone();
    let province = next.policy_files().iter().position(|(of, _)| *of == region("42")).unwrap();
    policies[province][40] ^= 1;
    let update = TrustUpdate {
        list: Some(files.list.clone()),
        revocations: Some(files.revocations.clone()),
        policies,
        ..TrustUpdate::default()
    };
    let after = trust.update(&update, NOW).unwrap();
    assert_eq!((after.list().version, after.revocations().len()), (8, 1));
    assert_eq!(after.policy_files().len(), 2);
    assert_eq!(after.fault_at(NOW), Some(TrustFault::PolicyMissing));
    let wanted = trust.policies_after(&TrustUpdate { policies: Vec::new(), ..update }, NOW).unwrap();
    assert_eq!(wanted.len(), 2, "the nation's is here already");
    let rest = TrustUpdate { policies: files.policies, ..TrustUpdate::default() };
    assert_eq!(after.update(&rest, NOW).unwrap().fault_at(NOW), None);
}

/// The city's policy signed by a key with these grants for a region, opened under that root.
fn signed_by(digits: &str, grants: Grants, policy: &Policy) -> Result<PolicyFile, Rejection> {
    let mut root = World::new().root;
    let pair = key(STRANGER);
    root.regions =
        vec![RegionKey { region: region(digits), kid: pair.kid(), key: pair.public().clone(), grants }];
    PolicyFile::open(&issuer::sign_policy(policy, &[&pair]), &root)
}

#[test]
fn a_key_signs_no_more_than_its_grant_and_nothing_outside_its_region() {
    let file = TrustFile::Policy;
    let nobody = Err(Rejection::OtherRoot { file });
    let of = |digits: &str| closed(digits);
    for digits in ["", "42", "4201", "420106", "420106001"] {
        assert_eq!(signed_by(digits, Grants::OFFICE, &of(digits)), nobody, "{digits}");
        assert_eq!(signed_by(digits, Grants::COMMUNITIES, &of(digits)), nobody, "{digits}");
        assert!(signed_by(digits, Grants::POLICIES, &of(digits)).is_ok(), "{digits}");
    }
    assert!(signed_by("4201", Grants::OFFICE, &of(HERE)).is_ok());
    assert!(signed_by("4201", Grants::COMMUNITY_POLICIES, &of(HERE)).is_ok());
    assert_eq!(signed_by("4201", Grants::COMMUNITIES, &of(HERE)), nobody);
    for (digits, elsewhere) in [("4201", "42"), ("4201", ""), ("4201", "4202"), ("420106", "420111")] {
        assert_eq!(signed_by(digits, Grants::ALL, &of(elsewhere)), nobody, "{digits} {elsewhere}");
    }
    // And a key that may sign policies alone signs no community.
    let mut world = World::new();
    world.root.regions[1].grants = Grants::POLICIES;
    let files = world.files();
    let pin = health_code::RootPin::of(&files.root);
    let trust = Trust::open(files, &pin).unwrap();
    assert_eq!(trust.fault_at(NOW), Some(TrustFault::CommunityNotBelieved));
    assert_eq!(trust.vouched_for(), Err(Rejection::OtherRoot { file: TrustFile::Community }));
    assert_eq!((Grants::from_bits(0), Grants::from_bits(8)), (None, None));
}

#[test]
fn what_a_withdrawn_key_signed_is_missed() {
    let world = World::new();
    let trust = world.trust();
    let mut next = world.clone();
    (next.root.version, next.root.issued) = (2, NOW);
    (next.list.version, next.list.root_epoch) = (8, 2);
    let pair = key(STRANGER);
    (next.root.regions[0].kid, next.root.regions[0].key) = (pair.kid(), pair.public().clone());
    let roots = vec![issuer::sign_root(&next.root, &[&key(ROOT[0]), &key(ROOT[1])])];
    let update = TrustUpdate { roots, list: Some(next.files().list), ..TrustUpdate::default() };
    assert_eq!(trust.update(&update, NOW).unwrap().fault_at(NOW), Some(TrustFault::PolicyMissing));
    next.keys.nation = pair;
    let files = next.files();
    let update = TrustUpdate { list: Some(files.list), policies: files.policies, ..update };
    assert_eq!(trust.update(&update, NOW).unwrap().fault_at(NOW), None);
}

#[test]
fn policy_files_that_are_refused() {
    let world = World::new();
    let file = TrustFile::Policy;
    let open = |bytes: &[u8]| PolicyFile::open(bytes, &world.root);
    let good = issuer::sign_policy(&world.policy, &[&world.keys.nation]);
    assert_eq!(open(&good).unwrap().policy(), &world.policy);
    let none = Err(Rejection::Threshold { file, held: 0, needed: 1 });
    assert_eq!(open(&issuer::sign_policy(&world.policy, &[&key(REGION)])), none, "not the nation's key");
    let other = issuer::sign_file(
        world.policy.to_payload(),
        health_code::trust::COMMUNITY_AAD,
        &[&world.keys.nation],
    );
    assert_eq!(open(&other), none, "another purpose");
    let mut long = good.clone();
    long.resize(health_code::limits::POLICY_BYTES + 1, 0);
    for bad in [&good[..good.len() - 1], &[], &[good.as_slice(), &[0]].concat(), &long] {
        assert!(matches!(open(bad), Err(Rejection::Malformed { file: TrustFile::Policy, .. })));
    }
}

#[test]
fn what_a_policy_says_comes_back_and_nothing_else_is_read() {
    let mut full = World::new().policy;
    full.region = region("4201");
    full.to = Some(full.from.plus(DAY));
    full.zone = Zone::named("Asia/Urumqi").unwrap();
    full.milder = vec![
        Milder {
            region: region("420106"),
            cells: vec![0, 24],
            limits: vec![Limit::Fever, Limit::Certificates],
        },
        Milder { region: region("420111"), cells: vec![], limits: Limit::ALL.to_vec() },
    ];
    full.screen = Some(ScreenTimes { pass: 5, check: 600, others: 30, repeated_pass: 8 });
    (full.idle_minutes, full.kept_reports, full.keep_days) = (Some(720), Some(100_000), Some(3650));
    assert_eq!(Policy::read_unverified(&full.to_payload()), Ok(full.clone()));
    let refused = |change: &dyn Fn(&mut Policy)| {
        let mut policy = full.clone();
        change(&mut policy);
        let read = Policy::read_unverified(&policy.to_payload());
        assert!(matches!(read, Err(Rejection::Malformed { file: TrustFile::Policy, .. })), "{policy:?}");
    };
    refused(&|policy| policy.version = 0);
    refused(&|policy| policy.to = Some(policy.from));
    refused(&|policy| policy.fever_tenths = 299);
    refused(&|policy| policy.no_code_url = "https://a b".to_owned());
    refused(&|policy| policy.document = "长".repeat(43));
    refused(&|policy| policy.milder.reverse());
    refused(&|policy| policy.milder[1].region = region("420106"));
    refused(&|policy| policy.milder[1].region = region("4202"));
    refused(&|policy| policy.milder[0].cells = vec![25]);
    refused(&|policy| policy.milder[0].cells = vec![1, 0]);
    refused(&|policy| policy.milder[0].limits.reverse());
    refused(&|policy| policy.milder[1].limits.clear());
    refused(&|policy| policy.screen = Some(ScreenTimes { pass: 4, ..ScreenTimes::default() }));
    refused(&|policy| policy.screen = Some(ScreenTimes { others: 601, ..ScreenTimes::default() }));
    refused(&|policy| policy.idle_minutes = Some(0));
    refused(&|policy| policy.idle_minutes = Some(721));
    refused(&|policy| policy.kept_reports = Some(100_001));
    refused(&|policy| policy.keep_days = Some(0));
    refused(&|policy| policy.keep_days = Some(3651));
    let zone = |name: &str| {
        let payload = full.to_payload();
        let at = payload.windows(11).position(|window| window == b"Asia/Urumqi").unwrap();
        let mut payload = payload;
        payload[at..at + 11].copy_from_slice(name.as_bytes());
        Policy::read_unverified(&payload).is_ok()
    };
    assert!(zone("Asia/Urumqi") && !zone("asia/urumqi") && !zone("Asia/Nowhere"[..11].trim()));
}

#[test]
fn a_bundle_has_its_files_in_the_order_of_their_hashes() {
    let files = vec![vec![1], vec![2, 2], vec![3; 300]];
    let written = bundle(&files);
    let mut sorted = files.clone();
    sorted.sort_by_key(|file| PolicyHash::of(file));
    assert_eq!(unbundle(&written), Ok(sorted.clone()));
    assert_eq!(bundle(&[files.clone(), files].concat()), written, "none twice");
    sorted.reverse();
    let wrong =
        |bytes: &[u8]| matches!(unbundle(bytes), Err(Rejection::Malformed { file: TrustFile::Policies, .. }));
    let raw = |files: &[Vec<u8>]| {
        let files = files.iter().map(|file| file.clone().into()).collect();
        strict_cose::cbor::encode(&strict_cose::Value::Array(files))
    };
    assert!(wrong(&raw(&sorted)) && wrong(&raw(&[vec![1], vec![1]])) && wrong(&raw(&[vec![0; 16_385]])));
    let many: Vec<Vec<u8>> = (0..65_u8).map(|n| vec![n]).collect();
    assert!(wrong(&bundle(&many)) && !wrong(&bundle(&many[..64])));
    assert!(wrong(&[]) && wrong(&[0xa0]) && wrong(&[0x81, 0x01]) && wrong(&[0x80, 0x80]));
}

#[test]
fn what_is_published_for_monday_acts_from_mondays_first_second() {
    // Both are named on Saturday. NOW is Sunday, 2020-09-13, 20:26:40 in Shanghai.
    let monday = Zone::china().start_of_day(Zone::china().day(NOW) + 1);
    assert_eq!(monday, Timestamp(1_600_012_800));
    let mut world = World::new();
    world.policies =
        vec![policy("4201", 2, NOW.plus(-9 * DAY)), Policy { version: 3, from: monday, ..closed("4201") }];
    let trust = world.trust();
    assert_eq!(green(&trust, monday.plus(-1)), Ok(Ruling::Pass));
    assert_eq!(green(&trust, monday), Ok(Ruling::Stop));
    assert_eq!(trust.next_change(NOW), Some(monday));
    assert_ne!(trust.policy(monday.plus(-1)).unwrap().set, trust.policy(monday).unwrap().set);
    // And it is missed before it acts.
    let mut files = world.files();
    files.policies.retain(|file| {
        PolicyFile::open(file, &world.root).unwrap().policy().version != 3 || {
            PolicyFile::open(file, &world.root).unwrap().policy().region == region("")
        }
    });
    let pin = health_code::RootPin::of(&files.root);
    assert_eq!(Trust::open(files, &pin).unwrap().fault_at(NOW), Some(TrustFault::PolicyMissing));
}

#[test]
fn of_one_level_the_one_that_began_last_is_in_force() {
    let mut world = World::new();
    let from = |version, days: i64| policy("4201", version, NOW.plus(-days * DAY));
    world.policies = vec![from(5, 9), from(2, 3), Policy { to: Some(NOW.plus(-DAY)), ..from(9, 2) }];
    let at = |moment| world.trust().policy(moment).unwrap().policy.version;
    assert_eq!([at(NOW.plus(-2 * DAY)), at(NOW.plus(-DAY)), at(NOW)], [9, 2, 2]);
    // Of two that began at once, the higher version.
    world.policies = vec![from(5, 9), from(6, 9), from(4, 9)];
    assert_eq!(world.trust().policy(NOW).unwrap().policy.version, 6);
}

#[test]
fn the_set_names_the_files_in_force_from_the_widest() {
    let mut world = World::new();
    world.policies =
        vec![policy(HERE, 1, NOW.plus(-DAY)), policy("42", 1, NOW.plus(-DAY)), policy("4201", 1, NOW)];
    let trust = world.trust();
    let hash = |digits: &str| {
        let found = world.policy_files().into_iter().find(|(of, _)| *of == region(digits));
        PolicyHash::of(&found.unwrap().1)
    };
    let set = |digits: &[&str]| PolicySet::of(digits.iter().map(|digits| hash(digits)));
    assert_eq!(trust.policy(NOW.plus(-1)).unwrap().set, set(&["", "42", HERE]));
    assert_eq!(trust.policy(NOW).unwrap().set, set(&["", "42", "4201", HERE]));
    assert_eq!(trust.policy(NOW).unwrap().policy.region, region(HERE));
}

#[test]
fn without_a_national_policy_in_force_nothing_is_judged() {
    for change in
        [|policy: &mut Policy| policy.to = Some(NOW), |policy: &mut Policy| policy.from = NOW.plus(1)]
    {
        let mut world = World::new();
        change(&mut world.policy);
        world.policies.push(policy("4201", 1, NOW.plus(-DAY)));
        let trust = world.trust();
        assert_eq!(trust.fault_at(NOW), Some(TrustFault::NoPolicy));
        assert_eq!(green(&trust, NOW), Err(TrustFault::NoPolicy));
    }
    assert_eq!(TrustFault::NoPolicy.code(), "no-policy");
}

#[test]
fn faults_come_in_their_order() {
    // Everything is wrong at once, and is mended one after the other.
    let mut world = World::new();
    world.list.issued = NOW.plus(-60 * DAY);
    (world.list.soft_expiry, world.list.hard_expiry) = (NOW.plus(-2 * DAY), NOW.plus(300 * DAY));
    world.community.issued = NOW.plus(-181 * DAY);
    (world.community.soft_expiry, world.community.hard_expiry) = (NOW, NOW.plus(300 * DAY));
    world.list.believed_from = vec![BelievedFrom { region: region(""), from: NOW }];
    world.policy.from = NOW.plus(DAY);
    world.list.policies = vec![NamedPolicy { region: region("42"), hash: PolicyHash([9; 32]) }];
    world.root.issued = NOW.plus(121);
    let fault = |world: &World| world.trust().fault_at(NOW).map(TrustFault::code);
    assert_eq!(fault(&world), Some("clock-wrong"));
    world.root.issued = NOW;
    assert_eq!(fault(&world), Some("community-not-believed"));
    world.list.believed_from.clear();
    assert_eq!(fault(&world), Some("trust-expired"));
    world.list.issued = NOW.plus(-DAY);
    world.list.soft_expiry = NOW;
    assert_eq!(fault(&world), Some("community-expired"));
    world.community.issued = NOW.plus(-179 * DAY);
    assert_eq!(fault(&world), Some("policy-missing"));
    world.list.policies.clear();
    assert_eq!(fault(&world), Some("no-policy"));
    world.policy.from = NOW;
    assert_eq!(fault(&world), None);
    assert_eq!(world.trust().freshness(NOW), Freshness::Old);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn between_two_changes_nothing_changes(
        starts in proptest::collection::vec((0..5_usize, -3..4_i64, proptest::option::of(1..4_i64), 0..9_u32), 0..5),
        soft in 0..8_i64,
        at in -400_000..400_000_i64,
        later in 0.0..1.0_f64,
    ) {
        let mut world = World::new();
        world.list.soft_expiry = world.list.issued.plus(soft * DAY);
        world.policies = starts.iter().enumerate().map(|(n, (level, from, length, hard))| {
            let from = NOW.plus(from * DAY + n as i64);
            Policy {
                to: length.map(|days| from.plus(days * DAY)),
                hard_expiry_seconds: (*hard < 5).then_some(hard * 86_400),
                ..policy(["42", "4201", "420106", "420106001", HERE][*level], 1 + n as u64, from)
            }
        }).collect();
        let (trust, now) = (world.trust(), NOW.plus(at));
        let state = |moment| (trust.fault_at(moment), trust.freshness(moment), trust.policy(moment));
        let next = trust.next_change(now).unwrap();
        prop_assert!(next > now);
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
        let between = now.plus(((next.since(now) - 1) as f64 * later) as i64);
        prop_assert_eq!(state(between), state(now));
        prop_assert_eq!(state(next.plus(-1)), state(now));
    }
}
