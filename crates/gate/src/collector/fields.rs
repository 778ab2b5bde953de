//! What the gate shows and records of a signed code: masked fields, and no identity number.

use health_code::family::Signed;
use health_code::hcert::{AuthenticCertificate, Event};
use health_code::{Authentic, Colour, Timestamp};
use wire::Carried;
use zeroize::Zeroizing;

use crate::window::collector::{CertificateFields, CodeFields, Dose};

const SECONDS_IN_HOUR: i64 = 3600;
const SECONDS_IN_DAY: i64 = 86_400;

/// Who holds a code, as far as the station is told.
pub(super) struct Person {
    pub(super) issuer: String,
    pub(super) pseudonym: Zeroizing<[u8; 16]>,
}

/// Returns what is shown, who holds the code, and the address for a new declaration (empty if
/// there is none).
pub(super) fn of(signed: &Signed, wall: Timestamp) -> (CodeFields, Person, String) {
    match signed {
        Signed::Code(code) => of_code(code, wall),
        Signed::Certificate(certificate) => of_certificate(certificate, wall),
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

fn of_code(code: &Authentic, wall: Timestamp) -> (CodeFields, Person, String) {
    let (claims, issuer) = (code.claims(), code.issuer());
    let declared_hours = wall.since(claims.declared_at).max(0) / SECONDS_IN_HOUR;
    // An issuer may have a sentence of its own for codes that have no colour yet.
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
        over: wall >= claims.exp,
        seen_at: wall,
        issued_seconds_ago: seconds_since(claims.iat, wall),
        is_static: claims.is_static,
        certificate: None,
        notice_zh: notice.map(|notice| notice.zh.clone()),
        notice_en: notice.map(|notice| notice.en.clone()),
    };
    let person = Person { issuer: claims.iss.clone(), pseudonym: Zeroizing::new(claims.pseudonym) };
    (fields, person, issuer.declare_url.clone())
}

fn of_certificate(certificate: &AuthenticCertificate, wall: Timestamp) -> (CodeFields, Person, String) {
    let (contents, signer) = (certificate.contents(), certificate.signer());
    let payload = &contents.payload;
    let days = wall.0.div_euclid(SECONDS_IN_DAY).saturating_sub(payload.event.day()).max(0);
    let fields = CodeFields {
        masked_name: payload.masked_name.clone(),
        // A certificate has no number that a gate may show.
        masked_id: String::new(),
        temperature: None,
        symptoms: 0,
        declared_hours_ago: 0,
        issuer_zh: signer.name_zh.clone(),
        issuer_en: signer.name_en.clone(),
        valid_until: contents.exp,
        over: wall >= contents.exp,
        seen_at: wall,
        issued_seconds_ago: seconds_since(contents.iat, wall),
        is_static: true,
        certificate: Some(CertificateFields {
            kind: payload.event.kind(),
            dose: match payload.event {
                Event::Vaccination { dose, of, .. } => Some(Dose { number: dose, of }),
                Event::Test { .. } | Event::Recovery { .. } => None,
            },
            days_ago: u32::try_from(days).unwrap_or(u32::MAX),
            hours_ago: match payload.event {
                Event::Test { at, .. } => {
                    Some(u32::try_from(wall.since(at).max(0) / SECONDS_IN_HOUR).unwrap_or(u32::MAX))
                }
                Event::Vaccination { .. } | Event::Recovery { .. } => None,
            },
            name: Vec::new(),
            birth: None,
        }),
        notice_zh: None,
        notice_en: None,
    };
    let pseudonym = Zeroizing::new(certificate.pseudonym());
    (fields, Person { issuer: signer.country.clone(), pseudonym }, String::new())
}

fn seconds_since(issued: Timestamp, wall: Timestamp) -> i32 {
    let seconds = wall.since(issued).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    // Clamped just above.
    i32::try_from(seconds).unwrap_or_default()
}
