//! Laptops as the console shows them: how each is, and what the office noticed of it.

use std::collections::BTreeMap;

use health_code::{CheckpointId, Region, Timestamp};
use program::moment::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;
use wire::{About, ClockState, StationId};

use super::regions::RegionTable;
use super::view::RegionRef;
use crate::context::Context;
use crate::limits::LIST_ROWS;
use crate::store::{Alert, AlertKind, Station, StoreError};

/// Pauses of the receipts after which a station that says nothing is offline.
const SILENT_PAUSES: i64 = 5;
/// Seconds after which it is in any case.
const SILENT: i64 = 90;
/// Reports that wait beyond which a station is behind: more than one batch takes.
const BEHIND: u64 = wire::limits::BATCH_REPORTS as u64;

/// What is wrong with a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertView {
    /// Its id.
    pub id: String,
    /// The stable code.
    pub kind: &'static str,
    /// When the first was raised.
    pub since: String,
    /// How many.
    pub count: usize,
    /// What may be done: `withdraw` or `look`.
    pub action: Option<&'static str>,
}

/// A laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StationView {
    /// Its id.
    pub id: String,
    /// What the technician called it.
    pub name: String,
    /// Where it belongs.
    pub community: RegionRef,
    /// Where people last began to work at it.
    pub checkpoint: Option<String>,
    /// How it is: `online`, `behind`, `offline`, `clock`, `trust`, `new`, `withdrawn`.
    pub state: &'static str,
    /// When it last sent.
    pub last_seen: Option<String>,
    /// Reports that waited then.
    pub waiting: Option<u64>,
    /// Its program's version.
    pub version: Option<String>,
    /// Seconds since its trust list was issued.
    pub trust_age: Option<i64>,
    /// What the office noticed.
    pub alerts: Vec<AlertView>,
}

/// A laptop, and what the office knows it by.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its id.
    pub id: StationId,
    /// Where it belongs.
    pub community: Region,
    /// The checkpoint at which people last began to work at it.
    pub place: Option<[u8; 8]>,
    /// When it last sent.
    pub last_seen: Option<Timestamp>,
    /// As lists show it.
    pub view: StationView,
}

/// Returns the laptops of a region, the worst first, with names for whoever has `top`.
///
/// # Errors
/// [`StoreError`].
pub async fn of(
    context: &Context,
    scope: &Region,
    top: &Region,
    names: &RegionTable,
) -> Result<Vec<Found>, StoreError> {
    let (store, now) = (&context.store, context.clock.now());
    let mut alerts: BTreeMap<StationId, Vec<Alert>> = BTreeMap::new();
    for alert in store.alerts(LIST_ROWS).await?.into_iter().filter(|alert| alert.cleared.is_none()) {
        alerts.entry(alert.station).or_default().push(alert);
    }
    let (places, trust) = (store.places().await?, context.trust.trust());
    let soft = trust.list().soft_expiry.since(trust.list().issued);
    let silent = SILENT.max(SILENT_PAUSES * i64::from(context.pacing.pace().pause));
    let mut stations: Vec<Found> = store
        .stations()
        .await?
        .into_iter()
        .filter(|station| scope.contains(&station.community))
        .map(|station| {
            let alerts = alerts.remove(&station.id).unwrap_or_default();
            let state = state(&station, &alerts, now, (silent, soft));
            let at = places.get(&station.id).copied();
            let (id, community, last_seen) = (station.id, station.community.clone(), station.last_seen);
            let checkpoint = at.map(|id| place(context, &station.community, id));
            let view = StationView {
                id: id.to_string(),
                community: RegionRef::new(&station.community, names, top),
                name: station.name,
                checkpoint,
                state,
                last_seen: last_seen.map(rfc3339),
                waiting: station.about.as_ref().map(|about| about.waiting),
                trust_age: station.about.as_ref().map(|about| now.0.saturating_sub(about.list_issued).max(0)),
                version: station.about.map(|about| about.version),
                alerts: grouped(&alerts),
            };
            Found { id, community, place: at, last_seen, view }
        })
        .collect();
    stations.sort_by_key(|found| (rank(&found.view), found.view.name.clone()));
    Ok(stations)
}

/// Returns the name of a community's checkpoint, or its id where the community names none.
#[must_use]
pub fn place(context: &Context, community: &Region, id: [u8; 8]) -> String {
    let trust = context.trust.of(community);
    let named = trust.as_ref().and_then(|trust| trust.community().checkpoint(CheckpointId(id)));
    named.map_or_else(|| wire::hex::encode(&id), |checkpoint| checkpoint.name.clone())
}

/// Returns how a station is, by what it says of itself and by what the office notices: silent for so many
/// seconds it is offline, and with a list that is so old it cannot have been online.
fn state(station: &Station, alerts: &[Alert], now: Timestamp, (silent, soft): (i64, i64)) -> &'static str {
    let says = |is: &dyn Fn(&About) -> bool| station.about.as_ref().is_some_and(is);
    let has = |kinds: &[AlertKind]| alerts.iter().any(|alert| kinds.contains(&alert.kind));
    match station.last_seen {
        _ if station.withdrawn.is_some() => "withdrawn",
        None => "new",
        Some(seen) if now.0 - seen.0 > silent => "offline",
        Some(_) if says(&|about| about.clock == ClockState::Wrong) => "clock",
        Some(_) if has(&[AlertKind::WrongClock, AlertKind::FromTheFuture]) => "clock",
        Some(_) if says(&|about| now.0.saturating_sub(about.list_issued) >= soft) => "trust",
        Some(_) if has(&[AlertKind::Unjudgeable]) => "trust",
        Some(_) if says(&|about| about.waiting > BEHIND) => "behind",
        Some(_) => "online",
    }
}

/// Returns the alerts of each kind as one, the oldest moment first.
fn grouped(alerts: &[Alert]) -> Vec<AlertView> {
    let mut kinds: BTreeMap<AlertKind, Vec<&Alert>> = BTreeMap::new();
    for alert in alerts {
        kinds.entry(alert.kind).or_default().push(alert);
    }
    let view = |(kind, alerts): (AlertKind, Vec<&Alert>)| AlertView {
        id: format!("{}-{}", kind.code(), alerts[0].record),
        kind: kind.code(),
        since: alerts.iter().map(|alert| alert.raised).min().map(rfc3339).unwrap_or_default(),
        count: alerts.len(),
        action: match kind {
            AlertKind::Fork | AlertKind::Conflict => Some("withdraw"),
            AlertKind::WithdrawnSends => None,
            _ => Some("look"),
        },
    };
    kinds.into_iter().map(view).collect()
}

fn rank(station: &StationView) -> u8 {
    match (station.alerts.is_empty(), station.state) {
        (_, "withdrawn") => 5,
        (false, _) => 0,
        (true, "clock" | "trust") => 1,
        (true, "offline") => 2,
        (true, "behind" | "new") => 3,
        (true, _) => 4,
    }
}
