//! `/stations`: laptops, their alerts, and tickets that nobody used; and withdrawing one.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use health_code::{CheckpointId, Timestamp};
use program::moment::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;
use web::App as _;
use wire::{About, ClockState, StationId};

use super::tickets;
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::{Nothing, RegionRef, Scope, Ticket};
use crate::limits::LIST_ROWS;
use crate::store::{Alert, AlertKind, Station};

/// Pauses of the receipts after which a station that says nothing is offline.
const SILENT_PAUSES: i64 = 5;
/// Seconds after which it is in any case.
const SILENT: i64 = 90;

/// Reports that wait beyond which a station is behind: more than one batch takes.
const BEHIND: u64 = wire::limits::BATCH_REPORTS as u64;

/// What is wrong with a station.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlertView {
    id: String,
    kind: &'static str,
    since: String,
    count: usize,
    action: Option<&'static str>,
}

/// A laptop.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StationView {
    id: String,
    name: String,
    community: RegionRef,
    checkpoint: Option<String>,
    state: &'static str,
    last_seen: Option<String>,
    waiting: Option<u64>,
    version: Option<String>,
    trust_age: Option<i64>,
    alerts: Vec<AlertView>,
}

/// Laptops, and tickets for more.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Stations {
    stations: Vec<StationView>,
    tickets: Vec<Ticket>,
}

/// Returns the laptops of a region, the worst first, and its unused tickets.
#[utoipa::path(get, path = "/stations", params(Scope), responses((status = 200, body = Stations)))]
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(scope): Query<Scope>,
) -> Result<Json<Stations>, ConsoleError> {
    caller.may(Right::StationsSee)?;
    let scope = caller.scope(scope.region.as_deref())?;
    console.look(caller.account.id, "stations-looked", &scope).await?;
    let (store, now) = (&console.context.store, console.now());
    let names = console.names().of(&console.context).await?;
    let mut alerts: BTreeMap<StationId, Vec<Alert>> = BTreeMap::new();
    for alert in store.alerts(LIST_ROWS).await?.into_iter().filter(|alert| alert.cleared.is_none()) {
        alerts.entry(alert.station).or_default().push(alert);
    }
    let (places, trust) = (store.places().await?, console.context.trust.trust());
    let soft = trust.list().soft_expiry.since(trust.list().issued);
    let silent = SILENT.max(SILENT_PAUSES * i64::from(console.context.pacing.pace().pause));
    let mut stations: Vec<StationView> = store
        .stations()
        .await?
        .into_iter()
        .filter(|station| scope.contains(&station.community))
        .map(|station| {
            let alerts = alerts.remove(&station.id).unwrap_or_default();
            let state = state(&station, &alerts, now, (silent, soft));
            let place = places.get(&station.id).map(|id| place(&console, &station, *id));
            StationView {
                id: station.id.to_string(),
                name: station.name,
                community: RegionRef::new(&station.community, &names, caller.top()),
                checkpoint: place,
                state,
                last_seen: station.last_seen.map(rfc3339),
                waiting: station.about.as_ref().map(|about| about.waiting),
                trust_age: station.about.as_ref().map(|about| now.0.saturating_sub(about.list_issued).max(0)),
                version: station.about.map(|about| about.version),
                alerts: grouped(&alerts),
            }
        })
        .collect();
    stations.sort_by_key(|station| (rank(station), station.name.clone()));
    let tickets = tickets::unused(&console, &caller, &scope, &names).await?;
    Ok(Json(Stations { stations, tickets }))
}

/// Returns the name of the checkpoint at which a station stands, or its id where its community names none.
fn place(console: &Console, station: &Station, id: [u8; 8]) -> String {
    let trust = console.context.trust.of(&station.community);
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

/// Withdraws a laptop: its next receipt tells it, and it erases itself.
#[utoipa::path(post, path = "/stations/{id}/withdraw", params(("id" = String, Path)), request_body = Nothing, responses(
    (status = 204), (status = 404, description = "not-found")
))]
pub(super) async fn withdraw(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    _: Payload<Nothing>,
) -> Result<StatusCode, ConsoleError> {
    caller.may(Right::StationsManage)?;
    let id: StationId = id.parse().map_err(|_| ConsoleError::NotFound)?;
    let station = console.context.store.station(id).await?.ok_or(ConsoleError::NotFound)?;
    caller.sees(&station.community)?;
    let about = (id.to_string(), station.community);
    let note =
        console.note(Some(caller.account.id), "station-withdrawn", (&about.0, &about.1), &station.name)?;
    console.write(vec![note]).await?;
    console.context.store.withdraw(id, console.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wire::{Batch, BatchId};

    use super::*;
    use crate::console::api::testing::{TestConsole, json_of};
    use crate::store::Arrival;

    #[tokio::test]
    async fn a_station_is_shown_as_it_says_of_itself() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let station: StationId = console.enrol().await.parse().unwrap();
        let now = console.console.context.clock.now();
        let list = console.console.context.trust.trust().list().issued;
        let about = |waiting, age: i64, clock| About {
            waiting,
            version: "0.1.0".to_owned(),
            list_issued: now.0 - age,
            clock,
        };
        let trusted = ClockState::Trusted;
        for (says, state) in [
            (about(3, now.since(list), trusted), "online"),
            (about(501, 60, trusted), "behind"),
            (about(3, 7 * 86_400, trusted), "trust"),
            (about(3, 7 * 86_400, ClockState::Wrong), "clock"),
        ] {
            let (id, age) = (BatchId([5; 16]), now.0 - says.list_issued);
            let waiting = says.waiting;
            let batch = Batch { station, id, reports: vec![], awaits: vec![], about: Some(says) };
            let arrival = Arrival { batch, signed: vec![], received: now };
            console.console.context.store.accept(arrival).await.unwrap();
            let listed = json_of(console.ask(Some(&cookie), "GET", "/stations", json!(null)).await).await;
            let shown = &listed["stations"][0];
            assert_eq!((&shown["state"], &shown["version"]), (&json!(state), &json!("0.1.0")));
            assert_eq!((&shown["waiting"], &shown["trustAge"]), (&json!(waiting), &json!(age)));
            assert_eq!(shown["checkpoint"], json!(null), "nobody has begun to work there");
        }
    }

    #[tokio::test]
    async fn a_station_is_listed_with_its_alerts_and_withdrawn() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let id = console.enrol().await;
        let listed = json_of(console.ask(Some(&cookie), "GET", "/stations", json!(null)).await).await;
        assert_eq!(
            (&listed["stations"][0]["id"], &listed["stations"][0]["state"]),
            (&json!(id), &json!("new"))
        );
        assert_eq!(listed["tickets"], json!([]), "it is used");
        let path = format!("/stations/{id}/withdraw");
        assert_eq!(console.ask(Some(&cookie), "POST", &path, json!({})).await.status(), 204);
        let listed = json_of(console.ask(Some(&cookie), "GET", "/stations", json!(null)).await).await;
        assert_eq!(listed["stations"][0]["state"], "withdrawn");
    }
}
