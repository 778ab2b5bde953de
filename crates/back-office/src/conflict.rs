//! Looking at reports in conflict, and filing them: what a person decides, since no rule can.
//!
//! Two reports came under one record id. The first one that opened is filed, the others are in quarantine. A
//! cloned or restored laptop may have made both, and both may have happened.

use sha2::{Digest as _, Sha256};
use wire::{RecordId, StationId};

use crate::context::Context;
use crate::store::{ReportKey, Settled, StoreError, Waiting};
use crate::worker;

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

/// Opens the reports in conflict under a record id, as the worker would. Nothing changes.
///
/// # Errors
/// [`StoreError`].
pub async fn look(
    context: &Context,
    station: StationId,
    record: RecordId,
) -> Result<Vec<(Waiting, Settled)>, StoreError> {
    let conflicts = context.store.conflicts(station, record).await?;
    let opened = worker::look(context, conflicts.clone()).await?;
    Ok(conflicts.into_iter().zip(opened).collect())
}

/// Files an opened report in conflict under [`filed_as`]. Returns false where somebody did already, or where
/// it did not open.
///
/// # Errors
/// [`StoreError`].
pub async fn file(context: &Context, conflict: Waiting, opened: Settled) -> Result<bool, StoreError> {
    let key = ReportKey { record: filed_as(&conflict.key), ..conflict.key };
    context.store.file_conflict(conflict, Settled { key, ..opened }, context.clock.now()).await
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
