//! The proof that a code is genuine, in force and recognised.

use crate::claims::Claims;
use crate::refusal::Refusal;
use crate::trust::Issuer;

/// A code whose signature holds, whatever else is wrong with it. Only for showing what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentic {
    pub(crate) claims: Claims,
    pub(crate) issuer: Issuer,
}

impl Authentic {
    /// Returns what the code says.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Returns who signed it.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }
}

/// A code that [`Trust::verify`](crate::Trust::verify) let through. There is no other way to one:
///
/// ```compile_fail,E0451
/// fn forge(authentic: health_code::Authentic) -> health_code::VerifiedCode {
///     health_code::VerifiedCode { authentic, cose: Vec::new() }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCode {
    pub(crate) authentic: Authentic,
    pub(crate) cose: Vec<u8>,
}

impl VerifiedCode {
    /// Returns what the code says.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.authentic.claims
    }

    /// Returns who signed it.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.authentic.issuer
    }

    /// Returns the COSE message, byte for byte as scanned.
    #[must_use]
    pub fn cose(&self) -> &[u8] {
        &self.cose
    }

    /// Returns the same code, only for showing.
    #[must_use]
    pub fn authentic(&self) -> &Authentic {
        &self.authentic
    }
}

/// A refusal, and what may be shown of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused<A = Authentic> {
    /// Why.
    pub refusal: Refusal,
    /// What the code says; `None` where the signature does not hold, for then nothing may be shown.
    pub authentic: Option<Box<A>>,
}

impl<A> From<Refusal> for Refused<A> {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, authentic: None }
    }
}
