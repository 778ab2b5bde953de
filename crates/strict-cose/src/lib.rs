//! Canonical CBOR and COSE with nothing optional.
//!
//! Every signed thing in Kadian (codes, trust files, batches, receipts, tickets) is COSE over
//! CBOR, and for each there is exactly one encoding. General libraries accept more than one, so
//! the checks live here, once, below both `health-code` and `wire`:
//!
//! - [`cbor`]: decode with limits, refuse whatever RFC 8949 §4.2.1 would not have written;
//! - [`fields`]: take integer-keyed maps apart, refuse what is left over;
//! - [`sign1`]: COSE_Sign1 (RFC 9052 §4.2), protected header exactly `{1: -19, 4: kid}`;
//! - [`sign`]: COSE_Sign (RFC 9052 §4.1) for files that need a threshold of signatures;
//! - [`hex`]: bytes and ids as hexadecimal digits;
//! - [`key`]: Ed25519 public keys that are canonical and of the prime order, and how keys are named.
//!
//! Nothing here makes a signature: signing is a closure that the owner of the key passes in.

pub mod cbor;
pub mod fields;
pub mod hex;
pub mod key;
pub mod sign;
pub mod sign1;

pub use cbor::{CborError, Limits, Value};
pub use fields::{FieldError, Fields};
pub use key::{BadKey, BadSignature, KeyId, PublicKey, key_id};
pub use sign::{Signatures, Signed};
pub use sign1::{Sign1, Sign1Error};
