//! The errors that any of our servers may answer with, whatever it serves.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Why a request is refused before an endpoint looks at its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter)]
pub enum RequestError {
    /// The body's media type is not the one that the endpoint takes.
    MediaType,
    /// The body is longer than the endpoint takes.
    TooLarge,
    /// The body came too slowly, or the request was not answered in time.
    TooSlow,
    /// The server has had no room for the request for a while.
    Busy,
    /// The address does not exist.
    NotFound,
    /// The address does not take this method.
    Method,
    /// The page is for this machine's own browser, and the request came from elsewhere.
    OnlyHere,
}

impl RequestError {
    /// Returns the error as the client sees it.
    #[must_use]
    pub fn problem(self) -> Problem {
        let (status, code, detail) = match self {
            Self::MediaType => {
                (StatusCode::BAD_REQUEST, "media-type", "The address takes another media type.")
            }
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "The body is longer than the address takes, or ended early.",
            ),
            Self::TooSlow => {
                (StatusCode::REQUEST_TIMEOUT, "too-slow", "The request was not finished in time.")
            }
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "The server has had no room for the request for a while.",
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "The address does not exist."),
            Self::Method => {
                (StatusCode::METHOD_NOT_ALLOWED, "method", "The address does not take this method.")
            }
            Self::OnlyHere => (
                StatusCode::FORBIDDEN,
                "only-on-the-office-machine",
                "The page is shown on the server's own machine only.",
            ),
        };
        Problem { status, code, detail, retry: matches!(self, Self::TooSlow | Self::Busy) }
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}
