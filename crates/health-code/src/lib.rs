//! Signed health codes, the trust that verifies them, and the policy that judges them.
//!
//! Pure: no clock, no randomness, no file. Time is an argument; success is a type that carries
//! the proof. One code's way through: [`UnverifiedCode::parse`] → [`Trust::verify`] →
//! [`Policy::judge`]. The formats are written down in `docs/code-format.md` and
//! `docs/trust-files.md`.

pub mod claims;
pub mod code;
pub mod limits;
pub mod mask;
pub mod policy;
pub mod refusal;
pub mod region;
pub mod time;
pub mod trust;
pub mod verified;

pub use claims::{Claims, Colour};
pub use code::UnverifiedCode;
pub use policy::{Origin, Policy, Reason, Ruling, Verdict};
pub use refusal::{Refusal, Refused};
pub use region::Region;
pub use strict_cose::{KeyId, PublicKey};
pub use time::Timestamp;
pub use trust::{
    Checkpoint, CheckpointId, Community, Freshness, Issuer, Person, PersonId, Rejection, Role, Root, RootPin,
    Trust, TrustFiles, TrustList, TrustUpdate,
};
pub use verified::{Authentic, VerifiedCode};
