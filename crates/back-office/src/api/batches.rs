//! `POST /v1/batches`: sealed reports against a signed receipt.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use health_code::PublicKey;
use wire::batch::BatchError;
use wire::limits::BATCH_BYTES;
use wire::{Batch, Receipt, SignedBatch};

use super::{ApiError, COSE, Office, Turn, bytes, read_body};
use crate::store::Arrival;

/// The order of checks: media type, length, outer form, station known, signature, form, one batch
/// at a time. The receipt is signed after the commit and names the trust files in force.
pub(super) async fn receive_batch(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let body = read_body(&headers, body, COSE, BATCH_BYTES).await?;
    let claimed = SignedBatch::claimed_station(&body).map_err(refuse)?;
    let station = office.with_store(move |store| store.station(claimed)).await?;
    let station = station.ok_or(ApiError::Signature)?;
    let key = PublicKey::from_bytes(&station.key).map_err(|_| ApiError::Internal)?;
    let batch = SignedBatch::open(&body, &key).map_err(refuse)?;
    drop(body);
    let _turn = Turn::take(&office, batch.station)?;
    let now = office.desk.clock.now();
    let trust = office.desk.trust.trust();
    // Asked before the commit: what is committed and can't be acknowledged would only come again.
    let (kid, key) = office.desk.keys.receipt(trust.root(), now).ok_or(ApiError::NoReceiptKey)?;
    let Batch { station, id, reports } = batch;
    let lines = office
        .with_store(move |store| {
            store.accept(&Arrival { station, batch: id, reports: &reports, received: now })
        })
        .await?;
    tracing::info!(%station, batch = %id, reports = lines.len(), "a batch is committed");
    office.waker.wake();
    let offers = office.desk.trust.offers();
    let receipt = Receipt {
        station,
        batch: id,
        time: now.0,
        lines,
        root: offers.root,
        list: offers.list,
        community: offers.community,
    };
    Ok(bytes(COSE, receipt.sign(kid, key)))
}

fn refuse(error: BatchError) -> ApiError {
    match error {
        BatchError::TooLarge => ApiError::TooLarge,
        BatchError::Malformed(_) => ApiError::Malformed,
        BatchError::Signature => ApiError::Signature,
    }
}
