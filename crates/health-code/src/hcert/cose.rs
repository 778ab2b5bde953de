//! COSE_Sign1 (RFC 9052 §4.2) as certificates use it: tagged, untagged, or in a CWT's tag.

use super::cbor::{self, Value};
use super::inflate;
use super::key::{Algorithm, SignerKey};
use crate::limits::CERTIFICATE_KID_BYTES;
use crate::refusal::Refusal;

const ALG: i64 = 1;
const CRIT: i64 = 2;
const KID: i64 = 4;
/// Tag of a COSE_Sign1.
const SIGN1: u64 = 18;
/// Tag of a CWT (RFC 8392 §6), around the other.
const CWT: u64 = 61;

/// A certificate whose outer form is right. Nothing in it may be believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedCertificate {
    protected: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
    kid: Vec<u8>,
    algorithm: Algorithm,
}

type Map = Vec<(Value, Value)>;

impl UnverifiedCertificate {
    /// Parses a QR's text.
    ///
    /// # Errors
    /// [`Refusal`]: those of [`inflate::from_text`] and of [`UnverifiedCertificate::from_cose`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::from_cose(&inflate::from_text(text)?)
    }

    /// Parses the COSE message.
    ///
    /// The key identifier is the protected header's, and only where that has none the unprotected
    /// one's (volume 1, §2.3): what was signed goes before what anybody could write. The same for
    /// the algorithm, which must be the listed key's in any case.
    ///
    /// # Errors
    /// `too-long`, `truncated`, `malformed`, `duplicate-kid`, `bad-headers`, `wrong-algorithm`.
    pub fn from_cose(cose: &[u8]) -> Result<Self, Refusal> {
        let Value::Array(parts) = untagged(cbor::decode(cose)?) else { return Err(Refusal::Malformed) };
        let Ok(
            [
                Value::Bytes(protected),
                Value::Map(unprotected),
                Value::Bytes(payload),
                Value::Bytes(signature),
            ],
        ) = <[Value; 4]>::try_from(parts)
        else {
            return Err(Refusal::Malformed);
        };
        let signed = protected_map(&protected)?;
        let headers = [&signed, &unprotected];
        for header in headers {
            // Nothing critical is understood here, so nothing critical may be passed over.
            if cbor::get(header, &CRIT.into()).map_err(|_| Refusal::BadHeaders)?.is_some() {
                return Err(Refusal::BadHeaders);
            }
        }
        let kid = match first(headers, KID).map_err(|_| Refusal::DuplicateKid)? {
            Some(Value::Bytes(kid)) if kid.len() <= CERTIFICATE_KID_BYTES => kid.clone(),
            _ => return Err(Refusal::BadHeaders),
        };
        let algorithm = match first(headers, ALG).map_err(|_| Refusal::BadHeaders)? {
            Some(Value::Integer(number)) => {
                Algorithm::of_number(i128::from(*number)).ok_or(Refusal::WrongAlgorithm)?
            }
            Some(_) => return Err(Refusal::WrongAlgorithm),
            None => return Err(Refusal::BadHeaders),
        };
        Ok(Self { protected, payload, signature, kid, algorithm })
    }

    /// Returns the key that is said to have signed.
    #[must_use]
    pub fn kid(&self) -> &[u8] {
        &self.kid
    }

    /// Returns the algorithm that is said to have been used.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the claims as they came. Show them to whoever writes an issuer; believe nothing in them.
    #[must_use]
    pub fn payload_unverified(&self) -> &[u8] {
        &self.payload
    }

    /// Returns the claims, where this key signed them.
    ///
    /// # Errors
    /// `wrong-algorithm` where the header names another than the key's, `signature`.
    pub fn verify(&self, key: &SignerKey) -> Result<&[u8], Refusal> {
        if key.algorithm() != self.algorithm {
            return Err(Refusal::WrongAlgorithm);
        }
        let message = to_be_signed(&self.protected, &self.payload);
        key.verify(&message, &self.signature).map_err(|_| Refusal::Signature)?;
        Ok(&self.payload)
    }
}

/// Returns what is signed: the Sig_structure of RFC 9052 §4.4, without additional data.
#[must_use]
pub fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    strict_cose::cbor::encode(&Value::Array(vec![
        "Signature1".into(),
        Value::Bytes(protected.to_vec()),
        Value::Bytes(Vec::new()),
        Value::Bytes(payload.to_vec()),
    ]))
}

/// Returns the array, whichever of the three forms it came in.
fn untagged(value: Value) -> Value {
    match value {
        Value::Tag(CWT, inner) => match *inner {
            Value::Tag(SIGN1, inner) => *inner,
            other => other,
        },
        Value::Tag(SIGN1, inner) => *inner,
        other => other,
    }
}

