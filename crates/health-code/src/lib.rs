//! Signed health codes, the trust that verifies them, and the policy that judges them.
//!
//! Pure: no clock, no randomness, no file. Time is an argument; success is a type that carries
//! the proof. One code's way through: [`UnverifiedCode::parse`] → [`Trust::verify`] →
//! [`Policy::judge`]; certificates from abroad go beside it ([`hcert`]), and [`family`] is where
//! both meet. The formats are written down in `docs/code-format.md`, `docs/families.md` and
//! `docs/trust-files.md`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod claims;
pub mod code;
pub mod declaration;
pub mod family;
mod hash;
pub mod hcert;
pub mod limits;
pub mod mask;
pub mod policy;
pub mod refusal;
pub mod region;
pub mod secret;
mod text;
pub mod time;
pub mod trust;
pub mod verified;

pub use claims::{Claims, Colour};
pub use code::UnverifiedCode;
pub use declaration::Declaration;
pub use family::{Presented, Proven};
pub use policy::{
    BirthParts, CertificateRow, Days, Finding, Hours, Origin, Policy, Reason, Ruling, Verdict, Zone,
};
pub use refusal::Refusal;
pub use region::Region;
pub use strict_cose::{KeyId, PublicKey, hex, key_id};
pub use time::Timestamp;
pub use trust::{
    Checkpoint, CheckpointId, Community, Directions, Freshness, Issuer, Notice, Person, PersonId, PolicyHash,
    PolicyInForce, PolicySet, Rejection, Role, Root, RootPin, Trust, TrustFault, TrustFiles, TrustList,
    TrustUpdate,
};
pub use verified::{Authentic, Refused, VerifiedCode};
