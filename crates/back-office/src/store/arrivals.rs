//! Taking batches in.

use async_trait::async_trait;
use health_code::Timestamp;
use wire::{BatchId, ReceiptLine, SealedReport, StationId};

use super::error::StoreError;

/// A batch whose signature was verified.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The station that signed it.
    pub station: StationId,
    /// The batch's id.
    pub batch: BatchId,
    /// The reports, in the order of the batch.
    pub reports: Vec<SealedReport>,
    /// When the batch arrived.
    pub received: Timestamp,
}

/// Takes batches in.
#[async_trait]
pub trait Arrivals {
    /// Commits a batch in one transaction and returns a line for each report, in order.
    ///
    /// When this returns, the reports are durable. Forks, conflicts and a withdrawn station that
    /// still sends raise their alerts in the same transaction. Batches of one station are committed
    /// one after the other, however many servers take them at the same time.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of the batch is kept.
    async fn accept(&self, arrival: Arrival) -> Result<Vec<ReceiptLine>, StoreError>;
}
