//! Every address, asked as every role with ids of other regions.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use sample::HERE;
use serde_json::{Value, json};

use super::document;
use super::filed::{NUMBER, claims, claims_of, file};
use super::testing::{TestConsole, code_of, json_of, text_of};
use crate::console::account::Role;
use crate::console::caller::Right;
use crate::console::rights;
use crate::testing::world as office;

/// Somebody who was erased.
const ERASED: &str = "990101199001010088";
/// Who look and trace in the sample community, and whose ids are asked for from elsewhere.
const LOOKS: &str = "of.here";

/// What exists in the sample community, by the ids under which its own administrators have it.
#[derive(Default)]
struct Ids {
    person: String,
    look: Value,
    trace: Value,
    erasure: String,
    /// A request for consent that waits.
    waits: String,
    /// Requests that were agreed to: nobody has used them yet.
    agreed_trace: String,
    agreed_export: String,
}

/// An address, a body with ids from elsewhere, and what it answers an administrator and an auditor of another
/// region. 0 stands for an answer to everybody.
struct Row {
    method: &'static str,
    path: &'static str,
    body: Value,
    administrator: u16,
    auditor: u16,
}

fn rows(ids: &Ids) -> Vec<Row> {
    let row = |method, path, body, administrator, auditor| Row { method, path, body, administrator, auditor };
    let pasted =
        json!({ "text": "样例丁 钢样社区 13800010099", "role": "administrator", "choices": {"1": HERE} });
    let mut look = because(json!({ "who": NUMBER }));
    look["region"] = json!(HERE);
    let (traced, phoned, erased) =
        (traced(ids), phoned(ids), because(json!({ "look": entry(&ids.look), "who": NUMBER })));
    let exported = exported();
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
        row("post", "/sticks/reports", json!({ "content": "" }), 422, 403),
        row("post", "/sticks/requests", json!({ "content": "" }), 422, 403),
        row("post", "/sticks/trust", json!({ "region": HERE }), 404, 403),
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
        row("get", "/audit", json!(null), 404, 404),
        row("post", "/audit/check", json!({}), 403, 403),
        row("get", "/audit/export", json!(null), 403, 403),
        row("delete", "/session", json!(null), 204, 204),
    ]
}

/// Adds a reason that holds.
fn because(mut asked: Value) -> Value {
    (asked["reason"], asked["case"]) = (json!("investigation"), json!("样例-0316"));
    asked
}

fn entry(shown: &Value) -> u64 {
    shown["entry"].as_u64().unwrap_or(1)
}

fn traced(ids: &Ids) -> Value {
    let passage = ids.look["passages"][0]["passage"].as_str().unwrap_or("00");
    because(json!({ "entry": entry(&ids.look), "passage": passage, "minutes": 5 }))
}

fn phoned(ids: &Ids) -> Value {
    let passage = ids.trace["people"][0]["passage"].as_str().unwrap_or("00");
    because(json!({ "entry": entry(&ids.trace), "passage": passage }))
}

fn exported() -> Value {
    let day = sample::NOW.0 / 86_400 * 86_400;
    because(json!({ "region": HERE, "from": day, "until": day + 86_400 }))
}

