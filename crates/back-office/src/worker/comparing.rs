//! Compares each field of a passage with what the office knows. Pure.
//!
//! The station is believed that it was this station, and nothing else. What does not fit raises an
//! alert of its own kind; none of it keeps a passage from being filed.

use health_code::limits::SKEW_SECONDS;
use health_code::{Ruling, Timestamp, Trust, TrustFault, VerifiedCode};
use wire::{Carried, ClockState, Direction, Passage, Shown};

use super::known::Known;
use crate::limits::CONFIRM_SECONDS;
use crate::store::AlertKind;

/// What does not fit, each with its detail in English.
pub(super) type Alerts = Vec<(AlertKind, String)>;

/// Compares what a passage says besides its code.
pub(super) fn compare(passage: &Passage, known: &Known, received: Timestamp) -> Alerts {
    let judged = Timestamp(passage.judged_at);
    let mut alerts = Alerts::new();
    alerts.extend(place(passage.checkpoint, passage.direction, known, judged));
    alerts.extend(person(passage.collector, known, judged));
    alerts.extend(times(passage, received));
    alerts.extend(clock(passage));
    if !passage.outcome.may_follow(passage.shown) {
        let detail = format!("shown {}, and {}", passage.shown.code(), passage.outcome.code());
        alerts.push((AlertKind::WrongOutcome, detail));
    }
    alerts
}

/// Compares where and in which direction somebody passed or worked.
pub(super) fn place(
    checkpoint: [u8; 8],
    direction: Direction,
    known: &Known,
    then: Timestamp,
) -> Option<(AlertKind, String)> {
    let name = wire::hex::encode(&checkpoint);
    match known.may_pass(checkpoint, direction, then) {
        None => Some((AlertKind::UnknownCheckpoint, format!("nobody knows checkpoint {name}"))),
        Some(false) => {
            let detail = format!("nobody passes checkpoint {name} this way: {}", direction.code());
            Some((AlertKind::WrongDirection, detail))
        }
        Some(true) => None,
    }
}

/// Compares who did it.
pub(super) fn person(id: [u8; 8], known: &Known, then: Timestamp) -> Option<(AlertKind, String)> {
    let detail = || format!("person {} is in no community file", wire::hex::encode(&id));
    (!known.has_person(id, then)).then(|| (AlertKind::UnknownPerson, detail()))
}

/// Compares a moment with the arrival. A clock that was known to be wrong proves nothing.
pub(super) fn future(at: i64, clock: ClockState, received: Timestamp) -> Option<(AlertKind, String)> {
    let ahead = Timestamp(at).since(received);
    (clock != ClockState::Wrong && ahead > SKEW_SECONDS)
        .then(|| (AlertKind::FromTheFuture, format!("{ahead} seconds after the report arrived")))
}

fn times(passage: &Passage, received: Timestamp) -> Alerts {
    let waited = passage.at.saturating_sub(passage.judged_at);
    let relied_on = passage.clock != ClockState::Wrong;
    let order = (relied_on && !(0..=CONFIRM_SECONDS).contains(&waited))
        .then(|| (AlertKind::WrongTimes, format!("confirmed {waited} seconds after it was judged")));
    let future = future(passage.at.max(passage.judged_at), passage.clock, received);
    order.into_iter().chain(future).collect()
}

/// A clock that was known to be wrong judges nothing, and one that was relied on is no reason not to judge.
fn clock(passage: &Passage) -> Option<(AlertKind, String)> {
    let wrong = passage.clock == ClockState::Wrong;
    let fits = match passage.shown {
        Shown::UnjudgedClock => wrong,
        shown => !(wrong && shown.is_judged()),
    };
    let detail = || format!("the clock was {}, and shown was {}", passage.clock.code(), passage.shown.code());
    (!fits).then(|| (AlertKind::WrongClock, detail()))
}

/// Returns the set by which the station judged: of those with the list that the passage names, the one
/// whose policies it names, or else the latest. The alert says if none has these policies.
///
/// Nothing is asked of the policies of a passage that was not judged.
pub(super) fn judged_by<'a, T: AsRef<Trust>>(
    passage: &Passage,
    sets: &'a [T],
) -> (Option<&'a T>, Option<(AlertKind, String)>) {
    let at = Timestamp(passage.judged_at);
    let names =
        |trust: &&T| trust.as_ref().policy(at).is_ok_and(|in_force| in_force.set.0 == passage.policies);
    match sets.iter().find(names) {
        Some(found) => (Some(found), None),
        None if passage.shown.is_judged() => {
            let named = wire::hex::encode(&passage.policies);
            (
                sets.first(),
                Some((AlertKind::WrongPolicies, format!("no set of that list has policies {named}"))),
            )
        }
        None => (sets.first(), None),
    }
}

/// Compares what the station showed for a code with what the policies say of it.
pub(super) fn shown(trust: &Trust, passage: &Passage, code: &VerifiedCode) -> Option<(AlertKind, String)> {
    let at = Timestamp(passage.judged_at);
    if let Some(alert) = unjudgeable(trust, passage) {
        return Some(alert);
    }
    let policy = trust.policy(at).ok()?.policy;
    let due = policy.judge(code, &trust.community().region, at).ruling;
    let shown = ruling(passage.shown)?;
    let detail = || format!("shown {}, and the policies say {due:?}", passage.shown.code());
    // The stricter ruling is the greater one.
    match shown.cmp(&due) {
        std::cmp::Ordering::Less => Some((AlertKind::ShownBetter, detail())),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some((AlertKind::ShownWorse, detail())),
    }
}

/// Compares what the station showed for a certificate: it is never a pass. More cannot be seen.
pub(super) fn shown_for_certificate(trust: &Trust, passage: &Passage) -> Alerts {
    debug_assert!(matches!(passage.code, Carried::Certificate { .. }));
    let better = (passage.shown == Shown::Pass)
        .then(|| (AlertKind::ShownBetter, "shown pass for a certificate, which is never one".to_owned()));
    unjudgeable(trust, passage).into_iter().chain(better).collect()
}

/// Nothing can be judged by a set that has a fault at that moment. Its community may be newer than the
/// station's, so that its own dates say nothing.
fn unjudgeable(trust: &Trust, passage: &Passage) -> Option<(AlertKind, String)> {
    let fault = trust.fault_at(Timestamp(passage.judged_at))?;
    let of_the_list = matches!(fault, TrustFault::ListExpired | TrustFault::NoPolicy);
    (passage.shown.is_judged() && of_the_list).then(|| {
        (AlertKind::Unjudgeable, format!("shown {}, in spite of {}", passage.shown.code(), fault.code()))
    })
}

/// Returns the ruling that was shown; `None` where nothing was judged.
fn ruling(shown: Shown) -> Option<Ruling> {
    match shown {
        Shown::Pass => Some(Ruling::Pass),
        Shown::Check => Some(Ruling::Check),
        Shown::Stop => Some(Ruling::Stop),
        Shown::UnjudgedTrust | Shown::UnjudgedClock | Shown::UnjudgedPolicy => None,
    }
}
