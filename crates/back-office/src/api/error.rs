//! Refusals over HTTP: a status, a stable code, and whether the same request may succeed later.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

use crate::limits::RETRY_AFTER_SECONDS;
use crate::outside::NoRandomness;
use crate::store::StoreError;

/// Why a request is refused. The codes are in `docs/wire.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiError {
    /// Another media type than the endpoint takes.
    MediaType,
    /// Longer than the endpoint takes.
    TooLarge,
    /// Not the shape of the message.
    Malformed,
    /// Not signed by who it says: unknown, altered or forged. Also: no such station.
    Signature,
    /// A token of another time.
    StaleToken,
    /// No such ticket.
    TicketUnknown,
    /// A ticket whose time is over.
    TicketExpired,
    /// A ticket that another station used.
    TicketUsed,
    /// A station that was withdrawn.
    Withdrawn,
    /// This page is for the office's own machine.
    OnlyHere,
    /// No such address.
    NotFound,
    /// Another method than the address takes.
    Method,
    /// A batch of this station is being worked on.
    OneAtATime,
    /// Too much at once.
    Busy,
    /// The request did not arrive in time.
    TooSlow,
    /// The store cannot take anything now.
    Store,
    /// The root in force lets none of this office's keys sign receipts now.
    NoReceiptKey,
    /// A fault of this program.
    Internal,
}

impl ApiError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MediaType => "media-type",
            Self::TooLarge => "too-large",
            Self::Malformed => "malformed",
            Self::Signature => "signature",
            Self::StaleToken => "stale-token",
            Self::TicketUnknown => "ticket-unknown",
            Self::TicketExpired => "ticket-expired",
            Self::TicketUsed => "ticket-used",
            Self::Withdrawn => "withdrawn",
            Self::OnlyHere => "only-on-the-office-machine",
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::OneAtATime => "one-at-a-time",
            Self::Busy => "busy",
            Self::TooSlow => "too-slow",
            Self::Store => "store",
            Self::NoReceiptKey => "no-receipt-key",
            Self::Internal => "internal",
        }
    }

    /// The status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::MediaType | Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Signature | Self::StaleToken => StatusCode::UNAUTHORIZED,
            Self::TicketUnknown
            | Self::TicketExpired
            | Self::TicketUsed
            | Self::Withdrawn
            | Self::OnlyHere => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::OneAtATime => StatusCode::TOO_MANY_REQUESTS,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy | Self::Store | Self::NoReceiptKey => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn retry(self) -> bool {
        matches!(
            self,
            Self::OneAtATime | Self::TooSlow | Self::Busy | Self::Store | Self::NoReceiptKey | Self::Internal
        )
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store refused");
        Self::Store
    }
}

impl From<NoRandomness> for ApiError {
    fn from(_: NoRandomness) -> Self {
        Self::Internal
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "code": self.code(), "retry": self.retry() });
        let mut response = (self.status(), Json(body)).into_response();
        if self.retry() {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS.into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [ApiError; 18] = [
        ApiError::MediaType,
        ApiError::TooLarge,
        ApiError::Malformed,
        ApiError::Signature,
        ApiError::StaleToken,
        ApiError::TicketUnknown,
        ApiError::TicketExpired,
        ApiError::TicketUsed,
        ApiError::Withdrawn,
        ApiError::OnlyHere,
        ApiError::NotFound,
        ApiError::Method,
        ApiError::OneAtATime,
        ApiError::Busy,
        ApiError::TooSlow,
        ApiError::Store,
        ApiError::NoReceiptKey,
        ApiError::Internal,
    ];

    #[test]
    fn the_page_of_the_wire_lists_every_refusal_and_no_other() {
        let page = include_str!("../../../../docs/wire.md");
        let table = page.split_once("| code | status | retry |").unwrap().1;
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
        for error in ALL {
            let retry = if error.retry() { "yes" } else { "no" };
            let row = format!("| `{}` | {} | {retry} |", error.code(), error.status().as_u16());
            assert!(rows.iter().any(|line| line.starts_with(&row)), "{row}");
        }
        assert_eq!(rows.len(), ALL.len());
    }
}
