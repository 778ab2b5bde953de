//! Reports in conflict, which a person may file.

use async_trait::async_trait;
use health_code::Timestamp;
use wire::{RecordId, StationId};

use super::error::StoreError;
use super::waiting::{Settled, Waiting};

/// Hands out reports in conflict, and files those that a person has looked at.
#[async_trait]
pub trait Conflicts {
    /// Returns the reports that are in quarantine because another one came under their record id.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn conflicts(&self, station: StationId, record: RecordId) -> Result<Vec<Waiting>, StoreError>;

    /// Files an opened report in conflict under another record id, in one transaction: it leaves the
    /// quarantine, its ciphertext is erased, and the alert is cleared with the last conflict of its record.
    ///
    /// `opened.key` has the id under which it is filed. Returns false, and changes nothing, where the report
    /// is in conflict no more, or something is filed under that id.
    async fn file_conflict(
        &self,
        conflict: Waiting,
        opened: Settled,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
}
