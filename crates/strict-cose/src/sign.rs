//! COSE_Sign (RFC 9052 §4.1) for files that need a threshold of signatures.
//!
//! `98([ h'', {}, payload, [ [ << {1: -19, 4: kid} >>, {}, signature ], … ] ])`, signers in
//! ascending order of kid, none twice.

use std::collections::BTreeMap;

use crate::cbor::{self, CborError, Limits, Value};
use crate::key::{KeyId, PublicKey, SIGNATURE_LEN};
use crate::sign1::{Sign1Error, protected, read_protected};

/// Tag 98 of COSE_Sign as its two encoded bytes (RFC 9052 §2).
const TAG_SIGN: [u8; 2] = [0xd8, 0x62];
/// Most signatures on one file.
pub const MAX_SIGNATURES: usize = 16;

/// Signatures by kid. In a map no kid is there twice.
pub type Signatures = BTreeMap<KeyId, [u8; SIGNATURE_LEN]>;

/// A parsed COSE_Sign whose signatures have not been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    payload: Vec<u8>,
    signatures: Signatures,
}

impl Signed {
    /// Returns a payload that nobody has signed yet.
    #[must_use]
    pub fn unsigned(payload: Vec<u8>) -> Self {
        Self { payload, signatures: Signatures::new() }
    }

    /// Adds one signature, by a closure over the to-be-signed bytes.
    pub fn add(&mut self, kid: KeyId, aad: &[u8], sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_LEN]) {
        let signature = sign(&to_be_signed(kid, aad, &self.payload));
        self.signatures.insert(kid, signature);
    }

    /// Reads the outer form. It interprets nothing of the payload.
    ///
    /// # Errors
    /// [`Sign1Error`]; [`Sign1Error::NotSign1`] stands for "not a COSE_Sign" here.
    pub fn parse(bytes: &[u8], limit: usize) -> Result<Self, Sign1Error> {
        if bytes.len() > limit {
            return Err(CborError::TooLong { limit }.into());
        }
        let body = bytes.strip_prefix(&TAG_SIGN).ok_or(Sign1Error::NotSign1)?;
        let Value::Array(parts) = cbor::decode(body, Limits { bytes: limit, depth: 4 })? else {
            return Err(Sign1Error::NotSign1);
        };
        let Ok([Value::Bytes(header), Value::Map(unprotected), Value::Bytes(payload), Value::Array(signers)]) =
            <[Value; 4]>::try_from(parts)
        else {
            return Err(Sign1Error::NotSign1);
        };
        if !header.is_empty() || !unprotected.is_empty() {
            return Err(Sign1Error::Headers);
        }
        if signers.is_empty() || signers.len() > MAX_SIGNATURES {
            return Err(Sign1Error::NotSign1);
        }
        let mut signatures = Signatures::new();
        for signer in signers {
            let (kid, signature) = read_signer(signer)?;
            if signatures.last_key_value().is_some_and(|(last, _)| *last >= kid) {
                return Err(CborError::NotCanonical.into());
            }
            signatures.insert(kid, signature);
        }
        Ok(Self { payload, signatures })
    }

    /// Returns the tagged encoding.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let signers = self.signatures.iter().map(|(kid, signature)| {
            Value::Array(vec![protected(*kid).into(), Value::Map(Vec::new()), signature.to_vec().into()])
        });
        let mut out = TAG_SIGN.to_vec();
        out.extend(cbor::encode(&Value::Array(vec![
            Value::Bytes(Vec::new()),
            Value::Map(Vec::new()),
            self.payload.clone().into(),
            Value::Array(signers.collect()),
        ])));
        out
    }

    /// Returns the payload, not to be believed before enough signatures held.
    #[must_use]
    pub fn payload_unverified(&self) -> &[u8] {
        &self.payload
    }

    /// Returns whether a signer has this kid, whether or not the signature holds.
    #[must_use]
    pub fn names(&self, kid: KeyId) -> bool {
        self.signatures.contains_key(&kid)
    }

    /// Returns how many of `keys` have signed, each key counted once however many kids name it.
    #[must_use]
    pub fn count_valid<'k>(
        &self,
        keys: impl IntoIterator<Item = (KeyId, &'k PublicKey)>,
        aad: &[u8],
    ) -> usize {
        let mut held: Vec<[u8; 32]> = Vec::new();
        for (kid, key) in keys {
            let Some(signature) = self.signatures.get(&kid) else { continue };
            let bytes = key.to_bytes();
            let valid = key.verify(&to_be_signed(kid, aad, &self.payload), signature).is_ok();
            if valid && !held.contains(&bytes) {
                held.push(bytes);
            }
        }
        held.len()
    }
}

fn read_signer(signer: Value) -> Result<(KeyId, [u8; SIGNATURE_LEN]), Sign1Error> {
    let Value::Array(parts) = signer else { return Err(Sign1Error::NotSign1) };
    let Ok([Value::Bytes(header), Value::Map(unprotected), Value::Bytes(signature)]) =
        <[Value; 3]>::try_from(parts)
    else {
        return Err(Sign1Error::NotSign1);
    };
    if !unprotected.is_empty() {
        return Err(Sign1Error::Headers);
    }
    let signature = signature.try_into().map_err(|_| Sign1Error::NotSign1)?;
    Ok((read_protected(&header)?, signature))
}

/// Returns the Sig_structure of RFC 9052 §4.4 with context "Signature" and an empty body header.
fn to_be_signed(kid: KeyId, aad: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![
        "Signature".into(),
        Value::Bytes(Vec::new()),
        protected(kid).into(),
        aad.to_vec().into(),
        payload.to_vec().into(),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};

    fn key(seed: u8) -> (KeyId, SigningKey, PublicKey) {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let public = PublicKey::from_bytes(&key.verifying_key().to_bytes()).unwrap();
        (KeyId([seed; 8]), key, public)
    }

    #[test]
    fn signatures_count_once_a_key_and_for_their_purpose_only() {
        let (kid_a, a, public_a) = key(1);
        let (kid_b, b, public_b) = key(2);
        let mut file = Signed::unsigned(vec![0xa0]);
        file.add(kid_a, b"root", |tbs| a.sign(tbs).to_bytes());
        file.add(KeyId([7; 8]), b"root", |tbs| a.sign(tbs).to_bytes());
        let file = Signed::parse(&file.to_bytes(), 4096).unwrap();
        let keys = [(kid_a, &public_a), (KeyId([7; 8]), &public_a), (kid_b, &public_b)];
        assert_eq!(file.count_valid(keys, b"root"), 1);
        let mut file = file;
        file.add(kid_b, b"root", |tbs| b.sign(tbs).to_bytes());
        assert_eq!(file.count_valid(keys, b"root"), 2);
        assert_eq!(file.count_valid(keys, b"list"), 0);
        assert!(file.names(kid_b) && !file.names(KeyId([9; 8])));
    }

    #[test]
    fn a_file_without_signatures_is_refused() {
        let bytes = Signed::unsigned(vec![0xa0]).to_bytes();
        assert_eq!(Signed::parse(&bytes, 4096), Err(Sign1Error::NotSign1));
    }
}
