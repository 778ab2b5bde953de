//! `/audit`: what was done and looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use health_code::{PersonId, Region, Timestamp, mask};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::App as _;
use wire::{AuditHead, hex};

use crate::audit::{Checked, Found, Said, Sought, SoughtText, check as check_chain, line, said, search};
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::Nothing;
use crate::limits::{AUDIT_ACTS, AUDIT_PAGE, AUDIT_ROWS, AUDIT_TEXT};
use crate::store::{AuditWanted, Entry, Store};

/// Which entries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Wanted {
    /// Digits of a region in the asker's.
    region: Option<String>,
    /// Entries with smaller numbers only.
    before: Option<u64>,
    /// 200 at most.
    limit: Option<usize>,
    /// `all`, `people`, `looks`, `roster` or `session`.
    kind: Option<String>,
    /// From this second since 1970 on.
    from: Option<i64>,
    /// Before this second.
    until: Option<i64>,
    /// A part of what an entry says, or of its actor's masked name, or that name in whole: 60 characters at most.
    find: Option<String>,
    /// Codes of the acts that the text stands for in the asker's language, with commas between them.
    acts: Option<String>,
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Actor {
    id: String,
    name: String,
}

/// One entry.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditEntry {
    seq: u64,
    at: String,
    actor: Option<Actor>,
    act: String,
    object: Option<String>,
    reason: Option<String>,
    /// The first eight hexadecimal digits.
    hash: String,
    erased: bool,
}

/// When the chain was last checked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckedView {
    at: String,
    ok: bool,
    since: String,
}

/// How many looks at residents there are among what was sought.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LooksFound {
    count: usize,
    /// Whether there are more than were counted.
    more: bool,
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditPage {
    entries: Vec<AuditEntry>,
    count: u64,
    head: String,
    checked: Option<CheckedView>,
    /// Looks at residents, whatever kind of entries was asked for; `null` on pages behind the first one.
    looks: Option<LooksFound>,
    /// Before which number to go on; `null` where there is nothing older. One answer may have found none yet.
    next: Option<u64>,
}

/// Returns entries about a region of the asker's, the newest first.
#[utoipa::path(get, path = "/audit", params(Wanted), responses(
    (status = 200, body = AuditPage), (status = 404, description = "not-found"), (status = 422, description = "invalid")
))]
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Json<AuditPage>, ConsoleError> {
    caller.may(Right::AuditRead)?;
    let region = caller.scope(wanted.region.as_deref())?;
    console.look(caller.account.id, "audit-looked", caller.top()).await?;
    let accounts = console.accounts().await?;
    let names: BTreeMap<PersonId, String> = accounts.into_iter().map(|one| (one.id, one.name)).collect();
    let sought = sought(&wanted, &names)?;
    let Wanted { before, limit, kind, .. } = wanted;
    let limit = limit.unwrap_or(AUDIT_ROWS).clamp(1, AUDIT_ROWS);
    let kind = kind.filter(|kind| kind != "all");
    let store = &*console.context.store;
    let looks = match before {
        None => Some(looks_of(store, region.clone(), &sought).await?),
        Some(_) => None,
    };
    let asked = AuditWanted { before, kind, region, limit };
    let Found { entries, next } = search(store, asked, &sought).await?;
    let AuditHead { count, hash } = console.context.store.audit_head().await?;
    let checked =
        console.checked().map(|(at, since, ok)| CheckedView { at: rfc3339(at), ok, since: rfc3339(since) });
    let entries = entries.into_iter().map(|entry| view(entry, &names)).collect();
    Ok(Json(AuditPage { entries, count, head: hex::encode(&hash), checked, looks, next }))
}

async fn looks_of(store: &dyn Store, region: Region, sought: &Sought) -> Result<LooksFound, ConsoleError> {
    let looks = AuditWanted { before: None, kind: Some("looks".to_owned()), region, limit: AUDIT_ROWS };
    let Found { entries, next } = search(store, looks, sought).await?;
    Ok(LooksFound { count: entries.len(), more: next.is_some() })
}

