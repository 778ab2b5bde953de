//! `/stations`: laptops, their alerts, and tickets that nobody used; and withdrawing one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use web::App as _;
use wire::StationId;

use super::tickets;
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::stations::{self, StationView};
use crate::console::view::{Nothing, Scope, Ticket};

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
    let names = console.names().of(&console.context).await?;
    let found = stations::of(&console.context, &scope, caller.top(), &names).await?;
    let stations = found.into_iter().map(|found| found.view).collect();
    let tickets = tickets::unused(&console, &caller, &scope, &names).await?;
    Ok(Json(Stations { stations, tickets }))
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
    use wire::{About, Batch, BatchId, ClockState};

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
