//! `/consents`: what waits for the consent of a second person.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use health_code::Timestamp;
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::App as _;
use wire::hex;

use crate::console::caller::{Caller, Payload, Right};
use crate::console::consent;
use crate::console::consents::{self, Kept};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::limits::{CONSENT_SECONDS, CONSENTS_SHOWN};

/// A request for consent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Consent {
    id: String,
    /// What it takes.
    right: Right,
    /// Who asks, masked.
    by: String,
    /// Whether the asker is the one who asks here.
    mine: bool,
    /// Whom it is about, masked; may be empty.
    who: String,
    /// As in the audit log.
    reason: String,
    asked: String,
    expires: String,
    /// `waits`, `agreed`, `refused`, `used` or `over`.
    state: &'static str,
    /// Who decided, masked.
    decided_by: Option<String>,
}

/// Requests, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Consents {
    consents: Vec<Consent>,
}

/// Whether somebody agrees.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    agree: bool,
}

/// Returns the requests of the last day that the asker may decide, and their own.
#[utoipa::path(get, path = "/consents", responses((status = 200, body = Consents)))]
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    caller: Caller,
) -> Result<Json<Consents>, ConsoleError> {
    if !caller.has(Right::ResidentsTrace) {
        caller.may(Right::ResidentsExport)?;
    }
    let since = console.now().plus(-CONSENT_SECONDS);
    let rows = console.context.store.consents(caller.top(), since, CONSENTS_SHOWN).await?;
    let mut shown = Vec::new();
    for row in rows {
        let kept = consents::read(row)?;
        if caller.has(kept.request.right) {
            shown.push(view(&console, &caller, &kept).await?);
        }
    }
    Ok(Json(Consents { consents: shown }))
}

/// Agrees to a request, or refuses it.
#[utoipa::path(post, path = "/consents/{id}", params(("id" = String, Path)), request_body = Decision, responses(
    (status = 200, body = Consent), (status = 404, description = "not-found"),
    (status = 409, description = "yourself, consent-over, changed")
))]
pub(super) async fn decide(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    body: Payload<Decision>,
) -> Result<Json<Consent>, ConsoleError> {
    if !caller.has(Right::ResidentsTrace) {
        caller.may(Right::ResidentsExport)?;
    }
    let kept = consents::decide(&console, &caller, (&id, body.value.agree)).await?;
    Ok(Json(view(&console, &caller, &kept).await?))
}

/// Shows a request.
pub(super) async fn view(console: &Console, caller: &Caller, kept: &Kept) -> Result<Consent, ConsoleError> {
    let request = &kept.request;
    let (state, decided) = match request.state {
        consent::State::Used(by) => ("used", Some(by)),
        consent::State::Refused(by) => ("refused", Some(by)),
        consent::State::Agreed(by) => ("agreed", Some(by)),
        consent::State::Waits => ("waits", None),
    };
    let open = matches!(state, "waits" | "agreed");
    let decided_by = match decided {
        Some(by) => Some(consents::name(console, by).await?),
        None => None,
    };
    Ok(Consent {
        id: hex::encode(&kept.row.id),
        right: request.right,
        by: consents::name(console, request.by).await?,
        mine: request.by == caller.account.id,
        who: request.masked.clone(),
        reason: request.line.clone(),
        asked: rfc3339(Timestamp(request.asked)),
        expires: rfc3339(Timestamp(request.asked + CONSENT_SECONDS)),
        state: if open && request.is_over(console.now()) { "over" } else { state },
        decided_by,
    })
}