/// Returns what a request seeks. Actors are found as the log shows them, masked, or by a whole name.
fn sought(wanted: &Wanted, names: &BTreeMap<PersonId, String>) -> Result<Sought, ConsoleError> {
    let (from, until) = (wanted.from.map(Timestamp), wanted.until.map(Timestamp));
    if from.zip(until).is_some_and(|(from, until)| from >= until) {
        return Err(ConsoleError::field("until", "bad-span"));
    }
    let text = wanted.find.as_deref().unwrap_or_default().trim();
    if text.chars().count() > AUDIT_TEXT {
        return Err(ConsoleError::field("find", "too-long"));
    }
    if text.is_empty() {
        return Ok(Sought { from, until, text: None });
    }
    let acts: BTreeSet<String> =
        wanted.acts.iter().flat_map(|acts| acts.split(',')).map(str::to_owned).collect();
    if acts.len() > AUDIT_ACTS {
        return Err(ConsoleError::field("acts", "too-many"));
    }
    let is_meant = |name: &str| name == text || mask::name(name).contains(text);
    let actors = names.iter().filter(|(_, name)| is_meant(name)).map(|(id, _)| *id).collect();
    let text = SoughtText { text: text.to_lowercase(), actors, acts };
    Ok(Sought { from, until, text: Some(text) })
}

fn view(entry: Entry, names: &BTreeMap<PersonId, String>) -> AuditEntry {
    let actor = entry.actor.map(|id| {
        let name = names.get(&id).map_or_else(|| id.to_string(), |name| mask::name(name));
        Actor { id: id.to_string(), name }
    });
    let Said { object, reason } = said(&entry);
    AuditEntry {
        seq: entry.seq,
        at: rfc3339(entry.at),
        actor,
        act: entry.act,
        object,
        reason,
        hash: hex::encode(&entry.hash[..4]),
        erased: entry.words.is_none(),
    }
}

/// What checking the chain found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditCheck {
    count: u64,
    ok: bool,
    broken_at: Option<u64>,
}

/// Checks the whole chain.
#[utoipa::path(post, path = "/audit/check", request_body = Nothing, responses((status = 200, body = AuditCheck)))]
pub(super) async fn check(
    State(console): State<Arc<Console>>,
    caller: Caller,
    _: Payload<Nothing>,
) -> Result<Json<AuditCheck>, ConsoleError> {
    whole(&caller)?;
    let Checked { count, broken_at, first, .. } = check_chain(&*console.context.store, Vec::new()).await?;
    let ok = broken_at.is_none();
    console.note_checked(first.unwrap_or_else(|| console.now()), ok);
    let note = console.note(Some(caller.account.id), "audit-checked", ("", caller.top()), "")?;
    console.write(vec![note]).await?;
    Ok(Json(AuditCheck { count, ok, broken_at }))
}

/// Returns the whole chain, a JSON object a line, as `back-office audit verify` reads it.
#[utoipa::path(get, path = "/audit/export", responses((status = 200, description = "JSON lines", content_type = "application/jsonl")))]
pub(super) async fn export(
    State(console): State<Arc<Console>>,
    caller: Caller,
) -> Result<Response, ConsoleError> {
    whole(&caller)?;
    let note = console.note(Some(caller.account.id), "audit-exported", ("", caller.top()), "")?;
    console.write(vec![note]).await?;
    let (mut lines, mut after) = (String::new(), 0);
    loop {
        let entries = console.context.store.audit_after(after, AUDIT_PAGE).await?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        for entry in &entries {
            lines += &line(entry);
            lines.push('\n');
        }
    }
    let headers =
        [(CONTENT_TYPE, "application/jsonl"), (CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\"")];
    Ok((headers, lines).into_response())
}