/// Reads a protected header, where an empty string stands for an empty map (RFC 9052 §3).
fn protected_map(bytes: &[u8]) -> Result<Map, Refusal> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match cbor::decode(bytes)? {
        Value::Map(entries) => Ok(entries),
        _ => Err(Refusal::BadHeaders),
    }
}

fn first(headers: [&Map; 2], key: i64) -> Result<Option<&Value>, cbor::Twice> {
    let [signed, unsigned] = headers.map(|header| cbor::get(header, &key.into()));
    let (signed, unsigned) = (signed?, unsigned?);
    Ok(signed.or(unsigned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use strict_cose::cbor::{encode, map};

    fn message(protected: Value, unprotected: Value) -> Vec<u8> {
        let parts = vec![
            Value::Bytes(encode(&protected)),
            unprotected,
            Value::Bytes(vec![0xa0]),
            Value::Bytes(vec![0; 64]),
        ];
        encode(&Value::Array(parts))
    }

    fn kid(byte: u8) -> Value {
        vec![byte; 8].into()
    }

    #[test]
    fn three_forms_of_one_message() {
        let plain = message(map([(1, (-7).into()), (4, kid(1))]), map([]));
        let parsed = UnverifiedCertificate::from_cose(&plain).unwrap();
        for tags in [&[0xd2][..], &[0xd8, 0x3d, 0xd2], &[0xd8, 0x3d]] {
            let tagged = [tags, &plain].concat();
            assert_eq!(UnverifiedCertificate::from_cose(&tagged), Ok(parsed.clone()));
        }
        for tags in [&[0xd1][..], &[0xd2, 0xd2], &[0xd2, 0xd8, 0x3d]] {
            let tagged = [tags, &plain].concat();
            assert_eq!(UnverifiedCertificate::from_cose(&tagged), Err(Refusal::Malformed));
        }
    }

    #[test]
    fn the_signed_kid_goes_before_the_other() {
        let read = |protected, unprotected| {
            UnverifiedCertificate::from_cose(&message(protected, unprotected)).map(|read| read.kid)
        };
        let alg = || (1, Value::from(-7));
        assert_eq!(read(map([alg(), (4, kid(1))]), map([(4, kid(2))])), Ok(vec![1; 8]));
        assert_eq!(read(map([alg()]), map([(4, kid(2))])), Ok(vec![2; 8]));
        assert_eq!(read(map([]), map([alg(), (4, kid(2))])), Ok(vec![2; 8]));
        assert_eq!(read(map([alg()]), map([])), Err(Refusal::BadHeaders));
        assert_eq!(read(map([(4, kid(1))]), map([])), Err(Refusal::BadHeaders));
        assert_eq!(read(map([alg(), (4, "text".into())]), map([])), Err(Refusal::BadHeaders));
        assert_eq!(read(map([alg(), (4, vec![1; 65].into())]), map([])), Err(Refusal::BadHeaders));
        assert_eq!(read(map([alg(), (4, kid(1))]), map([(2, kid(1))])), Err(Refusal::BadHeaders));
        let twice = || map([alg(), (4, kid(1)), (4, kid(2))]);
        assert_eq!(read(twice(), map([])), Err(Refusal::DuplicateKid));
        assert_eq!(
            read(map([alg(), (4, kid(1))]), map([(4, kid(1)), (4, kid(1))])),
            Err(Refusal::DuplicateKid)
        );
        assert_eq!(read(map([(1, (-8).into()), (4, kid(1))]), map([])), Err(Refusal::WrongAlgorithm));
        assert_eq!(read(map([(1, "ES256".into()), (4, kid(1))]), map([])), Err(Refusal::WrongAlgorithm));
    }

    #[test]
    fn other_structures_are_refused() {
        let parse = |value: Value| UnverifiedCertificate::from_cose(&encode(&value));
        assert_eq!(parse(1.into()), Err(Refusal::Malformed));
        assert_eq!(parse(Value::Array(vec![1.into()])), Err(Refusal::Malformed));
        assert_eq!(UnverifiedCertificate::from_cose(&[]), Err(Refusal::Truncated));
        let good = message(map([(1, (-7).into()), (4, kid(1))]), map([]));
        assert_eq!(UnverifiedCertificate::from_cose(&good[..good.len() - 1]), Err(Refusal::Truncated));
        assert_eq!(UnverifiedCertificate::from_cose(&[good, vec![0]].concat()), Err(Refusal::Malformed));
    }
}
