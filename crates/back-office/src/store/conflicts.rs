//! Reports in conflict, which a person may file.

use async_trait::async_trait;
use health_code::Timestamp;
use sha2::{Digest as _, Sha256};
use wire::{RecordId, StationId};

use super::error::StoreError;
use super::waiting::{ReportKey, Settled, Waiting};

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

/// Begins what the new record id is the hash of.
const PURPOSE: &[u8] = b"kadian-conflict-v1";

/// Returns the id under which a report in conflict is filed: the first 16 bytes of the SHA-256 of
/// `kadian-conflict-v1`, its record id and the hash of its ciphertext. So each has one, and always the same.
#[must_use]
pub fn filed_as(key: &ReportKey) -> RecordId {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(PURPOSE)
        .chain_update(key.record.0)
        .chain_update(key.hash)
        .finalize()
        .into();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    RecordId(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_report_in_conflict_has_an_id_of_its_own() {
        let key = ReportKey { station: StationId([1; 16]), record: RecordId([2; 16]), hash: [3; 32] };
        let other = ReportKey { hash: [4; 32], ..key };
        assert_eq!(filed_as(&key).to_string(), "8902d4edcfc755f3fc8ed5b9098364a7");
        assert_ne!(filed_as(&key), filed_as(&other));
        assert_ne!(filed_as(&key), key.record);
    }
}
