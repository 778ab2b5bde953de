//! `/people/{id}`: changes somebody, invites them anew, takes their rights back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use health_code::{PersonId, Region, Role as Listed};
use serde::Deserialize;
use utoipa::ToSchema;
use web::App as _;

use super::people_add::invite as invited;
use crate::console::account::{Account, Role, State as Where};
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::{Confirmation, Invitation, Nothing, Person};

/// What is to be another.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonChange {
    role: Option<Role>,
    region: Option<String>,
    /// Whether it is to be done even where it leaves a community without an administrator.
    #[serde(default)]
    confirm: bool,
}

/// Gives somebody another role or region.
#[utoipa::path(patch, path = "/people/{id}", params(("id" = String, Path)), request_body = PersonChange, responses(
    (status = 200, body = Person), (status = 404, description = "not-found"),
    (status = 409, description = "last-administrator, no-administrator-left, yourself")
))]
pub(super) async fn change(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    body: Payload<PersonChange>,
) -> Result<Json<Person>, ConsoleError> {
    let mut account = other(&console, &caller, &id).await?;
    let before = account.clone();
    let PersonChange { role, region, confirm } = body.value;
    if let Some(region) = region {
        let region = region.parse().map_err(|_| ConsoleError::field("region", "unknown-region"))?;
        let names = console.names().of(&console.context).await?;
        if !caller.top().contains(&region) || (names.name(&region).is_none() && region != *caller.top()) {
            return Err(ConsoleError::field("region", "unknown-region"));
        }
        account.region = region;
    }
    account.role = role.unwrap_or(account.role);
    if account.role != Role::Administrator || account.region != before.region {
        keep_one(&console, &before).await?;
        let still =
            |community: &Region| account.role == Role::Administrator && account.region.contains(community);
        keep_communities(&console, &before, still, confirm)?;
    }
    save(&console, &caller, account, "person-changed").await
}

/// Takes somebody's rights back; they are signed out everywhere.
#[utoipa::path(post, path = "/people/{id}/disable", params(("id" = String, Path)), request_body = Confirmation, responses(
    (status = 200, body = Person), (status = 404, description = "not-found"),
    (status = 409, description = "last-administrator, no-administrator-left, yourself")
))]
pub(super) async fn disable(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    body: Payload<Confirmation>,
) -> Result<Json<Person>, ConsoleError> {
    let mut account = other(&console, &caller, &id).await?;
    keep_one(&console, &account).await?;
    keep_communities(&console, &account, |_| false, body.value.confirm)?;
    account.disabled = account.disabled.or(Some(console.now().0));
    let id = account.id;
    let person = save(&console, &caller, account, "person-disabled").await?;
    console.context.store.end_sessions_of(id).await?;
    Ok(person)
}

/// Gives somebody their rights again.
#[utoipa::path(post, path = "/people/{id}/enable", params(("id" = String, Path)), request_body = Nothing, responses(
    (status = 200, body = Person), (status = 404, description = "not-found")
))]
pub(super) async fn enable(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    _: Payload<Nothing>,
) -> Result<Json<Person>, ConsoleError> {
    let mut account = other(&console, &caller, &id).await?;
    account.disabled = None;
    save(&console, &caller, account, "person-enabled").await
}

