//! Key pairs that are erased when they are dropped.

use ed25519_dalek::{Signer, SigningKey};
use health_code::{KeyId, PublicKey, key_id};
use hpke::{Kem, Serializable, kem::X25519HkdfSha256};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// An Ed25519 key pair. The secret half never shows in `Debug` and is erased on drop.
#[derive(Clone)]
pub struct KeyPair {
    secret: SigningKey,
    public: PublicKey,
}

impl KeyPair {
    /// Returns a new key.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut());
        Self::from_seed(&seed)
    }

    /// Returns the key of a seed (the private key of RFC 8032 §5.1.5).
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let secret = SigningKey::from_bytes(seed);
        // A clamped scalar times the base point is a point of the prime order, encoded canonically.
        #[allow(clippy::expect_used)]
        let public = PublicKey::from_bytes(&secret.verifying_key().to_bytes()).expect("of the prime order");
        Self { secret, public }
    }

    /// Returns the seed, to be kept where only its owner reads.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes())
    }

    /// Returns the public half.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Its name: [`key_id`] of the public half.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        key_id(&self.public.to_bytes())
    }

    /// Signs bytes, for closures such as [`strict_cose::Sign1::seal`] takes.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair").field("kid", &self.kid()).finish_non_exhaustive()
    }
}

/// An X25519 key pair to which reports or declarations are sealed (RFC 9180, DHKEM X25519).
pub struct SealingPair {
    private: Zeroizing<[u8; 32]>,
    public: [u8; 32],
}

impl SealingPair {
    /// Returns a new key.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut ikm = Zeroizing::new([0; 32]);
        rng.fill_bytes(ikm.as_mut());
        let (private, public) = X25519HkdfSha256::derive_keypair(ikm.as_ref());
        Self { private: Zeroizing::new(private.to_bytes().into()), public: public.to_bytes().into() }
    }

    /// Returns the private half, to be kept where only its owner reads.
    #[must_use]
    pub fn private(&self) -> &Zeroizing<[u8; 32]> {
        &self.private
    }

    /// Returns the public half.
    #[must_use]
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Its name: [`key_id`] of the public half.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        key_id(&self.public)
    }
}

impl std::fmt::Debug for SealingPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealingPair").field("kid", &self.kid()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn a_key_comes_back_from_its_seed_and_says_nothing_of_it() {
        let key = KeyPair::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let again = KeyPair::from_seed(&key.seed());
        assert_eq!(key.public(), again.public());
        assert!(key.public().verify(b"m", &again.sign(b"m")).is_ok());
        let kid = format!("{:?}", key.kid());
        assert_eq!(format!("{key:?}"), format!("KeyPair {{ kid: {kid}, .. }}"));
        let other = KeyPair::generate(&mut ChaCha20Rng::seed_from_u64(2));
        assert_ne!(key.kid(), other.kid());
    }
}
