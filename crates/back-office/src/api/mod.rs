//! The addresses that stations and this machine's browser may ask for; one endpoint a file.
//!
//! A new endpoint is a file with its handler and its tests, a route in [`router`] or in [`local_router`],
//! and a line in
//! `refusals_of_all_endpoints`. Its tests have a table `REFUSALS`: requests that provoke each error
//! that it answers with. A new [`ApiError`] also needs a row in `docs/wire.md`. Tests fail where a
//! request or a row is missing.

mod again;
mod batches;
mod enrol;
mod error;
mod operations;
mod page;
mod passages;
#[cfg(test)]
pub(crate) mod testing;
mod trust_files;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use health_code::Timestamp;
use web::{App, RequestIds, Room, bounded};

pub(crate) use batches::commit;
pub use enrol::NotEnrolled;
pub(crate) use enrol::{Enrolled, open as open_enrolment, take_in};
pub use error::ApiError;

use crate::context::Context;
use crate::worker::Waker;

/// Media type of COSE messages (RFC 9052 §11.3.1, without parameters).
pub const COSE: &str = "application/cose";
/// Media type of CBOR (RFC 8949 §9.5).
pub const CBOR: &str = "application/cbor";
/// Media type of revocations: plain entries, named by their hash.
pub const OCTETS: &str = "application/octet-stream";

/// The state that all endpoints share.
#[derive(Debug)]
pub struct Office {
    context: Context,
    waker: Waker,
    room: Room,
}

/// The context of a request to an office.
type Call = web::Call<Office>;

impl Office {
    /// Joins what the endpoints need. `waker` is told of each batch that arrived; `room` is that of stations.
    #[must_use]
    pub fn new(context: Context, waker: Waker, room: Room) -> Self {
        Self { context, waker, room }
    }
}

impl App for Office {
    fn now(&self) -> Timestamp {
        self.context.clock.now()
    }
}

/// Returns the routes for stations, bounded and counted. `ids` names the requests in the log.
pub fn router(office: Arc<Office>, ids: RequestIds) -> Router {
    let (room, metrics) = (office.room.clone(), office.context.metrics.clone());
    let router = Router::new()
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/stations/again", post(again::again))
        .route("/v1/batches", post(batches::receive_batch))
        .route("/v1/trust/{file}", get(trust_files::trust_file))
        .route("/v1/trust/revocations/{hash}", get(trust_files::revocations))
        .route("/v1/trust/policies/{hash}", get(trust_files::policies))
        .with_state(office);
    bounded(router, &room, ids).layer(from_fn_with_state(metrics, operations::count))
}

/// Returns the routes for this machine's own browser and monitoring, and those of the console, bounded. They are served on a loopback
/// port of their own: what names people is not even routed where stations ask.
pub fn local_router(office: Arc<Office>, console: Router, room: &Room, ids: RequestIds) -> Router {
    let router = Router::new()
        .route("/v1/passages", get(passages::passages))
        .route("/", get(page::page))
        .route("/page.css", get(page::css))
        .route("/healthz", get(operations::health))
        .route("/readyz", get(operations::ready))
        .route("/metrics", get(operations::metrics))
        .with_state(office);
    bounded(router.merge(console), room, ids)
}

/// Returns a success with a body of bytes.
fn bytes(media: &'static str, body: Vec<u8>) -> Response {
    (StatusCode::OK, [(CONTENT_TYPE, media)], body).into_response()
}

/// Returns the requests by which the tests of all endpoints provoke refusals.
#[cfg(test)]
fn refusals_of_all_endpoints() -> impl Iterator<Item = testing::Refusal> {
    [
        tests::REFUSALS,
        again::tests::REFUSALS,
        batches::tests::REFUSALS,
        enrol::tests::REFUSALS,
        operations::tests::REFUSALS,
        page::tests::REFUSALS,
        passages::tests::REFUSALS,
        trust_files::tests::REFUSALS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use axum::http::Request;
    use web::{Bounds, RequestError};

    use super::testing::{Refusal, TestOffice, provoke};
    use super::*;

    pub(super) const REFUSALS: &[Refusal] = &[
        Refusal::new(ApiError::Request(RequestError::NotFound), |office| {
            Box::pin(async move { office.get("/v1/nothing").await })
        }),
        Refusal::new(ApiError::Request(RequestError::Method), |office| {
            Box::pin(async move { office.get("/v1/batches").await })
        }),
        Refusal::new(ApiError::Request(RequestError::Busy), |_| {
            Box::pin(async move {
                let full =
                    TestOffice::bounded(Bounds { requests: 0, wait: Duration::ZERO, ..Bounds::default() })
                        .await;
                full.get("/v1/trust/root.cose").await
            })
        }),
    ];

    #[tokio::test]
    async fn each_refusal_is_provoked() {
        provoke(REFUSALS).await;
    }

    #[tokio::test]
    async fn stations_and_this_machines_browser_have_addresses_of_their_own() {
        let office = TestOffice::new().await;
        for uri in ["/", "/page.css", "/v1/passages"] {
            assert_eq!(office.get(uri).await.status(), StatusCode::NOT_FOUND, "{uri}");
        }
        assert_eq!(office.get_from_here("/v1/trust/root.cose").await.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn every_answer_is_named_and_hardened() {
        let office = TestOffice::new().await;
        for uri in ["/v1/trust/root.cose", "/v1/nothing"] {
            let response = office.send(Request::get(uri).body(Body::empty()).unwrap()).await;
            let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap());
            assert_eq!(header("x-content-type-options"), Some("nosniff"));
            assert_eq!(header("referrer-policy"), Some("no-referrer"));
            assert!(header("content-security-policy").is_some_and(|policy| policy.contains("'none'")));
            assert!(header("cache-control").is_some());
            assert!(header("x-request-id").is_some_and(|id| id.starts_with("00000007-")));
        }
    }
}
