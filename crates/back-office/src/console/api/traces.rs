//! `/residents/traces`: who passed at about the same time as a passage that the asker was just shown.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use health_code::{Region, Timestamp};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::{RecordId, StationId, hex};

use super::consents::Consent;
use crate::console::caller::{Caller, Payload, Right};
use crate::console::consent::Consented;
use crate::console::consents::{self, Leave, Wish};
use crate::console::error::ConsoleError;
use crate::console::gates::called;
use crate::console::looking::{self, Act, Turn};
use crate::console::reason::{Reason, reasons};
use crate::console::shown::{Shown, To};
use crate::console::state::Console;
use crate::console::trace::{Met, trace};
use crate::console::view::Nothing;
use crate::limits::{LOOK_SECONDS, TRACE_MINUTES, TRACED_PASSAGES, TRACED_PEOPLE};
use crate::store::Around;

/// Around which passage, for how long, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTrace {
    /// The entry of the look that showed the passage.
    entry: u64,
    /// The passage, as that look named it.
    passage: String,
    /// Minutes before and after it, 60 at most.
    minutes: i64,
    /// A reason of its own.
    reason: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    words: String,
}

/// Somebody who passed near.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TracedPerson {
    /// Their passage that was nearest, by which their phone number is asked for.
    passage: String,
    at: String,
    direction: &'static str,
    shown: &'static str,
    outcome: &'static str,
    colour: String,
    /// Masked.
    name: String,
    /// Masked.
    identity: String,
    /// How often they passed within the time.
    times: usize,
}

/// Who passed near, until it is over.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Trace {
    /// The number of its entry in the audit log.
    entry: u64,
    reason: String,
    case: String,
    words: String,
    /// Whose passage it goes on from, masked.
    who: String,
    at: String,
    checkpoint: Option<String>,
    minutes: i64,
    seconds: i64,
    /// Two hundred at most, the nearest in time first.
    people: Vec<TracedPerson>,
    /// How many they are; more than are shown where the list was cut off.
    all: usize,
    /// Whether more passed than were looked through.
    more: bool,
    /// Passages of people who were erased since.
    erased: usize,
    left: u64,
}

/// What is asked, once it is checked: exactly what another one agrees to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    passage: Named,
    minutes: i64,
    reason: String,
    case: String,
    words: String,
    /// Whose passage it is, masked, and by what the log's words about them are erased.
    masked: String,
    object: String,
}

/// A passage in hexadecimal digits, with its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Named(String, String, String, i64);

/// That another one has to agree first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Waits {
    waits: Consent,
}

/// Shows who passed near. The audit log has it before the answer is made. Where the rule wants two people, it only
/// begins to wait.
#[utoipa::path(post, path = "/residents/traces", request_body = NewTrace, responses(
    (status = 200, body = Trace), (status = 202, body = Waits), (status = 409, description = "look-over"),
    (status = 429, description = "traces-spent, consents-spent")
))]
pub(super) async fn begin(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value: asked, .. }: Payload<NewTrace>,
) -> Result<Response, ConsoleError> {
    caller.may(Right::ResidentsTrace)?;
    let (asked, passage) = check(&console, &caller, &asked).await?;
    let community = community_of(&console, &caller, &passage).await?;
    let ask = serde_json::to_string(&asked).map_err(|_| ConsoleError::Internal)?;
    let (masked, object) = (asked.masked.clone(), asked.object.clone());
    let wish =
        Wish { right: Right::ResidentsTrace, region: community, ask, masked, line: asked.line(), object };
    match consents::ask(&console, &caller, wish).await? {
        Leave::Goes(leave) => {
            let turn = looking::turn(&console, &caller, Act::Traced, caller.top()).await?;
            Ok(Json(show(&console, &caller, &leave, turn).await?).into_response())
        }
        Leave::Waits(kept) => {
            let waits = Waits { waits: super::consents::view(&console, &caller, &kept).await? };
            Ok((StatusCode::ACCEPTED, Json(waits)).into_response())
        }
    }
}

/// Shows what was asked, once another one agreed to it.
#[utoipa::path(post, path = "/residents/traces/{id}", params(("id" = String, Path)), request_body = Nothing, responses(
    (status = 200, body = Trace), (status = 404, description = "not-found"),
    (status = 409, description = "consent-waits, consent-over, changed"), (status = 429, description = "traces-spent")
))]
pub(super) async fn go_on(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    _: Payload<Nothing>,
) -> Result<Json<Trace>, ConsoleError> {
    caller.may(Right::ResidentsTrace)?;
    // Where none is left today, what another one agreed to is good still.
    let turn = looking::turn(&console, &caller, Act::Traced, caller.top()).await?;
    let given = consents::given(&console, &caller, (&id, Right::ResidentsTrace)).await?;
    let leave = given.take(&console).await?;
    Ok(Json(show(&console, &caller, &leave, turn).await?))
}

