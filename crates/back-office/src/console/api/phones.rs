//! `/residents/phones`: one phone number of somebody whom a trace shows, by an act of its own.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::filed::claims_of;
use crate::console::looking::{self, Act};
use crate::console::reason::{Reason, reasons};
use crate::console::shown::{Shown, To};
use crate::console::state::Console;

/// Whose number, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPhone {
    /// The entry of the trace that shows them.
    entry: u64,
    /// Their passage, as that trace named it.
    passage: String,
    /// A reason of its own.
    reason: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    words: String,
}

/// A number.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Phone {
    /// The number of its entry in the audit log.
    entry: u64,
    /// Whose, masked.
    name: String,
    /// Masked.
    identity: String,
    phone: Option<String>,
    /// Why there is none: `sealed-elsewhere`, `none-declared`, `certificate` or `erased`.
    why: Option<&'static str>,
    left: u64,
}

/// Opens one number. The audit log has it before the answer is made.
#[utoipa::path(post, path = "/residents/phones", request_body = NewPhone, responses(
    (status = 200, body = Phone), (status = 409, description = "look-over"),
    (status = 429, description = "phones-spent")
))]
pub(super) async fn open(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value: asked, .. }: Payload<NewPhone>,
) -> Result<Json<Phone>, ConsoleError> {
    caller.may(Right::ResidentsTrace)?;
    let reason = (&*asked.reason, &*asked.case, &*asked.words);
    let reason = Reason::of(reason, &reasons(&console.place.layout)).map_err(ConsoleError::Invalid)?;
    looking::lasting(&console, &caller, (Act::Traced, asked.entry)).await?;
    let keys = &console.context.keys;
    let secret = keys.person_secrets().next().ok_or(ConsoleError::Internal)?;
    let to = To { account: caller.account.id, entry: asked.entry };
    let shown = Shown::read(&asked.passage, to, secret).ok_or(ConsoleError::LookOver)?;
    let found = console.context.store.passage_with_code(shown.station, shown.record).await?;
    let found = found.ok_or(ConsoleError::NotFound)?;
    caller.sees(&found.community)?;
    let claims = claims_of(&console.context, &found).await?;
    let person = found.passer.person;
    let object = claims.as_ref().and_then(|claims| keys.object_of(claims));
    let object = object.or(person.identity).map(|key| key.to_string()).unwrap_or_default();
    let (name, identity) = (found.passer.row.masked_name.clone(), found.passer.row.masked_id.clone());
    let (masked, line) = (format!("{name} {identity}"), format!("{} · #{}", reason.line(), asked.entry));
    let about = (&found.community, masked.trim(), &*line, &*object);
    let (entry, left) = looking::note(&console, &caller, Act::PhoneOpened, about).await?;
    let opened = match &claims {
        Some(claims) => keys.phone_of(claims),
        None if found.passer.certificate.is_some() => Err("certificate"),
        None => Err("erased"),
    };
    let (phone, why) = opened.map_or_else(|why| (None, Some(why)), |phone| (Some(phone), None));
    Ok(Json(Phone { entry, name, identity, phone, why, left }))
}
