//! How much work a server takes on at once, and for how long; headers that every answer has.

use std::time::Duration;

use axum::error_handling::HandleErrorLayer;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Router};
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;

use crate::call::{RequestIds, identify};
use crate::limits::{BODY_TIME, REQUEST_TIME, REQUESTS};
use crate::problem::Problem;
use crate::request_error::RequestError;

/// The bounds of a server. [`Bounds::default`] takes them from [`crate::limits`].
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many requests run at once.
    pub requests: usize,
    /// How long a whole request may take.
    pub request_time: Duration,
    /// How long a client may take to send a body.
    pub body_time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { requests: REQUESTS, request_time: REQUEST_TIME, body_time: BODY_TIME }
    }
}

/// Wraps a router: at most `bounds.requests` requests run at once, each for at most
/// `bounds.request_time`, each has an id, and every answer has the security headers.
///
/// Unknown addresses and methods are answered by [`RequestError`] too. A request beyond the bound is
/// refused at once and does not queue, so that a flood holds no memory.
pub fn bounded(router: Router, bounds: Bounds, ids: RequestIds) -> Router {
    // The limit has to be the global one: axum clones a layer for each route, and every clone of
    // the plain limit would count for itself.
    let bounds = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(refuse))
        .load_shed()
        .layer(GlobalConcurrencyLimitLayer::new(bounds.requests))
        .timeout(bounds.request_time);
    router
        .fallback(|| async { RequestError::NotFound })
        .method_not_allowed_fallback(|| async { RequestError::Method })
        // `read_body` has a limit for each endpoint; axum's default of 2 MB would come first.
        .layer(DefaultBodyLimit::disable())
        .layer(bounds)
        .layer(from_fn(harden))
        .layer(from_fn_with_state(ids, identify))
}

async fn refuse(error: BoxError) -> Problem {
    if error.is::<tower::timeout::error::Elapsed>() {
        RequestError::TooSlow.problem()
    } else {
        // Nothing else fails: handlers answer every error themselves, so this is the load shed.
        RequestError::Busy.problem()
    }
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
