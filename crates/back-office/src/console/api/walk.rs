//! Every address, asked as every role with ids of other regions.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use sample::HERE;
use serde_json::{Value, json};

use super::document;
use super::testing::{TestConsole, code_of, text_of};
use crate::console::account::Role;
use crate::console::caller::Right;
use crate::console::rights;

/// An address, a body with ids from elsewhere, and what it answers an administrator and an auditor of another
/// region. 0 stands for an answer to everybody.
struct Row {
    method: &'static str,
    path: &'static str,
    body: Value,
    administrator: u16,
    auditor: u16,
}

fn rows() -> Vec<Row> {
    let row = |method, path, body, administrator, auditor| Row { method, path, body, administrator, auditor };
    let pasted =
        json!({ "text": "样例丁 钢样社区 13800010099", "role": "administrator", "choices": {"1": HERE} });
    let look = json!({
        "reason": "investigation", "case": "样例-0316", "who": "990101199001010011", "region": HERE
    });
    let phoned = json!({ "entry": 1, "passage": "00", "reason": "investigation", "case": "样例-0316" });
    let mut traced = phoned.clone();
    traced["minutes"] = json!(5);
    let erased = json!({
        "look": 1, "who": "990101199001010011", "reason": "investigation", "case": "样例-0316"
    });
    let exported = json!({
        "region": HERE, "from": 0, "until": 86_400, "reason": "investigation", "case": "样例-0316"
    });
    let ticket = json!({ "community": HERE, "hours": 1, "laptops": ["x"] });
    vec![
        row("post", "/session", json!({ "account": "nobody", "passphrase": "x" }), 0, 0),
        row("get", "/session", json!(null), 200, 200),
        row("get", "/deployment", json!(null), 0, 0),
        row("get", "/regions", json!(null), 200, 200),
        row("post", "/regions", json!({ "csv": "42,x\n" }), 403, 403),
        row("post", "/regions/preview", json!({ "csv": "42,x\n" }), 403, 403),
        row("get", "/people", json!(null), 404, 403),
        row("post", "/people", pasted.clone(), 201, 403),
        row("post", "/people/preview", pasted, 200, 403),
        row("patch", "/people/{id}", json!({ "role": "auditor" }), 404, 403),
        row("post", "/people/{id}/invitation", json!({}), 404, 403),
        row("delete", "/people/{id}/invitation", json!(null), 404, 403),
        row("post", "/people/{id}/disable", json!({}), 404, 403),
        row("post", "/people/{id}/enable", json!({}), 404, 403),
        row("post", "/invitations/open", json!({ "word": "AAAA" }), 0, 0),
        row(
            "post",
            "/invitations/accept",
            json!({
                "word": "AAAA", "account": "x", "passphrase": "x", "laptopSecret": "x", "words": true
            }),
            0,
            0,
        ),
        row("post", "/me/words", json!({ "passphrase": "x" }), 401, 401),
        row("get", "/board", json!(null), 404, 403),
        row("get", "/board/events", json!(null), 404, 403),
        row("get", "/work", json!(null), 404, 403),
        row("get", "/stations", json!(null), 404, 403),
        row("post", "/stations/{id}/withdraw", json!({}), 404, 403),
        row("post", "/tickets", ticket, 422, 403),
        row("delete", "/tickets/{id}", json!(null), 404, 403),
        row("get", "/roster", json!(null), 404, 403),
        row("get", "/residents/looks", json!(null), 200, 403),
        row("post", "/residents/looks", look, 404, 403),
        row("post", "/residents/traces", traced, 409, 403),
        row("post", "/residents/phones", phoned, 409, 403),
        row("post", "/residents/codes", json!({ "content": "" }), 422, 403),
        row("post", "/residents/traces/{id}", json!({}), 404, 403),
        row("get", "/consents", json!(null), 200, 403),
        row("post", "/consents/{id}", json!({ "agree": true }), 404, 403),
        row("post", "/residents/erasures", erased, 409, 403),
        row("get", "/residents/erasures/{id}", json!(null), 404, 403),
        row("post", "/residents/exports", exported, 404, 403),
        row("post", "/residents/exports/{id}", json!({}), 404, 403),
        row("get", "/audit", json!(null), 200, 200),
        row("post", "/audit/check", json!({}), 403, 403),
        row("get", "/audit/export", json!(null), 403, 403),
        row("delete", "/session", json!(null), 204, 204),
    ]
}

/// Returns the given right that an address needs.
fn right_of(method: &str, path: &str) -> Option<Right> {
    match path {
        "/stations/{id}/withdraw" | "/tickets" | "/tickets/{id}" => Some(Right::StationsManage),
        "/residents/looks" | "/residents/codes" => Some(Right::ResidentsLook),
        "/residents/traces" | "/residents/traces/{id}" | "/residents/phones" => Some(Right::ResidentsTrace),
        "/residents/erasures" | "/residents/erasures/{id}" => Some(Right::ResidentsErase),
        "/residents/exports" | "/residents/exports/{id}" => Some(Right::ResidentsExport),
        path if path.starts_with("/people") => Some(Right::PeopleManage),
        path if path.starts_with("/residents") => {
            panic!("{method} {path} needs a right, and which one stands here")
        }
        _ => None,
    }
}

