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
use crate::console::rights::{self, Rights};
use crate::console::state::Console;
use crate::console::view::{Confirmation, Invitation, Nothing, Person};
use crate::store::Note;

/// What is to be another.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonChange {
    role: Option<Role>,
    region: Option<String>,
    /// All that they are to have from now on.
    rights: Option<Rights>,
    /// Whether it is to be done even where it leaves a community without an administrator.
    #[serde(default)]
    confirm: bool,
}

/// Gives somebody another role, region or other rights.
#[utoipa::path(patch, path = "/people/{id}", params(("id" = String, Path)), request_body = PersonChange, responses(
    (status = 200, body = Person), (status = 403, description = "more-than-yours"),
    (status = 404, description = "not-found"),
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
    let PersonChange { role, region, rights, confirm } = body.value;
    if let Some(region) = region {
        let region = region.parse().map_err(|_| ConsoleError::field("region", "unknown-region"))?;
        let names = console.names().of(&console.context).await?;
        if !caller.top().contains(&region) || (names.name(&region).is_none() && region != *caller.top()) {
            return Err(ConsoleError::field("region", "unknown-region"));
        }
        account.region = region;
    }
    account.role = role.unwrap_or(account.role);
    account.rights = match (account.role, rights) {
        (Role::Auditor, _) => Rights::new(),
        (Role::Administrator, Some(rights)) if rights.iter().all(|right| right.is_given()) => rights,
        (Role::Administrator, Some(_)) => return Err(ConsoleError::field("rights", "not-given")),
        (Role::Administrator, None) if before.role == Role::Auditor => rights::first(&caller.account.rights),
        (Role::Administrator, None) => account.rights,
    };
    let (was, is) = ((&before.region, &before.rights), (&account.region, &account.rights));
    if !rights::may_make(&caller.account.rights, was, is) {
        return Err(ConsoleError::MoreThanYours);
    }
    if account.region != before.region || !account.rights.is_superset(&before.rights) {
        keep_one(&console, &before).await?;
        let still = |community: &Region| account.works_at_laptops() && account.region.contains(community);
        keep_communities(&console, &before, still, confirm)?;
    }
    save_change(&console, &caller, &before, account).await
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
    (status = 200, body = Person), (status = 403, description = "more-than-yours"), (status = 404, description = "not-found")
))]
pub(super) async fn enable(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    _: Payload<Nothing>,
) -> Result<Json<Person>, ConsoleError> {
    let mut account = other(&console, &caller, &id).await?;
    no_more_than(&caller, &account)?;
    account.disabled = None;
    save(&console, &caller, account, "person-enabled").await
}

/// Invites somebody anew. Whatever they signed in with is good no longer.
#[utoipa::path(post, path = "/people/{id}/invitation", params(("id" = String, Path)), request_body = Confirmation, responses(
    (status = 200, body = Invitation), (status = 403, description = "more-than-yours"), (status = 404, description = "not-found"),
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
    // Whoever sees the invitation's word could take it.
    no_more_than(&caller, &account)?;
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
    caller.may(Right::PeopleManage)?;
    let id: PersonId = id.parse().map_err(|_| ConsoleError::NotFound)?;
    let row = console.context.store.account(id).await?.ok_or(ConsoleError::NotFound)?;
    let account = Account::read(&row)?;
    caller.sees(&account.region)?;
    if account.id == caller.account.id { Err(ConsoleError::Yourself) } else { Ok(account) }
}

/// Checks that somebody's rights are no more than the asker's.
fn no_more_than(caller: &Caller, account: &Account) -> Result<(), ConsoleError> {
    if account.rights.is_subset(&caller.account.rights) { Ok(()) } else { Err(ConsoleError::MoreThanYours) }
}

