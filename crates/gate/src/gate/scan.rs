//! From a text to an answer.

use health_code::family::{Presented, Signed};
use health_code::hcert::AuthenticCertificate;
use health_code::policy::Ruling;
use health_code::{Authentic, Colour, Refused, Region, Trust};
use wire::{Carried, Shown};
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::input::Now;
use crate::window::collector::{Answer, CertificateFields, CodeFields};

/// What a text is worth at this moment.
pub(super) struct Judged {
    pub(super) answer: Answer,
    /// What a passage would say was shown; `None` where nothing can be recorded.
    pub(super) shown: Option<Shown>,
    /// Who holds the code, where its signature held.
    pub(super) person: Option<Person>,
    pub(super) fields: Option<CodeFields>,
    pub(super) declare_url: String,
    /// What a passage carries of it, where it can be recorded.
    pub(super) carried: Zeroizing<Carried>,
}

/// Who holds a code, as far as the station is told.
pub(super) struct Person {
    pub(super) iss: String,
    pub(super) pseudonym: Zeroizing<[u8; 16]>,
}

/// Judges a text for a checkpoint in `region`. While there is a fault of trust or clock nothing
/// is judged: what holds regardless of it is still refused, the rest is [`Answer::Unjudged`].
pub(super) fn judge(text: &str, trust: &Trust, region: &Region, distrust: Option<Fault>, now: Now) -> Judged {
    let presented = match Presented::parse(text) {
        Ok(presented) => presented,
        Err(refusal) => return invalid(refusal.into(), distrust, now),
    };
    let judged = match distrust {
        None => trust.verify_presented(&presented, region, now.wall).map(|proven| {
            let verdict = trust.policy(now.wall).judge_proven(&proven, region, now.wall);
            let reason = verdict.reason;
            let (answer, shown) = match verdict.ruling {
                Ruling::Pass => (Answer::Pass { reason }, Shown::Pass),
                Ruling::Check => (Answer::Check { reason }, Shown::Check),
                Ruling::Stop => (Answer::Stop { reason }, Shown::Stop),
            };
            about(&proven.signed(), answer, Some(shown), distrust, now)
        }),
        // A wrong clock cannot say that a code is over, or not yet in force.
        Some(Fault::ClockWrong) => trust.authenticate_presented(&presented, region).map(|signed| {
            let answer = Answer::Unjudged { fault: Fault::ClockWrong };
            about(&signed, answer, Some(Shown::UnjudgedClock), distrust, now)
        }),
        Some(fault) => trust.verify_presented(&presented, region, now.wall).map(|proven| {
            about(&proven.signed(), Answer::Unjudged { fault }, Some(Shown::UnjudgedTrust), distrust, now)
        }),
    };
    match judged {
        Ok(judged) => match presented {
            Presented::Code(code) => {
                let carried = Zeroizing::new(Carried::Whole(code.cose().to_vec()));
                Judged { carried, ..judged }
            }
            Presented::Certificate(_) => judged,
        },
        Err(refused) => invalid(refused, distrust, now),
    }
}

fn invalid(refused: Refused<Signed>, distrust: Option<Fault>, now: Now) -> Judged {
    let answer = Answer::Invalid { refusal: refused.refusal };
    match refused.authentic {
        Some(authentic) => about(&authentic, answer, None, distrust, now),
        None => Judged {
            answer,
            shown: None,
            person: None,
            fields: None,
            declare_url: String::new(),
            carried: nothing(),
        },
    }
}

fn nothing() -> Zeroizing<Carried> {
    Zeroizing::new(Carried::Whole(Vec::new()))
}

fn about(signed: &Signed, answer: Answer, shown: Option<Shown>, distrust: Option<Fault>, now: Now) -> Judged {
    match signed {
        Signed::Code(code) => about_code(code, answer, shown, distrust, now),
        Signed::Certificate(certificate) => about_certificate(certificate, answer, shown, distrust, now),
    }
}

/// Seconds since something was issued, as the view has them.
fn issued_ago(iat: health_code::Timestamp, now: Now) -> i32 {
    let seconds = now.wall.since(iat).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    // Clamped just above.
    i32::try_from(seconds).unwrap_or_default()
}

fn is_over(exp: health_code::Timestamp, distrust: Option<Fault>, now: Now) -> bool {
    distrust != Some(Fault::ClockWrong) && now.wall >= exp
}

/// A certificate shows its masked name, and no number: it has none that a gate may show.
fn about_certificate(
    certificate: &AuthenticCertificate,
    answer: Answer,
    shown: Option<Shown>,
    distrust: Option<Fault>,
    now: Now,
) -> Judged {
    let (contents, signer) = (certificate.contents(), certificate.signer());
    let payload = &contents.payload;
    let days = now.wall.0.div_euclid(86_400).saturating_sub(payload.event.day()).max(0);
    let fields = CodeFields {
        masked_name: payload.masked_name.clone(),
        masked_id: String::new(),
        temperature: None,
        symptoms: 0,
        declared_hours_ago: 0,
        issuer_zh: signer.name_zh.clone(),
        issuer_en: signer.name_en.clone(),
        valid_until: contents.exp,
        over: is_over(contents.exp, distrust, now),
        seen_at: now.wall,
        issued_seconds_ago: issued_ago(contents.iat, now),
        is_static: true,
        certificate: Some(CertificateFields {
            kind: payload.event.kind(),
            days_ago: u32::try_from(days).unwrap_or(u32::MAX),
        }),
        notice_zh: None,
        notice_en: None,
    };
    let carried = Carried::Certificate {
        id: payload.id.clone(),
        country: signer.country.clone(),
        masked_name: payload.masked_name.clone(),
    };
    Judged {
        answer,
        shown,
        person: Some(Person {
            iss: signer.country.clone(),
            pseudonym: Zeroizing::new(certificate.pseudonym()),
        }),
        fields: Some(fields),
        declare_url: String::new(),
        carried: if shown.is_some() { Zeroizing::new(carried) } else { nothing() },
    }
}

fn about_code(
    code: &Authentic,
    answer: Answer,
    shown: Option<Shown>,
    distrust: Option<Fault>,
    now: Now,
) -> Judged {
    let (claims, issuer) = (code.claims(), code.issuer());
    let declared_hours = now.wall.since(claims.declared_at).max(0) / 3600;
    // Its issuer's own sentence, where it has one for codes without a colour yet.
    let notice = issuer.grey_notice.as_ref().filter(|_| claims.colour == Colour::Grey);
    let fields = CodeFields {
        masked_name: claims.masked_name.clone(),
        masked_id: claims.masked_id.clone(),
        temperature: claims.temperature,
        symptoms: claims.symptoms,
        declared_hours_ago: u32::try_from(declared_hours).unwrap_or(u32::MAX),
        issuer_zh: issuer.name_zh.clone(),
        issuer_en: issuer.name_en.clone(),
        valid_until: claims.exp,
        over: is_over(claims.exp, distrust, now),
        seen_at: now.wall,
        issued_seconds_ago: issued_ago(claims.iat, now),
        is_static: claims.is_static,
        certificate: None,
        notice_zh: notice.map(|notice| notice.zh.clone()),
        notice_en: notice.map(|notice| notice.en.clone()),
    };
    Judged {
        answer,
        shown,
        person: Some(Person { iss: claims.iss.clone(), pseudonym: Zeroizing::new(claims.pseudonym) }),
        fields: Some(fields),
        declare_url: issuer.declare_url.clone(),
        carried: nothing(),
    }
}
