//! Who recognises whom, what a policy's row says of certificates, and both in their files.

use health_code::hcert::{Kind, UnverifiedCertificate, ValueSet, ValueSets};
use health_code::{
    CertificateRow, Claims, Colour, Days, Finding, Hours, Notice, Policy, Reason, Refusal, Ruling, TrustList,
    Verdict,
};
use issuer::NewCertificate;
use strict_cose::Value;
use strict_cose::cbor::{Limits, decode, encode, map};

use crate::testdata::certificates::{by, certificate, key, signers};
use crate::world::*;

/// Is Wuhan's code taken at a checkpoint of this region?
fn taken(world: &World, at: &str) -> bool {
    let trust = world.trust();
    let wuhan = trust.list().issuers.iter().find(|issuer| issuer.iss == "wuhan").unwrap();
    trust.list().recognises(wuhan, &region(at))
}

#[test]
fn recognition_goes_one_level_unless_the_list_passes_it_on() {
    let mut world = World::new();
    // The city's own, the province's by one level, and no further.
    world.issuer(WUHAN).recognised_by = vec![region("42")];
    assert!(taken(&world, HERE) && taken(&world, "420281001001"));
    assert!(!taken(&world, "110101001001"));
    // The country recognises the province's code; passed on, so it does the city's.
    world.issuer(WUHAN).passed_on = true;
    assert!(taken(&world, "110101001001"));
    // Only along issuers for that very region: who issues for another passes nothing on.
    world.issuer(HUBEI).regions = vec![region("43")];
    assert!(!taken(&world, "110101001001"));
    // Two levels need two that are passed on.
    world.issuer(HUBEI).regions = vec![region("42")];
    world.issuer(HUBEI).recognised_by = vec![region("")];
    assert!(taken(&world, "110101001001"));
    world.issuer(HUBEI).recognised_by = vec![region("43")];
    assert!(!taken(&world, "110101001001") && taken(&world, "430102001001"));
    // A ring ends.
    world.issuer(HUBEI).recognised_by = vec![region("4201")];
    world.issuer(HUBEI).passed_on = true;
    assert!(!taken(&world, "110101001001"));
}

#[test]
fn nobody_abroad_passes_recognition_on() {
    let mut world = World::new();
    world.issuer(WUHAN).recognised_by = vec![region("44")];
    world.issuer(WUHAN).passed_on = true;
    world.issuer(ABROAD).regions = vec![region("44")];
    assert!(!taken(&world, HERE));
}

#[test]
fn uncoloured_is_a_pass_only_where_the_policy_says_so() {
    let mut world = World::new();
    let claims = Claims { iss: "wuhan".to_owned(), colour: Colour::Uncoloured, ..claims() };
    let judged = |world: &World| {
        let code = verify(world, WUHAN, &claims).unwrap();
        world.policy.judge(&code, &region(HERE), NOW).ruling
    };
    assert_eq!(judged(&world), Ruling::Check);
    world.policy.table[0].uncoloured = Ruling::Pass;
    assert_eq!(judged(&world), Ruling::Pass);
}

const ROW: CertificateRow = CertificateRow {
    accepted: Ruling::Check,
    otherwise: Ruling::Stop,
    vaccination: Some(Days { from: 14, to: 270 }),
    doses: 2,
    test: Some(Hours { from: 0, to: 72 }),
    recovery: Some(Days { from: 11, to: 180 }),
    birth: None,
};

fn world(row: Option<CertificateRow>) -> World {
    let mut world = World::new();
    world.list.signers = signers();
    world.policy.certificates = row;
    world
}

fn judge(row: Option<CertificateRow>, new: &NewCertificate) -> Verdict {
    let trust = world(row).trust();
    let code = UnverifiedCertificate::parse(&by(&key(), new)).unwrap();
    let verified = trust.verify_certificate(&code, &region(HERE), NOW).unwrap();
    trust.policy(NOW).unwrap().policy.judge_certificate(&verified, NOW)
}

