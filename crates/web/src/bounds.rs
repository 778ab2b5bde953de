//! Wraps a server's routes in its bounds; headers that every answer has.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::sync::Notify;

use crate::body::Admission;
use crate::call::{RequestIds, identify};
use crate::request_error::RequestError;
use crate::room::Room;

/// Wraps a router: its requests share `room`, each has an id, and every answer has the security headers.
///
/// A request without a body waits for its turn at once, one with a body ([`crate::Incoming`]) when the body
/// is here. From then on it may take [`crate::Bounds::work_time`]. Unknown addresses and methods are
/// answered by [`RequestError`] too.
pub fn bounded(router: Router, room: &Room, ids: RequestIds) -> Router {
    router
        .fallback(|| async { RequestError::NotFound })
        .method_not_allowed_fallback(|| async { RequestError::Method })
        // `Incoming::read` has a limit for each endpoint; axum's default of 2 MB would come first.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(room.clone(), admit))
        .layer(from_fn(harden))
        .layer(from_fn_with_state(ids, identify))
}

async fn admit(State(room): State<Room>, mut request: Request, next: Next) -> Response {
    let begun = Arc::new(Notify::new());
    let turn = match *request.method() {
        // These have a body, and wait when it is here.
        Method::POST | Method::PATCH => None,
        _ => match room.request().await {
            Ok(turn) => {
                begun.notify_one();
                Some(turn)
            }
            Err(busy) => return busy.into_response(),
        },
    };
    let work_time = room.bounds.work_time;
    request.extensions_mut().insert(Admission { room, begun: begun.clone() });
    let too_long = async {
        begun.notified().await;
        tokio::time::sleep(work_time).await;
    };
    let response = tokio::select! {
        biased;
        response = next.run(request) => response,
        () = too_long => RequestError::TooSlow.into_response(),
    };
    drop(turn);
    response
}

/// Adds headers that narrow what a browser does with an answer, unless the endpoint set its own.
async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await.into_response();
    let defaults: [(HeaderName, &'static str); 4] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    for (name, value) in defaults {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests;
