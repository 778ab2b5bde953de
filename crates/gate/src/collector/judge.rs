//! From the text of a QR code to the gate's answer.

use health_code::family::{Presented, Signed};
use health_code::policy::Ruling;
use health_code::{Refusal, Refused, Timestamp, Trust, Verdict};
use wire::{Carried, Shown};
use zeroize::Zeroizing;

use super::fields::{self, Person};
use crate::fault::Fault;
use crate::surroundings::Distrust;
use crate::window::collector::{Answer, CodeFields};

/// What a text is worth at this moment.
pub(super) struct Judged {
    pub(super) answer: Answer,
    /// What a passage would say was shown; `None` if nothing can be recorded.
    pub(super) shown: Option<Shown>,
    /// Who holds the code, if its signature held.
    pub(super) person: Option<Person>,
    pub(super) fields: Option<CodeFields>,
    /// Where to declare again; empty if nowhere.
    pub(super) declare_url: String,
    /// What a passage carries of the code, if it can be recorded.
    pub(super) carried: Zeroizing<Carried>,
}

impl Judged {
    /// Returns the stable code of the refusal, or of what was shown.
    pub(super) fn said(&self) -> &'static str {
        said(&self.answer, self.shown)
    }
}

/// Judges a text for the checkpoint's own region.
///
/// Under distrust nothing is judged. A code that is refused whatever clock and list say is still
/// [`Answer::Invalid`]; any other is [`Answer::Unjudged`].
pub(super) fn judge(text: &str, trust: &Trust, distrust: Option<Distrust>, wall: Timestamp) -> Judged {
    match judge_presented(text, trust, distrust, wall) {
        Ok(judged) => judged,
        Err(refused) => refuse(refused, distrust, wall),
    }
}

/// Returns the stable code of the refusal, or of what was shown.
pub(super) fn said(answer: &Answer, shown: Option<Shown>) -> &'static str {
    match (answer, shown) {
        (Answer::Invalid { refusal }, _) => refusal.code(),
        (_, Some(shown)) => shown.code(),
        (_, None) => "",
    }
}

fn judge_presented(
    text: &str,
    trust: &Trust,
    distrust: Option<Distrust>,
    wall: Timestamp,
) -> Result<Judged, Refused<Signed>> {
    let region = &trust.community().region;
    let presented = Presented::parse(text).map_err(|refusal: Refusal| Refused::from(refusal))?;
    let (signed, answer, shown) = match distrust {
        None => {
            let proven = trust.verify_presented(&presented, region, wall)?;
            let verdict =
                trust.policy(wall).map(|in_force| in_force.policy.judge_proven(&proven, region, wall));
            let (answer, shown) = match verdict {
                Ok(Verdict { ruling: Ruling::Pass, reason }) => (Answer::Pass { reason }, Shown::Pass),
                Ok(Verdict { ruling: Ruling::Check, reason }) => (Answer::Check { reason }, Shown::Check),
                Ok(Verdict { ruling: Ruling::Stop, reason }) => (Answer::Stop { reason }, Shown::Stop),
                // Without a policy there is distrust, so this is not reached.
                Err(_) => (Answer::Unjudged { fault: Fault::NoPolicy }, Shown::UnjudgedPolicy),
            };
            (proven.signed(), answer, shown)
        }
        Some(distrust) => {
            let signed = match distrust {
                // A wrong clock cannot say that a code is over, or not yet in force.
                Distrust::ClockWrong => trust.authenticate_presented(&presented, region)?,
                _ => trust.verify_presented(&presented, region, wall)?.signed(),
            };
            (signed, Answer::Unjudged { fault: distrust.fault() }, distrust.shown())
        }
    };
    let carried = match (&presented, &signed) {
        (Presented::Code(code), _) => Carried::Whole(code.cose().to_vec()),
        (Presented::Certificate(_), Signed::Certificate(certificate)) => fields::carried(certificate),
        // A certificate's text proves a certificate.
        (Presented::Certificate(_), Signed::Code(_)) => nothing(),
    };
    Ok(about(&signed, answer, Some(shown), carried, distrust, wall))
}

fn refuse(refused: Refused<Signed>, distrust: Option<Distrust>, wall: Timestamp) -> Judged {
    let answer = Answer::Invalid { refusal: refused.refusal };
    match refused.authentic {
        Some(signed) => about(&signed, answer, None, nothing(), distrust, wall),
        None => Judged {
            answer,
            shown: None,
            person: None,
            fields: None,
            declare_url: String::new(),
            carried: Zeroizing::new(nothing()),
        },
    }
}

fn about(
    signed: &Signed,
    answer: Answer,
    shown: Option<Shown>,
    carried: Carried,
    distrust: Option<Distrust>,
    wall: Timestamp,
) -> Judged {
    let (fields, person, declare_url) = fields::of(signed, wall);
    // A wrong clock cannot say that a code is over.
    let over = fields.over && distrust != Some(Distrust::ClockWrong);
    Judged {
        answer,
        shown,
        person: Some(person),
        fields: Some(CodeFields { over, ..fields }),
        declare_url,
        carried: Zeroizing::new(carried),
    }
}

fn nothing() -> Carried {
    Carried::Whole(Vec::new())
}
