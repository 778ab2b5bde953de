//! Days are days at the gate: by the zone of its policy, with daylight saving and leap days. docs/families.md
//! has the rule, and some of these.

use health_code::hcert::{BirthDate, Initial, Kind, UnverifiedCertificate, VerifiedCertificate};
use health_code::{
    BirthParts, CertificateRow, Days, Finding, Hours, Policy, Reason, Ruling, Timestamp, Zone,
};
use issuer::NewCertificate;
use strict_cose::Value;

use crate::testdata::certificates::{by, certificate, key, signers};
use crate::world::*;

const ROW: CertificateRow = CertificateRow {
    accepted: Ruling::Pass,
    otherwise: Ruling::Stop,
    vaccination: Some(Days { from: 14, to: 270 }),
    doses: 1,
    test: Some(Hours { from: 1, to: 72 }),
    recovery: Some(Days { from: 0, to: 900 }),
    birth: None,
};

/// Seconds since 1970 of a day's midnight in UTC, `YYYY-MM-DD`.
fn midnight(day: &str) -> i64 {
    health_code::hcert::date::day(day).unwrap() * DAY
}

/// A moment in RFC 3339, in UTC.
fn at(text: &str) -> Timestamp {
    health_code::hcert::date::moment(&Value::Text(text.to_owned())).unwrap()
}

fn verified(new: &NewCertificate) -> VerifiedCertificate {
    let mut world = World::new();
    world.list.signers = signers();
    for signer in &mut world.list.signers {
        (signer.not_before, signer.not_after) = (Timestamp(0), Timestamp(4_000_000_000));
    }
    let code = UnverifiedCertificate::parse(&by(&key(), new)).unwrap();
    world.trust().verify_certificate(&code, &region(HERE), new.iat.plus(1)).unwrap()
}

fn policy(zone: &str) -> Policy {
    Policy { certificates: Some(ROW), zone: Zone::named(zone).unwrap(), ..World::new().policy }
}

/// What the row finds of a certificate that was made on its day, at a moment.
fn found(new: &NewCertificate, zone: &str, now: &str) -> Finding {
    match policy(zone).judge_certificate(&verified(new), at(now)).reason {
        Reason::Passport => Finding::Accepted,
        Reason::Certificate { finding, .. } => finding,
        other => panic!("{other:?}"),
    }
}

fn on(kind: Kind, day: &str) -> NewCertificate {
    let iat = Timestamp(midnight(day) + 30 * 3600);
    NewCertificate { day: day.to_owned(), iat, exp: iat.plus(400 * DAY), ..certificate(kind) }
}

#[test]
fn day_14_begins_at_midnight_of_the_policys_zone() {
    use Finding::{Accepted, TooRecent};
    for (zone, dose, too_early, early_enough) in [
        ("Asia/Shanghai", "2022-03-01", "2022-03-14T15:59:59Z", "2022-03-14T16:00:00Z"),
        ("Asia/Urumqi", "2022-03-01", "2022-03-14T17:59:59Z", "2022-03-14T18:00:00Z"),
        // Clocks were set forward on 2022-03-13, and back on 2022-11-06.
        ("America/New_York", "2022-03-01", "2022-03-15T03:59:59Z", "2022-03-15T04:00:00Z"),
        ("America/New_York", "2022-02-26", "2022-03-12T04:59:59Z", "2022-03-12T05:00:00Z"),
        ("America/New_York", "2022-10-24", "2022-11-07T04:59:59Z", "2022-11-07T05:00:00Z"),
        ("UTC", "2022-03-01", "2022-03-14T23:59:59Z", "2022-03-15T00:00:00Z"),
        // Across a leap day, and across the end of a year without one.
        ("Asia/Shanghai", "2024-02-15", "2024-02-28T15:59:59Z", "2024-02-28T16:00:00Z"),
        ("Asia/Shanghai", "2024-02-16", "2024-02-29T15:59:59Z", "2024-02-29T16:00:00Z"),
        ("Asia/Shanghai", "2023-02-15", "2023-02-28T15:59:59Z", "2023-02-28T16:00:00Z"),
        ("Europe/Berlin", "2021-12-20", "2022-01-02T22:59:59Z", "2022-01-02T23:00:00Z"),
    ] {
        let new = on(Kind::Vaccination, dose);
        let both = [too_early, early_enough].map(|now| found(&new, zone, now));
        assert_eq!(both, [TooRecent, Accepted], "{zone} {dose}");
    }
}

