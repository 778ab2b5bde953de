//! Judges one code, and says everything that may be said about it in one JSON object.

use health_code::family::Signed;
use health_code::hcert::{AuthenticCertificate, Kind};
use health_code::{
    Authentic, Finding, Presented, Reason, Refusal, Region, Ruling, Timestamp, Trust, TrustFault, Verdict,
};
use serde::Serialize;

use crate::clock;

/// The output of `kadian verify`. Its names and values are stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// `pass`, `check`, `stop`, `invalid`; null where a fault prevented a verdict.
    pub verdict: Option<&'static str>,
    /// The refusal's code, where the verdict is `invalid`.
    pub refusal: Option<&'static str>,
    /// The reason of any other verdict: `colour`, `fever`, `symptoms`, …
    pub reason: Option<&'static str>,
    /// The refusal or the reason with its particulars, as the gate shows it.
    pub because: Option<Because>,
    /// Contents of a code, masked; absent where its signature does not hold.
    #[serde(flatten)]
    pub says: Option<Says>,
    /// Contents of a certificate, masked; absent where its signature does not hold.
    #[serde(flatten)]
    pub certificate: Option<SaysCertificate>,
    /// The moment of the verdict, in RFC 3339.
    pub at: String,
    /// Codes of the faults that prevented a verdict.
    pub faults: Vec<&'static str>,
    /// The same in one English sentence.
    pub sentence: String,
}

/// The particulars of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Because {
    /// Why a code came to its verdict.
    Reason(Reason),
    /// Why a code is invalid.
    Refusal(Refusal),
}

/// Contents of an authentic code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Says {
    /// Masked name, such as `张*`.
    pub masked_name: String,
    /// Masked identity number, such as `4201**********1234`.
    pub masked_id: String,
    /// Pseudonym in hex: the same for one person at one issuer for 30 days.
    pub pseudonym: String,
    /// Colour: `green`, `yellow`, `red`, `grey` or `uncoloured`.
    pub colour: health_code::Colour,
    /// Region in which the holder is registered.
    pub region: String,
    /// Declared temperature, in 0.1 °C.
    pub temperature_tenths: Option<u16>,
    /// Declared symptoms by name.
    pub symptoms: Vec<&'static str>,
    /// Whether it is a paper code.
    pub paper: bool,
    /// Hour of the declaration.
    pub declared_at: String,
    /// Moment of issue.
    pub issued_at: String,
    /// Moment at which it expires.
    pub valid_until: String,
    /// Issuer, as the code names it.
    pub issuer: String,
    /// Issuer's name in Chinese.
    pub issuer_zh: String,
    /// Issuer's name in English.
    pub issuer_en: String,
}

/// Contents of an authentic certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaysCertificate {
    /// Masked name, such as `M***`.
    pub masked_name: String,
    /// Kind: `vaccination`, `test` or `recovery`.
    pub certificate: Kind,
    /// Issuer's country.
    pub country: String,
    /// Moment of issue.
    pub issued_at: String,
    /// Moment at which it expires.
    pub valid_until: String,
    /// Issuer's name in Chinese.
    pub issuer_zh: String,
    /// Issuer's name in English.
    pub issuer_en: String,
}

/// Judges the text of a QR code. A fault of the trust or the clock comes before any verdict.
pub fn judge(text: &str, trust: &Trust, region: &Region, now: Timestamp) -> Judgement {
    if let Some(fault) = trust.fault_at(now) {
        let sentence = match fault {
            TrustFault::ClockWrong => "the moment is earlier than the trust files were made",
            TrustFault::CommunityNotBelieved => "root and list do not believe this community",
            TrustFault::ListExpired => "the trust list is too old to judge by",
            TrustFault::CommunityExpired => "the community file is too old to judge by",
            TrustFault::PolicyMissing => "a policy that is named for this community is not here",
            TrustFault::NoPolicy => "no national policy is in force",
        };
        return unjudged(fault.code(), sentence, now);
    }
    let policy = match trust.policy(now) {
        Ok(in_force) => in_force.policy,
        Err(fault) => return unjudged(fault.code(), "no policy can be judged by", now),
    };
    let verified = Presented::parse(text)
        .map_err(health_code::Refused::from)
        .and_then(|presented| trust.verify_presented(&presented, region, now));
    match verified {
        Ok(proven) => {
            let verdict = policy.judge_proven(&proven, region, now);
            let mut judgement = judgement(ruling_code(verdict.ruling), now, reason_sentence(&verdict));
            judgement.reason = Some(reason_code(&verdict.reason));
            judgement.because = Some(Because::Reason(verdict.reason));
            judgement.says_of(&proven.signed());
            judgement
        }
        Err(refused) => {
            let mut judgement = judgement("invalid", now, refusal_sentence(&refused.refusal, now));
            judgement.refusal = Some(refused.refusal.code());
            judgement.because = Some(Because::Refusal(refused.refusal));
            if let Some(signed) = &refused.authentic {
                judgement.says_of(signed);
            }
            judgement
        }
    }
}