/// Invites somebody anew. Whatever they signed in with is good no longer.
#[utoipa::path(post, path = "/people/{id}/invitation", params(("id" = String, Path)), request_body = Confirmation, responses(
    (status = 200, body = Invitation), (status = 404, description = "not-found"),
    (status = 409, description = "disabled, last-administrator, no-administrator-left, yourself")
))]
pub(super) async fn invite(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    body: Payload<Confirmation>,
) -> Result<Json<Invitation>, ConsoleError> {
    let mut account = other(&console, &caller, &id).await?;
    if account.state(console.now()) == Where::Disabled {
        return Err(ConsoleError::Disabled);
    }
    keep_one(&console, &account).await?;
    keep_communities(&console, &account, |_| false, body.value.confirm)?;
    let invitation = invited(&console, &mut account)?;
    let id = account.id;
    save(&console, &caller, account, "invitation-made").await.map(drop)?;
    console.context.store.end_sessions_of(id).await?;
    Ok(Json(invitation))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/people/{id}/invitation", params(("id" = String, Path)), responses(
    (status = 204), (status = 404, description = "not-found")
))]
pub(super) async fn end_invitation(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    let mut account = other(&console, &caller, &id).await?;
    account.invitation.take().ok_or(ConsoleError::NotFound)?;
    save(&console, &caller, account, "invitation-ended").await.map(drop)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns somebody else in the asker's region.
async fn other(console: &Console, caller: &Caller, id: &str) -> Result<Account, ConsoleError> {
    caller.may(Right::PeopleChange)?;
    let id: PersonId = id.parse().map_err(|_| ConsoleError::NotFound)?;
    let row = console.context.store.account(id).await?.ok_or(ConsoleError::NotFound)?;
    let account = Account::read(&row)?;
    caller.sees(&account.region)?;
    if account.id == caller.account.id { Err(ConsoleError::Yourself) } else { Ok(account) }
}

/// Checks that somebody is not the only one who may do everything.
async fn keep_one(console: &Console, account: &Account) -> Result<(), ConsoleError> {
    let (top, now) = (console.top(), console.now());
    let may_all = |one: &Account| {
        one.role == Role::Administrator && one.region.contains(&top) && one.state(now) == Where::Active
    };
    if !may_all(account) {
        return Ok(());
    }
    let accounts = console.accounts().await?;
    let left = accounts.iter().any(|one| one.id != account.id && may_all(one));
    if left { Ok(()) } else { Err(ConsoleError::LastAdministrator) }
}

/// Checks that no community is left without an administrator, unless the asker was told and wants it so. Who `still`
/// serves a community stays in its file.
fn keep_communities(
    console: &Console,
    account: &Account,
    still: impl Fn(&Region) -> bool,
    confirmed: bool,
) -> Result<(), ConsoleError> {
    if confirmed {
        return Ok(());
    }
    let communities = console.context.trust.communities();
    let left: Vec<String> = communities
        .iter()
        .map(|trust| trust.community())
        .filter(|community| {
            let administrators =
                || community.people.iter().filter(|person| person.role == Listed::Administrator);
            administrators().any(|person| person.id == account.id)
                && administrators().all(|person| person.id == account.id)
                && !still(&community.region)
        })
        .map(|community| community.name.clone())
        .collect();
    if left.is_empty() { Ok(()) } else { Err(ConsoleError::NoAdministratorLeft(left)) }
}

async fn save(
    console: &Console,
    caller: &Caller,
    account: Account,
    act: &str,
) -> Result<Json<Person>, ConsoleError> {
    let about = (account.id.to_string(), account.region.clone());
    let note = console.note(Some(caller.account.id), act, (&about.0, &about.1), &account.in_the_log())?;
    console.keep(std::slice::from_ref(&account), vec![note]).await?;
    let names = console.names().of(&console.context).await?;
    Ok(Json(Person::new(&account, &names, caller.top(), console.now())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::console::api::testing::{TestConsole, code_of, json_of};

    #[tokio::test]
    async fn somebody_is_moved_disabled_enabled_and_invited_anew() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let (id, account) = console.second(&cookie, "武样区").await;
        let at = |what: &str| format!("/people/{id}{what}");
        let officer = async || {
            let officers = console.console.context.store.officers().await.unwrap();
            officers.into_iter().find(|officer| wire::hex::encode(&officer.id) == id).unwrap()
        };
        assert!(officer().await.active);
        let moved = console.ask(Some(&cookie), "PATCH", &at(""), json!({ "region": "420106" })).await;
        assert_eq!(json_of(moved).await["region"]["name"], "青样区");
        assert_eq!(officer().await.region.as_str(), "420106");
        let disabled = json_of(console.ask(Some(&cookie), "POST", &at("/disable"), json!({})).await).await;
        assert_eq!(disabled["state"], "disabled");
        assert!(!officer().await.active);
        let gone = console.ask(Some(&account), "GET", "/session", json!(null)).await;
        assert_eq!(code_of(gone).await.1, "signed-out");
        let refused = console.ask(Some(&cookie), "POST", &at("/invitation"), json!({})).await;
        assert_eq!(code_of(refused).await, (409, "disabled".to_owned()));
        let enabled = json_of(console.ask(Some(&cookie), "POST", &at("/enable"), json!({})).await).await;
        assert_eq!(enabled["state"], "active");
        assert!(officer().await.active);
        assert_eq!(console.ask(Some(&cookie), "POST", &at("/invitation"), json!({})).await.status(), 200);
        assert!(!officer().await.active, "what they signed in with is good no longer");
        assert_eq!(console.ask(Some(&cookie), "DELETE", &at("/invitation"), json!(null)).await.status(), 204);
        let none = console.ask(Some(&cookie), "DELETE", &at("/invitation"), json!(null)).await;
        assert_eq!(code_of(none).await.1, "not-found");
        let nowhere = console.ask(Some(&cookie), "PATCH", &at(""), json!({ "region": "110101" })).await;
        assert_eq!(code_of(nowhere).await, (422, "invalid".to_owned()));
    }

    #[tokio::test]
    async fn nobody_disables_themself_or_the_last_one() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let me = console.account("yangli.jia").await.id;
        let own = console.ask(Some(&cookie), "POST", &format!("/people/{me}/disable"), json!({})).await;
        assert_eq!(code_of(own).await, (409, "yourself".to_owned()));
        // Another one at the top may disable the first, and then nobody the second.
        let (id, other) = console.second(&cookie, "样例市").await;
        let first = console.ask(Some(&other), "POST", &format!("/people/{me}/disable"), json!({})).await;
        assert_eq!(first.status(), 200);
        let (third, third_cookie) = console.second(&other, "样例市").await;
        let second =
            console.ask(Some(&third_cookie), "POST", &format!("/people/{id}/disable"), json!({})).await;
        assert_eq!(second.status(), 200);
        let auditor = json!({ "role": "auditor" });
        let own = console.ask(Some(&third_cookie), "PATCH", &format!("/people/{third}"), auditor).await;
        assert_eq!(code_of(own).await, (409, "yourself".to_owned()));
    }
    #[tokio::test]
    async fn who_leaves_a_community_without_an_administrator_is_told_and_confirms_it() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let (id, _) = console.second(&cookie, "钢样社区").await;
        // The first administrator serves the whole deployment: here they are in no community's file.
        let store = &console.console.context.store;
        let mut first = store.officers().await.unwrap().remove(0);
        first.active = false;
        store.set_officer(first).await.unwrap();
        console.advance(1);
        crate::renewal::renew(&console.console.context, console.console.context.clock.now()).await.unwrap();
        for (method, path, body) in [
            ("POST", "/disable", json!({})),
            ("POST", "/invitation", json!({})),
            ("PATCH", "", json!({ "role": "auditor" })),
            ("PATCH", "", json!({ "region": "420106" })),
        ] {
            let at = format!("/people/{id}{path}");
            let told = console.ask(Some(&cookie), method, &at, body.clone()).await;
            if path.is_empty() && body["region"].is_string() {
                // Of a wider region they serve the community all the same.
                assert_eq!(told.status(), 200);
                continue;
            }
            assert_eq!(told.status(), 409, "{method} {path} {body}");
            let told = json_of(told).await;
            assert_eq!((&told["code"], &told["confirm"]), (&json!("no-administrator-left"), &json!(true)));
            assert_eq!(told["communities"].as_array().unwrap().len(), 1);
        }
        let (at, sure) = (format!("/people/{id}/disable"), json!({ "confirm": true }));
        assert_eq!(console.ask(Some(&cookie), "POST", &at, sure).await.status(), 200);
    }
}
