//! What arrived, with the names of people and checkpoints: for the page, for JSON, for `list`.

use std::collections::BTreeMap;
use std::sync::Arc;

use health_code::Trust;
use serde::{Serialize, Serializer};
use wire::report::RosterChange;
use wire::{ClockState, Direction, Outcome, Shown, hex};

use crate::limits::LIST_ROWS;
use crate::store::{Change, Counts, PassageRow, Store, StoreError};

/// Everything that a list shows. Ids are hexadecimal, times are seconds since 1970.
#[derive(Debug, Serialize)]
pub struct Overview {
    /// How many rows there are of each kind.
    pub counts: Counts,
    /// Passages, the latest first.
    pub passages: Vec<PassageView>,
    /// Stations, sorted by name.
    pub stations: Vec<StationView>,
    /// Reports in quarantine, the latest first.
    pub quarantine: Vec<QuarantineView>,
    /// Alerts, those that are not cleared first.
    pub alerts: Vec<AlertView>,
    /// Changes that people made at stations, the latest first.
    pub changes: Vec<ChangeView>,
}

/// A filed passage.
#[derive(Debug, Serialize)]
pub struct PassageView {
    /// Station id.
    pub station: String,
    /// Record id.
    pub record: String,
    /// When it was confirmed, by the station's clock.
    pub at: i64,
    /// When it was judged, by the station's clock.
    pub judged: i64,
    /// How reliable that clock was.
    #[serde(serialize_with = "clock_code")]
    pub clock: ClockState,
    /// The checkpoint's name, or its id if nobody has named it.
    pub checkpoint: String,
    /// The collector's masked name, or their id.
    pub collector: String,
    /// What the station showed.
    #[serde(serialize_with = "shown_code")]
    pub shown: Shown,
    /// In which direction the person passed.
    #[serde(serialize_with = "direction_code")]
    pub direction: Direction,
    /// What the collector did.
    #[serde(serialize_with = "outcome_code")]
    pub outcome: Outcome,
    /// The issuer, or the country of a certificate.
    pub iss: String,
    /// Masked name.
    pub masked_name: String,
    /// Masked identity number.
    pub masked_id: String,
    /// The colour's code, or `certificate`.
    pub colour: String,
    /// Whether the office verified the code again. It cannot for a certificate.
    pub verified: bool,
    /// The person's pseudonym.
    pub pseudonym: String,
    /// When it arrived.
    pub received: i64,
}

/// A station.
#[derive(Debug, Serialize)]
pub struct StationView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The community that it belongs to: 12 digits.
    pub community: String,
    /// When it was enrolled.
    pub enrolled: i64,
    /// When its last batch was committed.
    pub last_seen: Option<i64>,
    /// When it was withdrawn.
    pub withdrawn: Option<i64>,
    /// When a receipt first told it so.
    pub told: Option<i64>,
}

/// A report in quarantine.
#[derive(Debug, Serialize)]
pub struct QuarantineView {
    /// Station id.
    pub station: String,
    /// Record id.
    pub record: String,
    /// When it arrived.
    pub received: i64,
    /// The stable code of the reason.
    pub reason: String,
}

/// A change that somebody made at a station.
#[derive(Debug, Serialize)]
pub struct ChangeView {
    /// Station id.
    pub station: String,
    /// Record id.
    pub record: String,
    /// When it was made, by the station's clock.
    pub at: i64,
    /// The author's masked name, or their id.
    pub by: String,
    /// The stable code of what changed.
    pub what: &'static str,
    /// `accepted`, `entered` (a community file) or `waits` (for a person to decide).
    pub state: &'static str,
}

/// An alert.
#[derive(Debug, Serialize)]
pub struct AlertView {
    /// Station id.
    pub station: String,
    /// The stable code of its kind.
    pub kind: &'static str,
    /// Record id.
    pub record: String,
    /// More, in English.
    pub detail: String,
    /// When it was raised.
    pub raised: i64,
    /// When its cause was gone.
    pub cleared: Option<i64>,
}

