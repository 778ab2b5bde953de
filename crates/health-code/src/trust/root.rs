//! `root.cose`: whose signatures count.

use strict_cose::{KeyId, PublicKey};

use crate::region::Region;
use crate::time::Timestamp;

/// External additional data of the root's signatures.
pub const AAD: &[u8] = b"kadian-root-v1";

/// SHA-256 of the root file that a station was enrolled with, or last moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootPin(pub [u8; 32]);

/// Keys of a role and how many of them must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleKeys {
    /// The keys, none twice.
    pub keys: Vec<(KeyId, PublicKey)>,
    /// At least 1, at most the number of keys.
    pub threshold: usize,
}

/// A key that may sign community files for a region's subtree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionKey {
    /// The subtree.
    pub region: Region,
    /// Names the key.
    pub kid: KeyId,
    /// The key.
    pub key: PublicKey,
}

/// A back office's HPKE recipient (X25519), to which reports are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealingKey {
    /// Names the recipient.
    pub kid: KeyId,
    /// X25519 public key.
    pub key: [u8; 32],
    /// In use from.
    pub not_before: Timestamp,
    /// In use until; the last one stays in use after that.
    pub not_after: Timestamp,
}

/// A back office's receipt key (Ed25519).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptKey {
    /// Names the key.
    pub kid: KeyId,
    /// The key.
    pub key: PublicKey,
    /// In use from.
    pub not_before: Timestamp,
    /// In use until.
    pub not_after: Timestamp,
}

/// The contents of `root.cose`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Counts up by one.
    pub version: u64,
    /// When it was made.
    pub issued: Timestamp,
    /// No new file is accepted under it after this.
    pub expires: Timestamp,
    /// Who signs roots (2 of 3 in a real deployment).
    pub root: RoleKeys,
    /// Who signs trust lists.
    pub publisher: RoleKeys,
    /// Who signs community files.
    pub regions: Vec<RegionKey>,
    /// To whom reports are sealed.
    pub sealing: Vec<SealingKey>,
    /// Who signs receipts.
    pub receipts: Vec<ReceiptKey>,
}

impl Root {
    /// The recipient to seal to at `now`: the newest valid one; were all over, the last.
    #[must_use]
    pub fn sealing_key(&self, now: Timestamp) -> Option<&SealingKey> {
        let _ = now;
        todo!()
    }

    /// The payload of the file (canonical CBOR), for signing.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        todo!()
    }
}
