//! `HC1`: digital COVID certificates of the EU and of WHO's network (HCERT), a family from abroad.
//!
//! A room for each step: [`inflate`] (base45 and bounded zlib), [`cbor`] (tolerant, but bounded),
//! [`cose`] (COSE_Sign1 and whose key), [`key`] (ES256, ES384, PS256), [`cwt`] (dates and where
//! the certificate is), [`payload`] and its [`name`] and [`date`] (what it says), [`signer`] (an entry of the
//! trust list), [`ValueSets`] (which codes it may name), [`verify`](self) (all of it against the trust in force).
//!
//! Where `KD1` has one encoding and refuses all others, certificates are written by fifty
//! countries' software: any well-formed CBOR is read here, within limits. What is believed is no
//! less: the key must be listed, in force when it signed, and allowed to sign that kind.
//!
//! Sources: eHealth Network, *Technical Specifications for EU Digital COVID Certificates*, volume 1
//! (formats, trust, key usage) and volume 3 (2D code); the schema 1.3.0 of the payload; RFC 8392
//! (CWT), RFC 9052 and 9053 (COSE), RFC 8230 (RSA in COSE), RFC 9285 (base45), RFC 1950 (zlib).

pub mod cbor;
pub mod cose;
pub mod cwt;
pub mod date;
pub mod inflate;
pub mod key;
mod kind;
pub mod name;
pub mod payload;
pub mod signer;
mod value_set;
mod verified;
mod verify;

pub use cose::UnverifiedCertificate;
pub use cwt::Contents;
pub use date::BirthDate;
pub use key::{Algorithm, SignerKey};
pub use kind::Kind;
pub use name::Initial;
pub use payload::{Event, Payload};
pub use signer::{Signer, Usage};
pub use value_set::{ValueSet, ValueSets};
pub use verified::{AuthenticCertificate, VerifiedCertificate, pseudonym};

/// What every `HC1` text begins with.
pub const PREFIX: &str = "HC1:";
