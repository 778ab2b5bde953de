//! The CWT around a certificate (RFC 8392): who, when, and the certificate in claim -260.

use super::cbor::{self, Value};
use super::date;
use super::payload::Payload;
use super::value_set::ValueSets;
use crate::limits::SIGNER_ISSUER_BYTES;
use crate::refusal::Refusal;
use crate::time::Timestamp;

const ISS: i64 = 1;
const EXP: i64 = 4;
const NBF: i64 = 5;
const IAT: i64 = 6;
/// The health certificate container (registered by the eHealth Network).
const HCERT: i64 = -260;
/// Within it: the EU's (and WHO's) certificate.
const DCC: i64 = 1;

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The issuer, where it is named: a country, or another name.
    pub iss: Option<String>,
    /// Issued at.
    pub iat: Timestamp,
    /// Not before, where it is named.
    pub nbf: Option<Timestamp>,
    /// Expires at.
    pub exp: Timestamp,
    /// The certificate.
    pub payload: Payload,
}

impl Contents {
    /// Reads a payload, with the value sets of the trust list. Unknown claims are passed over, as CWT has it.
    ///
    /// # Errors
    /// `bad-claims`, `impossible-date` where a moment is none of the years 1970 to 9999 or the end
    /// is not after the beginning, and those of [`Payload::read`].
    pub fn read(bytes: &[u8], sets: &ValueSets) -> Result<Self, Refusal> {
        let value = cbor::decode(bytes).map_err(|_| Refusal::BadClaims)?;
        let (iat, exp) = (moment(&value, IAT)?.ok_or(Refusal::BadClaims)?, moment(&value, EXP)?);
        let exp = exp.ok_or(Refusal::BadClaims)?;
        if exp <= iat {
            return Err(Refusal::ImpossibleDate);
        }
        let iss = match claim(&value, ISS)? {
            None => None,
            Some(Value::Text(iss)) if iss.len() <= SIGNER_ISSUER_BYTES => Some(iss.clone()),
            Some(_) => return Err(Refusal::BadClaims),
        };
        let nbf = moment(&value, NBF)?;
        let payload = Payload::read(certificate(&value)?, sets)?;
        Ok(Self { iss, iat, nbf, exp, payload })
    }
}

/// Returns the certificate inside decoded claims.
///
/// # Errors
/// `bad-claims`.
pub fn certificate(claims: &Value) -> Result<&Value, Refusal> {
    let container = claim(claims, HCERT)?.ok_or(Refusal::BadClaims)?;
    claim(container, DCC)?.ok_or(Refusal::BadClaims)
}

/// Reads when the claims were issued and when they expire, whatever their certificate is.
///
/// # Errors
/// `bad-claims`, `impossible-date`.
pub fn dates(claims: &Value) -> Result<(Timestamp, Timestamp), Refusal> {
    match (moment(claims, IAT)?, moment(claims, EXP)?) {
        (Some(iat), Some(exp)) => Ok((iat, exp)),
        _ => Err(Refusal::BadClaims),
    }
}

fn claim(claims: &Value, key: i64) -> Result<Option<&Value>, Refusal> {
    let entries = claims.as_map().ok_or(Refusal::BadClaims)?;
    cbor::get(entries, &key.into()).map_err(|_| Refusal::BadClaims)
}

fn moment(claims: &Value, key: i64) -> Result<Option<Timestamp>, Refusal> {
    let Some(value) = claim(claims, key)? else { return Ok(None) };
    let seconds = date::numeric(value).ok_or(Refusal::BadClaims)?;
    if date::is_possible(seconds) { Ok(Some(Timestamp(seconds))) } else { Err(Refusal::ImpossibleDate) }
}
