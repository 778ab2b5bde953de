//! The proof that a certificate is genuine, in force and recognised.

use sha2::{Digest as _, Sha256};

use super::cwt::Contents;
use super::signer::Signer;

/// A certificate whose signature holds, whatever else is wrong with it. Only for showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticCertificate {
    pub(crate) contents: Contents,
    pub(crate) signer: Signer,
}

impl AuthenticCertificate {
    /// Returns the contents.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Returns who signed it.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Stands where a code has its pseudonym: the first 16 bytes of the SHA-256 of its identifier.
    #[must_use]
    pub fn pseudonym(&self) -> [u8; 16] {
        pseudonym(&self.contents.payload.id)
    }
}

/// Returns the pseudonym of a certificate's identifier.
#[must_use]
pub fn pseudonym(id: &str) -> [u8; 16] {
    let hash: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    first
}

/// A certificate that [`Trust::verify_certificate`](crate::Trust::verify_certificate) let through.
/// There is no other way to one:
///
/// ```compile_fail,E0451
/// fn forge(authentic: health_code::hcert::AuthenticCertificate) -> health_code::hcert::VerifiedCertificate {
///     health_code::hcert::VerifiedCertificate { authentic }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCertificate {
    pub(crate) authentic: AuthenticCertificate,
}

impl VerifiedCertificate {
    /// Returns the contents.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.authentic.contents
    }

    /// Returns who signed it.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.authentic.signer
    }

    /// Returns the same certificate, only for showing.
    #[must_use]
    pub fn authentic(&self) -> &AuthenticCertificate {
        &self.authentic
    }
}
