//! Why a code is invalid: a result with a stable code, not an error.

use serde::{Deserialize, Serialize};
use strum::VariantNames as _;

use crate::time::Timestamp;

/// Why a code is refused. The serialised `kind` and [`Refusal::code`] are stable.
///
/// In the order in which the checks are made; nothing after [`Refusal::Signature`] is decided on
/// bytes that nobody signed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::VariantNames,
)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[strum(serialize_all = "kebab-case")]
pub enum Refusal {
    /// Some other QR code: a link, a payment, plain text.
    NotAHealthCode,
    /// Longer than a code can be.
    TooLong,
    /// Not base45 after the prefix.
    BadEncoding,
    /// The code ends too early.
    Truncated,
    /// Not the structure of a code.
    Malformed,
    /// The right structure in another than its one encoding.
    NonCanonical,
    /// Other headers than a code has.
    BadHeaders,
    /// Another signature algorithm.
    WrongAlgorithm,
    /// No issuer on the trust list has this key.
    UnknownIssuer,
    /// The signature does not hold: altered or forged.
    Signature,
    /// Signed, but a claim is missing, of a wrong type or out of range.
    BadClaims,
    /// The issuer named inside is not the one whose key signed.
    WrongIssuer,
    /// The issuer's key was not in force when it signed.
    KeyNotInForce,
    /// Lives longer than its issuer may issue.
    LifeTooLong,
    /// Issued for a region that is not the issuer's.
    OutOfRegion,
    /// The issuer is not recognised where this checkpoint stands.
    NotRecognised,
    /// Revoked by its issuer.
    Revoked,
    /// Issued in the future.
    NotYetValid {
        /// When it was or will be issued.
        iat: Timestamp,
    },
    /// Its time is over.
    Expired {
        /// When it ended.
        exp: Timestamp,
    },
    /// A certificate that inflates to more than any certificate can hold: a bomb.
    InflatesTooFar,
    /// A certificate that is not compressed as certificates are.
    BadCompression,
    /// A certificate whose header names its key twice.
    DuplicateKid,
    /// A certificate signed with a key that may not sign its kind.
    WrongUsage,
    /// A certificate of a version that is not known here.
    WrongVersion,
    /// A certificate of more than one vaccination, test or recovery.
    SeveralEvents,
    /// A certificate with a day that cannot be: before there were any, or yet to come.
    ImpossibleDate,
    /// A certificate of somebody who was born after it was issued.
    BornAfterIssue,
    /// A certificate that names nobody.
    NoName,
    /// A certificate whose name cannot be shown: not in Latin letters where it must be, or written
    /// to deceive the eye.
    UnreadableName,
}

impl Refusal {
    /// Every code, in the order of the checks: first [`Refusal::HEALTH_CODES`], then
    /// [`Refusal::CERTIFICATE_CODES`].
    pub const CODES: &'static [&'static str] = Self::VARIANTS;
    /// The codes that a `KD1` code can come to.
    pub const HEALTH_CODES: &'static [&'static str] = Self::VARIANTS.split_at(19).0;
    /// The codes that only a certificate (`HC1`) can come to. It can come to most others too.
    pub const CERTIFICATE_CODES: &'static [&'static str] = Self::VARIANTS.split_at(19).1;

    /// Returns the stable code, as `docs/code-format.md` and `docs/families.md` list it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }
}
