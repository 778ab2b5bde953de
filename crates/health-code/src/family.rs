//! The families of codes behind one interface: parse, verify and judge whatever a person shows.
//!
//! The prefix tells the family. Each family has its own parser and its own proof. A new one needs a
//! module, a variant in each of the three types here, and a fixture folder (`docs/families.md`).

use serde::{Deserialize, Serialize};

use crate::code::{self, UnverifiedCode};
use crate::hcert::{self, AuthenticCertificate, UnverifiedCertificate, VerifiedCertificate};
use crate::policy::{Policy, Verdict};
use crate::refusal::Refusal;
use crate::region::Region;
use crate::time::Timestamp;
use crate::trust::Trust;
use crate::verified::{Authentic, Refused, VerifiedCode};

/// Every prefix that a code can have.
pub const PREFIXES: [&str; 2] = [code::PREFIX, hcert::PREFIX];

/// The family of a code, by what its text begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// `KD1`, or whatever else is taken for a health code and is none.
    Code,
    /// `HC1`.
    Certificate,
}

/// A code of any family as it was read. Nothing in it may be believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// `KD1`.
    Code(UnverifiedCode),
    /// `HC1`.
    Certificate(UnverifiedCertificate),
}

/// A code of any family that [`Trust::verify_presented`] let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proven {
    /// `KD1`.
    Code(Box<VerifiedCode>),
    /// `HC1`.
    Certificate(Box<VerifiedCertificate>),
}

/// What may be shown: the signature holds, whatever else is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// `KD1`.
    Code(Box<Authentic>),
    /// `HC1`.
    Certificate(Box<AuthenticCertificate>),
}

impl Family {
    /// Returns the family that a text says it is of.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.starts_with(hcert::PREFIX) { Self::Certificate } else { Self::Code }
    }
}

impl Presented {
    /// Parses a QR's text.
    ///
    /// # Errors
    /// [`Refusal`] of the family whose prefix the text has.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        match Family::of(text) {
            Family::Certificate => UnverifiedCertificate::parse(text).map(Self::Certificate),
            Family::Code => UnverifiedCode::parse(text).map(Self::Code),
        }
    }
}

impl Proven {
    /// Returns what the proof is about, only for showing.
    #[must_use]
    pub fn signed(&self) -> Signed {
        match self {
            Self::Code(code) => Signed::Code(Box::new(code.authentic().clone())),
            Self::Certificate(certificate) => Signed::Certificate(Box::new(certificate.authentic().clone())),
        }
    }
}

impl Trust {
    /// Verifies by [`Trust::verify`] or [`Trust::verify_certificate`].
    ///
    /// # Errors
    /// As theirs.
    pub fn verify_presented(
        &self,
        presented: &Presented,
        region: &Region,
        now: Timestamp,
    ) -> Result<Proven, Refused<Signed>> {
        match presented {
            Presented::Code(code) => self
                .verify(code, region, now)
                .map(|code| Proven::Code(Box::new(code)))
                .map_err(|refused| of(refused, signed_code)),
            Presented::Certificate(certificate) => self
                .verify_certificate(certificate, region, now)
                .map(|certificate| Proven::Certificate(Box::new(certificate)))
                .map_err(|refused| of(refused, signed_certificate)),
        }
    }

    /// Checks all but the dates, by [`Trust::authenticate`] or [`Trust::authenticate_certificate`].
    ///
    /// # Errors
    /// As theirs.
    pub fn authenticate_presented(
        &self,
        presented: &Presented,
        region: &Region,
    ) -> Result<Signed, Refused<Signed>> {
        match presented {
            Presented::Code(code) => {
                self.authenticate(code, region).map(signed_code).map_err(|refused| of(refused, signed_code))
            }
            Presented::Certificate(certificate) => self
                .authenticate_certificate(certificate, region)
                .map(signed_certificate)
                .map_err(|refused| of(refused, signed_certificate)),
        }
    }
}

impl Policy {
    /// Judges by [`Policy::judge`] or [`Policy::judge_certificate`].
    #[must_use]
    pub fn judge_proven(&self, proven: &Proven, checkpoint: &Region, now: Timestamp) -> Verdict {
        match proven {
            Proven::Code(code) => self.judge(code, checkpoint, now),
            Proven::Certificate(certificate) => self.judge_certificate(certificate, now),
        }
    }
}

fn signed_code(code: Authentic) -> Signed {
    Signed::Code(Box::new(code))
}

fn signed_certificate(certificate: AuthenticCertificate) -> Signed {
    Signed::Certificate(Box::new(certificate))
}

fn of<A>(refused: Refused<A>, family: impl Fn(A) -> Signed) -> Refused<Signed> {
    let authentic = refused.authentic.map(|authentic| Box::new(family(*authentic)));
    Refused { refusal: refused.refusal, authentic }
}
