//! `/audit`: what was done and looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use health_code::{PersonId, mask};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::App as _;
use wire::{AuditHead, hex};

use crate::audit::{Checked, check as check_chain, line};
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::Nothing;
use crate::limits::{AUDIT_PAGE, AUDIT_ROWS};
use crate::store::{AuditWanted, Entry};

/// Which entries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Wanted {
    /// Entries with smaller numbers only.
    before: Option<u64>,
    /// 200 at most.
    limit: Option<usize>,
    /// `all`, `people`, `looks`, `roster` or `session`.
    kind: Option<String>,
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

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditPage {
    entries: Vec<AuditEntry>,
    count: u64,
    head: String,
    checked: Option<CheckedView>,
}

/// Returns entries about the asker's region, the newest first.
#[utoipa::path(get, path = "/audit", params(Wanted), responses((status = 200, body = AuditPage)))]
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Json<AuditPage>, ConsoleError> {
    caller.may(Right::AuditRead)?;
    console.look(caller.account.id, "audit-looked", caller.top()).await?;
    let Wanted { before, limit, kind } = wanted;
    let limit = limit.unwrap_or(AUDIT_ROWS).min(AUDIT_ROWS);
    let kind = kind.filter(|kind| kind != "all");
    let asked = AuditWanted { before, kind, region: caller.top().clone(), limit };
    let entries = console.context.store.audit_entries(asked).await?;
    let accounts = console.accounts().await?;
    let names: BTreeMap<PersonId, String> = accounts.into_iter().map(|one| (one.id, one.name)).collect();
    let AuditHead { count, hash } = console.context.store.audit_head().await?;
    let checked =
        console.checked().map(|(at, since, ok)| CheckedView { at: rfc3339(at), ok, since: rfc3339(since) });
    let entries = entries.into_iter().map(|entry| view(entry, &names)).collect();
    Ok(Json(AuditPage { entries, count, head: hex::encode(&hash), checked }))
}

fn view(entry: Entry, names: &BTreeMap<PersonId, String>) -> AuditEntry {
    let actor = entry.actor.map(|id| {
        let name = names.get(&id).map_or_else(|| id.to_string(), |name| mask::name(name));
        Actor { id: id.to_string(), name }
    });
    let erased = entry.words.is_none();
    let words = entry.words.map(|(_, words)| words).filter(|words| !words.is_empty());
    // A look at a resident says whom, below it why, and last by which key they are erased.
    let (words, reason) = match words.as_deref().and_then(|words| words.split_once('\n')) {
        Some((whom, why)) => (Some(whom.to_owned()), why.lines().next().map(str::to_owned)),
        None => (words, None),
    };
    AuditEntry {
        seq: entry.seq,
        at: rfc3339(entry.at),
        actor,
        act: entry.act,
        object: words.or_else(|| Some(entry.object).filter(|object| !object.is_empty())),
        reason,
        hash: hex::encode(&entry.hash[..4]),
        erased,
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
        assert_eq!(entries[2]["object"], "样** · 138****0033", "the log masks people");
        assert_eq!(entries[2]["actor"]["name"], "样**");
        let people =
            json_of(console.ask(Some(&cookie), "GET", "/audit?kind=session&before=3", json!(null)).await)
                .await;
        assert_eq!(people["entries"].as_array().unwrap().len(), 1);
        let checked = json_of(console.ask(Some(&cookie), "POST", "/audit/check", json!({})).await).await;
        assert_eq!(checked, json!({ "count": 4, "ok": true, "brokenAt": null }));
        let text = text_of(console.ask(Some(&cookie), "GET", "/audit/export", json!(null)).await).await;
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((lines.len(), &lines[1]["act"]), (6, &json!("person-added")));
        let page = json_of(console.ask(Some(&cookie), "GET", "/audit", json!(null)).await).await;
        assert_eq!(page["checked"]["ok"], true);
    }
}
