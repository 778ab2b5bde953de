//! `/residents/phones`: one phone number of somebody whom a trace shows, by an act of its own.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use health_code::{Claims, Timestamp, UnverifiedCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::looking::{self, Act};
use crate::console::reason::{Reason, reasons};
use crate::console::shown::{Shown, To};
use crate::console::state::Console;
use crate::store::WithCode;

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
    let claims = claims_of(&console, &found).await?;
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

/// Returns what a passage's code says, by the trust files of its time: they held when it was filed.
async fn claims_of(console: &Console, found: &WithCode) -> Result<Option<Claims>, ConsoleError> {
    let Ok(code) = UnverifiedCode::from_cose(&found.code) else { return Ok(None) };
    let moment: (_, Timestamp) = (found.community.clone(), found.passer.row.judged);
    let then = console.context.trust.at(vec![moment]).await?.into_iter().map(|(_, trust)| trust);
    let now = console.context.trust.of(&found.community);
    let mut opened = then.chain(now).map(|trust| {
        let read = trust.authenticate(&code, &found.community);
        read.ok().map(|signed| signed.claims().clone())
    });
    let claims = opened.find_map(|claims| claims);
    claims.map_or(Err(ConsoleError::Internal), |claims| Ok(Some(claims)))
}
