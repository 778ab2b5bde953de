//! The errors of the console's API: problems of RFC 9457 with stable codes.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use web::problem::PROBLEM;
use web::{Problem, RequestError};

use crate::store::StoreError;
use crate::system::NoRandomness;
use crate::tickets::TicketError;

/// Why a request to the console is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsoleError {
    /// Refused before its content was read, as by any of our servers.
    Request(RequestError),
    /// The message does not have the shape that the API describes.
    Malformed,
    /// The request lacks the header that only the console's own page sends.
    NotFromConsole,
    /// Nobody is signed in.
    SignedOut,
    /// The role may not.
    NotAllowed,
    /// Nobody gives a right that they have not.
    MoreThanYours,
    /// As many looks at residents as one person has in a day.
    LooksSpent,
    /// As many traces as one person makes in a day.
    TracesSpent,
    /// As many exports as one person makes in a day.
    ExportsSpent,
    /// As many phone numbers as one person opens in a day.
    PhonesSpent,
    /// As many requests for consent as one person makes in a day.
    ConsentsSpent,
    /// The request is over, or was decided or used already.
    ConsentOver,
    /// Nobody agreed yet.
    ConsentWaits,
    /// The look that this goes on from is over.
    LookOver,
    /// There is no such thing, or not in this person's region.
    NotFound,
    /// Account, passphrase or second factor is wrong. The next try has to wait for so many seconds.
    WrongCredentials(i64),
    /// A try too early.
    SlowDown(i64),
    /// No such invitation.
    InvitationUnknown,
    /// The invitation's time is over.
    InvitationExpired,
    /// Fields of a form, each with a code.
    Invalid(Vec<(&'static str, &'static str)>),
    /// More lines than are taken at once.
    TooManyLines,
    /// Nobody would be left who may do everything.
    LastAdministrator,
    /// These communities, by their names, would be left without an administrator: the asker has to confirm it.
    NoAdministratorLeft(Vec<String>),
    /// Nobody does this to themself.
    Yourself,
    /// Somebody else changed it at the same moment.
    Changed,
    /// Their rights were taken back.
    Disabled,
    /// The word of the first start is wrong. So many tries are left.
    WrongWord(u32),
    /// The word of the first start is good no longer.
    WordSpent,
    /// The step of the first start is not due.
    NotYet,
    /// Trust files that cannot be used; what is wrong, in English.
    BadTrust(String),
    /// As many boards are open as this server, or one session, may have.
    TooManyStreams,
    /// The store cannot take anything now.
    Store,
    /// This program is at fault.
    Internal,
}

