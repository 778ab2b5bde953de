//! COSE_Sign1 (RFC 9052 §4.2) in the only shape Kadian uses.
//!
//! `18([ << {1: -19, 4: kid} >>, {}, payload, signature ])`, where -19 is Ed25519 (RFC 9864).
//! A header in another bucket, another header or another algorithm is not a variant to support:
//! it is refused before the payload is looked at.

use crate::cbor::{self, CborError, Limits, Value, map};
use crate::key::{BadSignature, KeyId, PublicKey, SIGNATURE_LEN};

/// COSE algorithm identifier of Ed25519 (RFC 9864 §2.2).
pub const ALG_ED25519: i64 = -19;
/// Tag of COSE_Sign1 as its one encoded byte (RFC 9052 §2).
const TAG_SIGN1: u8 = 0xd2;

/// A parsed COSE_Sign1 whose signature has not been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign1 {
    kid: KeyId,
    payload: Vec<u8>,
    signature: [u8; SIGNATURE_LEN],
}

/// Why bytes are not a COSE_Sign1 of this shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Sign1Error {
    /// The CBOR itself.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Not tag 18 around an array of four, or a part of the wrong kind.
    #[error("not a COSE_Sign1")]
    NotSign1,
    /// The headers are not exactly `{1: -19, 4: 8 bytes}`, protected.
    #[error("other headers than alg and kid, protected")]
    Headers,
    /// An algorithm other than Ed25519.
    #[error("another algorithm")]
    Algorithm,
}

impl Sign1 {
    /// Reads the outer form. It interprets nothing of the payload.
    ///
    /// # Errors
    /// [`Sign1Error`].
    pub fn parse(bytes: &[u8], limit: usize) -> Result<Self, Sign1Error> {
        if bytes.len() > limit {
            return Err(CborError::TooLong { limit }.into());
        }
        let Some((&TAG_SIGN1, body)) = bytes.split_first() else {
            return Err(Sign1Error::NotSign1);
        };
        let Value::Array(parts) = cbor::decode(body, Limits { bytes: limit, depth: 2 })? else {
            return Err(Sign1Error::NotSign1);
        };
        let Ok(
            [
                Value::Bytes(protected),
                Value::Map(unprotected),
                Value::Bytes(payload),
                Value::Bytes(signature),
            ],
        ) = <[Value; 4]>::try_from(parts)
        else {
            return Err(Sign1Error::NotSign1);
        };
        if !unprotected.is_empty() {
            return Err(Sign1Error::Headers);
        }
        let kid = read_protected(&protected)?;
        let signature = signature.try_into().map_err(|_| Sign1Error::NotSign1)?;
        Ok(Self { kid, payload, signature })
    }

    /// Signs `payload` for one purpose, by a closure over the to-be-signed bytes.
    #[must_use]
    pub fn seal(
        kid: KeyId,
        payload: Vec<u8>,
        aad: &[u8],
        sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN],
    ) -> Self {
        let signature = sign(&to_be_signed(kid, aad, &payload));
        Self { kid, payload, signature }
    }

    /// Returns the tagged encoding.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![TAG_SIGN1];
        out.extend(cbor::encode(&Value::Array(vec![
            protected(self.kid).into(),
            Value::Map(Vec::new()),
            self.payload.clone().into(),
            self.signature.to_vec().into(),
        ])));
        out
    }

    /// Returns the key that is said to have signed.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        self.kid
    }

    /// Returns the payload, not to be believed before [`Sign1::verify`].
    #[must_use]
    pub fn payload_unverified(&self) -> &[u8] {
        &self.payload
    }

    /// Returns the payload, once the signature held for `key` and this purpose.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, key: &PublicKey, aad: &[u8]) -> Result<&[u8], BadSignature> {
        key.verify(&to_be_signed(self.kid, aad, &self.payload), &self.signature)?;
        Ok(&self.payload)
    }
}

/// Returns the protected header `{1: -19, 4: kid}`, encoded.
pub(crate) fn protected(kid: KeyId) -> Vec<u8> {
    cbor::encode(&map([(1, ALG_ED25519.into()), (4, kid.0.to_vec().into())]))
}

