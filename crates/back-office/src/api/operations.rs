//! `GET /healthz`, `/readyz` and `/metrics`, for the machine's own monitoring.

use std::sync::Arc;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::{Instant, timeout};
use web::FromThisMachine;

use super::Call;
use crate::limits::READY_TIME;
use crate::metrics::Metrics;

/// Media type of [`Metrics::text`].
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answers as long as the process serves. One of whose duties ended ends as a whole.
pub(super) async fn health(_: FromThisMachine) -> &'static str {
    "ok\n"
}

/// Says whether stations get receipts: whether the database answers in time and a receipt key is in force.
#[derive(Debug, serde::Serialize)]
struct Readiness {
    ready: bool,
    store: bool,
    receipts: bool,
}

/// Answers 200 or 503, and says why.
pub(super) async fn ready(_: FromThisMachine, call: Call) -> Response {
    let context = &call.app.context;
    let answered = timeout(READY_TIME, context.store.edition()).await;
    let store = matches!(answered, Ok(Ok(_)));
    let receipts = can_sign(&call);
    let ready = store && receipts;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, store, receipts })).into_response()
}

/// Returns every counter and gauge.
pub(super) async fn metrics(_: FromThisMachine, call: Call) -> Response {
    let metrics = &call.app.context.metrics;
    let trust = call.app.context.trust.trust();
    let (now, room) = (&metrics.now, &call.app.room);
    now.connections.set(as_gauge(room.open_connections()));
    now.requests_at_work.set(as_gauge(room.requests_at_work()));
    now.body_bytes.set(as_gauge(room.held_body_bytes()));
    now.list_believed_until.set(trust.list().believed_until().0);
    let communities = call.app.context.trust.communities();
    let soonest = communities.iter().map(|trust| trust.community().believed_until().0).min();
    now.community_believed_until.set(soonest.unwrap_or_default());
    now.receipts_signed.set(can_sign(&call).into());
    (StatusCode::OK, [(CONTENT_TYPE, OPEN_METRICS)], metrics.text()).into_response()
}

/// Counts every answer, refusals and unknown addresses too.
pub(super) async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let began = Instant::now();
    let response = next.run(request).await;
    // An address that does not exist is not told from another: a stranger would choose our labels.
    let address = route.as_ref().map_or("unknown", MatchedPath::as_str);
    metrics.answered(address, response.status().as_u16(), began.elapsed());
    response
}

fn can_sign(call: &Call) -> bool {
    let context = &call.app.context;
    context.keys.receipt(context.trust.trust().root(), call.now()).is_ok()
}

fn as_gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
pub(super) mod tests {
    use web::RequestError;

    use super::*;
    use crate::api::testing::{NOW, Refusal, TestOffice, batch, body_of, provoke};
    use crate::api::{ApiError, COSE};

    const ONLY_HERE: ApiError = ApiError::Request(RequestError::OnlyHere);
    pub(in crate::api) const REFUSALS: &[Refusal] = &[
        Refusal::new(ONLY_HERE, |office| {
            Box::pin(async move { office.get_locally("/healthz", "x-peer", "192.0.2.1").await })
        }),
        Refusal::new(ONLY_HERE, |office| {
            Box::pin(async move { office.get_locally("/readyz", "via", "1.1 proxy").await })
        }),
        Refusal::new(ONLY_HERE, |office| {
            Box::pin(async move { office.get_locally("/metrics", "x-peer", "192.0.2.1").await })
        }),
    ];

    #[tokio::test]
    async fn each_refusal_is_provoked() {
        provoke(REFUSALS).await;
    }

    #[tokio::test]
    async fn an_office_is_ready_while_stations_get_receipts() {
        let office = TestOffice::new().await;
        let ready = async || {
            let response = office.get_from_here("/readyz").await;
            (response.status(), String::from_utf8(body_of(response).await).unwrap())
        };
        assert_eq!(ready().await, (StatusCode::OK, r#"{"ready":true,"store":true,"receipts":true}"#.into()));
        office.set_clock(NOW.plus(10_000 * 86_400));
        let clock = r#"{"ready":false,"store":true,"receipts":false}"#;
        assert_eq!(ready().await, (StatusCode::SERVICE_UNAVAILABLE, clock.into()));
        office.set_clock(NOW);
        office.spoil("DROP TABLE editions");
        let store = r#"{"ready":false,"store":false,"receipts":true}"#;
        assert_eq!(ready().await, (StatusCode::SERVICE_UNAVAILABLE, store.into()));
        assert_eq!(office.get_from_here("/healthz").await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn what_stations_send_is_counted_and_names_none_of_them() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        office.post("/v1/batches", COSE, batch(station, 3, &key)).await;
        office.get(&format!("/{station}")).await;
        let response = office.get_from_here("/metrics").await;
        assert_eq!(response.headers()[CONTENT_TYPE], OPEN_METRICS);
        let text = String::from_utf8(body_of(response).await).unwrap();
        for line in [
            "kadian_office_answers_total{address=\"/v1/batches\",status=\"200\"} 1",
            "kadian_office_answers_total{address=\"unknown\",status=\"404\"} 1",
            "kadian_office_reports_total{code=\"stored\"} 3",
            "kadian_office_receipts_signed 1",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}\n{text}");
        }
        assert!(!text.contains(&station.to_string()));
    }
}