async fn check(console: &Console, caller: &Caller, asked: &NewTrace) -> Result<(Asked, Shown), ConsoleError> {
    let reason = (&*asked.reason, &*asked.case, &*asked.words);
    let reason = Reason::of(reason, &reasons(&console.place.layout));
    let minutes = (1..=TRACE_MINUTES).contains(&asked.minutes);
    let reason = match (reason, minutes) {
        (Ok(reason), true) => reason,
        (reason, minutes) => {
            let mut fields = reason.err().unwrap_or_default();
            fields.extend((!minutes).then_some(("minutes", "out-of-range")));
            return Err(ConsoleError::Invalid(fields));
        }
    };
    let look = looking::lasting(console, caller, (Act::Looked, asked.entry)).await?;
    let to = To { account: caller.account.id, entry: asked.entry };
    let secret = console.context.keys.person_secrets().next().ok_or(ConsoleError::Internal)?;
    let passage = Shown::read(&asked.passage, to, secret).ok_or(ConsoleError::LookOver)?;
    let Reason { reason, case, words } = reason;
    let named = Named::of(&passage);
    let minutes = asked.minutes;
    let (masked, object) = (look.masked, look.object);
    Ok((Asked { passage: named, minutes, reason, case, words, masked, object }, passage))
}

/// Returns the community in which the passage was, if the asker's region holds it still.
async fn community_of(console: &Console, caller: &Caller, passage: &Shown) -> Result<Region, ConsoleError> {
    let mut communities = console.context.store.communities_of(vec![passage.station]).await?;
    let community = communities.remove(&passage.station).ok_or(ConsoleError::NotFound)?;
    caller.sees(&community)?;
    Ok(community)
}

async fn show(
    console: &Console,
    caller: &Caller,
    leave: &Consented,
    turn: Turn<'_>,
) -> Result<Trace, ConsoleError> {
    let asked: Asked = serde_json::from_str(leave.ask()).map_err(|_| ConsoleError::Internal)?;
    let passage = asked.passage.read().ok_or(ConsoleError::Internal)?;
    let line = match leave.with() {
        Some(with) => format!("{} · + {}", asked.line(), consents::name(console, with).await?),
        None => asked.line(),
    };
    let Asked { minutes, reason, case, words, masked, object, .. } = asked;
    let store = &console.context.store;
    let community = &community_of(console, caller, &passage).await?;
    let (entry, left) = turn.note((community, &masked, &line, &object)).await?;
    let (from, at) = ((passage.station, passage.record), passage.at);
    let around =
        Around { community: community.clone(), checkpoint: passage.checkpoint, at, within: minutes * 60 };
    let found = store.passages_around(around, TRACED_PASSAGES).await?;
    // So many on each side: from there on, some may be missing.
    let side = |after: bool| found.iter().filter(|one| (one.row.at > at) == after).count();
    let more = side(true) == TRACED_PASSAGES || side(false) == TRACED_PASSAGES;
    let checkpoint = name_of(console, community, &found, &passage).await?;
    let traced = trace(found, from, at, TRACED_PEOPLE);
    let secret = console.context.keys.person_secrets().next().ok_or(ConsoleError::Internal)?;
    let to = To { account: caller.account.id, entry };
    Ok(Trace {
        entry,
        reason,
        case,
        words,
        who: masked,
        at: rfc3339(at),
        checkpoint,
        minutes,
        seconds: LOOK_SECONDS,
        people: traced.met.into_iter().map(|met| person(met, to, secret)).collect(),
        all: traced.all,
        more,
        erased: traced.erased,
        left,
    })
}

/// Names the checkpoint as a file of the time did.
async fn name_of(
    console: &Console,
    community: &Region,
    found: &[crate::store::Passer],
    passage: &Shown,
) -> Result<Option<String>, ConsoleError> {
    let own = found.iter().find(|one| (one.row.station, one.row.record) == (passage.station, passage.record));
    let Some(own) = own else { return Ok(None) };
    let called = called(console, &[(community.clone(), &own.row)]).await?;
    Ok(called.gates.get(&(community.clone(), passage.checkpoint)).map(|gate| gate.name.clone()))
}

fn person(met: Met, to: To, secret: &[u8; 32]) -> TracedPerson {
    let row = met.nearest.row;
    let (station, record, checkpoint): (_, _, [u8; 8]) = (row.station, row.record, row.checkpoint);
    let at: Timestamp = row.at;
    TracedPerson {
        passage: Shown { station, record, checkpoint, at }.named(to, secret),
        at: rfc3339(at),
        direction: row.direction.code(),
        shown: row.shown.code(),
        outcome: row.outcome.code(),
        colour: row.colour,
        name: row.masked_name,
        identity: row.masked_id,
        times: met.times,
    }
}

impl Asked {
    /// Returns what the audit log says.
    fn line(&self) -> String {
        let (reason, case, words) = (self.reason.clone(), self.case.clone(), self.words.clone());
        format!("{} · ±{} min", Reason { reason, case, words }.line(), self.minutes)
    }
}

impl Named {
    fn of(shown: &Shown) -> Self {
        let Shown { station, record, checkpoint, at } = shown;
        Self(hex::encode(&station.0), hex::encode(&record.0), hex::encode(checkpoint), at.0)
    }

    fn read(&self) -> Option<Shown> {
        Some(Shown {
            station: StationId(hex::decode_array(&self.0)?),
            record: RecordId(hex::decode_array(&self.1)?),
            checkpoint: hex::decode_array(&self.2)?,
            at: Timestamp(self.3),
        })
    }
}

#[cfg(test)]
mod tests;
