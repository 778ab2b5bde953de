//! What a code is worth at one moment: a function of code, trust, clock and second, and of nothing
//! else.

use health_code::family::{Presented, Signed};
use health_code::policy::Ruling;
use health_code::{Refusal, Refused, Timestamp, Trust};
use wire::{Carried, Shown};
use zeroize::Zeroizing;

use super::fields;
use crate::surroundings::Distrust;
use crate::window::collector::Answer;
use crate::wing::Known;

/// What a code is worth at one moment.
pub(super) struct Judged {
    pub(super) answer: Answer,
    /// What a passage would say was shown; `None` if nothing can be recorded.
    pub(super) shown: Option<Shown>,
    /// What may be shown of the code, if its signature held.
    pub(super) signed: Option<Signed>,
    /// What a passage carries of the code, if it can be recorded.
    pub(super) carried: Zeroizing<Carried>,
    /// Which policies judged; of no meaning where nothing was judged.
    pub(super) policies: [u8; 32],
    /// Version of the trust list that verified.
    pub(super) trust: u64,
    /// What it was judged by.
    pub(super) under: Under,
}

/// All that a judgement depends on beside the code: under equal ones a code is worth the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Under {
    trust: u32,
    pub(super) wall: Timestamp,
    /// Why nothing may be judged.
    distrust: Option<Distrust>,
}

impl Under {
    pub(super) fn now(known: &Known) -> Self {
        Self { trust: known.standing.generation(), wall: known.now.wall, distrust: known.distrust() }
    }

    /// Returns whether the clock can say that a code is over.
    pub(super) fn can_date(self) -> bool {
        self.distrust != Some(Distrust::ClockWrong)
    }
}

impl Judged {
    /// Returns the stable code of the refusal, or of what was shown.
    pub(super) fn said(&self) -> &'static str {
        match (&self.answer, self.shown) {
            (Answer::Invalid { refusal }, _) => refusal.code(),
            (_, Some(shown)) => shown.code(),
            (_, None) => "",
        }
    }
}

/// Judges a code for the checkpoint's own region. What could not even be parsed is refused for ever.
///
/// Under distrust nothing is judged. A code that is refused whatever clock and list say is still
/// [`Answer::Invalid`]; any other is [`Answer::Unjudged`].
pub(super) fn judge(code: &Result<Presented, Refusal>, trust: &Trust, known: &Known) -> Judged {
    let judged = match code {
        Ok(presented) => judge_presented(presented, trust, known),
        Err(refusal) => Err(Refused::from(*refusal)),
    };
    let (answer, shown, signed, carried) = match judged {
        Ok(Worth { answer, shown, signed, carried }) => (answer, Some(shown), Some(signed), carried),
        Err(refused) => (
            Answer::Invalid { refusal: refused.refusal },
            None,
            refused.authentic.map(|signed| *signed),
            nothing(),
        ),
    };
    Judged {
        answer,
        shown,
        signed,
        carried: Zeroizing::new(carried),
        policies: known.standing.policy.as_ref().map(|in_force| in_force.set.0).unwrap_or_default(),
        trust: trust.list().version,
        under: Under::now(known),
    }
}

/// What a code that is not refused is worth.
struct Worth {
    answer: Answer,
    shown: Shown,
    signed: Signed,
    carried: Carried,
}

fn judge_presented(presented: &Presented, trust: &Trust, known: &Known) -> Result<Worth, Refused<Signed>> {
    let (region, wall) = (&trust.community().region, known.now.wall);
    let (signed, answer, shown) = match (known.distrust(), known.standing.policy()) {
        // A wrong clock cannot say that a code is over, or not yet in force.
        (Some(distrust @ Distrust::ClockWrong), _) => {
            let signed = trust.authenticate_presented(presented, region)?;
            (signed, Answer::Unjudged { fault: distrust.fault() }, distrust.shown())
        }
        (None, Some(policy)) => {
            let proven = trust.verify_presented(presented, region, wall)?;
            let verdict = policy.judge_proven(&proven, region, wall);
            let reason = verdict.reason;
            let (answer, shown) = match verdict.ruling {
                Ruling::Pass => (Answer::Pass { reason }, Shown::Pass),
                Ruling::Check => (Answer::Check { reason }, Shown::Check),
                Ruling::Stop => (Answer::Stop { reason }, Shown::Stop),
            };
            (proven.signed(), answer, shown)
        }
        (distrust, _) => {
            let signed = trust.verify_presented(presented, region, wall)?.signed();
            // A trust without a fault has a policy; if it had none, that would be the fault.
            let distrust = distrust.unwrap_or(Distrust::NoPolicy);
            (signed, Answer::Unjudged { fault: distrust.fault() }, distrust.shown())
        }
    };
    let carried = match (presented, &signed) {
        (Presented::Code(code), _) => Carried::Whole(code.cose().to_vec()),
        (Presented::Certificate(_), Signed::Certificate(certificate)) => fields::carried(certificate),
        // A certificate's text proves a certificate.
        (Presented::Certificate(_), Signed::Code(_)) => nothing(),
    };
    Ok(Worth { answer, shown, signed, carried })
}

fn nothing() -> Carried {
    Carried::Whole(Vec::new())
}
