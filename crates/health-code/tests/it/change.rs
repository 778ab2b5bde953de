//! Time and change: the same code asked again, at another moment or by other files. Whatever a gate shows
//! is what these calls say now.

use health_code::trust::Revocations;
use health_code::{Claims, Colour, Presented, Ruling, Timestamp, Trust, TrustFault};
use issuer::CodeSigner;

use crate::world::*;

fn code(claims: &Claims) -> String {
    CodeSigner::new(key(HUBEI)).sign(claims).unwrap()
}

/// A fault, a refusal, or a ruling: what a gate says of a text.
fn said(text: &str, trust: &Trust, now: Timestamp) -> String {
    if let Some(fault) = trust.fault_at(now) {
        return fault.code().to_owned();
    }
    let presented = Presented::parse(text).unwrap();
    match trust.verify_presented(&presented, &region(HERE), now) {
        Err(refused) => refused.refusal.code().to_owned(),
        Ok(proven) => match trust
            .policy(now)
            .map(|in_force| in_force.policy.judge_proven(&proven, &region(HERE), now).ruling)
        {
            Ok(Ruling::Pass) => "pass".to_owned(),
            Ok(Ruling::Check) => "check".to_owned(),
            Ok(Ruling::Stop) => "stop".to_owned(),
            Err(fault) => fault.code().to_owned(),
        },
    }
}

#[test]
fn a_code_that_ends_in_five_seconds_is_green_for_five_seconds() {
    let trust = World::new().trust();
    let text = code(&Claims { iat: NOW.plus(-55), exp: NOW.plus(5), ..claims() });
    let at = |seconds| said(&text, &trust, NOW.plus(seconds));
    assert_eq!([at(0), at(4), at(5), at(19)], ["pass", "pass", "expired", "expired"]);
}

#[test]
fn a_revocation_and_a_stricter_policy_act_on_a_code_that_passed() {
    let text = code(&claims());
    let usual = World::new();
    assert_eq!(said(&text, &usual.trust(), NOW.plus(1)), "pass");
    let mut revoking = World::new();
    revoking.list.version += 1;
    revoking.revoke([Revocations::entry(&[3; 16], "hubei", &claims().pseudonym)]);
    assert_eq!(said(&text, &revoking.trust(), NOW.plus(1)), "revoked");
    let mut stricter = World::new();
    stricter.list.version += 1;
    stricter.policy.version += 1;
    stricter.policy.table[0].green = Ruling::Stop;
    assert_eq!(said(&text, &stricter.trust(), NOW.plus(1)), "stop");
}

#[test]
fn a_stop_stays_a_stop_however_often_it_is_shown() {
    let text = code(&Claims { colour: Colour::Red, ..claims() });
    let trust = World::new().trust();
    assert_eq!([said(&text, &trust, NOW), said(&text, &trust, NOW.plus(12))], ["stop", "stop"]);
}

#[test]
fn a_code_of_thirty_days_ago_is_not_judged_by_files_that_are_newer() {
    let then = NOW.plus(-30 * DAY);
    let text = code(&sample::claims(then));
    let trust = World::new().trust();
    assert_eq!(said(&text, &trust, then), "clock-wrong");
    assert_eq!(said(&text, &trust, NOW), "expired");
}

#[test]
fn outside_the_dates_of_the_national_policy_nothing_is_judged() {
    let text = code(&claims());
    let mut over = World::new();
    over.policy.to = Some(NOW);
    let mut not_begun = World::new();
    not_begun.policy.from = NOW.plus(1);
    for world in [over, not_begun] {
        assert_eq!(said(&text, &world.trust(), NOW), TrustFault::NoPolicy.code());
    }
}
