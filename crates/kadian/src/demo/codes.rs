//! The codes of a demo world: each verdict, each reason of a check, each refusal.

use health_code::claims::symptom;
use health_code::{Claims, Colour, Declaration, Refusal, Timestamp};
use issuer::{CodeSigner, seal_declaration};

use super::keys::Keys;
use super::world::{COMMUNITY, HUBEI, NATIONAL, WUHAN, region};
use super::{broken, certificates};
use crate::hex;

/// What a code must come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// `pass`.
    Pass,
    /// `check`.
    Check,
    /// `stop`.
    Stop,
    /// `invalid`, with the refusal's code.
    Invalid(&'static str),
}

impl Expected {
    /// The column `verdict`.
    pub fn verdict(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Check => "check",
            Self::Stop => "stop",
            Self::Invalid(_) => "invalid",
        }
    }

    /// The column `refusal`.
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Invalid(code) => Some(code),
            _ => None,
        }
    }
}

/// One code of the table.
pub struct DemoCode {
    /// Names its files.
    pub name: &'static str,
    /// What the QR says.
    pub text: String,
    /// What it must come to.
    pub expected: Expected,
    /// What may be shown of its holder: nothing where no signature holds.
    pub shown: Option<Shown>,
}

/// What may be shown of a holder.
pub struct Shown {
    /// Masked name.
    pub masked_name: String,
    /// Masked identity number.
    pub masked_id: String,
    /// Pseudonym in hex.
    pub pseudonym: String,
}

/// Every code, signed at a moment.
pub fn all(keys: &Keys, at: Timestamp) -> Result<Vec<DemoCode>, String> {
    let maker = Maker { keys, at };
    let mut codes = maker.judged()?;
    codes.extend(maker.refused()?);
    codes.extend(broken::all(&maker)?);
    codes.extend(certificates::all(&maker)?);
    Ok(codes)
}

/// Makes codes at a moment.
pub struct Maker<'k> {
    /// Of the world.
    pub keys: &'k Keys,
    /// When.
    pub at: Timestamp,
}

/// The issuers' keys by name, and the `iss` that goes with them.
const ISSUERS: [(&str, &str); 6] = [
    ("issuer-national", NATIONAL),
    ("issuer-hubei", HUBEI),
    ("issuer-hubei-retired", HUBEI),
    ("issuer-hubei-stolen", HUBEI),
    ("issuer-wuhan", WUHAN),
    ("issuer-wuhan-trial", WUHAN),
];

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