/// The whole chain is for who may see everything.
fn whole(caller: &Caller) -> Result<(), ConsoleError> {
    caller.may(Right::AuditRead)?;
    if caller.at_top { Ok(()) } else { Err(ConsoleError::NotAllowed) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use web::App as _;

    use crate::console::account::Role;
    use crate::console::api::testing::{TestConsole, json_of, text_of};

    #[tokio::test]
    async fn acts_and_looks_are_listed_checked_and_exported() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let pasted = json!({ "text": "样例乙 钢样社区 13800010033", "role": "administrator" });
        console.ask(Some(&cookie), "POST", "/people", pasted).await;
        for _ in 0..2 {
            console.ask(Some(&cookie), "GET", "/people", json!(null)).await;
        }
        let page = json_of(console.ask(Some(&cookie), "GET", "/audit?limit=100", json!(null)).await).await;
        let entries = page["entries"].as_array().unwrap();
        let acts: Vec<&str> = entries.iter().map(|entry| entry["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["audit-looked", "people-looked", "person-added", "sign-in"]);
        assert_eq!((&page["count"], &page["checked"]), (&json!(4), &json!(null)));
        assert_eq!(page["looks"], json!({ "count": 0, "more": false }));
        assert_eq!(entries[2]["object"], "样** · 138****0033", "the log masks people");
        assert_eq!(entries[2]["actor"]["name"], "样**");
        let people =
            json_of(console.ask(Some(&cookie), "GET", "/audit?kind=session&before=3", json!(null)).await)
                .await;
        assert_eq!(people["entries"].as_array().unwrap().len(), 1);
        assert_eq!(people["looks"], json!(null), "they are counted on the first page");
        let checked = json_of(console.ask(Some(&cookie), "POST", "/audit/check", json!({})).await).await;
        assert_eq!(checked, json!({ "count": 4, "ok": true, "brokenAt": null }));
        let text = text_of(console.ask(Some(&cookie), "GET", "/audit/export", json!(null)).await).await;
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((lines.len(), &lines[1]["act"]), (6, &json!("person-added")));
        let page = json_of(console.ask(Some(&cookie), "GET", "/audit", json!(null)).await).await;
        assert_eq!(page["checked"]["ok"], true);
    }

    #[tokio::test]
    async fn the_log_is_searched_by_who_what_and_when_and_never_elsewhere() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        console.second(&cookie, "钢样社区").await;
        console.ask(Some(&cookie), "GET", "/people?region=420106", json!(null)).await;
        for (name, role) in [("admin", Role::Administrator), ("auditor", Role::Auditor)] {
            console.keep("420107".parse().unwrap(), role, "李样例", &format!("elsewhere.{name}")).await;
        }
        let elsewhere = console.sign_in_as("elsewhere.admin").await;
        let auditor = console.sign_in_as("elsewhere.auditor").await;
        let acts = async |cookie: &str, query: &str| {
            // An address has no other letters than those of ASCII.
            let query: String = query.bytes().map(in_address).collect();
            let page = console.ask(Some(cookie), "GET", &format!("/audit?{query}"), json!(null)).await;
            let page = json_of(page).await;
            let acts = page["entries"].as_array().unwrap().iter();
            acts.map(|entry| entry["act"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let added = "find=139****";
        assert_eq!(acts(&cookie, added).await, ["invitation-accepted", "person-added"]);
        assert_eq!(acts(&cookie, "find=x&acts=person-added,people-looked").await.len(), 2);
        // A whole name, and what the page shows of it; the part that is masked finds nobody.
        assert_eq!(acts(&cookie, "find=李样例&kind=session").await, ["sign-in", "sign-in"]);
        assert_eq!(acts(&cookie, "find=李**&kind=session").await, ["sign-in", "sign-in"]);
        assert_eq!(acts(&cookie, "find=李样").await, Vec::<String>::new());
        let now = console.console.now().0;
        assert_eq!(acts(&cookie, &format!("from={}", now + 1)).await, Vec::<String>::new());
        assert_eq!(acts(&cookie, &format!("from={}&{added}", now - 3600)).await.len(), 2);
        for cookie in [&elsewhere, &auditor] {
            assert_eq!(acts(cookie, added).await, Vec::<String>::new());
            assert_eq!(acts(cookie, "find=x&acts=person-added").await, Vec::<String>::new());
            assert_eq!(acts(cookie, "find=李样例&kind=session").await, ["sign-in", "sign-in"]);
        }
    }

    fn in_address(byte: u8) -> String {
        if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    }

    #[tokio::test]
    async fn a_search_beyond_its_bounds_is_refused() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let long = "x".repeat(61);
        let acts: Vec<String> = (0..81).map(|n| n.to_string()).collect();
        for query in
            [format!("find={long}"), format!("find=x&acts={}", acts.join(",")), "from=5&until=5".into()]
        {
            let response = console.ask(Some(&cookie), "GET", &format!("/audit?{query}"), json!(null)).await;
            assert_eq!(response.status(), 422, "{query}");
        }
    }
}
