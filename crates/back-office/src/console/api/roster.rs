//! `GET /roster`: checkpoints and people as the stations see them, and changes on their way.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use health_code::{Community, Directions, Role};
use program::moment::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;
use wire::report::RosterChange;

use crate::console::caller::{Caller, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::{RegionRef, Scope};
use crate::limits::LIST_ROWS;
use crate::store::{Change, ChangeState};

/// A checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckpointView {
    id: String,
    name: String,
    /// `in`, `out` or `both`.
    directions: &'static str,
}

/// Somebody in a community file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListedPerson {
    id: String,
    name: String,
    phone: String,
    role: &'static str,
}

/// What a change is about.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangeView {
    kind: &'static str,
    subject: Option<String>,
}

/// A change that is in no file yet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WaitingChange {
    station: String,
    at: String,
    by: Option<String>,
    change: ChangeView,
    state: &'static str,
}

/// A community.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CommunityRoster {
    community: RegionRef,
    version: u64,
    issued: String,
    checkpoints: Vec<CheckpointView>,
    people: Vec<ListedPerson>,
    waiting: Vec<WaitingChange>,
}

/// Communities.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Roster {
    communities: Vec<CommunityRoster>,
}

/// Returns the communities of a region.
#[utoipa::path(get, path = "/roster", params(Scope), responses((status = 200, body = Roster)))]
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(scope): Query<Scope>,
) -> Result<Json<Roster>, ConsoleError> {
    caller.may(Right::StationsSee)?;
    let scope = caller.scope(scope.region.as_deref())?;
    console.look(caller.account.id, "roster-looked", &scope).await?;
    let names = console.names().of(&console.context).await?;
    let store = &console.context.store;
    let stations: BTreeMap<_, _> =
        store.stations().await?.into_iter().map(|station| (station.id, station)).collect();
    let changes = store.roster_changes(LIST_ROWS).await?;
    let mut communities = Vec::new();
    for trust in console.context.trust.communities() {
        let community = trust.community();
        if !scope.contains(&community.region) {
            continue;
        }
        let waiting = changes.iter().filter(|change| !matches!(change.state, ChangeState::Entered { .. }));
        let waiting = waiting.filter_map(|change| {
            let station = stations.get(&change.key.station)?;
            (station.community == community.region).then(|| waits(change, &station.name, community))
        });
        communities.push(CommunityRoster {
            community: RegionRef::new(&community.region, &names, caller.top()),
            version: community.version,
            issued: rfc3339(community.issued),
            waiting: waiting.collect(),
            checkpoints: community.checkpoints.iter().map(checkpoint).collect(),
            people: community.people.iter().map(person).collect(),
        });
    }
    Ok(Json(Roster { communities }))
}

fn checkpoint(checkpoint: &health_code::Checkpoint) -> CheckpointView {
    let directions = match checkpoint.directions {
        Directions::Entry => "in",
        Directions::Exit => "out",
        Directions::Both => "both",
    };
    CheckpointView { id: checkpoint.id.to_string(), name: checkpoint.name.clone(), directions }
}

fn person(person: &health_code::Person) -> ListedPerson {
    let role = match person.role {
        Role::Administrator => "administrator",
        Role::Collector => "collector",
    };
    let (name, phone) = (person.masked_name.clone(), person.masked_phone.clone());
    ListedPerson { id: person.id.to_string(), name, phone, role }
}

fn waits(change: &Change, station: &str, community: &Community) -> WaitingChange {
    let named =
        |id: &[u8; 8]| community.people.iter().find(|one| one.id.0 == *id).map(|one| one.masked_name.clone());
    let checkpoint =
        |id: &[u8; 8]| community.checkpoints.iter().find(|one| one.id.0 == *id).map(|one| one.name.clone());
    let subject = match &change.change {
        RosterChange::CheckpointAdded { name, .. } | RosterChange::CheckpointChanged { name, .. } => {
            Some(name.clone())
        }
        RosterChange::CheckpointRemoved { id } => checkpoint(id),
        RosterChange::PersonAdded { masked_name, .. } => Some(masked_name.clone()),
        RosterChange::PersonRemoved { id }
        | RosterChange::PersonRestored { id, .. }
        | RosterChange::PinChanged { id, .. } => named(id),
        RosterChange::PolicyStricter { .. } => None,
    };
    WaitingChange {
        station: station.to_owned(),
        at: rfc3339(change.at),
        by: named(&change.by),
        change: ChangeView { kind: change.change.code(), subject },
        state: match change.state {
            ChangeState::Accepted | ChangeState::Entered { .. } => "waits",
            other => other.code(),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::console::api::testing::{TestConsole, code_of, json_of};

    #[tokio::test]
    async fn the_community_is_shown_as_its_stations_see_it() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let shown = json_of(console.ask(Some(&cookie), "GET", "/roster", json!(null)).await).await;
        let community = &shown["communities"][0];
        assert_eq!(community["community"]["code"], sample::HERE);
        assert!(!community["checkpoints"].as_array().unwrap().is_empty());
        assert!(community["people"][0]["phone"].as_str().unwrap().contains("****"));
        let nowhere = console.ask(Some(&cookie), "GET", "/roster?region=11", json!(null)).await;
        assert_eq!(code_of(nowhere).await, (404, "not-found".to_owned()));
    }
}
