//! `/residents/looks`: one resident's passages, for a reason that is on record before anything is shown.
//!
//! A look is one answer. Nothing of it stays here, so that nothing can be read again without another reason; the page
//! drops it when its time is over.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use health_code::family::{Presented, Signed};
use health_code::{PersonId, Region, Trust};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::App as _;
use wire::StationId;

use crate::config::Layout;
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::regions::RegionTable;
use crate::console::state::Console;
use crate::console::view::RegionRef;
use crate::limits::{
    CASE_CHARS, LOOK_REASON_CHARS, LOOK_REASONS, LOOK_REASONS_BYTES, LOOK_ROWS, LOOK_SECONDS, LOOK_WORDS,
    LOOKS_A_DAY,
};
use crate::residents::{Asked, Named};
use crate::store::PassageRow;

/// The act under which looks are in the audit log, and by which they are counted.
const LOOKED: &str = "resident-looked";
const DAY: i64 = 24 * 3600;
/// The reasons of a deployment that has no list of its own.
const REASONS: [&str; 4] = ["investigation", "own-request", "correction", "other"];

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
pub(super) struct LookPassage {
    at: String,
    /// When the report arrived.
    received: String,
    /// `null` for one that was removed.
    checkpoint: Option<String>,
    community: RegionRef,
    direction: &'static str,
    shown: &'static str,
    outcome: &'static str,
    colour: String,
    issuer: String,
    /// The collector, masked; `null` for one who was removed.
    collector: Option<String>,
    /// The holder, masked.
    name: String,
    /// Their number, masked.
    identity: String,
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
        left: left(&console, &caller).await?,
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
    let reason = Reason::of(&asked, &reasons(&console.place.layout));
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
    let (entry, left) = note(&console, &caller, (&named, &reason), &scope).await?;
    let store = &console.context.store;
    let mut rows = store.passages_of(named.sought, &scope, LOOK_ROWS + 1).await?;
    let more = rows.len() > LOOK_ROWS;
    rows.truncate(LOOK_ROWS);
    let passages = passages(&console, rows, caller.top()).await?;
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
        more,
        left,
    }))
}

/// A reason that will do.
struct Reason {
    reason: String,
    case: String,
    words: String,
}

impl Reason {
    /// Checks a reason.
    ///
    /// # Errors
    /// Fields, each with a code.
    fn of(asked: &NewLook, reasons: &[String]) -> Result<Self, Vec<(&'static str, &'static str)>> {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (case, words) = (one_line(&asked.case), one_line(&asked.words));
        let mut fields = Vec::new();
        if !reasons.contains(&asked.reason) {
            fields.push(("reason", "missing"));
        }
        let (case_chars, word_chars) = (case.chars().count(), words.chars().count());
        if case_chars > *CASE_CHARS.end() {
            fields.push(("case", "too-long"));
        } else if case_chars > 0 && case_chars < *CASE_CHARS.start() {
            fields.push(("case", "short-case"));
        }
        if word_chars > *LOOK_WORDS.end() {
            fields.push(("words", "too-long"));
        } else if case_chars == 0 && word_chars < *LOOK_WORDS.start() {
            fields.push(("words", "short-words"));
        }
        if fields.is_empty() { Ok(Self { reason: asked.reason.clone(), case, words }) } else { Err(fields) }
    }

    /// Returns what the audit log says.
    fn line(&self) -> String {
        let parts = [&self.reason, &self.case, &self.words].map(String::as_str);
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// Returns the deployment's reasons, one a line of its file.
fn reasons(layout: &Layout) -> Vec<String> {
    let text = disk::read_if_there(&layout.look_reasons(), LOOK_REASONS_BYTES).unwrap_or_else(|error| {
        tracing::warn!(%error, "the deployment's reasons for looks cannot be read");
        None
    });
    let text = String::from_utf8(text.unwrap_or_default()).unwrap_or_default();
    let fits = |line: &&str| !line.is_empty() && line.chars().count() <= LOOK_REASON_CHARS;
    let own: Vec<_> =
        text.lines().map(str::trim).filter(fits).take(LOOK_REASONS).map(str::to_owned).collect();
    if own.is_empty() { REASONS.map(str::to_owned).to_vec() } else { own }
}

async fn left(console: &Console, caller: &Caller) -> Result<u64, ConsoleError> {
    let since = console.now().plus(-DAY);
    let looks = console.context.store.acts_since(caller.account.id, LOOKED, since).await?;
    Ok(LOOKS_A_DAY.saturating_sub(looks))
}

/// Writes a look down, if one is left. Returns the number of its entry, and how many are left then.
async fn note(
    console: &Console,
    caller: &Caller,
    (named, reason): (&Named, &Reason),
    scope: &Region,
) -> Result<(u64, u64), ConsoleError> {
    let _turn = console.one_look().await;
    let Some(left) = left(console, caller).await?.checked_sub(1) else {
        console.look(caller.account.id, "residents-refused", scope).await?;
        return Err(ConsoleError::LooksSpent);
    };
    // All that names the resident is in the words: so it is erased with them.
    let words = format!("{}\n{}\n{}", named.masked, reason.line(), named.object);
    let note = console.note(Some(caller.account.id), LOOKED, ("", scope), &words)?;
    Ok((console.write(vec![note]).await?.count, left))
}

/// Says whom a number or code names. A code counts if a listed issuer signed it, whatever else is wrong with it.
fn name(console: &Console, asked: &Asked) -> Result<Named, ConsoleError> {
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

/// Names checkpoints and collectors as their communities' files do.
async fn passages(
    console: &Console,
    rows: Vec<PassageRow>,
    top: &Region,
) -> Result<Vec<LookPassage>, ConsoleError> {
    let names = console.names().of(&console.context).await?;
    let stations: Vec<StationId> = rows.iter().map(|row| row.station).collect();
    let of = console.context.store.communities_of(stations).await?;
    let mut files: BTreeMap<Region, Option<Arc<Trust>>> = BTreeMap::new();
    for region in of.values() {
        files.entry(region.clone()).or_insert_with(|| console.context.trust.of(region));
    }
    let view = |row: PassageRow| {
        let region = of.get(&row.station)?;
        Some(passage(row, region, files.get(region).and_then(Option::as_deref), (&names, top)))
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

fn passage(
    row: PassageRow,
    region: &Region,
    trust: Option<&Trust>,
    (names, top): (&RegionTable, &Region),
) -> LookPassage {
    let community = trust.map(Trust::community);
    let checkpoint =
        community.and_then(|file| file.checkpoints.iter().find(|one| one.id.0 == row.checkpoint));
    let collector = PersonId(row.collector);
    let collector = community.and_then(|file| file.people.iter().find(|one| one.id == collector));
    LookPassage {
        at: rfc3339(row.at),
        received: rfc3339(row.received),
        checkpoint: checkpoint.map(|one| one.name.clone()),
        community: RegionRef::new(region, names, top),
        direction: row.direction.code(),
        shown: row.shown.code(),
        outcome: row.outcome.code(),
        colour: row.colour,
        issuer: row.iss,
        collector: collector.map(|one| one.masked_name.clone()),
        name: row.masked_name,
        identity: row.masked_id,
    }
}

#[cfg(test)]
mod tests;
