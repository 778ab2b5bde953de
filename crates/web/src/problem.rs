//! Errors on the wire: `application/problem+json` (RFC 9457).

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::limits::RETRY_AFTER_SECONDS;

/// Media type of a problem.
pub const PROBLEM: &str = "application/problem+json";

/// Why a request is refused.
///
/// The body has the members `status`, `title` and `detail` of RFC 9457 and two of ours: `code`, which
/// is stable and meant for programs, and `retry`. The type is `about:blank`, so `title` repeats the
/// status in words (RFC 9457 §4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable code.
    pub code: &'static str,
    /// One sentence for people, in English.
    pub detail: &'static str,
    /// Whether the same request may succeed later. Such an answer has a `Retry-After`, which differs from
    /// request to request.
    pub retry: bool,
}

impl Problem {
    /// Returns the answer with one more member: `at`, the moment that it is about, in seconds since 1970.
    #[must_use]
    pub fn about(self, at: i64) -> Response {
        self.answer(Some(at))
    }

    fn answer(self, at: Option<i64>) -> Response {
        let mut body = serde_json::json!({
            "title": self.status.canonical_reason().unwrap_or_default(),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
            "retry": self.retry,
        });
        if let Some(at) = at {
            body["at"] = at.into();
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        if self.retry {
            headers.insert(RETRY_AFTER, RETRY_AFTER_SECONDS.into());
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.answer(None)
    }
}
