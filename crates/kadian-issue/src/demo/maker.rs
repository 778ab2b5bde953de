//! Makes single codes for a demo world.

use health_code::family::Signed;
use health_code::{Claims, Colour, Declaration, Timestamp};
use issuer::{CodeSigner, seal_declaration};
use strict_cose::hex;

use super::keys::Keys;
use super::world::{COMMUNITY, HUBEI, NATIONAL, WUHAN, region};

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
    /// Returns the column `verdict`.
    pub fn verdict(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Check => "check",
            Self::Stop => "stop",
            Self::Invalid(_) => "invalid",
        }
    }

    /// Returns the column `refusal`.
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Invalid(code) => Some(code),
            _ => None,
        }
    }
}

/// A code of the table.
pub struct DemoCode {
    /// Names its files.
    pub name: &'static str,
    /// The text in the QR code.
    pub text: String,
    /// What it must come to.
    pub expected: Expected,
    /// What may be shown of its holder; `None` where no signature holds.
    pub shown: Option<Shown>,
}

/// What may be shown of a holder. A certificate shows a name and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Masked name.
    pub masked_name: String,
    /// Masked identity number.
    pub masked_id: String,
    /// Pseudonym in hex.
    pub pseudonym: String,
}

impl Shown {
    /// Reads it from signed contents.
    pub fn of(signed: &Signed) -> Self {
        match signed {
            Signed::Code(code) => Self::of_claims(code.claims()),
            Signed::Certificate(certificate) => Self {
                masked_name: certificate.contents().payload.masked_name.clone(),
                masked_id: String::new(),
                pseudonym: String::new(),
            },
        }
    }

    fn of_claims(claims: &Claims) -> Self {
        Self {
            masked_name: claims.masked_name.clone(),
            masked_id: claims.masked_id.clone(),
            pseudonym: hex::encode(&claims.pseudonym),
        }
    }
}

/// Makes codes at a moment.
pub struct Maker<'k> {
    /// The keys of the world.
    pub keys: &'k Keys,
    /// The moment at which codes are issued.
    pub at: Timestamp,
}

/// Names of the issuers' keys, and the `iss` of each.
const ISSUERS: [(&str, &str); 6] = [
    ("issuer-national", NATIONAL),
    ("issuer-hubei", HUBEI),
    ("issuer-hubei-retired", HUBEI),
    ("issuer-hubei-stolen", HUBEI),
    ("issuer-wuhan", WUHAN),
    ("issuer-wuhan-trial", WUHAN),
];

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

impl Maker<'_> {
    /// Returns the claims of an ordinary app code, issued now. Its holder follows from the name.
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

    /// Returns the signer with the key of this name.
    pub fn signer(&self, issuer: &str) -> CodeSigner {
        CodeSigner::new(self.keys.pair(issuer))
    }

    /// Signs claims, right or wrong, and says what the code must come to.
    pub fn shown(&self, name: &'static str, issuer: &str, claims: &Claims, expected: Expected) -> DemoCode {
        DemoCode {
            name,
            text: self.signer(issuer).sign_unchecked(claims),
            expected,
            shown: Some(Shown::of_claims(claims)),
        }
    }
}

/// Returns a sample resident. No real person has the identity number: its month of birth is 00.
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

/// Makes it an app code: issued at a moment, valid for five minutes.
pub(super) fn live(claims: &mut Claims, at: Timestamp) {
    (claims.iat, claims.exp) = (at, at.plus(300));
    claims.declared_at = claims.declared_at.min(hour(at));
}

/// Makes it a paper code: issued four hours before a moment, valid for `life` seconds.
pub(super) fn to_paper(claims: &mut Claims, at: Timestamp, life: i64) {
    let iat = at.plus(-4 * HOUR);
    (claims.is_static, claims.iat, claims.exp) = (true, iat, iat.plus(life));
    claims.declared_at = claims.declared_at.min(hour(iat));
}

/// Moves the holder to another region, and their identity number with them.
pub(super) fn set_region(claims: &mut Claims, digits: &str) {
    if let (Ok(region), Some(prefix)) = (region(digits), digits.get(..4)) {
        claims.region = region;
        // An identity number begins with the place that first gave it.
        claims.masked_id = format!("{prefix}{}", claims.masked_id.trim_start_matches(|c: char| c != '*'));
    }
}

/// Rounds down to the hour, as declarations are dated.
pub(super) fn hour(moment: Timestamp) -> Timestamp {
    Timestamp(moment.0.div_euclid(HOUR) * HOUR)
}
