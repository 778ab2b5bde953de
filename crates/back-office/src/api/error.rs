//! The errors of the office's endpoints.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use web::{Problem, RequestError};

use crate::copies::CopyError;
use crate::keys::NoReceiptKey;
use crate::store::StoreError;
use crate::system::NoRandomness;

/// Why a request is refused. `docs/wire.md` lists the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum ApiError {
    /// Refused before its content was read, as by any of our servers.
    #[cfg_attr(test, strum(disabled))]
    Request(RequestError),
    /// The message does not have the shape that `docs/wire.md` defines.
    Malformed,
    /// The message is altered or forged.
    Signature,
    /// The office does not know the station: it was never enrolled, or the office was restored.
    UnknownStation,
    /// The station's token is too old, or from the future.
    StaleToken,
    /// No such ticket was made.
    TicketUnknown,
    /// The ticket's time is over.
    TicketExpired,
    /// Another station has used the ticket.
    TicketUsed,
    /// The station was withdrawn.
    Withdrawn,
    /// The store cannot take anything now.
    Store,
    /// The root in force names none of this office's receipt keys.
    NoReceiptKey,
    /// The office's clock is outside the time of its receipt keys.
    ReceiptKeyTime,
    /// This program is at fault.
    Internal,
}

impl ApiError {
    /// Returns the error as the client sees it.
    #[must_use]
    pub fn problem(self) -> Problem {
        let (status, code, detail) = match self {
            Self::Request(error) => return error.problem(),
            Self::Malformed => {
                (StatusCode::BAD_REQUEST, "malformed", "The message does not have the expected shape.")
            }
            Self::Signature => {
                (StatusCode::UNAUTHORIZED, "signature", "The message is not signed by whom it names.")
            }
            Self::UnknownStation => {
                (StatusCode::UNAUTHORIZED, "unknown-station", "The office does not know this station.")
            }
            Self::StaleToken => {
                (StatusCode::UNAUTHORIZED, "stale-token", "The token's time is too far from the office's.")
            }
            Self::TicketUnknown => {
                (StatusCode::FORBIDDEN, "ticket-unknown", "The office has made no such ticket.")
            }
            Self::TicketExpired => (StatusCode::FORBIDDEN, "ticket-expired", "The ticket's time is over."),
            Self::TicketUsed => {
                (StatusCode::FORBIDDEN, "ticket-used", "Another station has used the ticket.")
            }
            Self::Withdrawn => (StatusCode::FORBIDDEN, "withdrawn", "The station was withdrawn."),
            Self::Store => (StatusCode::SERVICE_UNAVAILABLE, "store", "The store cannot take anything now."),
            Self::NoReceiptKey => (
                StatusCode::SERVICE_UNAVAILABLE,
                "no-receipt-key",
                "The root in force names none of this office's receipt keys.",
            ),
            Self::ReceiptKeyTime => (
                StatusCode::SERVICE_UNAVAILABLE,
                "receipt-key-time",
                "The office's clock is outside the time of its receipt keys.",
            ),
            Self::Internal => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "The program failed; its log says why.")
            }
        };
        let retry = matches!(self, Self::Store | Self::NoReceiptKey | Self::ReceiptKeyTime | Self::Internal);
        Problem { status, code, detail, retry }
    }
}

impl From<RequestError> for ApiError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store refused");
        Self::Store
    }
}

impl From<CopyError> for ApiError {
    fn from(error: CopyError) -> Self {
        tracing::error!(%error, "nothing is acknowledged that has no copy");
        Self::Store
    }
}

impl From<NoReceiptKey> for ApiError {
    fn from(error: NoReceiptKey) -> Self {
        tracing::error!("{error}");
        match error {
            NoReceiptKey::NotNamed => Self::NoReceiptKey,
            NoReceiptKey::OutsideItsTime { .. } => Self::ReceiptKeyTime,
        }
    }
}

impl From<NoRandomness> for ApiError {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "an id could not be made");
        Self::Internal
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::api::refusals_of_all_endpoints;

    fn all() -> impl Iterator<Item = ApiError> {
        RequestError::iter().map(ApiError::Request).chain(ApiError::iter())
    }

    #[test]
    fn every_error_is_provoked_by_a_request() {
        let provoked: BTreeSet<&str> =
            refusals_of_all_endpoints().map(|refusal| refusal.error.problem().code).collect();
        let missing: Vec<_> = all().filter(|error| !provoked.contains(error.problem().code)).collect();
        assert_eq!(missing, [], "no endpoint's test provokes these");
    }

    #[test]
    fn the_page_of_the_wire_lists_every_refusal_and_no_other() {
        let page = include_str!("../../../../docs/wire.md");
        let table = page.split_once("| code | status | retry |").unwrap().1;
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
        for problem in all().map(ApiError::problem) {
            let retry = if problem.retry { "yes" } else { "no" };
            let row = format!("| `{}` | {} | {retry} |", problem.code, problem.status.as_u16());
            assert!(rows.iter().any(|line| line.starts_with(&row)), "{row}");
        }
        assert_eq!(rows.len(), all().count());
    }
}
