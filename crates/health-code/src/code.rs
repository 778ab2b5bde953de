//! `KD1`: from the QR's text to a COSE message that nobody has verified.

use strict_cose::Sign1;

use crate::refusal::Refusal;

/// What every `KD1` text begins with.
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
        let _ = text;
        todo!()
    }

    /// Parses the COSE message as a passage carries it, with the same checks.
    ///
    /// # Errors
    /// As [`UnverifiedCode::parse`], without those of the text.
    pub fn from_cose(cose: &[u8]) -> Result<Self, Refusal> {
        let _ = cose;
        todo!()
    }

    /// The COSE message, byte for byte as scanned.
    #[must_use]
    pub fn cose(&self) -> &[u8] {
        &self.cose
    }

    /// The key that is said to have signed.
    #[must_use]
    pub fn kid(&self) -> strict_cose::KeyId {
        self.sign1.kid()
    }
}
