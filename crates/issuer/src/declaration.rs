//! Sealing a declaration to the deployment's identity key.

use health_code::Declaration;
use health_code::declaration::{BadDeclaration, INFO};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Why a declaration was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotSeal {
    /// The declaration itself.
    #[error(transparent)]
    Declaration(#[from] BadDeclaration),
    /// The identity key is no X25519 key that can be sealed to.
    #[error("not a key that can be sealed to")]
    Key,
}

/// Seals claim `8` of a code: `enc ‖ ciphertext ‖ tag`, 120 bytes for usual names, bound to the
/// pseudonym of the code it goes into. See [`health_code::declaration`].
///
/// # Errors
/// [`CannotSeal`].
pub fn seal_declaration(
    declaration: &Declaration,
    pseudonym: &[u8; 16],
    identity_key: &[u8; 32],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, CannotSeal> {
    let plaintext = Zeroizing::new(declaration.to_padded()?);
    let recipient =
        <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(identity_key).map_err(|_| CannotSeal::Key)?;
    let (enc, ciphertext) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &recipient,
            INFO,
            &plaintext,
            pseudonym,
            rng,
        )
        .map_err(|_| CannotSeal::Key)?;
    Ok([enc.to_bytes().as_slice(), &ciphertext].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SealingPair;
    use hpke::OpModeR;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn open(seal: &[u8], pseudonym: &[u8; 16], pair: &SealingPair) -> Option<Declaration> {
        let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(pair.private().as_ref()).ok()?;
        let (enc, ciphertext) = seal.split_at_checked(32)?;
        let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enc).ok()?;
        let plaintext = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &private,
            &enc,
            INFO,
            ciphertext,
            pseudonym,
        );
        Declaration::from_padded(&plaintext.ok()?).ok()
    }

    #[test]
    fn only_the_identity_key_opens_it_and_only_for_its_pseudonym() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (pair, other) = (SealingPair::generate(&mut rng), SealingPair::generate(&mut rng));
        let declaration = Declaration {
            name: "张三".to_owned(),
            identity: "420106199001011234".to_owned(),
            phone: "13800000001".to_owned(),
        };
        let seal = seal_declaration(&declaration, &[1; 16], pair.public(), &mut rng).unwrap();
        assert_eq!(seal.len(), 120);
        assert!(open(&seal, &[1; 16], &pair) == Some(declaration.clone()));
        assert!(open(&seal, &[2; 16], &pair).is_none());
        assert!(open(&seal, &[1; 16], &other).is_none());
        assert!(seal_declaration(&declaration, &[1; 16], &[0; 32], &mut rng) == Err(CannotSeal::Key));
    }
}
