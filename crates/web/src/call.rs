//! What a handler is given besides the message: the server's state, the clock, the request's id.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use health_code::Timestamp;
use tracing::Instrument as _;

use crate::limits::{RETRY_AFTER_SECONDS, RETRY_SPREAD_SECONDS};

/// Header of an answer that names its request.
pub const REQUEST_ID: &str = "x-request-id";

/// The state of a server that its handlers share.
pub trait App: Send + Sync + 'static {
    /// Returns the present moment.
    fn now(&self) -> Timestamp;
}

/// The context of one request.
#[derive(Debug)]
pub struct Call<A> {
    /// The server's state: its store, keys and whatever else handlers need.
    pub app: Arc<A>,
    /// The request's id, as the log and the answer name it.
    pub id: RequestId,
}

impl<A: App> Call<A> {
    /// Returns the present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }
}

impl<A: App> FromRequestParts<Arc<A>> for Call<A> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<A>) -> Result<Self, Self::Rejection> {
        let id = parts.extensions.get().copied().unwrap_or(RequestId { server: 0, number: 0 });
        Ok(Self { app: app.clone(), id })
    }
}

/// Names one request among all that the servers of a deployment answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId {
    server: u32,
    number: u64,
}

impl RequestId {
    /// Returns a number up to `most`; those of requests that follow one another are spread evenly (the
    /// multiples of the golden ratio).
    fn spread(self, most: u64) -> u64 {
        let turned = (u64::from(self.server) + self.number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        // The upper half of the product is at most `most`.
        ((u128::from(turned) * u128::from(most + 1)) >> 64) as u64
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}-{}", self.server, self.number)
    }
}

/// Hands out [`RequestId`]s.
#[derive(Debug, Clone)]
pub struct RequestIds {
    server: u32,
    next: Arc<AtomicU64>,
}

impl RequestIds {
    /// Starts counting; `server` is a random number that sets this process apart from others.
    #[must_use]
    pub fn new(server: u32) -> Self {
        Self { server, next: Arc::new(AtomicU64::new(1)) }
    }

    fn next(&self) -> RequestId {
        RequestId { server: self.server, number: self.next.fetch_add(1, Ordering::Relaxed) }
    }
}

/// Gives a request its id: for [`Call`], for every log line of the request, and for the client.
pub(crate) async fn identify(State(ids): State<RequestIds>, mut request: Request, next: Next) -> Response {
    let id = ids.next();
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", %id);
    let mut response = next.run(request).instrument(span).await;
    if let Some(after) = response.headers_mut().get_mut(RETRY_AFTER) {
        *after = (RETRY_AFTER_SECONDS + id.spread(RETRY_SPREAD_SECONDS)).into();
    }
    // Hexadecimal digits and a hyphen are always a valid header value.
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn those_who_are_refused_together_come_back_at_different_times() {
        let ids = RequestIds::new(7);
        let waits: Vec<u64> = (0..9).map(|_| ids.next().spread(RETRY_SPREAD_SECONDS)).collect();
        assert!(waits.iter().all(|wait| *wait <= RETRY_SPREAD_SECONDS));
        assert!(waits.iter().collect::<BTreeSet<_>>().len() > 5, "{waits:?}");
    }
}
