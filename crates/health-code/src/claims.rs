//! What a code says about its holder, as signed.

use serde::{Deserialize, Serialize};
use strict_cose::cbor::{self, map};
use strict_cose::{CborError, FieldError, Fields, Limits};

use crate::limits::{CODE_COSE_BYTES, CODE_DEPTH, ID_TAIL_BYTES, ISS_BYTES, LATEST_TIME, NAME_BYTES};
use crate::limits::{SEAL_BYTES, TEMPERATURE_TENTHS};
use crate::region::Region;
use crate::text;
use crate::time::Timestamp;

/// The colour of a health code. Codes of a family without colours have none.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// Low risk (`0`).
    #[strum(serialize = "green")]
    Green,
    /// Under observation (`1`).
    #[strum(serialize = "yellow")]
    Yellow,
    /// To be isolated (`2`).
    #[strum(serialize = "red")]
    Red,
    /// Registered; no colour is issued while the place is closed (`3`).
    #[strum(serialize = "grey")]
    Grey,
    /// The issuer has no colours; the claim is absent.
    #[strum(serialize = "uncoloured")]
    Uncoloured,
}

/// The claims of a `KD1` code: well-formed and in range, and no more is known about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Issuer (CWT claim 1).
    pub iss: String,
    /// Issued at (CWT claim 6).
    pub iat: Timestamp,
    /// Expires at (CWT claim 4).
    pub exp: Timestamp,
    /// Stable for a person and issuer for 30 days (`1`).
    pub pseudonym: [u8; 16],
    /// Name as the issuer masked it, such as `张*` (`2`).
    pub masked_name: String,
    /// Identity number as its issuer masked it: first and last four around ten `*` (`3`).
    ///
    /// The code carries the eight characters only (`42011234`); the ten `*` are put in on
    /// reading, whatever the number's length was. A holder without one has ten `*` and an empty
    /// claim.
    pub masked_id: String,
    /// Colour (`4`).
    pub colour: Colour,
    /// Where the holder is registered (`5`).
    pub region: Region,
    /// Declared symptoms, a bit each; see [`symptom`] (`6`).
    pub symptoms: u16,
    /// Declared temperature in 0.1 °C, where one was declared (`7`).
    pub temperature: Option<u16>,
    /// Name, identity number and phone, sealed to the deployment's identity key (`8`).
    pub sealed_declaration: Vec<u8>,
    /// A static (paper) code (`9`, bit 0).
    pub is_static: bool,
    /// When the holder declared, to the hour (`10`, hours since 1970).
    pub declared_at: Timestamp,
}

/// Bits of [`Claims::symptoms`].
pub mod symptom {
    /// Cough.
    pub const COUGH: u16 = 1;
    /// Fatigue.
    pub const FATIGUE: u16 = 1 << 1;
    /// Difficulty in breathing.
    pub const BREATH: u16 = 1 << 2;
    /// Sore throat.
    pub const THROAT: u16 = 1 << 3;
    /// Diarrhoea.
    pub const DIARRHOEA: u16 = 1 << 4;
    /// Close contact of a confirmed case.
    pub const CONTACT: u16 = 1 << 5;
    /// Every bit that is defined.
    pub const ALL: u16 = (1 << 6) - 1;
}

/// Key of Kadian's own claims (private use, RFC 8392 §9.1).
const KADIAN: i64 = -65537;
const HIDDEN: &str = "**********";
const FLAG_STATIC: u8 = 1;

/// Why a payload is not the claims of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadClaims {
    /// Not canonical CBOR within the limits.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// A claim is missing, unknown, of a wrong type or out of range.
    #[error(transparent)]
    Field(#[from] FieldError),
}