/// Returns the given right that an address needs.
fn right_of(method: &str, path: &str) -> Option<Right> {
    match path {
        "/stations/{id}/withdraw" | "/tickets" | "/tickets/{id}" => Some(Right::StationsManage),
        "/sticks/reports" | "/sticks/requests" | "/sticks/trust" => Some(Right::StationsManage),
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
fn there(path: &str, ids: &Ids) -> String {
    let ticket = "08".repeat(32);
    let station = "01".repeat(16);
    let id = match path {
        path if !path.contains("{id}") => "",
        path if path.starts_with("/people/") => &ids.person,
        "/stations/{id}/withdraw" => &station,
        "/tickets/{id}" => &ticket,
        "/residents/erasures/{id}" => &ids.erasure,
        "/residents/traces/{id}" => &ids.agreed_trace,
        "/residents/exports/{id}" => &ids.agreed_export,
        "/consents/{id}" => &ids.waits,
        path => panic!("{path} names something: make one in the sample community, and its id stands here"),
    };
    match path {
        "/people" | "/stations" | "/roster" | "/board" | "/board/events" | "/audit" => {
            format!("{path}?region={HERE}")
        }
        "/work" => format!("{path}?region={HERE}&from=0&until=3600"),
        path => path.replace("{id}", id),
    }
}

/// A sample community in which there is one of everything that an address names, and people elsewhere: in another
/// district, and in the community next door.
async fn world() -> (TestConsole, Ids) {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let (person, _) = console.second(&cookie, "钢样社区").await;
    let of = |number: &str, n: u8| claims_of(office::IDENTITY, number, "13800010055", [n; 16]);
    let passed = [(claims(office::IDENTITY), 0), (of("990101199001010077", 7), 5), (of(ERASED, 8), 9)];
    // It enrols the station.
    file(&console, &passed).await;
    console.ticket(8).await;
    for (region, place) in [("420107", "elsewhere"), ("420106001002", "neighbour")] {
        let region: health_code::Region = region.parse().unwrap();
        console.keep(region.clone(), Role::Administrator, "样例丙", &format!("{place}.admin")).await;
        console.keep(region, Role::Auditor, "样例丁", &format!("{place}.auditor")).await;
    }
    let ids = Ids { person, ..filled(&console).await };
    (console, ids)
}

/// Looks, traces, erases and asks for consent in the sample community.
async fn filled(console: &TestConsole) -> Ids {
    let here: health_code::Region = HERE.parse().unwrap();
    for account in [LOOKS, "agrees.here"] {
        console.keep(here.clone(), Role::Administrator, "样例戊", account).await;
    }
    let (cookie, other) = (console.sign_in_as(LOOKS).await, console.sign_in_as("agrees.here").await);
    let ask = async |cookie: &str, path: &str, body: Value| {
        json_of(console.ask(Some(cookie), "POST", path, body).await).await
    };
    let look = async |who: &str| ask(&cookie, "/residents/looks", because(json!({ "who": who }))).await;
    let erased = because(json!({ "look": entry(&look(ERASED).await), "who": ERASED }));
    let erasure = ask(&cookie, "/residents/erasures", erased).await["id"].as_str().unwrap().to_owned();
    let mut ids = Ids { look: look(NUMBER).await, erasure, ..Ids::default() };
    ids.trace = ask(&cookie, "/residents/traces", traced(&ids)).await;
    assert_eq!(ids.trace["people"].as_array().unwrap().len(), 1, "{}", ids.trace);
    let rule = console.console.place.layout.two_people();
    std::fs::write(rule, "residents.trace\nresidents.export\n").unwrap();
    let asked = async |path: &str, body: Value| {
        ask(&cookie, path, body).await["waits"]["id"].as_str().unwrap().to_owned()
    };
    ids.waits = asked("/residents/traces", traced(&ids)).await;
    ids.agreed_trace = asked("/residents/traces", traced(&ids)).await;
    ids.agreed_export = asked("/residents/exports", exported()).await;
    for id in [&ids.agreed_trace, &ids.agreed_export] {
        let agreed = ask(&other, &format!("/consents/{id}"), json!({ "agree": true })).await;
        assert_eq!(agreed["state"], "agreed", "{agreed}");
    }
    ids
}

#[test]
fn every_address_is_in_the_table() {
    let document = serde_json::to_value(document()).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        described.extend(methods.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
    }
    let listed: BTreeSet<String> =
        rows(&Ids::default()).iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    assert_eq!(described, listed);
}

#[tokio::test]
async fn nothing_of_another_region_is_seen_or_changed() {
    let (console, ids) = world().await;
    let store = &console.console.context.store;
    let people = ["elsewhere.admin", "elsewhere.auditor", "neighbour.admin", "neighbour.auditor"];
    for who in people {
        let cookie = console.sign_in_as(who).await;
        let entries = store.accounts().await.unwrap().len();
        let role = if who.ends_with("admin") { "admin" } else { "auditor" };
        for row in rows(&ids) {
            let expected = if role == "admin" { row.administrator } else { row.auditor };
            let path = there(row.path, &ids);
            let response = console.ask(Some(&cookie), &row.method.to_uppercase(), &path, row.body).await;
            let (status, place) = (response.status().as_u16(), format!("{who} {} {path}", row.method));
            assert!(expected == 0 || status == expected, "{place}: {status}");
            let said = text_of(response).await;
            let of_residents = ["9901**********00", "990101199001010", "138****0044", "1380001005"];
            let of_here = [&*ids.person, "13900020", "139****", "东门", "样例社区", HERE];
            for secret in of_here.into_iter().chain(of_residents) {
                // What somebody pasted comes back to them.
                assert!(
                    !said.contains(secret) || said.contains("\"left\"") && secret == HERE,
                    "{place}: {said}"
                );
            }
        }
        // A chosen region elsewhere does not count.
        assert_eq!(store.accounts().await.unwrap().len(), entries, "{who} added nobody there");
    }
    let station = store.station(wire::StationId([1; 16])).await.unwrap().unwrap();
    assert_eq!(station.withdrawn, None);
    assert_eq!(store.unused_tickets(sample::NOW).await.unwrap().len(), 1);
    let nameless = store.passages(9).await.unwrap().iter().filter(|row| row.masked_id.is_empty()).count();
    assert_eq!(nameless, 1, "nobody else is erased");
    // All of it is there for whose it is: nobody has decided or used it meanwhile.
    let cookie = console.sign_in_as(LOOKS).await;
    let own =
        async |method: &str, path: &str, body: Value| console.ask(Some(&cookie), method, path, body).await;
    let listed = json_of(own("GET", "/consents", json!(null)).await).await;
    let mut states: Vec<_> = listed["consents"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    states.sort_by_key(|state| state.to_string());
    assert_eq!(states, [&json!("agreed"), &json!("agreed"), &json!("waits")]);
    for (path, expected) in [("/residents/traces/{id}", 200), ("/residents/exports/{id}", 200)] {
        assert_eq!(own("POST", &there(path, &ids), json!({})).await.status(), expected, "{path}");
    }
    let erasure = own("GET", &there("/residents/erasures/{id}", &ids), json!(null)).await;
    assert_eq!(erasure.status(), 200);
}

#[tokio::test]
async fn each_right_opens_its_own_addresses_and_no_other() {
    let (console, ids) = world().await;
    let top = console.console.top();
    for right in rights::all() {
        let (mut without, name) = (rights::all(), <&str>::from(right).replace('.', "-"));
        without.remove(&right);
        let role = Role::Administrator;
        console.keep_with(top.clone(), (role, without), "样例丙", &format!("no-{name}")).await;
        console.keep_with(top.clone(), (role, [right].into()), "样例丁", &name).await;
        let (all_but, alone) =
            (console.sign_in_as(&format!("no-{name}")).await, console.sign_in_as(&name).await);
        for row in rows(&ids) {
            let Some(needed) = right_of(row.method, row.path) else { continue };
            let path = there(row.path, &ids);
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
    let (console, ids) = world().await;
    for row in rows(&ids).into_iter().filter(|row| row.administrator != 0) {
        let path = there(row.path, &ids);
        let response = console.ask(None, &row.method.to_uppercase(), &path, row.body).await;
        assert_eq!(code_of(response).await, (401, "signed-out".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_request_that_another_site_could_send_changes_nothing() {
    let (console, ids) = world().await;
    for row in rows(&ids).into_iter().filter(|row| row.method != "get") {
        let uri = format!("/api/v1{}", there(row.path, &ids));
        let request = Request::builder().method(&*row.method.to_uppercase()).uri(uri);
        let request = request.header(CONTENT_TYPE, "application/json").body(Body::from(row.body.to_string()));
        let response = console.send(request.unwrap()).await;
        assert_eq!(code_of(response).await, (403, "not-from-console".to_owned()), "{}", row.path);
    }
}

#[tokio::test]
async fn a_body_of_another_shape_is_malformed() {
    let (console, ids) = world().await;
    let cookie = console.sign_in().await;
    for row in rows(&ids).into_iter().filter(|row| !row.body.is_null()) {
        let path = there(row.path, &ids);
        for body in [json!([1]), json!({ "surprise": 1 }), json!("x")] {
            let response = console.ask(Some(&cookie), &row.method.to_uppercase(), &path, body).await;
            assert_eq!(code_of(response).await, (400, "malformed".to_owned()), "{path}");
        }
    }
}
