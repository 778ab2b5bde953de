//! What batches and receipts share: both begin with station and batch id, and their signatures
//! bind both ids as additional data.

use crate::ids::{BatchId, StationId};

/// Returns `purpose ‖ station ‖ batch id`.
pub(crate) fn aad(purpose: &[u8], station: StationId, batch: BatchId) -> Vec<u8> {
    [purpose, &station.0, &batch.0].concat()
}

/// Reads station and batch id of a payload and interprets nothing else.
///
/// Canonical CBOR puts keys 1 and 2 first, at fixed offsets after the map's one byte:
/// `01 50 <station> 02 50 <batch>`. So nothing is decoded before the signature is verified.
pub(crate) fn peek_ids(payload: &[u8]) -> Option<(StationId, BatchId)> {
    let rest = payload.get(1..)?.strip_prefix(&[0x01, 0x50])?;
    let (station, rest) = rest.split_first_chunk()?;
    let (batch, _) = rest.strip_prefix(&[0x02, 0x50])?.split_first_chunk()?;
    Some((StationId(*station), BatchId(*batch)))
}