/// Checks that somebody is not the only one who may do everything: what nobody has, nobody could give again.
async fn keep_one(console: &Console, account: &Account) -> Result<(), ConsoleError> {
    let (top, now) = (console.top(), console.now());
    let may_all = |one: &Account| {
        one.rights == rights::all() && one.region.contains(&top) && one.state(now) == Where::Active
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
    keep(console, caller, &account, vec![note]).await
}

/// Saves a change; another place or role and other rights are each on record.
async fn save_change(
    console: &Console,
    caller: &Caller,
    before: &Account,
    account: Account,
) -> Result<Json<Person>, ConsoleError> {
    let (by, id, words) = (Some(caller.account.id), account.id.to_string(), account.in_the_log());
    let note = |act, words: &str| console.note(by, act, (&id, &account.region), words);
    let mut notes = Vec::new();
    if (account.role, &account.region) != (before.role, &before.region) {
        notes.push(note("person-changed", &words)?);
    }
    if account.rights != before.rights {
        let change = rights::change(&before.rights, &account.rights);
        notes.push(note("rights-changed", &format!("{words}\n{change}"))?);
    }
    keep(console, caller, &account, notes).await
}

async fn keep(
    console: &Console,
    caller: &Caller,
    account: &Account,
    notes: Vec<Note>,
) -> Result<Json<Person>, ConsoleError> {
    console.keep(std::slice::from_ref(account), notes).await?;
    let names = console.names().of(&console.context).await?;
    Ok(Json(Person::new(account, &names, caller.top(), console.now())))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
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
        let all = json!({ "rights": rights::all() });
        assert_eq!(
            console.ask(Some(&cookie), "PATCH", &format!("/people/{id}"), all.clone()).await.status(),
            200
        );
        let first = console.ask(Some(&other), "POST", &format!("/people/{me}/disable"), json!({})).await;
        assert_eq!(first.status(), 200);
        let (third, third_cookie) = console.second(&other, "样例市").await;
        assert_eq!(console.ask(Some(&other), "PATCH", &format!("/people/{third}"), all).await.status(), 200);
        let second =
            console.ask(Some(&third_cookie), "POST", &format!("/people/{id}/disable"), json!({})).await;
        assert_eq!(second.status(), 200);
        let auditor = json!({ "role": "auditor" });
        let own = console.ask(Some(&third_cookie), "PATCH", &format!("/people/{third}"), auditor).await;
        assert_eq!(code_of(own).await, (409, "yourself".to_owned()));
    }
    #[tokio::test]
    async fn rights_are_given_by_who_has_them_and_each_change_is_on_record() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let (id, theirs) = console.second(&cookie, "青样区").await;
        let change = async |cookie: &str, id: &str, rights: Value| {
            let body = json!({ "rights": rights });
            console.ask(Some(cookie), "PATCH", &format!("/people/{id}"), body).await
        };
        let me = json_of(console.ask(Some(&theirs), "GET", "/session", json!(null)).await).await;
        let daily = ["people.manage", "stations.manage", "residents.look", "stations.see", "audit.read"];
        assert_eq!(me["may"], json!(daily), "a new administrator has what the daily work needs");
        let (below, _) = console.second(&theirs, "钢样社区").await;
        let refused = change(&theirs, &below, json!(["residents.trace"])).await;
        assert_eq!(code_of(refused).await, (403, "more-than-yours".to_owned()));
        let refused = change(&cookie, &below, json!(["audit.read"])).await;
        assert_eq!(code_of(refused).await, (422, "invalid".to_owned()), "it comes with the role");
        let given = json_of(change(&cookie, &below, json!(["residents.trace", "people.manage"])).await).await;
        assert_eq!(given["rights"], json!(["people.manage", "residents.trace"]));
        for what in ["/invitation", "/enable"] {
            let more = console.ask(Some(&theirs), "POST", &format!("/people/{below}{what}"), json!({})).await;
            assert_eq!(code_of(more).await, (403, "more-than-yours".to_owned()), "{what} gives them, too");
        }
        let taken = json_of(change(&theirs, &below, json!([])).await).await;
        assert_eq!(taken["rights"], json!([]));
        assert_eq!(change(&theirs, &below, json!(["residents.look"])).await.status(), 200);
        let own = change(&theirs, &id, json!([])).await;
        assert_eq!(code_of(own).await, (409, "yourself".to_owned()));
        let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=people", json!(null)).await).await;
        let reasons = page["entries"].as_array().unwrap().iter().filter(|one| one["act"] == "rights-changed");
        let reasons: Vec<_> = reasons.map(|one| one["reason"].as_str().unwrap()).collect();
        let first = "+residents.trace -stations.manage -residents.look";
        assert_eq!(reasons, ["+residents.look", "-people.manage -residents.trace", first]);
        // The only one who has everything keeps it: what nobody has, nobody could give again.
        let top = console.account("yangli.jia").await.id.to_string();
        let (_, other) = console.second(&cookie, "样例市").await;
        let last = change(&other, &top, json!(["people.manage"])).await;
        assert_eq!(code_of(last).await, (409, "last-administrator".to_owned()));
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