pub(crate) fn read_protected(bytes: &[u8]) -> Result<KeyId, Sign1Error> {
    // Only another encoding of a good header is told apart; anything else is a bad header.
    let header = cbor::decode(bytes, Limits { bytes: 64, depth: 2 }).map_err(|error| match error {
        CborError::NotCanonical => Sign1Error::Cbor(error),
        _ => Sign1Error::Headers,
    })?;
    let Value::Map(entries) = header else { return Err(Sign1Error::Headers) };
    let [(Value::Integer(alg_key), alg), (Value::Integer(kid_key), Value::Bytes(kid))] = entries.as_slice()
    else {
        return Err(Sign1Error::Headers);
    };
    if i128::from(*alg_key) != 1 || i128::from(*kid_key) != 4 {
        return Err(Sign1Error::Headers);
    }
    if *alg != Value::from(ALG_ED25519) {
        return Err(Sign1Error::Algorithm);
    }
    kid.as_slice().try_into().map(KeyId).map_err(|_| Sign1Error::Headers)
}

/// Returns the Sig_structure of RFC 9052 §4.4 with context "Signature1".
fn to_be_signed(kid: KeyId, aad: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![
        "Signature1".into(),
        protected(kid).into(),
        aad.to_vec().into(),
        payload.to_vec().into(),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};

    fn sealed() -> (Sign1, PublicKey) {
        let key = SigningKey::from_bytes(&[3; 32]);
        let sign1 = Sign1::seal(KeyId([9; 8]), vec![0xa0], b"purpose", |tbs| key.sign(tbs).to_bytes());
        (sign1, PublicKey::from_bytes(&key.verifying_key().to_bytes()).unwrap())
    }

    #[test]
    fn what_was_sealed_parses_and_verifies_for_its_purpose_only() {
        let (sign1, key) = sealed();
        let parsed = Sign1::parse(&sign1.to_bytes(), 512).unwrap();
        assert_eq!(parsed, sign1);
        assert_eq!(parsed.verify(&key, b"purpose"), Ok(&[0xa0][..]));
        assert_eq!(parsed.verify(&key, b"another"), Err(BadSignature));
    }

    #[test]
    fn any_flipped_bit_is_noticed() {
        let (sign1, key) = sealed();
        let bytes = sign1.to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            let held = Sign1::parse(&other, 512)
                .is_ok_and(|sign1| sign1.kid() == KeyId([9; 8]) && sign1.verify(&key, b"purpose").is_ok());
            assert!(!held, "bit {bit}");
        }
    }

    #[test]
    fn headers_elsewhere_or_of_another_kind_are_refused() {
        let with = |protected: Value, unprotected: Value| {
            let mut bytes = vec![TAG_SIGN1];
            bytes.extend(cbor::encode(&Value::Array(vec![
                cbor::encode(&protected).into(),
                unprotected,
                vec![0_u8].into(),
                vec![0_u8; 64].into(),
            ])));
            Sign1::parse(&bytes, 512)
        };
        let kid: Value = vec![1_u8; 8].into();
        let good = map([(1, ALG_ED25519.into()), (4, kid.clone())]);
        assert!(with(good.clone(), map([])).is_ok());
        assert_eq!(with(good.clone(), map([(1, ALG_ED25519.into())])), Err(Sign1Error::Headers));
        assert_eq!(with(map([(1, ALG_ED25519.into())]), map([(4, kid.clone())])), Err(Sign1Error::Headers));
        assert_eq!(with(map([(1, (-7).into()), (4, kid.clone())]), map([])), Err(Sign1Error::Algorithm));
        assert_eq!(with(map([(1, (-8).into()), (4, kid.clone())]), map([])), Err(Sign1Error::Algorithm));
        let crit = map([(1, ALG_ED25519.into()), (2, Value::Array(vec![99.into()])), (4, kid.clone())]);
        assert_eq!(with(crit, map([])), Err(Sign1Error::Headers));
        let long = map([(1, ALG_ED25519.into()), (4, vec![1_u8; 9].into())]);
        assert_eq!(with(long, map([])), Err(Sign1Error::Headers));
    }

    #[test]
    fn the_untagged_form_is_refused() {
        let (sign1, _) = sealed();
        assert_eq!(Sign1::parse(&sign1.to_bytes()[1..], 512), Err(Sign1Error::NotSign1));
    }
}
