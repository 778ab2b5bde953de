//! From a text to an answer.

use health_code::policy::Ruling;
use health_code::{Authentic, Region, Trust, UnverifiedCode};
use wire::Shown;
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::input::Now;
use crate::view::{Answer, CodeFields};

/// What a text is worth at this moment.
pub(super) struct Judged {
    pub(super) answer: Answer,
    /// What a passage would say was shown; `None` where nothing can be recorded.
    pub(super) shown: Option<Shown>,
    /// Who holds the code, where its signature held.
    pub(super) person: Option<Person>,
    pub(super) fields: Option<CodeFields>,
    pub(super) declare_url: String,
    /// The code as scanned, where it can be recorded.
    pub(super) cose: Zeroizing<Vec<u8>>,
}

/// Who holds a code, as far as the station is told.
pub(super) struct Person {
    pub(super) iss: String,
    pub(super) pseudonym: Zeroizing<[u8; 16]>,
}

/// Judges a text for a checkpoint in `region`. While there is a fault of trust or clock nothing
/// is judged: what holds regardless of it is still refused, the rest is [`Answer::Unjudged`].
pub(super) fn judge(text: &str, trust: &Trust, region: &Region, distrust: Option<Fault>, now: Now) -> Judged {
    let code = match UnverifiedCode::parse(text) {
        Ok(code) => code,
        Err(refusal) => return invalid(refusal.into(), distrust, now),
    };
    let judged = match distrust {
        None => trust.verify(&code, region, now.wall).map(|verified| {
            let verdict = trust.policy(now.wall).judge(&verified, region, now.wall);
            let reason = verdict.reason;
            let (answer, shown) = match verdict.ruling {
                Ruling::Pass => (Answer::Pass { reason }, Shown::Pass),
                Ruling::Check => (Answer::Check { reason }, Shown::Check),
                Ruling::Stop => (Answer::Stop { reason }, Shown::Stop),
            };
            about(verified.authentic(), answer, Some(shown), distrust, now)
        }),
        // A wrong clock cannot say that a code is over, or not yet in force.
        Some(Fault::ClockWrong) => trust.authenticate(&code, region).map(|authentic| {
            let answer = Answer::Unjudged { fault: Fault::ClockWrong };
            about(&authentic, answer, Some(Shown::UnjudgedClock), distrust, now)
        }),
        Some(fault) => trust.verify(&code, region, now.wall).map(|verified| {
            about(verified.authentic(), Answer::Unjudged { fault }, Some(Shown::UnjudgedTrust), distrust, now)
        }),
    };
    match judged {
        Ok(judged) => Judged { cose: Zeroizing::new(code.cose().to_vec()), ..judged },
        Err(refused) => invalid(refused, distrust, now),
    }
}

fn invalid(refused: health_code::Refused, distrust: Option<Fault>, now: Now) -> Judged {
    let answer = Answer::Invalid { refusal: refused.refusal };
    match refused.authentic {
        Some(authentic) => about(&authentic, answer, None, distrust, now),
        None => Judged {
            answer,
            shown: None,
            person: None,
            fields: None,
            declare_url: String::new(),
            cose: Zeroizing::default(),
        },
    }
}

fn about(
    authentic: &Authentic,
    answer: Answer,
    shown: Option<Shown>,
    distrust: Option<Fault>,
    now: Now,
) -> Judged {
    let (claims, issuer) = (authentic.claims(), authentic.issuer());
    let declared_hours = now.wall.since(claims.declared_at).max(0) / 3600;
    let issued_ago = now.wall.since(claims.iat).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    let fields = CodeFields {
        masked_name: claims.masked_name.clone(),
        masked_id: claims.masked_id.clone(),
        temperature: claims.temperature,
        symptoms: claims.symptoms,
        declared_hours_ago: u32::try_from(declared_hours).unwrap_or(u32::MAX),
        issuer_zh: issuer.name_zh.clone(),
        issuer_en: issuer.name_en.clone(),
        valid_until: claims.exp,
        over: distrust != Some(Fault::ClockWrong) && now.wall >= claims.exp,
        seen_at: now.wall,
        // Clamped just above.
        issued_seconds_ago: i32::try_from(issued_ago).unwrap_or_default(),
        is_static: claims.is_static,
    };
    Judged {
        answer,
        shown,
        person: Some(Person { iss: claims.iss.clone(), pseudonym: Zeroizing::new(claims.pseudonym) }),
        fields: Some(fields),
        declare_url: issuer.declare_url.clone(),
        cose: Zeroizing::default(),
    }
}