impl Claims {
    /// Returns the payload of a code (canonical CBOR), for signing. Nothing is checked: what is out of
    /// range is written as it is, and [`Claims::from_payload`] refuses it.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        let mut own = vec![
            (1, self.pseudonym.to_vec().into()),
            (2, self.masked_name.as_str().into()),
            (3, id_tail(&self.masked_id).into()),
            (5, self.region.as_str().into()),
            (6, self.symptoms.into()),
            (8, self.sealed_declaration.clone().into()),
            (9, (if self.is_static { FLAG_STATIC } else { 0 }).into()),
            (10, self.declared_at.0.div_euclid(3600).into()),
        ];
        own.extend(self.colour.number().map(|number| (4, number.into())));
        own.extend(self.temperature.map(|tenths| (7, tenths.into())));
        cbor::encode(&map([
            (1, self.iss.as_str().into()),
            (4, self.exp.0.into()),
            (6, self.iat.0.into()),
            (KADIAN, map(own)),
        ]))
    }

    /// Reads a payload strictly: every claim in its range, none missing, none unknown.
    ///
    /// These are only claims: [`Trust::verify`](crate::Trust::verify) says whether to believe them.
    ///
    /// # Errors
    /// [`BadClaims`].
    pub fn from_payload(payload: &[u8]) -> Result<Self, BadClaims> {
        let value = cbor::decode(payload, Limits { bytes: CODE_COSE_BYTES, depth: CODE_DEPTH })?;
        let mut cwt = Fields::open(value)?;
        let mut own = cwt.fields(KADIAN)?;
        let claims = Self {
            iss: cwt.text(1, ISS_BYTES)?,
            exp: moment(&mut cwt, 4)?,
            iat: moment(&mut cwt, 6)?,
            pseudonym: own.array(1)?,
            masked_name: own.text(2, NAME_BYTES)?,
            masked_id: masked_id(&own.text(3, ID_TAIL_BYTES)?)?,
            colour: colour(own.optional_int(4)?)?,
            region: own.text(5, 12)?.parse().map_err(|_| FieldError::OutOfRange(5))?,
            symptoms: own.int(6)?,
            temperature: own.optional_int(7)?,
            sealed_declaration: own.bytes(8, SEAL_BYTES)?,
            is_static: is_static(own.int(9)?)?,
            declared_at: Timestamp(i64::from(own.int::<u32>(10)?) * 3600),
        };
        own.finish()?;
        cwt.finish()?;
        claims.check_ranges()?;
        Ok(claims)
    }

    fn check_ranges(&self) -> Result<(), FieldError> {
        let temperature = self.temperature.is_none_or(|tenths| TEMPERATURE_TENTHS.contains(&tenths));
        for (holds, key) in [
            (text::is_label(&self.iss), 1),
            (self.exp > self.iat, 4),
            (text::is_label(&self.masked_name), 2),
            (self.symptoms & !symptom::ALL == 0, 6),
            (temperature, 7),
            (self.declared_at <= self.iat, 10),
        ] {
            if !holds {
                return Err(FieldError::OutOfRange(key));
            }
        }
        Ok(())
    }
}

impl Colour {
    /// Returns the stable code, which databases hold; `str::parse` reads it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Returns the number of claim `4`; a code without colours leaves the claim out.
    fn number(self) -> Option<u8> {
        match self {
            Self::Green => Some(0),
            Self::Yellow => Some(1),
            Self::Red => Some(2),
            Self::Grey => Some(3),
            Self::Uncoloured => None,
        }
    }
}

fn colour(number: Option<u8>) -> Result<Colour, FieldError> {
    match number {
        Some(0) => Ok(Colour::Green),
        Some(1) => Ok(Colour::Yellow),
        Some(2) => Ok(Colour::Red),
        Some(3) => Ok(Colour::Grey),
        Some(_) => Err(FieldError::OutOfRange(4)),
        None => Ok(Colour::Uncoloured),
    }
}

fn is_static(flags: u8) -> Result<bool, FieldError> {
    match flags {
        0 => Ok(false),
        FLAG_STATIC => Ok(true),
        _ => Err(FieldError::OutOfRange(9)),
    }
}

fn moment(cwt: &mut Fields, key: i64) -> Result<Timestamp, FieldError> {
    let seconds: i64 = cwt.int(key)?;
    if (0..=LATEST_TIME).contains(&seconds) {
        Ok(Timestamp(seconds))
    } else {
        Err(FieldError::OutOfRange(key))
    }
}

/// Returns what claim `3` carries: `4201**********1234` → `42011234`.
fn id_tail(masked: &str) -> String {
    masked.chars().filter(|c| *c != '*').collect()
}

/// Returns the masked number of claim `3`: `42011234` → `4201**********1234`, empty → ten `*`.
fn masked_id(tail: &str) -> Result<String, FieldError> {
    let plain = tail.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    match (tail.len(), tail.get(..4), tail.get(4..)) {
        (0, ..) => Ok(HIDDEN.to_owned()),
        (ID_TAIL_BYTES, Some(first), Some(last)) if plain => Ok(format!("{first}{HIDDEN}{last}")),
        _ => Err(FieldError::OutOfRange(3)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray as _;

    #[test]
    fn colours_are_stored_by_these_codes() {
        let codes = Colour::VARIANTS.iter().map(|colour| colour.code());
        assert!(codes.eq(["green", "yellow", "red", "grey", "uncoloured"]));
        for colour in Colour::VARIANTS {
            assert_eq!(colour.code().parse(), Ok(*colour));
        }
    }
}
