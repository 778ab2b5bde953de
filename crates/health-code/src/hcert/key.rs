//! Keys of document signers: ES256, ES384 and PS256 (RFC 9053 §2.1, RFC 8230 §2), verified by
//! *ring*.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey,
    VerificationAlgorithm,
};

use crate::limits::SIGNER_KEY_BYTES;

/// A signature algorithm, by its COSE number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256 (`-7`).
    Es256,
    /// ECDSA on P-384 with SHA-384 (`-35`).
    Es384,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes, 2048 to 4096 bits (`-37`).
    Ps256,
}

impl Algorithm {
    /// Returns the algorithm of a number.
    #[must_use]
    pub fn of_number(number: i128) -> Option<Self> {
        [Self::Es256, Self::Es384, Self::Ps256].into_iter().find(|known| i128::from(known.number()) == number)
    }

    /// Its number in the COSE registry.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::Es384 => -35,
            Self::Ps256 => -37,
        }
    }

    fn verifier(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Es256 => &ECDSA_P256_SHA256_FIXED,
            Self::Es384 => &ECDSA_P384_SHA384_FIXED,
            Self::Ps256 => &RSA_PSS_2048_8192_SHA256,
        }
    }
}

/// A public key and the one algorithm that it is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignerKey {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

/// Not a key of that algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a public key of that algorithm")]
pub struct BadSignerKey;

/// The signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

impl SignerKey {
    /// Returns a key as an X.509 certificate carries it in its BIT STRING: an uncompressed point (65 bytes
    /// for ES256, 97 for ES384), or an RSAPublicKey (RFC 8017 §A.1.1).
    ///
    /// Whether a point is on its curve, and how long a modulus is, shows at the first signature:
    /// a key that is none verifies nothing.
    ///
    /// # Errors
    /// [`BadSignerKey`].
    pub fn new(algorithm: Algorithm, bytes: Vec<u8>) -> Result<Self, BadSignerKey> {
        let fits = match algorithm {
            Algorithm::Es256 => bytes.len() == 65 && bytes.first() == Some(&4),
            Algorithm::Es384 => bytes.len() == 97 && bytes.first() == Some(&4),
            Algorithm::Ps256 => {
                (256..=SIGNER_KEY_BYTES).contains(&bytes.len()) && bytes.first() == Some(&0x30)
            }
        };
        if fits { Ok(Self { algorithm, bytes }) } else { Err(BadSignerKey) }
    }

    /// Returns the algorithm of the key.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the bytes of [`SignerKey::new`].
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Verifies a signature as COSE carries it: `r ‖ s` of fixed length, or RSA's own.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        UnparsedPublicKey::new(self.algorithm.verifier(), &self.bytes)
            .verify(message, signature)
            .map_err(|_| BadSignature)
    }
}
