//! Batches: what a station sends, signed by its own key.

use ed25519_dalek::SigningKey;
use strict_cose::PublicKey;

use crate::ids::{BatchId, StationId};
use crate::seal::SealedReport;

/// Purpose in the signature's additional data, before station and batch id.
pub const PURPOSE: &[u8] = b"kadian-batch-v1";

/// Up to [`crate::limits::BATCH_REPORTS`] sealed reports. An empty batch asks for news only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Who sends.
    pub station: StationId,
    /// Its name; a retry of the same reports keeps it.
    pub id: BatchId,
    /// The reports, in any order, none twice.
    pub reports: Vec<SealedReport>,
}

/// A batch as it travels: COSE_Sign1, the station id's first 8 bytes as kid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBatch {
    /// The encoded message.
    pub bytes: Vec<u8>,
}

/// Why bytes are not an acceptable batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Longer, or with more reports, than a batch may be.
    #[error("larger than a batch may be")]
    TooLarge,
    /// Not the shape of a batch.
    #[error("not a batch: {0}")]
    Malformed(String),
    /// Not signed by this station.
    #[error("not signed by this station")]
    Signature,
}

impl Batch {
    /// Signs the batch.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> SignedBatch {
        let _ = key;
        todo!()
    }
}

impl SignedBatch {
    /// Who claims to have sent these bytes: for looking up the key, and nothing else.
    ///
    /// # Errors
    /// [`BatchError`].
    pub fn claimed_station(bytes: &[u8]) -> Result<StationId, BatchError> {
        let _ = bytes;
        todo!()
    }

    /// Verifies and reads a batch.
    ///
    /// # Errors
    /// [`BatchError`].
    pub fn open(bytes: &[u8], key: &PublicKey) -> Result<Batch, BatchError> {
        let _ = (bytes, key);
        todo!()
    }
}
