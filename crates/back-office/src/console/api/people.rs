//! `GET /people`: who works at the console in a region.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Serialize;
use utoipa::ToSchema;
use web::App as _;

use crate::console::account::State as Where;
use crate::console::caller::{Caller, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::{Person, Scope};

/// People.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct People {
    people: Vec<Person>,
}

/// Returns the people of a region; who needs something comes first.
#[utoipa::path(get, path = "/people", params(Scope), responses((status = 200, body = People)))]
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(scope): Query<Scope>,
) -> Result<Json<People>, ConsoleError> {
    caller.may(Right::PeopleManage)?;
    let scope = caller.scope(scope.region.as_deref())?;
    console.look(caller.account.id, "people-looked", &scope).await?;
    let names = console.names().of(&console.context).await?;
    let (now, accounts) = (console.now(), console.accounts().await?);
    let mut accounts: Vec<_> = accounts.into_iter().filter(|one| scope.contains(&one.region)).collect();
    let needs = |state: Where| match state {
        Where::InvitationExpired | Where::NoSecondFactor => 3,
        Where::Invited => 2,
        Where::Active => 1,
        Where::Disabled => 0,
    };
    accounts.sort_by_key(|one| (Reverse(needs(one.state(now))), one.region.clone(), one.name.clone()));
    let people = accounts.iter().map(|one| Person::new(one, &names, caller.top(), now)).collect();
    Ok(Json(People { people }))
}