impl Maker<'_> {
    fn judged(&self) -> Result<Vec<DemoCode>, String> {
        use Expected::{Check, Pass, Stop};
        type Change = fn(&mut Claims, Timestamp);
        let hubei: [(&'static str, Expected, Change); 12] = [
            ("green", Pass, |_, _| {}),
            ("green-city", Pass, |claims, _| set_region(claims, "420111")),
            ("green-province", Pass, |claims, _| set_region(claims, "421000")),
            ("yellow", Check, |claims, _| claims.colour = Colour::Yellow),
            ("red", Stop, |claims, _| claims.colour = Colour::Red),
            ("grey", Check, |claims, _| claims.colour = Colour::Grey),
            ("fever", Check, |claims, _| claims.temperature = Some(381)),
            ("symptoms", Check, |claims, _| claims.symptoms = symptom::COUGH | symptom::FATIGUE),
            ("contact", Check, |claims, _| claims.symptoms = symptom::CONTACT),
            ("old-declaration", Check, |claims, at| claims.declared_at = hour(at.plus(-50 * HOUR))),
            ("paper", Check, |claims, at| to_paper(claims, at, 14 * DAY)),
            ("red-and-fever", Stop, |claims, _| {
                claims.colour = Colour::Red;
                claims.temperature = Some(392);
            }),
        ];
        let national: [(&'static str, Expected, Change); 4] = [
            ("green-national", Pass, |_, _| {}),
            ("green-elsewhere", Pass, |claims, _| set_region(claims, "430102")),
            ("yellow-elsewhere", Stop, |claims, _| {
                set_region(claims, "430102");
                claims.colour = Colour::Yellow;
            }),
            ("no-temperature", Pass, |claims, _| claims.temperature = None),
        ];
        let wuhan: [(&'static str, Expected, Change); 2] = [
            ("uncoloured", Check, |_, _| {}),
            ("uncoloured-fever", Check, |claims, _| claims.temperature = Some(378)),
        ];
        let mut codes = Vec::new();
        for (issuer, rows) in
            [("issuer-hubei", &hubei[..]), ("issuer-national", &national), ("issuer-wuhan", &wuhan)]
        {
            for &(name, expected, change) in rows {
                let mut claims = self.claims(name, issuer)?;
                change(&mut claims, self.at);
                codes.push(self.shown(name, issuer, &claims, expected));
            }
        }
        Ok(codes)
    }

    fn refused(&self) -> Result<Vec<DemoCode>, String> {
        type Change = fn(&mut Claims, Timestamp);
        let never = Timestamp(0);
        let rows: [(&'static str, &str, Refusal, Change); 13] = [
            ("wrong-issuer", "issuer-hubei", Refusal::WrongIssuer, |claims, _| {
                NATIONAL.clone_into(&mut claims.iss)
            }),
            ("key-not-in-force", "issuer-hubei-retired", Refusal::KeyNotInForce, |_, _| {}),
            ("life-too-long", "issuer-hubei", Refusal::LifeTooLong, |claims, _| {
                claims.exp = claims.iat.plus(601)
            }),
            ("paper-too-long", "issuer-hubei", Refusal::LifeTooLong, |claims, at| {
                to_paper(claims, at, 45 * DAY)
            }),
            ("paper-of-none", "issuer-national", Refusal::LifeTooLong, |claims, at| {
                to_paper(claims, at, DAY)
            }),
            ("out-of-region", "issuer-wuhan", Refusal::OutOfRegion, |claims, _| set_region(claims, "420302")),
            ("not-recognised", "issuer-wuhan-trial", Refusal::NotRecognised, |_, _| {}),
            ("revoked", "issuer-hubei", Refusal::Revoked, |_, _| {}),
            ("paper-cut-off", "issuer-hubei-stolen", Refusal::Revoked, |claims, at| {
                to_paper(claims, at.plus(-2 * DAY), 14 * DAY);
            }),
            ("not-yet-valid", "issuer-hubei", Refusal::NotYetValid { iat: never }, |claims, at| {
                live(claims, at.plus(HOUR))
            }),
            ("expired", "issuer-hubei", Refusal::Expired { exp: never }, |claims, at| {
                live(claims, at.plus(-17 * 60))
            }),
            ("expired-just", "issuer-national", Refusal::Expired { exp: never }, |claims, at| {
                live(claims, at.plus(-300))
            }),
            ("paper-expired", "issuer-hubei", Refusal::Expired { exp: never }, |claims, at| {
                to_paper(claims, at.plus(-20 * DAY), 14 * DAY);
            }),
        ];
        let mut codes = Vec::new();
        for (name, issuer, refusal, change) in rows {
            let mut claims = self.claims(name, issuer)?;
            change(&mut claims, self.at);
            codes.push(self.shown(name, issuer, &claims, Expected::Invalid(refusal.code())));
        }
        Ok(codes)
    }

    /// The claims of a usual code, a minute old at most; whose, follows from the name.
    pub fn claims(&self, name: &str, issuer: &str) -> Result<Claims, String> {
        let iss = ISSUERS.iter().find(|(key, _)| *key == issuer).map_or(HUBEI, |(_, iss)| iss);
        let pseudonym = self.keys.short(&format!("pseudonym {name}"));
        let holder = holder(&self.keys.tiny(&format!("holder {name}")));
        let identity = self.keys.recipient("identity");
        let mut rng = self.keys.rng(&format!("seal {name} {}", self.at.0));
        let sealed = seal_declaration(&holder, &pseudonym, identity.public(), &mut rng)
            .map_err(|error| format!("{name}: {error}"))?;
        let mut claims = Claims {
            iss: iss.to_owned(),
            iat: self.at,
            exp: self.at,
            pseudonym,
            masked_name: health_code::mask::name(&holder.name),
            masked_id: health_code::mask::identity(&holder.identity),
            colour: if iss == WUHAN { Colour::Uncoloured } else { Colour::Green },
            region: region(COMMUNITY)?,
            symptoms: 0,
            temperature: Some(365),
            sealed_declaration: sealed,
            is_static: false,
            declared_at: hour(self.at.plus(-5 * HOUR)),
        };
        live(&mut claims, self.at);
        Ok(claims)
    }

    /// The signer of a key by its name.
    pub fn signer(&self, issuer: &str) -> CodeSigner {
        CodeSigner::new(self.keys.pair(issuer))
    }

    fn shown(&self, name: &'static str, issuer: &str, claims: &Claims, expected: Expected) -> DemoCode {
        DemoCode {
            name,
            text: self.signer(issuer).sign_unchecked(claims),
            expected,
            shown: Some(Shown {
                masked_name: claims.masked_name.clone(),
                masked_id: claims.masked_id.clone(),
                pseudonym: hex::encode(&claims.pseudonym),
            }),
        }
    }
}

/// A sample resident: a surname, and a number that no real one can have (its month is 00).
fn holder(random: &[u8; 8]) -> Declaration {
    const SURNAMES: [&str; 16] =
        ["张", "王", "李", "赵", "陈", "刘", "杨", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "欧阳"];
    let number = u64::from_le_bytes(*random);
    let surname = SURNAMES[(number % 16) as usize];
    Declaration {
        name: format!("{surname}某"),
        identity: format!("4201061980{:04}{:04}", 0, number / 16 % 10_000),
        phone: format!("139{:08}", number / 160_000 % 100_000_000),
    }
}

/// An app code: issued at a moment, good for five minutes.
fn live(claims: &mut Claims, at: Timestamp) {
    (claims.iat, claims.exp) = (at, at.plus(300));
    claims.declared_at = claims.declared_at.min(hour(at));
}

/// A paper code: issued four hours before a moment, good for a while.
fn to_paper(claims: &mut Claims, at: Timestamp, life: i64) {
    let iat = at.plus(-4 * HOUR);
    (claims.is_static, claims.iat, claims.exp) = (true, iat, iat.plus(life));
    claims.declared_at = claims.declared_at.min(hour(iat));
}

fn set_region(claims: &mut Claims, digits: &str) {
    if let (Ok(region), Some(prefix)) = (region(digits), digits.get(..4)) {
        claims.region = region;
        // An identity number begins with the place that first gave it.
        claims.masked_id = format!("{prefix}{}", claims.masked_id.trim_start_matches(|c: char| c != '*'));
    }
}

/// Declarations are dated to the hour.
fn hour(moment: Timestamp) -> Timestamp {
    Timestamp(moment.0.div_euclid(HOUR) * HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every kind of refusal. The match below does not compile until a new one is listed.
    fn every_refusal() -> Vec<Refusal> {
        use Refusal::*;
        let (iat, exp) = (Timestamp(0), Timestamp(0));
        let all = [
            NotAHealthCode,
            TooLong,
            BadEncoding,
            Truncated,
            Malformed,
            NonCanonical,
            BadHeaders,
            WrongAlgorithm,
            UnknownIssuer,
            Signature,
            BadClaims,
            WrongIssuer,
            KeyNotInForce,
            LifeTooLong,
            OutOfRegion,
            NotRecognised,
            Revoked,
            NotYetValid { iat },
            Expired { exp },
            InflatesTooFar,
            BadCompression,
            DuplicateKid,
            WrongUsage,
            WrongVersion,
            ImpossibleDate,
            NoName,
            UnreadableName,
        ];
        for refusal in &all {
            match refusal {
                NotAHealthCode | TooLong | BadEncoding | Truncated | Malformed | NonCanonical
                | BadHeaders => (),
                WrongAlgorithm | UnknownIssuer | Signature | BadClaims | WrongIssuer | KeyNotInForce => (),
                InflatesTooFar | BadCompression | DuplicateKid | WrongUsage | WrongVersion => (),
                ImpossibleDate | NoName | UnreadableName => (),
                LifeTooLong | OutOfRegion | NotRecognised | Revoked | NotYetValid { .. } | Expired { .. } => {
                }
            }
        }
        all.to_vec()
    }

    #[test]
    fn there_is_a_code_for_every_refusal_and_every_verdict() {
        let codes = all(&Keys::new([3; 32]), Timestamp(1_600_000_000)).unwrap();
        let refusals: BTreeSet<&str> = codes.iter().filter_map(|code| code.expected.refusal()).collect();
        let every: BTreeSet<&str> = every_refusal().iter().map(Refusal::code).collect();
        assert_eq!(refusals, every);
        let verdicts: BTreeSet<&str> = codes.iter().map(|code| code.expected.verdict()).collect();
        assert_eq!(verdicts, BTreeSet::from(["check", "invalid", "pass", "stop"]));
        let names: BTreeSet<&str> = codes.iter().map(|code| code.name).collect();
        assert_eq!(names.len(), codes.len(), "a name twice");
    }
}
