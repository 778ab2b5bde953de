//! Taking batches in.

use async_trait::async_trait;
use health_code::Timestamp;
use wire::{Batch, ReceiptLine};

use super::error::StoreError;

/// A batch whose signature was verified.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The batch.
    pub batch: Batch,
    /// The signed message that holds it. The store keeps it as it came: it is the station's signature.
    pub signed: Vec<u8>,
    /// When the batch arrived.
    pub received: Timestamp,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// A line for each report, in the order of the batch.
    pub lines: Vec<ReceiptLine>,
    /// When the station was withdrawn. The receipt has to tell it so.
    pub withdrawn: Option<Timestamp>,
}

/// Takes batches in.
#[async_trait]
pub trait Arrivals {
    /// Commits a batch in one transaction.
    ///
    /// When this returns, the reports are durable. Forks, conflicts and a withdrawn station that
    /// still sends raise their alerts in the same transaction. Batches of one station are committed
    /// one after the other, however many servers take them at the same time.
    ///
    /// The first batch of a station that was withdrawn is taken like any other, and that it is the first
    /// is recorded with it: its receipt is the first to tell the station. What is new in later batches
    /// goes to quarantine.
    ///
    /// A report is known by its place (stream and position), record and hash. Of a record id that comes
    /// again at another place the store learns when the report is filed.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of the batch is kept.
    async fn accept(&self, arrival: Arrival) -> Result<Accepted, StoreError>;
}
