//! `/residents/looks`: one resident's passages, for a reason that is on record before anything is shown.
//!
//! A look is one answer. Nothing of it stays here, so that nothing can be read again without another reason; the page
//! drops it when its time is over.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use health_code::Region;
use health_code::family::{Presented, Signed};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::StationId;

use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::filed::is_secret_lost;
use crate::console::gates::{Key, called};
use crate::console::looking::{self, Act};
use crate::console::reason::{Reason, reasons};
use crate::console::shown::{Shown, To};
use crate::console::state::Console;
use crate::console::view::RegionRef;
use crate::limits::{CASE_CHARS, LOOK_ROWS, LOOK_SECONDS, LOOK_WORDS};
use crate::residents::{Asked, Named};
use crate::store::PassageRow;

/// What a look needs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Terms {
    /// The deployment's reasons: its own, or `investigation`, `own-request`, `correction` and `other`.
    reasons: Vec<String>,
    least_case: usize,
    least_words: usize,
    seconds: i64,
    /// How many looks the asker has left until a day after the first one.
    left: u64,
    /// Whether the secret by which the oldest passages were filed is lost: no number finds them.
    lost: bool,
}

/// Why somebody looks, and at whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLook {
    /// One of the deployment's reasons.
    reason: String,
    /// The number of a case; without one, `words` say more.
    #[serde(default)]
    case: String,
    #[serde(default)]
    words: String,
    /// A whole identity number or phone, a certificate's identifier, or the text of a code.
    who: String,
    /// A region in the asker's.
    region: Option<String>,
}

/// A passage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LookPassage {
    /// By what who passed at the same time is asked for; `null` for whoever may not.
    passage: Option<String>,
    at: String,
    /// When the report arrived.
    received: String,
    /// Its checkpoint, as a place in `places`; `null` for one that nobody knows.
    place: Option<usize>,
    community: RegionRef,
    direction: &'static str,
    shown: &'static str,
    outcome: &'static str,
    colour: String,
    issuer: String,
    /// The collector, masked; `null` for one whom nobody knows.
    collector: Option<String>,
    /// Whether they were removed since.
    collector_gone: bool,
    /// The holder, masked.
    name: String,
    /// Their number, masked.
    identity: String,
}

/// A checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LookPlace {
    name: String,
    community: RegionRef,
    /// Whether it was removed since.
    gone: bool,
    /// Degrees north and east in millionths, where that is known.
    place: Option<[i32; 2]>,
}

/// What a look shows, until it is over.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Look {
    /// The number of its entry in the audit log.
    entry: u64,
    reason: String,
    case: String,
    words: String,
    /// What was asked, masked.
    who: String,
    /// Whether the declaration was sealed to somebody else's key: only passages with codes of the same pseudonym,
    /// which lasts 30 days, are found.
    shut: bool,
    seconds: i64,
    passages: Vec<LookPassage>,
    /// The checkpoints of the communities at which they passed, and those that were removed since.
    places: Vec<LookPlace>,
    /// Whether there are older ones that are not shown.
    more: bool,
    left: u64,
}

/// Returns what a look needs.
#[utoipa::path(get, path = "/residents/looks", responses((status = 200, body = Terms)))]
pub(super) async fn terms(
    State(console): State<Arc<Console>>,
    caller: Caller,
) -> Result<Json<Terms>, ConsoleError> {
    caller.may(Right::ResidentsLook)?;
    Ok(Json(Terms {
        reasons: reasons(&console.place.layout),
        least_case: *CASE_CHARS.start(),
        least_words: *LOOK_WORDS.start(),
        seconds: LOOK_SECONDS,
        left: looking::left(&console, &caller, Act::Looked).await?,
        lost: is_secret_lost(&console.context).await?,
    }))
}

