//! What the screen must say of a code, asked of `health_code` directly.
//!
//! Nothing of the gate's own judge is in here: it is what the gate is held against.

use health_code::family::{Presented, Proven};
use health_code::policy::Ruling;
use health_code::{Timestamp, Trust, TrustFault, Verdict};
use wire::{ClockState, Shown};

use crate::fault::Fault;
use crate::window::collector::{Answer, CollectorScreen, ResultView};
use crate::window::{Screen, View};

/// Returns what a code is worth at a moment, under a trust and a clock of this state.
pub fn answer(text: &str, trust: &Trust, clock: ClockState, wall: Timestamp) -> Answer {
    let here = &trust.community().region;
    let presented = match Presented::parse(text) {
        Ok(presented) => presented,
        Err(refusal) => return Answer::Invalid { refusal },
    };
    if fault(trust, clock, wall) == Some(Fault::ClockWrong) {
        return match trust.authenticate_presented(&presented, here) {
            Ok(_) => Answer::Unjudged { fault: Fault::ClockWrong },
            Err(refused) => Answer::Invalid { refusal: refused.refusal },
        };
    }
    let proven = match trust.verify_presented(&presented, here, wall) {
        Ok(proven) => proven,
        Err(refused) => return Answer::Invalid { refusal: refused.refusal },
    };
    if let Some(fault) = fault(trust, clock, wall) {
        return Answer::Unjudged { fault };
    }
    let policy = trust.policy(wall).unwrap().policy;
    let Verdict { ruling, reason } = match &proven {
        Proven::Code(code) => policy.judge(code, here, wall),
        Proven::Certificate(certificate) => policy.judge_certificate(certificate, wall),
    };
    match ruling {
        Ruling::Pass => Answer::Pass { reason },
        Ruling::Check => Answer::Check { reason },
        Ruling::Stop => Answer::Stop { reason },
    }
}

/// Returns what keeps a gate from judging.
pub fn fault(trust: &Trust, clock: ClockState, wall: Timestamp) -> Option<Fault> {
    if clock == ClockState::Wrong {
        return Some(Fault::ClockWrong);
    }
    trust.fault_at(wall).map(|fault| match fault {
        TrustFault::CommunityNotBelieved => Fault::CommunityExpired,
        named => serde_json::from_value(named.code().into()).unwrap(),
    })
}

/// Returns what a passage must say was shown.
pub fn shown(answer: &Answer) -> Option<Shown> {
    match answer {
        Answer::Pass { .. } => Some(Shown::Pass),
        Answer::Check { .. } => Some(Shown::Check),
        Answer::Stop { .. } => Some(Shown::Stop),
        Answer::Invalid { .. } => None,
        Answer::Unjudged { fault: Fault::ClockWrong } => Some(Shown::UnjudgedClock),
        Answer::Unjudged { fault: Fault::TrustExpired | Fault::CommunityExpired } => {
            Some(Shown::UnjudgedTrust)
        }
        Answer::Unjudged { fault: Fault::PolicyMissing | Fault::NoPolicy } => Some(Shown::UnjudgedPolicy),
        Answer::Unjudged { fault } => panic!("{fault:?} leaves nothing unjudged"),
    }
}

/// Asserts that a result can be recorded exactly where its answer can, and in both ways exactly where it
/// leaves the end to the person; but for a record that has no answer yet, which may bar one of the two.
pub fn check_ends(result: &ResultView) {
    let recordable = shown(&result.answer).is_some();
    if result.not_recorded == Some(Fault::OutboxSilent) {
        assert_eq!(result.can_confirm || result.can_turn_away, recordable, "{result:?}");
    } else {
        let checked = matches!(result.answer, Answer::Check { .. } | Answer::Unjudged { .. });
        assert_eq!((result.can_confirm, result.can_turn_away), (recordable, checked));
    }
}

/// Checks that a passage for which a relay is pulsed was judged and let through, as the screen says.
pub fn check_let_through(passage: &wire::Passage, before: Option<&ResultView>, view: &View) {
    assert_eq!(passage.outcome, wire::Outcome::LetThrough);
    assert!(matches!(passage.shown, Shown::Pass | Shown::Check), "{:?}", passage.shown);
    assert_eq!(view.screen, Screen::Collector(CollectorScreen::Recorded));
    let answer = before.map(|result| &result.answer);
    assert!(matches!(answer, Some(Answer::Pass { .. } | Answer::Check { .. })), "{answer:?}");
}