#[test]
fn day_270_ends_at_the_next_midnight_there() {
    // 270 days after 2023-06-05 is 2024-03-01, with a leap day between.
    let new = on(Kind::Vaccination, "2023-06-05");
    let both = ["2024-03-01T15:59:59Z", "2024-03-01T16:00:00Z"].map(|now| found(&new, "Asia/Shanghai", now));
    assert_eq!(both, [Finding::Accepted, Finding::TooLongAgo]);
}

#[test]
fn a_recoverys_own_days_are_both_included() {
    let recovery = ["2022-03-20", "2022-06-30"].map(str::to_owned);
    let new = NewCertificate { recovery, ..on(Kind::Recovery, "2022-03-08") };
    let at = |now| found(&new, "Asia/Shanghai", now);
    assert_eq!(at("2022-03-19T15:59:59Z"), Finding::OwnDaysToCome);
    assert_eq!(at("2022-03-19T16:00:00Z"), Finding::Accepted);
    assert_eq!(at("2022-06-30T15:59:59Z"), Finding::Accepted);
    assert_eq!(at("2022-06-30T16:00:00Z"), Finding::OwnDaysOver);
}

#[test]
fn a_test_is_counted_in_hours_whatever_the_zone() {
    let new = on(Kind::Test, "2022-03-12");
    let payload = verified(&new).contents().payload.clone();
    let sample = payload.event.sample().unwrap();
    for zone in ["Asia/Shanghai", "America/New_York", "UTC"] {
        let after =
            |seconds| match policy(zone).judge_certificate(&verified(&new), sample.plus(seconds)).reason {
                Reason::Passport => (Finding::Accepted, None),
                Reason::Certificate { finding, hours, .. } => (finding, hours),
                other => panic!("{other:?}"),
            };
        assert_eq!(after(3599), (Finding::TooRecent, Some(0)), "{zone}");
        assert_eq!(after(3600), (Finding::Accepted, None));
        // The clocks of New York were set forward meanwhile: 72 hours are 72 hours.
        assert_eq!(after(72 * 3600), (Finding::Accepted, None));
        assert_eq!(after(72 * 3600 + 1), (Finding::TooLongAgo, Some(72)));
    }
}

#[test]
fn the_days_that_a_verdict_names_are_the_zones() {
    let new = on(Kind::Vaccination, "2022-03-01");
    let days = |zone: &str, now: &str| match policy(zone).judge_certificate(&verified(&new), at(now)).reason {
        Reason::Certificate { days, hours: None, .. } => days,
        other => panic!("{other:?}"),
    };
    assert_eq!(days("Asia/Shanghai", "2022-03-10T16:00:00Z"), 10);
    assert_eq!(days("America/New_York", "2022-03-10T16:00:00Z"), 9);
}

#[test]
fn what_is_compared_is_kept_in_memory_as_far_as_the_policy_shows_it() {
    let new = NewCertificate {
        name: ["Mustermann", "Érika Anna", "MUSTERMANN", "ERIKA<ANNA"].map(str::to_owned),
        dob: "1964-08-12".to_owned(),
        ..on(Kind::Vaccination, "2022-03-01")
    };
    let payload = verified(&new).contents().payload.clone();
    let initials: Vec<(char, u8)> =
        payload.initials.iter().map(|Initial { letter, length }| (*letter, *length)).collect();
    assert_eq!(initials, [('M', 10), ('E', 5), ('A', 4)]);
    assert_eq!(payload.birth, Some(BirthDate { year: 1964, month: Some(8), day: Some(12) }));
    let said = format!("{payload:?}");
    assert!(!said.contains("MUSTERMANN") && !said.contains("ERIKA"), "{said}");
    let parts = policy("UTC").birth_parts();
    assert_eq!((parts.year(), parts.month(), parts.day()), (true, false, true));
    let row = CertificateRow { birth: BirthParts::from_bits(0), ..ROW };
    let none = Policy { certificates: Some(row), ..policy("UTC") }.birth_parts();
    assert_eq!((none.year(), none.month(), none.day()), (false, false, false));
    assert_eq!(BirthParts::from_bits(8), None);
}
