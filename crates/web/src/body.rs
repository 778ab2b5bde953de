//! Reading a request's body.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};

use crate::request_error::RequestError;

/// What an endpoint accepts as a body.
#[derive(Debug, Clone, Copy)]
pub struct Accepts {
    /// The media type, compared byte for byte: no parameters, no other letter case.
    pub media: &'static str,
    /// The longest body, in bytes.
    pub limit: usize,
}

/// Reads a body that `accepts` admits and that arrives within `time`.
///
/// # Errors
/// [`RequestError::MediaType`], [`RequestError::TooLarge`] or [`RequestError::TooSlow`]. A body that
/// ends early is reported as too large as well: the two cannot be told apart here.
pub async fn read_body(
    headers: &HeaderMap,
    body: Body,
    accepts: Accepts,
    time: Duration,
) -> Result<Bytes, RequestError> {
    if headers.get(CONTENT_TYPE).is_none_or(|given| given != accepts.media) {
        return Err(RequestError::MediaType);
    }
    if announced_length(headers).is_some_and(|length| length > accepts.limit as u64) {
        return Err(RequestError::TooLarge);
    }
    match tokio::time::timeout(time, to_bytes(body, accepts.limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(RequestError::TooLarge),
        Err(_) => Err(RequestError::TooSlow),
    }
}

fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
