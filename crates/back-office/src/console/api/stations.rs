//! `/stations`: laptops, their alerts, and tickets that nobody used; and withdrawing one.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use health_code::Timestamp;
use program::moment::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;
use web::App as _;
use wire::StationId;

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
    caller.may(Right::StationsWithdraw)?;
    let scope = caller.scope(scope.region.as_deref())?;
    console.look(caller.account.id, "stations-looked", &scope).await?;
    let (store, now) = (&console.context.store, console.now());
    let names = console.names().of(&console.context).await?;
    let mut alerts: BTreeMap<StationId, Vec<Alert>> = BTreeMap::new();
    for alert in store.alerts(LIST_ROWS).await?.into_iter().filter(|alert| alert.cleared.is_none()) {
        alerts.entry(alert.station).or_default().push(alert);
    }
    let silent = SILENT.max(SILENT_PAUSES * i64::from(console.context.pacing.pace().pause));
    let mut stations: Vec<StationView> = store
        .stations()
        .await?
        .into_iter()
        .filter(|station| scope.contains(&station.community))
        .map(|station| {
            let alerts = alerts.remove(&station.id).unwrap_or_default();
            let state = state(&station, &alerts, now, silent);
            StationView {
                id: station.id.to_string(),
                name: station.name,
                community: RegionRef::new(&station.community, &names, caller.top()),
                checkpoint: None,
                state,
                last_seen: station.last_seen.map(rfc3339),
                waiting: None,
                version: None,
                trust_age: None,
                alerts: grouped(&alerts),
            }
        })
        .collect();
    stations.sort_by_key(|station| (rank(station), station.name.clone()));
    let tickets = tickets::unused(&console, &caller, &scope, &names).await?;
    Ok(Json(Stations { stations, tickets }))
}

fn state(station: &Station, alerts: &[Alert], now: Timestamp, silent: i64) -> &'static str {
    let has = |kinds: &[AlertKind]| alerts.iter().any(|alert| kinds.contains(&alert.kind));
    match station.last_seen {
        _ if station.withdrawn.is_some() => "withdrawn",
        None => "new",
        Some(seen) if now.0 - seen.0 > silent => "offline",
        Some(_) if has(&[AlertKind::WrongClock, AlertKind::FromTheFuture]) => "clock",
        Some(_) if has(&[AlertKind::Unjudgeable]) => "trust",
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
    caller.may(Right::StationsWithdraw)?;
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

    use crate::console::api::testing::{TestConsole, json_of};

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
