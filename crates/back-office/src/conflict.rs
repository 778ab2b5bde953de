//! Looking at reports in conflict, and filing them: what a person decides, since no rule can.
//!
//! Two reports came under one record id. The first one that opened is filed, the others are in quarantine. A
//! cloned or restored laptop may have made both, and both may have happened.

use wire::{RecordId, StationId};

use crate::context::Context;
use crate::store::{ReportKey, Settled, StoreError, Waiting, filed_as};
use crate::worker;

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
