//! Receipts: what the back office has committed, signed by its receipt key.

use ed25519_dalek::SigningKey;
use strict_cose::{KeyId, PublicKey};

use crate::ids::{BatchId, RecordId, StationId};

/// Purpose in the signature's additional data, before station and batch id.
pub const PURPOSE: &[u8] = b"kadian-receipt-v1";

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordStatus {
    /// Committed now (`0`).
    Stored,
    /// Committed before, byte for byte the same (`1`).
    AlreadyStored,
    /// Another ciphertext is known by this record id; both are kept (`2`).
    Conflict,
}

/// One record's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The record.
    pub record: RecordId,
    /// SHA-256 of the ciphertext that was committed.
    pub hash: [u8; 32],
    /// What became of it.
    pub status: RecordStatus,
}

/// A trust file that the back office has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Its version.
    pub version: u64,
    /// SHA-256 of the file.
    pub hash: [u8; 32],
}

/// The answer to a batch, given after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// To whom.
    pub station: StationId,
    /// To which batch.
    pub batch: BatchId,
    /// The back office's time, seconds since 1970.
    pub time: i64,
    /// A line for each record of the batch, in its order.
    pub lines: Vec<ReceiptLine>,
    /// `root.cose` in force.
    pub root: Offer,
    /// `trust.cose` in force.
    pub list: Offer,
    /// The station's `community.cose` in force.
    pub community: Offer,
}

/// Why bytes are not an acceptable receipt. The batch is sent again later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Longer than a receipt may be.
    #[error("larger than a receipt may be")]
    TooLarge,
    /// Not the shape of a receipt.
    #[error("not a receipt: {0}")]
    Malformed(String),
    /// Not signed by a receipt key of the root.
    #[error("not signed by a known receipt key")]
    Signature,
    /// For another station or batch.
    #[error("a receipt for something else")]
    OtherBatch,
}

impl Receipt {
    /// Signs the receipt; the COSE_Sign1 message.
    #[must_use]
    pub fn sign(&self, kid: KeyId, key: &SigningKey) -> Vec<u8> {
        let _ = (kid, key);
        todo!()
    }

    /// Verifies and reads the receipt for one batch of one station.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn open<'k>(
        bytes: &[u8],
        keys: impl IntoIterator<Item = (KeyId, &'k PublicKey)>,
        station: StationId,
        batch: BatchId,
    ) -> Result<Self, ReceiptError> {
        let _ = (bytes, keys.into_iter().count(), station, batch);
        todo!()
    }
}
