//! `KD1`: from the QR's text to a COSE message that nobody has verified.

use strict_cose::{CborError, Sign1, Sign1Error};

use crate::limits::{CODE_COSE_BYTES, CODE_TEXT_CHARS};
use crate::refusal::Refusal;

/// Begins every `KD1` text.
pub const PREFIX: &str = "KD1:";
/// External additional data of a code's signature (RFC 9052 §4.3).
pub const AAD: &[u8] = b"kadian-code-v1";

/// A code whose outer form is right. Nothing in it may be believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedCode {
    cose: Vec<u8>,
    pub(crate) sign1: Sign1,
}

impl UnverifiedCode {
    /// Parses a QR's text.
    ///
    /// # Errors
    /// [`Refusal`]: only the kinds up to [`Refusal::WrongAlgorithm`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let body = text.strip_prefix(PREFIX).ok_or(Refusal::NotAHealthCode)?;
        if text.chars().nth(CODE_TEXT_CHARS).is_some() {
            return Err(Refusal::TooLong);
        }
        Self::from_cose(&from_base45(body)?)
    }

    /// Parses the COSE message as a passage carries it, with the same checks.
    ///
    /// # Errors
    /// As [`UnverifiedCode::parse`], without those of the text.
    pub fn from_cose(cose: &[u8]) -> Result<Self, Refusal> {
        if cose.is_empty() {
            return Err(Refusal::Truncated);
        }
        let sign1 = Sign1::parse(cose, CODE_COSE_BYTES).map_err(refusal_of)?;
        Ok(Self { cose: cose.to_vec(), sign1 })
    }

    /// Returns the COSE message, byte for byte as scanned.
    #[must_use]
    pub fn cose(&self) -> &[u8] {
        &self.cose
    }

    /// Returns the key that is said to have signed.
    #[must_use]
    pub fn kid(&self) -> strict_cose::KeyId {
        self.sign1.kid()
    }

    /// Returns the claims as they came. Show them to whoever writes an issuer; believe nothing in them.
    #[must_use]
    pub fn payload_unverified(&self) -> &[u8] {
        self.sign1.payload_unverified()
    }
}

/// Returns the QR text of a COSE message: the prefix and its base45 (RFC 9285).
#[must_use]
pub fn to_text(cose: &[u8]) -> String {
    format!("{PREFIX}{}", base45::encode(cose))
}

/// Decodes base45 in its one spelling.
///
/// The library cuts a last pair above 255 down to a byte, so the bytes are encoded again and
/// compared. What only a cut can explain (one character left over, or a last pair that stands for
/// no byte) counts as cut off, the rest as no base45.
pub(crate) fn from_base45(body: &str) -> Result<Vec<u8>, Refusal> {
    if let Ok(bytes) = base45::decode(body)
        && base45::encode(&bytes) == body
    {
        return Ok(bytes);
    }
    let whole = body.len() - body.len() % 3;
    let (Some(triples), Some(rest)) = (body.get(..whole), body.get(whole..)) else {
        return Err(Refusal::BadEncoding);
    };
    base45::decode(triples).map_err(|_| Refusal::BadEncoding)?;
    Err(if rest.chars().all(is_base45) { Refusal::Truncated } else { Refusal::BadEncoding })
}

fn is_base45(c: char) -> bool {
    matches!(c, '0'..='9' | 'A'..='Z' | ' ' | '$' | '%' | '*' | '+' | '-' | '.' | '/' | ':')
}

fn refusal_of(error: Sign1Error) -> Refusal {
    match error {
        Sign1Error::Cbor(CborError::TooLong { .. }) => Refusal::TooLong,
        Sign1Error::Cbor(CborError::Truncated) => Refusal::Truncated,
        Sign1Error::Cbor(CborError::NotCanonical) => Refusal::NonCanonical,
        Sign1Error::Cbor(
            CborError::TooDeep | CborError::TooMany | CborError::Malformed | CborError::Trailing,
        )
        | Sign1Error::Cbor(CborError::Forbidden)
        | Sign1Error::NotSign1 => Refusal::Malformed,
        Sign1Error::Headers => Refusal::BadHeaders,
        Sign1Error::Algorithm => Refusal::WrongAlgorithm,
    }
}
