//! Ed25519 public keys (RFC 8032) that are safe to trust, and strict verification.

use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// Length of an Ed25519 signature in bytes.
pub const SIGNATURE_LEN: usize = 64;

crate::hex_id! {
    /// A COSE key identifier (`kid`): 8 bytes, chosen by whoever lists the key.
    pub struct KeyId([u8; 8]);
}

/// Returns the name of a public key (Ed25519 or X25519): the first 8 bytes of its SHA-256.
///
/// A convention of whoever makes keys; readers take kids as they are listed.
#[must_use]
pub fn key_id(public_key: &[u8]) -> KeyId {
    let [a, b, c, d, e, f, g, h, ..]: [u8; 32] = Sha256::digest(public_key).into();
    KeyId([a, b, c, d, e, f, g, h])
}

/// A canonical Ed25519 public key of the prime order.
///
/// A small-order key would let anybody sign anything for it, one of mixed order makes verifiers
/// disagree, and a non-canonical one gives the same key two names; all are refused when the key is
/// read, not when it is used.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// The bytes are no public key that may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a canonical Ed25519 key of the prime order")]
pub struct BadKey;

/// The signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

impl PublicKey {
    /// Reads a key of 32 bytes.
    ///
    /// # Errors
    /// [`BadKey`] where the bytes are no point, not its canonical encoding, or of another order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, BadKey> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| BadKey)?;
        let point = key.to_edwards();
        let canonical = point.compress().to_bytes() == *bytes;
        // The identity is free of torsion, and weak.
        if key.is_weak() || !point.is_torsion_free() || !canonical {
            return Err(BadKey);
        }
        Ok(Self(key))
    }

    /// Returns the 32 bytes of RFC 8032 §5.1.2.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Verifies by `verify_strict`: canonical S, no small-order R, cofactorless equation.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> Result<(), BadSignature> {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| BadSignature)
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", crate::hex::encode(&self.to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_hash() {
        assert_eq!(key_id(&[0; 32]), KeyId([0x66, 0x68, 0x7a, 0xad, 0xf8, 0x62, 0xbd, 0x77]));
    }

    #[test]
    fn keys_of_small_order_and_other_spellings_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        // y = p + 1, a second spelling of the identity (RFC 8032 §5.1.3 lets decoders refuse it).
        let mut spelled = [0xff; 32];
        spelled[0] = 0xee;
        spelled[31] = 0x7f;
        for bytes in [[0; 32], identity, spelled] {
            assert_eq!(PublicKey::from_bytes(&bytes), Err(BadKey));
        }
        let good = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
        assert!(PublicKey::from_bytes(&good).is_ok());
    }
}
