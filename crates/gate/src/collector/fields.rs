//! What the gate shows and records of a signed code: masked fields, and no identity number.

use health_code::family::Signed;
use health_code::hcert::{AuthenticCertificate, Event, Payload};
use health_code::{Authentic, Colour, Policy, Timestamp};
use wire::Carried;
use zeroize::Zeroizing;

use crate::window::collector::{BirthShown, CertificateFields, CodeFields, Dose, NamePart};

const SECONDS_IN_HOUR: i64 = 3600;

/// Who holds a code, as far as the station is told.
pub(super) struct Person {
    pub(super) issuer: String,
    pub(super) pseudonym: Zeroizing<[u8; 16]>,
}

/// When a code is shown, and by which rules.
#[derive(Clone, Copy)]
pub(super) struct Viewing<'a> {
    /// The moment of the scan: ages are counted from it.
    pub(super) seen_at: Timestamp,
    /// The moment now, if the clock can say whether a code is over.
    pub(super) dated: Option<Timestamp>,
    pub(super) policy: Option<&'a Policy>,
}

/// Returns who holds a code.
pub(super) fn person(signed: &Signed) -> Person {
    match signed {
        Signed::Code(code) => {
            let claims = code.claims();
            Person { issuer: claims.iss.clone(), pseudonym: Zeroizing::new(claims.pseudonym) }
        }
        Signed::Certificate(certificate) => Person {
            issuer: certificate.signer().country.clone(),
            pseudonym: Zeroizing::new(certificate.pseudonym()),
        },
    }
}

/// Returns what is shown of a code.
pub(super) fn of(signed: &Signed, viewing: Viewing) -> CodeFields {
    match signed {
        Signed::Code(code) => of_code(code, viewing),
        Signed::Certificate(certificate) => of_certificate(certificate, viewing),
    }
}

/// Returns the address for a new declaration; empty if there is none.
pub(super) fn declare_url(signed: &Signed) -> &str {
    match signed {
        Signed::Code(code) => &code.issuer().declare_url,
        Signed::Certificate(_) => "",
    }
}

/// Returns what a passage carries of a certificate: not the whole of it, which names the holder.
pub(super) fn carried(certificate: &AuthenticCertificate) -> Carried {
    let payload = &certificate.contents().payload;
    Carried::Certificate {
        id: payload.id.clone(),
        country: certificate.signer().country.clone(),
        masked_name: payload.masked_name.clone(),
    }
}

fn of_code(code: &Authentic, viewing: Viewing) -> CodeFields {
    let (claims, issuer) = (code.claims(), code.issuer());
    let declared_hours = viewing.seen_at.since(claims.declared_at).max(0) / SECONDS_IN_HOUR;
    // An issuer may have a sentence of its own for codes that have no colour yet.
    let notice = issuer.grey_notice.as_ref().filter(|_| claims.colour == Colour::Grey);
    CodeFields {
        masked_name: claims.masked_name.clone(),
        masked_id: claims.masked_id.clone(),
        temperature: claims.temperature,
        symptoms: claims.symptoms,
        declared_hours_ago: count(declared_hours),
        issuer_zh: issuer.name_zh.clone(),
        issuer_en: issuer.name_en.clone(),
        valid_until: claims.exp,
        over: viewing.is_over(claims.exp),
        seen_at: viewing.seen_at,
        issued_seconds_ago: viewing.seconds_since(claims.iat),
        is_static: claims.is_static,
        certificate: None,
        notice_zh: notice.map(|notice| notice.zh.clone()),
        notice_en: notice.map(|notice| notice.en.clone()),
    }
}

fn of_certificate(certificate: &AuthenticCertificate, viewing: Viewing) -> CodeFields {
    let (contents, signer) = (certificate.contents(), certificate.signer());
    CodeFields {
        masked_name: contents.payload.masked_name.clone(),
        // A certificate has no number that a gate may show.
        masked_id: String::new(),
        temperature: None,
        symptoms: 0,
        declared_hours_ago: 0,
        issuer_zh: signer.name_zh.clone(),
        issuer_en: signer.name_en.clone(),
        valid_until: contents.exp,
        over: viewing.is_over(contents.exp),
        seen_at: viewing.seen_at,
        issued_seconds_ago: viewing.seconds_since(contents.iat),
        is_static: true,
        certificate: Some(certified(&contents.payload, viewing)),
        notice_zh: None,
        notice_en: None,
    }
}

fn certified(payload: &Payload, viewing: Viewing) -> CertificateFields {
    // Days are days where the policy is in force; without a policy, those of UTC.
    let day = |moment: Timestamp| viewing.policy.map_or(moment.day(), |policy| policy.zone.day(moment));
    let sample = payload.event.sample();
    let happened = sample.map_or(payload.event.day(), day);
    CertificateFields {
        kind: payload.event.kind(),
        dose: match payload.event {
            Event::Vaccination { dose, of, .. } => Some(Dose { number: dose, of }),
            Event::Test { .. } | Event::Recovery { .. } => None,
        },
        days_ago: count(day(viewing.seen_at).saturating_sub(happened)),
        hours_ago: sample.map(|at| count(viewing.seen_at.since(at) / SECONDS_IN_HOUR)),
        name: payload
            .initials
            .iter()
            .map(|part| NamePart { initial: part.letter.to_string(), length: part.length })
            .collect(),
        birth: birth(payload, viewing.policy),
    }
}

/// Returns the birth date as far as the policy lets it be seen: without a policy nothing of it.
fn birth(payload: &Payload, policy: Option<&Policy>) -> Option<BirthShown> {
    let (birth, parts) = (payload.birth?, policy?.birth_parts());
    let shown = BirthShown {
        year: parts.year().then_some(birth.year),
        month: birth.month.filter(|_| parts.month()),
        day: birth.day.filter(|_| parts.day()),
    };
    (shown != BirthShown { year: None, month: None, day: None }).then_some(shown)
}

impl Viewing<'_> {
    fn is_over(&self, exp: Timestamp) -> bool {
        self.dated.is_some_and(|now| now >= exp)
    }

    fn seconds_since(&self, issued: Timestamp) -> i32 {
        let seconds = self.seen_at.since(issued).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        // Clamped just above.
        i32::try_from(seconds).unwrap_or_default()
    }
}

fn count(amount: i64) -> u32 {
    u32::try_from(amount.max(0)).unwrap_or(u32::MAX)
}