/// Returns that nothing could be judged, and why.
pub fn unjudged(fault: &'static str, sentence: &str, now: Timestamp) -> Judgement {
    Judgement { verdict: None, faults: vec![fault], ..judgement("", now, sentence.to_owned()) }
}

fn judgement(verdict: &'static str, now: Timestamp, sentence: String) -> Judgement {
    Judgement {
        verdict: Some(verdict),
        refusal: None,
        reason: None,
        because: None,
        says: None,
        certificate: None,
        at: clock::rfc3339(now),
        faults: Vec::new(),
        sentence,
    }
}

impl Judgement {
    fn says_of(&mut self, signed: &Signed) {
        match signed {
            Signed::Code(code) => self.says = Some(Says::of(code)),
            Signed::Certificate(certificate) => self.certificate = Some(SaysCertificate::of(certificate)),
        }
    }
}

impl SaysCertificate {
    fn of(certificate: &AuthenticCertificate) -> Self {
        let (contents, signer) = (certificate.contents(), certificate.signer());
        Self {
            masked_name: contents.payload.masked_name.clone(),
            certificate: contents.payload.event.kind(),
            country: signer.country.clone(),
            issued_at: clock::rfc3339(contents.iat),
            valid_until: clock::rfc3339(contents.exp),
            issuer_zh: signer.name_zh.clone(),
            issuer_en: signer.name_en.clone(),
        }
    }
}

impl Says {
    fn of(code: &Authentic) -> Self {
        let (claims, issuer) = (code.claims(), code.issuer());
        Self {
            masked_name: claims.masked_name.clone(),
            masked_id: claims.masked_id.clone(),
            pseudonym: health_code::hex::encode(&claims.pseudonym),
            colour: claims.colour,
            region: claims.region.to_string(),
            temperature_tenths: claims.temperature,
            symptoms: symptoms(claims.symptoms),
            paper: claims.is_static,
            declared_at: clock::rfc3339(claims.declared_at),
            issued_at: clock::rfc3339(claims.iat),
            valid_until: clock::rfc3339(claims.exp),
            issuer: claims.iss.clone(),
            issuer_zh: issuer.name_zh.clone(),
            issuer_en: issuer.name_en.clone(),
        }
    }
}

fn symptoms(bits: u16) -> Vec<&'static str> {
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

fn ruling_code(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Pass => "pass",
        Ruling::Check => "check",
        Ruling::Stop => "stop",
    }
}

fn reason_code(reason: &Reason) -> &'static str {
    match reason {
        Reason::Colour { .. } => "colour",
        Reason::Fever { .. } => "fever",
        Reason::Symptoms { .. } => "symptoms",
        Reason::OldDeclaration { .. } => "old-declaration",
        Reason::PaperCode => "paper-code",
        Reason::Passport => "passport",
        Reason::Certificate { .. } => "certificate",
    }
}

fn reason_sentence(verdict: &Verdict) -> String {
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
        Finding::TooFewDoses => "too few doses",
        Finding::TooRecent => "too short a time",
        Finding::TooLongAgo => "too long a time",
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

fn refusal_sentence(refusal: &Refusal, now: Timestamp) -> String {
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
        Refusal::ImpossibleDate => "a certificate with a day that cannot be",
        Refusal::NoName => "a certificate that names nobody",
        Refusal::UnreadableName => "a certificate whose name cannot be shown",
        Refusal::NotYetValid { iat } => return format!("issued {} from now", span(iat.since(now))),
        Refusal::Expired { exp } => {
            return format!("expired {} ago: refresh the code", span(now.since(*exp)));
        }
    }
    .to_owned()
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
