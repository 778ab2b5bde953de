//! `trust.cose`: which issuers, and what they have revoked.

use strict_cose::{KeyId, PublicKey};

use crate::policy::Policy;
use crate::region::Region;
use crate::time::Timestamp;

/// External additional data of a trust list's signatures.
pub const AAD: &[u8] = b"kadian-trust-v1";

/// An issuer's key and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The issuer, as its codes name it (`iss`).
    pub iss: String,
    /// Its name for the screen, in Chinese and in English.
    pub name_zh: String,
    /// See `name_zh`.
    pub name_en: String,
    /// Names the key; no two issuers share one.
    pub kid: KeyId,
    /// The key (`alg` is Ed25519 for every `KD1` issuer).
    pub key: PublicKey,
    /// Regions whose residents it may issue for.
    pub regions: Vec<Region>,
    /// Issued abroad, whatever its codes say of a region.
    pub foreign: bool,
    /// Codes signed before this are refused.
    pub not_before: Timestamp,
    /// Codes signed after this are refused.
    pub not_after: Timestamp,
    /// Longest life of an app code in seconds (`exp − iat`), at most 300 for app codes.
    pub max_life_seconds: u32,
    /// Longest life of a static (paper) code in seconds; 0: it issues none.
    pub max_static_life_seconds: u32,
    /// Whether its codes have colours.
    pub colours: bool,
    /// Regions whose checkpoints recognise it.
    pub recognised_by: Vec<Region>,
    /// Where its residents declare.
    pub declare_url: String,
    /// Static codes of this kid issued before this moment are refused (a key cut off).
    pub static_cut_off: Option<Timestamp>,
}

/// Revoked pseudonyms: `HMAC-SHA-256(salt, iss ‖ 0 ‖ pseudonym)`, first 8 bytes, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revocations {
    /// Salt of the epoch.
    pub salt: [u8; 16],
    /// Ascending, none twice.
    pub entries: Vec<[u8; 8]>,
}

impl Revocations {
    /// The entry of a pseudonym under `salt`.
    #[must_use]
    pub fn entry(salt: &[u8; 16], iss: &str, pseudonym: &[u8; 16]) -> [u8; 8] {
        let _ = (salt, iss, pseudonym);
        todo!()
    }

    /// Whether a pseudonym of an issuer is revoked.
    #[must_use]
    pub fn contains(&self, iss: &str, pseudonym: &[u8; 16]) -> bool {
        self.entries.binary_search(&Self::entry(&self.salt, iss, pseudonym)).is_ok()
    }
}

/// The contents of `trust.cose`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    /// Counts up.
    pub version: u64,
    /// The root version it was made under.
    pub root_epoch: u64,
    /// When it was made.
    pub issued: Timestamp,
    /// Warn after this (7 days).
    pub soft_expiry: Timestamp,
    /// Nothing is green after this (45 days).
    pub hard_expiry: Timestamp,
    /// The issuers.
    pub issuers: Vec<Issuer>,
    /// What they have revoked.
    pub revocations: Revocations,
    /// The national policy.
    pub policy: Policy,
}

impl TrustList {
    /// The payload of the file (canonical CBOR), for signing.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        todo!()
    }
}
