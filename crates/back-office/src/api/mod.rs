//! What stations and browsers may ask for: one endpoint a file.

mod batches;
mod enrol;
mod error;
mod page;
mod passages;
mod trust_files;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::Semaphore;
use wire::StationId;

pub use error::ApiError;

use crate::limits::{BODY_TIME, REQUEST_TIME, REQUESTS};
use crate::store::{Store, StoreError};
use crate::worker::{Desk, Waker};

/// Media type of COSE messages (RFC 9052 §11.3.1, without parameters).
pub const COSE: &str = "application/cose";
/// Media type of CBOR.
pub const CBOR: &str = "application/cbor";
/// Media type of revocations: plain entries, named by their hash.
pub const OCTETS: &str = "application/octet-stream";

/// What every endpoint works with.
#[derive(Debug)]
pub struct Office {
    desk: Desk,
    waker: Waker,
    slots: Semaphore,
    sending: Mutex<BTreeSet<StationId>>,
}

impl Office {
    /// An office with nobody in it.
    #[must_use]
    pub fn new(desk: Desk, waker: Waker) -> Self {
        Self { desk, waker, slots: Semaphore::new(REQUESTS), sending: Mutex::new(BTreeSet::new()) }
    }

    /// Runs blocking work of the store on a thread that may block.
    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let store = self.desk.store.clone();
        match tokio::task::spawn_blocking(move || work(&*store)).await {
            Ok(result) => result.map_err(ApiError::from),
            Err(_) => Err(ApiError::Internal),
        }
    }
}

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    Router::new()
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/batches", post(batches::receive_batch))
        .route("/v1/trust/{file}", get(trust_files::trust_file))
        .route("/v1/trust/revocations/{hash}", get(trust_files::revocations))
        .route("/v1/passages", get(passages::passages))
        .route("/", get(page::page))
        .route("/page.css", get(page::css))
        .fallback(|| async { ApiError::NotFound })
        .method_not_allowed_fallback(|| async { ApiError::Method })
        // Bodies are read by `read_body`, each with its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(office.clone(), bounded))
        .with_state(office)
}

/// Bounds how many requests are worked on at once, and for how long.
async fn bounded(State(office): State<Arc<Office>>, request: Request, next: Next) -> Response {
    let Ok(_slot) = office.slots.try_acquire() else { return ApiError::Busy.into_response() };
    let mut response = tokio::time::timeout(REQUEST_TIME, next.run(request))
        .await
        .unwrap_or_else(|_| ApiError::TooSlow.into_response());
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Reads a body of exactly this media type and at most `limit` bytes, in bounded time.
async fn read_body(headers: &HeaderMap, body: Body, media: &str, limit: usize) -> Result<Bytes, ApiError> {
    if headers.get(CONTENT_TYPE).is_none_or(|given| given != media) {
        return Err(ApiError::MediaType);
    }
    if body_length(headers).is_some_and(|length| length > limit as u64) {
        return Err(ApiError::TooLarge);
    }
    // A body that ends early and one that is too long fail alike here; the length tells them apart
    // for every client that names it, as stations do.
    match tokio::time::timeout(BODY_TIME, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(ApiError::TooLarge),
        Err(_) => Err(ApiError::TooSlow),
    }
}

fn body_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(axum::http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Lets only this machine's own browser in: a peer on loopback that names this machine, so that
/// no page from elsewhere reads along under a name that it points here.
fn only_this_machine(peer: ConnectInfo<SocketAddr>, headers: &HeaderMap) -> Result<(), ApiError> {
    let named = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = match named.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => named,
    };
    let here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if peer.0.ip().to_canonical().is_loopback() && here { Ok(()) } else { Err(ApiError::OnlyHere) }
}

/// A success with a body of bytes.
fn bytes(media: &'static str, body: Vec<u8>) -> Response {
    (StatusCode::OK, [(CONTENT_TYPE, media)], body).into_response()
}

/// Holds a station's turn: one batch of each at a time.
struct Turn<'a> {
    office: &'a Office,
    station: StationId,
}

impl<'a> Turn<'a> {
    fn take(office: &'a Office, station: StationId) -> Result<Self, ApiError> {
        let mut sending = office.sending.lock().unwrap_or_else(PoisonError::into_inner);
        if sending.insert(station) { Ok(Self { office, station }) } else { Err(ApiError::OneAtATime) }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.office.sending.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.station);
    }
}
