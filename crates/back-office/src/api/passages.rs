//! `GET /v1/passages`: what arrived, as JSON, for the office's own machine only.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse, Response};
use web::FromThisMachine;

use super::{ApiError, Call};
use crate::limits::{LIST_ROWS, PAGE_ROWS};
use crate::overview::overview;

/// The query string.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Wanted {
    /// The most rows of each list; [`LIST_ROWS`] at most.
    limit: Option<usize>,
}

/// Returns an [`crate::overview::Overview`].
pub(super) async fn passages(
    _: FromThisMachine,
    call: Call,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(wanted) = wanted.map_err(|_| ApiError::Malformed)?;
    let rows = wanted.limit.unwrap_or(PAGE_ROWS).min(LIST_ROWS);
    let communities = call.app.context.trust.communities();
    let overview = overview(&*call.app.context.store, &communities, rows).await?;
    Ok(Json(overview).into_response())
}

#[cfg(test)]
pub(super) mod tests {
    use web::RequestError;

    use super::*;
    use crate::api::COSE;
    use crate::api::testing::{Refusal, TestOffice, batch, body_of, provoke};

    pub(in crate::api) const REFUSALS: &[Refusal] = &[
        Refusal::new(ApiError::Request(RequestError::OnlyHere), |office| {
            Box::pin(async move { office.get_locally("/v1/passages", "x-peer", "192.0.2.1").await })
        }),
        Refusal::new(ApiError::Malformed, |office| {
            Box::pin(async move { office.get_from_here("/v1/passages?limit=many").await })
        }),
        Refusal::new(ApiError::Store, |office| {
            Box::pin(async move {
                office.spoil("DROP TABLE passages");
                office.get_from_here("/v1/passages").await
            })
        }),
    ];

    #[tokio::test]
    async fn each_refusal_is_provoked() {
        provoke(REFUSALS).await;
    }

    #[tokio::test]
    async fn what_waits_is_counted() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        office.post("/v1/batches", COSE, batch(station, 3, &key)).await;
        let list = body_of(office.get_from_here("/v1/passages?limit=1").await).await;
        let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
        assert_eq!((&list["counts"]["waiting"], &list["counts"]["stations"]), (&3.into(), &1.into()));
        assert_eq!(list["stations"][0]["id"], station.to_string());
    }
}
