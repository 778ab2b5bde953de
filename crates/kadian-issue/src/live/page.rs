//! The page of live codes, and its routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::routing::get;
use serde_json::json;

use super::Live;
use crate::qr::Drawing;

/// Name that takes the code before the simulated camera away.
const NOBODY: &str = "nobody";
/// Content security policy: own files only, and never in a frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Returns the routes of the page.
pub fn routes(live: Arc<Live>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/codes", get(codes))
        .route("/codes/{file}", get(code))
        .route("/show", get(shown))
        .route("/show/{name}", get(show).post(show))
        .with_state(live)
}

async fn page() -> impl IntoResponse {
    let headers: [(HeaderName, &str); 2] =
        [(header::CONTENT_SECURITY_POLICY, POLICY), (header::REFERRER_POLICY, "no-referrer")];
    (headers, Html(include_str!("page.html")))
}

async fn codes(State(live): State<Arc<Live>>) -> impl IntoResponse {
    fresh(Json(live.entries()))
}

/// Answers `NAME.svg` or `NAME.txt`.
async fn code(State(live): State<Arc<Live>>, Path(file): Path<String>) -> Response {
    let (name, is_text) = match (file.strip_suffix(".svg"), file.strip_suffix(".txt")) {
        (Some(name), _) => (name, false),
        (_, Some(name)) => (name, true),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match live.text(name) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(text) if is_text => fresh(text).into_response(),
        Some(text) => match Drawing::new(&text) {
            None => (StatusCode::NOT_FOUND, "longer than a QR code can hold").into_response(),
            Some(drawing) => {
                fresh(([(header::CONTENT_TYPE, "image/svg+xml")], drawing.to_svg())).into_response()
            }
        },
    }
}

async fn shown(State(live): State<Arc<Live>>) -> impl IntoResponse {
    fresh(Json(json!({ "shown": live.shown().filter(|name| !name.is_empty()) })))
}

async fn show(State(live): State<Arc<Live>>, Path(name): Path<String>) -> Response {
    let wanted = Some(name.as_str()).filter(|name| *name != NOBODY);
    if wanted.is_some_and(|name| live.text(name).is_none()) {
        return (StatusCode::NOT_FOUND, "no code of this name").into_response();
    }
    match live.show(wanted) {
        Ok(()) => fresh(Json(json!({ "shown": wanted }))).into_response(),
        Err(sentence) => (StatusCode::INTERNAL_SERVER_ERROR, sentence).into_response(),
    }
}

fn fresh<T: IntoResponse>(body: T) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], body)
}
