//! Judges one code, and says everything that may be said about it in one JSON object.

use health_code::family::{Family, Signed};
use health_code::hcert::{AuthenticCertificate, Kind};
use health_code::{Authentic, Presented, Reason, Refusal, Region, Ruling, Timestamp, Trust, TrustFault};
use serde::Serialize;

use crate::clock;
use crate::sentences::{reason_sentence, refusal_sentence, symptoms};

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
            let mut judgement =
                judgement("invalid", now, refusal_sentence(&refused.refusal, Family::of(text), now));
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