fn found(change: impl FnOnce(&mut NewCertificate)) -> Finding {
    let mut new = certificate(Kind::Vaccination);
    change(&mut new);
    match judge(Some(ROW), &new) {
        Verdict { ruling, reason: Reason::Certificate { certificate, finding, .. } } => {
            assert_eq!(certificate, new.kind);
            let accepted = finding == Finding::Accepted;
            assert_eq!(ruling, if accepted { Ruling::Check } else { Ruling::Stop });
            finding
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_rows_rules_from_both_sides() {
    // Today is 2020-09-13.
    let vaccinated = |day: &str| found(|new| day.clone_into(&mut new.day));
    assert_eq!(vaccinated("2020-08-30"), Finding::Accepted, "14 days");
    assert_eq!(vaccinated("2020-08-31"), Finding::TooRecent);
    assert_eq!(vaccinated("2019-12-18"), Finding::Accepted, "270 days");
    assert_eq!(vaccinated("2019-12-17"), Finding::TooLongAgo);
    for (doses, finding) in [
        ([2, 2], Finding::Accepted),
        ([3, 3], Finding::Accepted),
        ([3, 2], Finding::Accepted),
        ([1, 2], Finding::TooFewDoses),
        ([1, 1], Finding::TooFewDoses),
        ([2, 3], Finding::TooFewDoses),
    ] {
        assert_eq!(found(|new| new.doses = doses), finding, "{doses:?}");
    }
    let tested = |day: &str, detected| {
        found(|new| {
            *new = NewCertificate { day: day.to_owned(), detected, ..certificate(Kind::Test) };
        })
    };
    assert_eq!(tested("2020-09-11", false), Finding::Accepted);
    assert_eq!(tested("2020-09-10", false), Finding::TooLongAgo);
    assert_eq!(tested("2020-09-12", true), Finding::Detected);
    let recovered = |day: &str, own: [&str; 2]| {
        found(|new| {
            let recovery = own.map(str::to_owned);
            *new = NewCertificate { day: day.to_owned(), recovery, ..certificate(Kind::Recovery) };
        })
    };
    assert_eq!(recovered("2020-08-20", ["2020-09-01", "2021-02-01"]), Finding::Accepted);
    assert_eq!(recovered("2020-08-20", ["2020-09-14", "2021-02-01"]), Finding::OwnDaysToCome);
    assert_eq!(recovered("2020-08-20", ["2020-09-01", "2020-09-12"]), Finding::OwnDaysOver);
    assert_eq!(recovered("2020-09-03", ["2020-09-01", "2021-02-01"]), Finding::TooRecent);
    assert_eq!(recovered("2020-03-16", ["2020-04-01", "2021-02-01"]), Finding::TooLongAgo);
}

#[test]
fn a_kind_without_days_is_not_accepted_and_a_pass_is_a_check_of_the_passport() {
    let new = certificate(Kind::Vaccination);
    let reason = |row| judge(row, &new);
    let none = CertificateRow { vaccination: None, ..ROW };
    assert!(matches!(
        reason(Some(none)),
        Verdict { ruling: Ruling::Stop, reason: Reason::Certificate { finding: Finding::NotAccepted, .. } }
    ));
    let pass = CertificateRow { accepted: Ruling::Pass, ..ROW };
    assert_eq!(reason(Some(pass)), Verdict { ruling: Ruling::Check, reason: Reason::Passport });
    assert!(matches!(
        reason(None),
        Verdict { ruling: Ruling::Check, reason: Reason::Certificate { finding: Finding::NoRule, .. } }
    ));
}

#[test]
fn what_a_list_says_of_families_comes_back_and_nothing_else_is_read() {
    let mut list = world(Some(ROW)).named_list();
    list.issuers[2].passed_on = true;
    list.issuers[1].grey_notice =
        Some(Notice { zh: "信息已登记".to_owned(), en: "Registered".to_owned() });
    let read = |list: &TrustList| TrustList::read_unverified(&list.to_payload());
    assert_eq!(read(&list), Ok(list.clone()));
    let refused = |change: &dyn Fn(&mut TrustList)| {
        let mut list = list.clone();
        change(&mut list);
        assert!(read(&list).is_err(), "{list:?}");
    };
    refused(&|list| list.signers.push(list.signers[0].clone()));
    refused(&|list| "xs".clone_into(&mut list.signers[0].country));
    refused(&|list| "X".clone_into(&mut list.signers[0].country));
    refused(&|list| "XSXS".clone_into(&mut list.signers[0].country));
    refused(&|list| list.signers[0].issuer = Some("XS".to_owned()));
    refused(&|list| list.signers[0].issuer = Some(" ".to_owned()));
    refused(&|list| list.signers[0].issuer = Some("X".repeat(65)));
    refused(&|list| list.signers[0].not_after = list.signers[0].not_before);
    refused(&|list| list.issuers[1].grey_notice.as_mut().unwrap().en.clear());
}

fn sets(of: &[(ValueSet, &[&str])]) -> ValueSets {
    let mut sets = ValueSets::default();
    for (set, codes) in of {
        sets.add(*set, codes.iter().map(|code| (*code).to_owned()));
    }
    sets
}

#[test]
fn a_code_outside_a_listed_value_set_is_ruled_on_like_what_is_not_accepted() {
    let found = |sets: ValueSets, new: &NewCertificate| {
        let mut world = world(Some(ROW));
        world.list.value_sets = sets;
        let trust = world.trust();
        let code = UnverifiedCertificate::parse(&by(&key(), new)).unwrap();
        let verified = trust.verify_certificate(&code, &region(HERE), NOW).unwrap();
        match trust.policy(NOW).unwrap().policy.judge_certificate(&verified, NOW) {
            Verdict { ruling: Ruling::Stop, reason: Reason::Certificate { finding, .. } } => finding,
            Verdict { reason: Reason::Certificate { finding: Finding::Accepted, .. }, .. } => {
                Finding::Accepted
            }
            other => panic!("{other:?}"),
        }
    };
    let vaccination = certificate(Kind::Vaccination);
    let held: &[(ValueSet, &[&str])] = &[
        (ValueSet::Disease, &["840539006"]),
        (ValueSet::Country, &["XA", "XS"]),
        (ValueSet::Prophylaxis, &["1119349007"]),
        (ValueSet::Product, &["EU/1/20/1528"]),
        (ValueSet::Holder, &["ORG-100030215"]),
        (ValueSet::TestResult, &["260415000"]),
    ];
    assert_eq!(found(sets(held), &vaccination), Finding::Accepted);
    for (set, _) in &held[1..5] {
        let other =
            held.iter().map(|(each, codes)| (*each, if each == set { &["other"][..] } else { codes }));
        let other: Vec<_> = other.collect();
        assert_eq!(found(sets(&other), &vaccination), Finding::Unlisted, "{set:?}");
    }
    // What counts for the people at the gate comes first: a positive test stays one.
    let positive = NewCertificate { detected: true, day: "2020-09-12".to_owned(), ..certificate(Kind::Test) };
    assert_eq!(found(sets(held), &positive), Finding::Detected);
    let few = NewCertificate { doses: [1, 2], ..vaccination };
    assert_eq!(found(sets(&[(ValueSet::Product, &["other"])]), &few), Finding::Unlisted);
}

#[test]
fn value_sets_have_one_encoding() {
    let mut list = world(None).named_list();
    list.value_sets = sets(&[(ValueSet::Country, &["XS", "XA"]), (ValueSet::TestDevice, &["1833"])]);
    assert_eq!(TrustList::read_unverified(&list.to_payload()), Ok(list.clone()));
    let written = |value: Value| {
        let mut payload = decoded(&list);
        payload.retain(|(key, _)| *key != Value::from(11));
        payload.push((11.into(), value));
        TrustList::read_unverified(&encode(&Value::Map(payload)))
    };
    let text = |text: &str| Value::from(text);
    let set = |number: i64, codes: Vec<Value>| map([(number, Value::Array(codes))]);
    assert!(written(set(2, vec![text("XA"), text("XS")])).is_ok());
    for wrong in [
        map([]),
        set(2, vec![]),
        set(2, vec![text("XS"), text("XA")]),
        set(2, vec![text("XS"), text("XS")]),
        set(2, vec![7.into()]),
        set(2, vec![text(" ")]),
        set(2, vec![text(&"X".repeat(81))]),
        set(9, vec![text("XS")]),
        set(0, vec![text("XS")]),
    ] {
        assert!(written(wrong.clone()).is_err(), "{wrong:?}");
    }
}

fn decoded(list: &TrustList) -> Vec<(Value, Value)> {
    let limits = Limits { bytes: 1 << 20, depth: 8 };
    decode(&list.to_payload(), limits).unwrap().into_map().unwrap()
}

#[test]
fn a_row_that_is_out_of_range_is_not_read() {
    let policy = world(Some(ROW)).policy;
    assert_eq!(Policy::read_unverified(&policy.to_payload()), Ok(policy.clone()));
    let row = |change: fn(&mut CertificateRow)| {
        let mut policy = policy.clone();
        change(policy.certificates.as_mut().unwrap());
        assert!(Policy::read_unverified(&policy.to_payload()).is_err(), "{policy:?}");
    };
    row(|row| row.otherwise = Ruling::Pass);
    row(|row| row.doses = 100);
    row(|row| row.test = Some(Hours { from: 3, to: 2 }));
    row(|row| row.recovery = Some(Days { from: 3, to: 2 }));
}

#[test]
fn a_certificate_shows_what_it_says_only_where_its_signature_holds() {
    let trust = world(Some(ROW)).trust();
    let verify = |text: &str| {
        trust
            .verify_certificate(&UnverifiedCertificate::parse(text).unwrap(), &region(HERE), NOW)
            .unwrap_err()
    };
    let over = NewCertificate { exp: NOW.plus(-1), ..certificate(Kind::Test) };
    let refused = verify(&by(&key(), &over));
    assert_eq!(refused.refusal, Refusal::Expired { exp: NOW.plus(-1) });
    let shown = refused.authentic.unwrap();
    assert_eq!(shown.contents().payload.masked_name, "M************");
    assert!(!format!("{shown:?}").contains("ERIKA"), "the whole name is not kept");
    let stranger = issuer::DocumentKey::es256(&[0x63; 32]).unwrap();
    assert!(verify(&by(&stranger, &certificate(Kind::Test))).authentic.is_none());
}

#[test]
fn the_page_names_every_refusal_of_certificates() {
    let page = include_str!("../../../../docs/families.md");
    for refusal in Refusal::CERTIFICATE_CODES {
        assert!(page.contains(&format!("| `{refusal}` |")), "{refusal}");
    }
}
