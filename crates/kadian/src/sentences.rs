//! What `kadian verify` says of a code in one English sentence.

use health_code::family::Family;
use health_code::hcert::Kind;
use health_code::{Finding, Reason, Refusal, Ruling, Timestamp, Verdict};

/// Says why a code came to its verdict, and what to do.
pub fn reason_sentence(verdict: &Verdict) -> String {
    let todo = match verdict.ruling {
        Ruling::Pass => "let them through",
        Ruling::Check => "look closer",
        Ruling::Stop => "turn them back",
    };
    let why = match verdict.reason {
        Reason::Colour { colour, origin } => {
            format!("a {colour:?} code from {}", place(origin)).to_lowercase()
        }
        Reason::Fever { tenths } => format!("declared {}.{} °C", tenths / 10, tenths % 10),
        Reason::Symptoms { bits } => format!("declared {}", symptoms(bits).join(", ")),
        Reason::OldDeclaration { hours } => format!("declared {hours} hours ago"),
        Reason::PaperCode => "a paper code: compare it with the identity document".to_owned(),
        Reason::Passport => "a certificate abroad: compare name and birth date with the passport".to_owned(),
        Reason::Certificate { certificate, finding, days, hours } => {
            let ago = hours.map_or_else(|| format!("{days} days"), |hours| format!("{hours} hours"));
            certificate_sentence(certificate, finding, &ago)
        }
    };
    format!("{why}: {todo}")
}

fn certificate_sentence(certificate: Kind, finding: Finding, ago: &str) -> String {
    let kind = match certificate {
        Kind::Vaccination => "a vaccination",
        Kind::Test => "a test",
        Kind::Recovery => "a recovery",
    };
    let found = match finding {
        Finding::Accepted => "accepted",
        Finding::NoRule => "the policy has no rule for it",
        Finding::NotAccepted => "not a kind that is accepted here",
        Finding::Detected => "and it was positive",
        Finding::Unlisted => "and it names a code that is in no value set of the trust list",
        Finding::TooFewDoses => "too few doses",
        Finding::TooRecent => "too short a time",
        Finding::TooLongAgo => "too long a time",
        Finding::OwnDaysToCome => "and the first day that it names itself is yet to come",
        Finding::OwnDaysOver => "and the last day that it names itself is over",
    };
    format!("{kind} abroad {ago} ago, {found}")
}

fn place(origin: health_code::Origin) -> &'static str {
    match origin {
        health_code::Origin::Community => "this community",
        health_code::Origin::City => "this city",
        health_code::Origin::Province => "this province",
        health_code::Origin::Country => "elsewhere in the country",
        health_code::Origin::Foreign => "abroad",
    }
}

/// Says why a code is invalid.
pub fn refusal_sentence(refusal: &Refusal, family: Family, now: Timestamp) -> String {
    match (family, refusal) {
        (_, Refusal::NotYetValid { iat }) => format!("issued {} from now", span(iat.since(now))),
        (Family::Code, Refusal::Expired { exp }) => {
            format!("expired {} ago: refresh the code", span(now.since(*exp)))
        }
        (Family::Certificate, Refusal::Expired { exp }) => {
            format!("a certificate that expired {} ago", span(now.since(*exp)))
        }
        (Family::Certificate, refusal) => certificate_refusal(refusal).to_owned(),
        (Family::Code, refusal) => code_refusal(refusal).to_owned(),
    }
}

/// The sentences of certificates, where those of codes would not be true.
fn certificate_refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::TooLong => "longer than a certificate can be",
        Refusal::BadEncoding => "not readable as a certificate after its first four characters",
        Refusal::Truncated => "the certificate ends too early",
        Refusal::Malformed => "not built as a certificate is",
        Refusal::BadHeaders => "headers that a certificate does not have",
        Refusal::WrongAlgorithm => {
            "a certificate that names another algorithm than its signer's ES256, ES384 or PS256"
        }
        Refusal::UnknownIssuer => "a certificate signed by a key that is not on the trust list",
        Refusal::Signature => "an altered or forged certificate: the signature does not hold",
        Refusal::BadClaims => "signed, but what it says is not what a certificate may say",
        Refusal::WrongIssuer => "names another country or authority than the one whose key signed it",
        Refusal::KeyNotInForce => "a certificate signed with a key that was not in force then",
        Refusal::NotRecognised => "certificates of its signer are not recognised here",
        Refusal::Revoked => "a certificate that was revoked",
        other => code_refusal(other),
    }
}