/// Returns the ids of things in the sample community, and a query that names it.
fn there(path: &str, person: &str) -> String {
    let id = match path {
        path if path.starts_with("/people") => person.to_owned(),
        path if path.starts_with("/stations") => "01".repeat(16),
        _ => "08".repeat(32),
    };
    match path {
        "/people" | "/stations" | "/roster" | "/board" | "/board/events" => format!("{path}?region={HERE}"),
        "/work" => format!("{path}?region={HERE}&from=0&until=3600"),
        path => path.replace("{id}", &id),
    }
}

async fn world() -> (TestConsole, String) {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let (person, _) = console.second(&cookie, "钢样社区").await;
    console.enrol().await;
    console.ticket(8).await;
    console.keep("420107".parse().unwrap(), Role::Administrator, "样例丙", "elsewhere.admin").await;
    console.keep("420107".parse().unwrap(), Role::Auditor, "样例丁", "elsewhere.auditor").await;
    (console, person)
}

#[test]
fn every_address_is_in_the_table() {
    let document = serde_json::to_value(document()).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        described.extend(methods.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
    }
    let listed: BTreeSet<String> = rows().iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    assert_eq!(described, listed);
}

#[tokio::test]
async fn nothing_of_another_region_is_seen_or_changed() {
    let (console, person) = world().await;
    let store = &console.console.context.store;
    for role in ["admin", "auditor"] {
        let cookie = console.sign_in_as(&format!("elsewhere.{role}")).await;
        let entries = store.accounts().await.unwrap().len();
        for row in rows() {
            let expected = if role == "admin" { row.administrator } else { row.auditor };
            let path = there(row.path, &person);
            let response = console.ask(Some(&cookie), &row.method.to_uppercase(), &path, row.body).await;
            let (status, place) = (response.status().as_u16(), format!("{role} {} {path}", row.method));
            assert!(expected == 0 || status == expected, "{place}: {status}");
            let said = text_of(response).await;
            for secret in [person.as_str(), "13900020", "139****", "东门", "样例社区", HERE] {
                // What somebody pasted comes back to them.
                assert!(
                    !said.contains(secret) || said.contains("\"left\"") && secret == HERE,
                    "{place}: {said}"
                );
            }
        }
        // A chosen region elsewhere does not count.
        assert_eq!(store.accounts().await.unwrap().len(), entries, "{role} added nobody there");
    }
    let station = store.station(wire::StationId([1; 16])).await.unwrap().unwrap();
    assert_eq!(station.withdrawn, None);
    assert_eq!(store.unused_tickets(sample::NOW).await.unwrap().len(), 1);
}

#[tokio::test]
async fn each_right_opens_its_own_addresses_and_no_other() {
    let (console, person) = world().await;
    let top = console.console.top();
    for right in rights::all() {
        let (mut without, name) = (rights::all(), <&str>::from(right).replace('.', "-"));
        without.remove(&right);
        let role = Role::Administrator;
        console.keep_with(top.clone(), (role, without), "样例丙", &format!("no-{name}")).await;
        console.keep_with(top.clone(), (role, [right].into()), "样例丁", &name).await;
        let (all_but, alone) =
            (console.sign_in_as(&format!("no-{name}")).await, console.sign_in_as(&name).await);
        for row in rows() {
            let Some(needed) = right_of(row.method, row.path) else { continue };
            let path = there(row.path, &person);
            let cookie = if needed == right { &all_but } else { &alone };
            let response = console.ask(Some(cookie), &row.method.to_uppercase(), &path, row.body).await;
            assert_eq!(code_of(response).await, (403, "not-allowed".to_owned()), "{name} {path}");
        }
        let listed = console.ask(Some(&alone), "GET", "/stations", json!(null)).await;
        assert_eq!(listed.status(), 200, "every administrator sees the laptops");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_so_and_nothing_else() {
    let (console, person) = world().await;
    for row in rows().into_iter().filter(|row| row.administrator != 0) {
        let path = there(row.path, &person);
        let response = console.ask(None, &row.method.to_uppercase(), &path, row.body).await;
        assert_eq!(code_of(response).await, (401, "signed-out".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_request_that_another_site_could_send_changes_nothing() {
    let (console, person) = world().await;
    for row in rows().into_iter().filter(|row| row.method != "get") {
        let uri = format!("/api/v1{}", there(row.path, &person));
        let request = Request::builder().method(&*row.method.to_uppercase()).uri(uri);
        let request = request.header(CONTENT_TYPE, "application/json").body(Body::from(row.body.to_string()));
        let response = console.send(request.unwrap()).await;
        assert_eq!(code_of(response).await, (403, "not-from-console".to_owned()), "{}", row.path);
    }
}

#[tokio::test]
async fn a_body_of_another_shape_is_malformed() {
    let (console, person) = world().await;
    let cookie = console.sign_in().await;
    for row in rows().into_iter().filter(|row| !row.body.is_null()) {
        let path = there(row.path, &person);
        for body in [json!([1]), json!({ "surprise": 1 }), json!("x")] {
            let response = console.ask(Some(&cookie), &row.method.to_uppercase(), &path, body).await;
            assert_eq!(code_of(response).await, (400, "malformed".to_owned()), "{path}");
        }
    }
}