impl ConsoleError {
    /// Returns an error for one field.
    #[must_use]
    pub fn field(name: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![(name, code)])
    }

    /// Returns the status, the stable code and a sentence.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (status, code, detail) = match self {
            Self::Request(error) => return error.problem(),
            Self::Malformed => {
                (StatusCode::BAD_REQUEST, "malformed", "The message has not the expected shape.")
            }
            Self::NotFromConsole => {
                (StatusCode::FORBIDDEN, "not-from-console", "The header Kadian-Console is missing.")
            }
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed-out", "Nobody is signed in."),
            Self::NotAllowed => (StatusCode::FORBIDDEN, "not-allowed", "This role may not do that."),
            Self::MoreThanYours => {
                (StatusCode::FORBIDDEN, "more-than-yours", "Nobody gives a right that they have not.")
            }
            Self::LooksSpent => (
                StatusCode::TOO_MANY_REQUESTS,
                "looks-spent",
                "This person has looked at as many residents as one may within a day.",
            ),
            Self::TracesSpent => (
                StatusCode::TOO_MANY_REQUESTS,
                "traces-spent",
                "This person has traced as often as one may within a day.",
            ),
            Self::ExportsSpent => (
                StatusCode::TOO_MANY_REQUESTS,
                "exports-spent",
                "This person has exported as often as one may within a day.",
            ),
            Self::PhonesSpent => (
                StatusCode::TOO_MANY_REQUESTS,
                "phones-spent",
                "This person has opened as many phone numbers as one may within a day.",
            ),
            Self::ConsentsSpent => (
                StatusCode::TOO_MANY_REQUESTS,
                "consents-spent",
                "This person has asked for consent as often as one may within a day.",
            ),
            Self::ConsentOver => {
                (StatusCode::CONFLICT, "consent-over", "The request is over, or was decided or used already.")
            }
            Self::ConsentWaits => (StatusCode::CONFLICT, "consent-waits", "Nobody agreed yet."),
            Self::LookOver => (
                StatusCode::CONFLICT,
                "look-over",
                "The look that this goes on from is over; another one needs a reason.",
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is no such thing here."),
            Self::WrongCredentials(_) => (
                StatusCode::UNAUTHORIZED,
                "wrong-credentials",
                "Account, passphrase or second factor is wrong.",
            ),
            Self::SlowDown(_) => (StatusCode::TOO_MANY_REQUESTS, "slow-down", "The next try has to wait."),
            Self::InvitationUnknown => {
                (StatusCode::FORBIDDEN, "invitation-unknown", "There is no such invitation.")
            }
            Self::InvitationExpired => {
                (StatusCode::FORBIDDEN, "invitation-expired", "The invitation's time is over.")
            }
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Some fields cannot be taken."),
            Self::TooManyLines => {
                (StatusCode::UNPROCESSABLE_ENTITY, "too-many-lines", "More lines than are taken at once.")
            }
            Self::LastAdministrator => {
                (StatusCode::CONFLICT, "last-administrator", "Nobody would be left who may do everything.")
            }
            Self::NoAdministratorLeft(_) => (
                StatusCode::CONFLICT,
                "no-administrator-left",
                "A community would be left without an administrator; send `confirm` to do it all the same.",
            ),
            Self::Yourself => (StatusCode::CONFLICT, "yourself", "Nobody does this to themself."),
            Self::Changed => {
                (StatusCode::CONFLICT, "changed", "Somebody else changed it at the same moment.")
            }
            Self::Disabled => (StatusCode::CONFLICT, "disabled", "Their rights were taken back."),
            Self::WrongWord(_) => (StatusCode::UNAUTHORIZED, "wrong-word", "The word is another one."),
            Self::WordSpent => {
                (StatusCode::FORBIDDEN, "word-spent", "The word is good no longer: start the office anew.")
            }
            Self::NotYet => (StatusCode::CONFLICT, "not-yet", "An earlier step comes first."),
            Self::BadTrust(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "bad-trust", "The trust files cannot be used.")
            }
            Self::TooManyStreams => (
                StatusCode::SERVICE_UNAVAILABLE,
                "too-many-streams",
                "As many boards are open as may be; close one.",
            ),
            Self::Store => (StatusCode::SERVICE_UNAVAILABLE, "store", "The store cannot take anything now."),
            Self::Internal => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "The program failed; its log says why.")
            }
        };
        let retry = matches!(
            self,
            Self::WrongCredentials(_)
                | Self::SlowDown(_)
                | Self::Changed
                | Self::TooManyStreams
                | Self::Store
        );
        Problem { status, code, detail, retry }
    }

    /// Returns the seconds after which the same request may succeed, where the answer says so.
    fn retry_after(&self) -> Option<i64> {
        match self {
            Self::WrongCredentials(wait) | Self::SlowDown(wait) => Some(*wait),
            _ => None,
        }
    }
}

impl IntoResponse for ConsoleError {
    fn into_response(self) -> Response {
        let Problem { status, code, detail, retry } = self.problem();
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": detail,
            "code": code,
            "retry": retry,
        });
        if let Some(wait) = self.retry_after() {
            body["retryAfter"] = json!(wait);
        }
        match &self {
            Self::Invalid(fields) => {
                let fields = fields.iter().map(|(name, code)| json!({ "name": name, "code": code }));
                body["fields"] = fields.collect::<Value>();
            }
            Self::WrongWord(left) => body["triesLeft"] = json!(left),
            Self::NoAdministratorLeft(communities) => {
                body["confirm"] = json!(true);
                body["communities"] = json!(communities);
            }
            Self::BadTrust(detail) => body["detail"] = json!(detail),
            _ => {}
        }
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        if retry {
            headers.insert(RETRY_AFTER, HeaderValue::from(self.retry_after().unwrap_or(1).unsigned_abs()));
        }
        response
    }
}

impl From<RequestError> for ConsoleError {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::NotFound => Self::NotFound,
            error => Self::Request(error),
        }
    }
}

impl From<StoreError> for ConsoleError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store refused");
        Self::Store
    }
}

impl From<NoRandomness> for ConsoleError {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "a word could not be made");
        Self::Internal
    }
}

impl From<TicketError> for ConsoleError {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Name => Self::field("laptops", "bad-name"),
            TicketError::NoCommunity(_) => Self::field("community", "unknown-region"),
            error => {
                tracing::error!(%error, "a ticket could not be made");
                Self::Internal
            }
        }
    }
}