fn code_refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotAHealthCode => "another QR code, not a health code",
        Refusal::TooLong => "longer than a health code can be",
        Refusal::BadEncoding => "not readable as a health code after its first four characters",
        Refusal::Truncated => "the code ends too early",
        Refusal::Malformed => "not built as a health code is",
        Refusal::NonCanonical => "written in another way than a health code's only one",
        Refusal::BadHeaders => "headers that a health code does not have",
        Refusal::WrongAlgorithm => "signed by another algorithm than Ed25519",
        Refusal::UnknownIssuer => "signed by a key that no known issuer has",
        Refusal::Signature => "altered or forged: the signature does not hold",
        Refusal::BadClaims => "signed, but what it says is not what a health code may say",
        Refusal::WrongIssuer => "names another issuer than the one whose key signed it",
        Refusal::KeyNotInForce => "signed with a key that was not in force then",
        Refusal::LifeTooLong => "valid for longer than its issuer may issue",
        Refusal::OutOfRegion => "issued for a region that is not the issuer's",
        Refusal::NotRecognised => "its issuer is not recognised here",
        Refusal::Revoked => "revoked by its issuer",
        Refusal::InflatesTooFar => "inflates to more than a certificate can hold",
        Refusal::BadCompression => "not compressed as a certificate is",
        Refusal::DuplicateKid => "names its key twice",
        Refusal::WrongUsage => "signed with a key that may not sign this kind of certificate",
        Refusal::WrongVersion => "a certificate of a version that is not known here",
        Refusal::SeveralEvents => "a certificate with more than one event in it",
        Refusal::BornAfterIssue => "a certificate of somebody who was born after it was issued",
        Refusal::ImpossibleDate => "a certificate with a day that cannot be",
        Refusal::NoName => "a certificate that names nobody",
        Refusal::UnreadableName => "a certificate whose name cannot be shown",
        Refusal::NotYetValid { .. } => "not yet issued",
        Refusal::Expired { .. } => "expired",
    }
}

fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..120 => (seconds, "seconds"),
        120..7200 => (seconds / 60, "minutes"),
        7200..172_800 => (seconds / 3600, "hours"),
        _ => (seconds / 86_400, "days"),
    };
    format!("{count} {unit}")
}

/// Returns declared symptoms by name.
pub fn symptoms(bits: u16) -> Vec<&'static str> {
    use health_code::claims::symptom;
    let names = [
        (symptom::COUGH, "cough"),
        (symptom::FATIGUE, "fatigue"),
        (symptom::BREATH, "breath"),
        (symptom::THROAT, "throat"),
        (symptom::DIARRHOEA, "diarrhoea"),
        (symptom::CONTACT, "contact"),
    ];
    names.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_600_000_000);

    #[test]
    fn what_is_said_of_a_certificate_is_true_of_certificates() {
        let of = |refusal, family| refusal_sentence(&refusal, family, NOW);
        for refusal in [
            Refusal::TooLong,
            Refusal::BadEncoding,
            Refusal::Truncated,
            Refusal::Malformed,
            Refusal::BadHeaders,
            Refusal::WrongAlgorithm,
            Refusal::UnknownIssuer,
            Refusal::Signature,
            Refusal::BadClaims,
            Refusal::Revoked,
            Refusal::Expired { exp: NOW.plus(-86_400) },
        ] {
            let (code, certificate) = (of(refusal, Family::Code), of(refusal, Family::Certificate));
            assert_ne!(code, certificate);
            for wrong in ["Ed25519", "health code", "refresh"] {
                assert!(!certificate.contains(wrong), "{certificate}");
            }
        }
        assert!(of(Refusal::SeveralEvents, Family::Certificate).contains("more than one event in it"));
    }

    #[test]
    fn a_certificate_that_is_over_by_its_own_days_says_so() {
        let said = |finding| certificate_sentence(Kind::Recovery, finding, "85 days");
        assert!(said(Finding::OwnDaysOver).contains("the last day that it names itself is over"));
        assert!(said(Finding::OwnDaysToCome).contains("the first day that it names itself is yet to come"));
        assert!(said(Finding::TooLongAgo).contains("too long a time"));
    }
}