/// Looks at a resident. The audit log has it before the answer is made.
#[utoipa::path(post, path = "/residents/looks", request_body = NewLook, responses((status = 200, body = Look)))]
pub(super) async fn look(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value: asked, .. }: Payload<NewLook>,
) -> Result<Json<Look>, ConsoleError> {
    caller.may(Right::ResidentsLook)?;
    let scope = caller.scope(asked.region.as_deref())?;
    let reason = Reason::of((&asked.reason, &asked.case, &asked.words), &reasons(&console.place.layout));
    let who = Asked::read(&asked.who);
    let (reason, who) = match (reason, who) {
        (Ok(reason), Ok(who)) => (reason, who),
        (reason, who) => {
            let mut fields = reason.err().unwrap_or_default();
            fields.extend(who.err().map(|code| ("who", code)));
            return Err(ConsoleError::Invalid(fields));
        }
    };
    let named = name(&console, &who)?;
    let about = (&scope, &*named.masked, &*reason.line(), &*named.object.to_string());
    let (entry, left) = looking::note(&console, &caller, Act::Looked, about).await?;
    let store = &console.context.store;
    let mut rows = store.passages_of(named.sought, &scope, LOOK_ROWS + 1).await?;
    let more = rows.len() > LOOK_ROWS;
    rows.truncate(LOOK_ROWS);
    let (passages, places) = view(&console, &caller, rows, entry).await?;
    let Reason { reason, case, words } = reason;
    Ok(Json(Look {
        entry,
        reason,
        case,
        words,
        who: named.masked,
        shut: named.shut,
        seconds: LOOK_SECONDS,
        passages,
        places,
        more,
        left,
    }))
}

/// Says whom a number or code names. A code counts if a listed issuer signed it, whatever else is wrong with it.
pub(super) fn name(console: &Console, asked: &Asked) -> Result<Named, ConsoleError> {
    let keys = &console.context.keys;
    let named = match asked {
        Asked::Code(presented) => keys.signed_names(&signed(console, presented)?),
        number => keys.names(number),
    };
    // A keyring has a person secret from the moment at which it is opened.
    named.ok_or(ConsoleError::Internal)
}

fn signed(console: &Console, presented: &Presented) -> Result<Signed, ConsoleError> {
    let trust = console.context.trust.trust();
    match trust.authenticate_presented(presented, &trust.community().region) {
        Ok(signed) => Ok(signed),
        Err(refused) => {
            refused.authentic.map(|signed| *signed).ok_or(ConsoleError::field("who", "not-signed"))
        }
    }
}

/// Names checkpoints and collectors as their communities' files do, or did.
async fn view(
    console: &Console,
    caller: &Caller,
    rows: Vec<PassageRow>,
    entry: u64,
) -> Result<(Vec<LookPassage>, Vec<LookPlace>), ConsoleError> {
    let names = console.names().of(&console.context).await?;
    let stations: Vec<StationId> = rows.iter().map(|row| row.station).collect();
    let of = console.context.store.communities_of(stations).await?;
    let known: Vec<(Region, &PassageRow)> =
        rows.iter().filter_map(|row| Some((of.get(&row.station)?.clone(), row))).collect();
    let called = called(console, &known).await?;
    let passed: BTreeSet<Key> = known.iter().map(|(region, row)| (region.clone(), row.checkpoint)).collect();
    let places: Vec<&Key> = called
        .gates
        .iter()
        .filter(|(key, gate)| !gate.gone || passed.contains(key))
        .map(|(key, _)| key)
        .collect();
    let secret = console.context.keys.person_secrets().next().ok_or(ConsoleError::Internal)?;
    let secret = caller.has(Right::ResidentsTrace).then_some(secret);
    let to = To { account: caller.account.id, entry };
    let passages = known.iter().map(|(region, row)| {
        let gate = (region.clone(), row.checkpoint);
        let place = places.iter().position(|key| **key == gate);
        let collector = called.collectors.get(&(region.clone(), row.collector));
        let (station, record) = (row.station, row.record);
        let shown = Shown { station, record, checkpoint: row.checkpoint, at: row.at };
        LookPassage {
            passage: secret.map(|secret| shown.named(to, secret)),
            at: rfc3339(row.at),
            received: rfc3339(row.received),
            place,
            community: RegionRef::new(region, &names, caller.top()),
            direction: row.direction.code(),
            shown: row.shown.code(),
            outcome: row.outcome.code(),
            colour: row.colour.clone(),
            issuer: row.iss.clone(),
            collector: collector.map(|one| one.name.clone()),
            collector_gone: collector.is_none_or(|one| one.gone),
            name: row.masked_name.clone(),
            identity: row.masked_id.clone(),
        }
    });
    let passages = passages.collect();
    let place = |key: &&Key| {
        let gate = called.gates.get(key)?;
        let on_earth = gate.place.map(|place| [place.latitude, place.longitude]);
        let community = RegionRef::new(&key.0, &names, caller.top());
        Some(LookPlace { name: gate.name.clone(), community, gone: gate.gone, place: on_earth })
    };
    Ok((passages, places.iter().filter_map(place).collect()))
}

#[cfg(test)]
mod tests;