/// Reads at most `rows` rows of each list; [`LIST_ROWS`] at most. The communities
/// give the names.
///
/// # Errors
/// [`StoreError`].
pub async fn overview(
    store: &dyn Store,
    communities: &[Arc<Trust>],
    rows: usize,
) -> Result<Overview, StoreError> {
    let names = Names::read(store, communities).await?;
    let rows = rows.min(LIST_ROWS);
    Ok(Overview {
        counts: store.counts().await?,
        passages: store.passages(rows).await?.into_iter().map(|row| passage(row, &names)).collect(),
        stations: store
            .stations()
            .await?
            .into_iter()
            .map(|station| StationView {
                id: station.id.to_string(),
                name: station.name,
                community: station.community.to_string(),
                enrolled: station.enrolled.0,
                last_seen: station.last_seen.map(|time| time.0),
                withdrawn: station.withdrawn.map(|time| time.0),
                told: station.told.map(|time| time.0),
            })
            .collect(),
        quarantine: store
            .quarantined(rows)
            .await?
            .into_iter()
            .map(|row| QuarantineView {
                station: row.station.to_string(),
                record: row.record.to_string(),
                received: row.received.0,
                reason: row.reason.to_string(),
            })
            .collect(),
        alerts: store
            .alerts(rows)
            .await?
            .into_iter()
            .map(|row| AlertView {
                station: row.station.to_string(),
                kind: row.kind.code(),
                record: row.record.to_string(),
                detail: row.detail,
                raised: row.raised.0,
                cleared: row.cleared.map(|time| time.0),
            })
            .collect(),
        changes: store.roster_changes(rows).await?.into_iter().map(|row| change(row, &names)).collect(),
    })
}

struct Names {
    checkpoints: BTreeMap<[u8; 8], String>,
    people: BTreeMap<[u8; 8], String>,
}

impl Names {
    async fn read(store: &dyn Store, communities: &[Arc<Trust>]) -> Result<Self, StoreError> {
        let added = store.roster_changes(LIST_ROWS).await?.into_iter().filter_map(|row| match row.change {
            RosterChange::CheckpointAdded { id, name, .. } => Some((id, name)),
            _ => None,
        });
        let mut checkpoints: BTreeMap<_, _> = added.collect();
        let mut people = BTreeMap::new();
        // A name in the community's file replaces the one that a station gave.
        for community in communities.iter().map(|trust| trust.community()) {
            checkpoints.extend(
                community.checkpoints.iter().map(|checkpoint| (checkpoint.id.0, checkpoint.name.clone())),
            );
            people.extend(community.people.iter().map(|person| (person.id.0, person.masked_name.clone())));
        }
        Ok(Self { checkpoints, people })
    }
}

/// Returns the name of an id, or else its digits.
fn named(names: &BTreeMap<[u8; 8], String>, id: [u8; 8]) -> String {
    names.get(&id).cloned().unwrap_or_else(|| hex::encode(&id))
}

fn change(row: Change, names: &Names) -> ChangeView {
    ChangeView {
        station: row.key.station.to_string(),
        record: row.key.record.to_string(),
        at: row.at.0,
        by: named(&names.people, row.by),
        what: row.change.code(),
        state: row.state.code(),
    }
}

fn passage(row: PassageRow, names: &Names) -> PassageView {
    PassageView {
        station: row.station.to_string(),
        record: row.record.to_string(),
        at: row.at.0,
        judged: row.judged.0,
        clock: row.clock,
        checkpoint: named(&names.checkpoints, row.checkpoint),
        collector: named(&names.people, row.collector),
        shown: row.shown,
        direction: row.direction,
        outcome: row.outcome,
        iss: row.iss,
        masked_name: row.masked_name,
        masked_id: row.masked_id,
        colour: row.colour,
        verified: row.verified,
        pseudonym: hex::encode(&row.pseudonym),
        received: row.received.0,
    }
}

fn clock_code<S: Serializer>(clock: &ClockState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(clock.code())
}

fn direction_code<S: Serializer>(direction: &Direction, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(direction.code())
}

fn outcome_code<S: Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(outcome.code())
}

fn shown_code<S: Serializer>(shown: &Shown, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(shown.code())
}
