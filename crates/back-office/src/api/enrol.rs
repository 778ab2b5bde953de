//! `POST /v1/enrol`: a ticket and a key against a station id and the trust files.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use sha2::{Digest, Sha256};
use wire::enrol::EnrolmentError;
use wire::limits::ENROLMENT_REQUEST_BYTES;
use wire::{Enrolment, EnrolmentAnswer, StationId};

use super::{ApiError, CBOR, COSE, Office, bytes, read_body};
use crate::outside;
use crate::store::Redeemed;

/// The order of checks: media type, length, form, signature, ticket, key.
pub(super) async fn enrol(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let request = read_body(&headers, body, COSE, ENROLMENT_REQUEST_BYTES).await?;
    let enrolment = Enrolment::open(&request).map_err(|error| match error {
        EnrolmentError::TooLarge => ApiError::TooLarge,
        EnrolmentError::Malformed(_) => ApiError::Malformed,
        EnrolmentError::Signature => ApiError::Signature,
    })?;
    let now = office.desk.clock.now();
    let fresh = StationId(outside::random()?);
    let redeemed = office
        .with_store(move |store| {
            let hash = Sha256::digest(enrolment.secret).into();
            store.redeem(&hash, &enrolment.key.to_bytes(), &enrolment.name, fresh, now)
        })
        .await?;
    let station = match redeemed {
        Redeemed::Enrolled(station) => station,
        Redeemed::Unknown => return Err(ApiError::TicketUnknown),
        Redeemed::Expired => return Err(ApiError::TicketExpired),
        Redeemed::Used => return Err(ApiError::TicketUsed),
        Redeemed::Withdrawn => return Err(ApiError::Withdrawn),
    };
    tracing::info!(%station, "a station is enrolled");
    let files = office.desk.trust.trust().files().clone();
    let answer = EnrolmentAnswer {
        station,
        time: now.0,
        root: files.root,
        list: files.list,
        community: files.community,
        revocations: files.revocations.to_vec(),
    };
    Ok(bytes(CBOR, answer.to_bytes()))
}
