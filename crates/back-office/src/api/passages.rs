//! `GET /v1/passages`: what arrived, as JSON, on the office's own machine only.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::{ApiError, Office, only_this_machine};
use crate::limits::{LIST_ROWS, PAGE_ROWS};
use crate::overview::overview;

/// `?limit=` how many rows of each list.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Wanted {
    limit: Option<usize>,
}

pub(super) async fn passages(
    State(office): State<Arc<Office>>,
    peer: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, ApiError> {
    only_this_machine(peer, &headers)?;
    let Query(wanted) = wanted.map_err(|_| ApiError::Malformed)?;
    let rows = wanted.limit.unwrap_or(PAGE_ROWS).min(LIST_ROWS);
    let trust = office.desk.trust.trust();
    let overview = office.with_store(move |store| overview(store, Some(&trust), rows)).await?;
    Ok(Json(overview).into_response())
}
