//! Signing: health codes, trust files, and what goes into them.
//!
//! A crate of its own, so that no feature can switch signing on inside a station. Pure like
//! `health-code`: randomness and time are arguments.
//!
//! - [`KeyPair`]: an Ed25519 key, erased when it is dropped; [`SealingPair`]: an X25519 one;
//! - [`CodeSigner`]: claims → `KD1` text, and messages that are wrong on purpose, for tests;
//! - [`DocumentKey`]: sample certificates of the `HC1` family, for tests and demos;
//! - [`sign_root`], [`sign_list`], [`sign_community`], [`sign_policy`]: trust files under several keys;
//! - [`Founding`]: the keys and first files of a deployment;
//! - [`person`]: a collector or administrator with the hash of what they sign in with;
//! - [`seal_declaration`]: a declaration sealed to the deployment's identity key.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod certificate;
mod code;
mod declaration;
mod files;
mod founding;
mod keys;
mod person;

pub use certificate::{DocumentKey, NewCertificate, NoKey, Shape, certificate_cose, sign_certificate};
pub use code::{CannotSign, CodeSigner};
pub use declaration::{CannotSeal, seal_declaration};
pub use files::{sign_community, sign_file, sign_list, sign_policy, sign_root};
pub use founding::{Founding, OfficeKeys, Plan, PlannedCommunity};
pub use keys::{KeyPair, SealingPair};
pub use person::{NewPerson, PersonError, hash_secret, person};
