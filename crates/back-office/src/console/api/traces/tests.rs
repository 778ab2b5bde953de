use health_code::Claims;
use serde_json::{Value, json};
use web::App as _;

use super::*;
use crate::console::account::Role;
use crate::console::api::filed::{NUMBER, claims, claims_of, file};
use crate::console::api::testing::{TestConsole, code_of, json_of, text_of};
use crate::console::looking::DAY;
use crate::limits::{PHONES_A_DAY, TRACES_A_DAY};
use crate::testing::world;

const WHY: &str = "样例-0316";

/// Somebody else's code, by their number.
fn other(number: u16, private: [u8; 32]) -> Claims {
    let identity = format!("9901011990010{number:05}");
    let mut pseudonym = [9; 16];
    pseudonym[..2].copy_from_slice(&number.to_be_bytes());
    claims_of(private, &identity, &format!("139000{number:05}"), pseudonym)
}

async fn look(console: &TestConsole, cookie: &str) -> (u64, String) {
    let asked = json!({ "reason": "investigation", "case": WHY, "who": NUMBER });
    let look = json_of(console.ask(Some(cookie), "POST", "/residents/looks", asked).await).await;
    (look["entry"].as_u64().unwrap(), look["passages"][0]["passage"].as_str().unwrap().to_owned())
}

fn asked(entry: u64, passage: &str, minutes: i64) -> Value {
    json!({ "entry": entry, "passage": passage, "minutes": minutes, "reason": "investigation", "case": WHY })
}

async fn trace(console: &TestConsole, cookie: &str, asked: Value) -> Value {
    json_of(console.ask(Some(cookie), "POST", "/residents/traces", asked).await).await
}

async fn phone(console: &TestConsole, cookie: &str, (entry, passage): (u64, &Value)) -> Value {
    let asked = json!({ "entry": entry, "passage": passage, "reason": "investigation", "case": WHY });
    json_of(console.ask(Some(cookie), "POST", "/residents/phones", asked).await).await
}

#[tokio::test]
async fn who_passed_at_the_same_time_is_shown_masked_once_it_is_on_record() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let passed = [
        (other(1, world::IDENTITY), -240),
        (claims(world::IDENTITY), 0),
        (other(2, world::IDENTITY), 60),
        (other(1, world::IDENTITY), 90),
        (other(3, [77; 32]), 301),
    ];
    file(&console, &passed).await;
    let (entry, passage) = look(&console, &cookie).await;
    let found = trace(&console, &cookie, asked(entry, &passage, 5)).await;
    let people = found["people"].as_array().unwrap();
    assert_eq!((people.len(), &found["all"], &found["more"]), (2, &json!(2), &json!(false)), "{found}");
    assert_eq!((&people[0]["times"], &people[1]["times"]), (&json!(1), &json!(2)));
    assert_eq!((&found["checkpoint"], &found["minutes"]), (&json!("样例社区 · 东门"), &json!(5)));
    let said = found.to_string();
    assert!(!said.contains("9901011990") && !said.contains("139000"), "masks alone: {said}");
    let wider = trace(&console, &cookie, asked(entry, &passage, 60)).await;
    assert_eq!(wider["people"].as_array().unwrap().len(), 3);
    let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
    let entries = page["entries"].as_array().unwrap();
    assert_eq!((&entries[1]["act"], &entries[1]["seq"]), (&json!("resident-traced"), &found["entry"]));
    assert_eq!(entries[1]["reason"], "investigation · 样例-0316 · ±5 min");
    assert_eq!(entries[1]["object"], "9901**********0011");

    // One number, by one more act.
    let opened = phone(&console, &cookie, (found["entry"].as_u64().unwrap(), &people[0]["passage"])).await;
    assert_eq!((&opened["phone"], &opened["why"]), (&json!("13900000002"), &json!(null)), "{opened}");
    let shut = &wider["people"][2]["passage"];
    let shut = phone(&console, &cookie, (wider["entry"].as_u64().unwrap(), shut)).await;
    assert_eq!((&shut["phone"], &shut["why"]), (&json!(null), &json!("sealed-elsewhere")), "{shut}");
    let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
    let acts: Vec<_> = page["entries"].as_array().unwrap().iter().map(|one| one["act"].clone()).collect();
    assert_eq!(acts[..2], ["resident-phone-opened", "resident-phone-opened"]);
    let export = text_of(console.ask(Some(&cookie), "GET", "/audit/export", json!(null)).await).await;
    assert!(!export.contains("13900000002"), "the log holds no number");
}

#[tokio::test]
async fn two_hundred_people_are_shown_and_it_is_said_that_there_are_more() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let mut passed: Vec<_> = (0..230).map(|n| (other(n, world::IDENTITY), i64::from(n) + 1)).collect();
    passed.push((claims(world::IDENTITY), 0));
    file(&console, &passed).await;
    let (entry, passage) = look(&console, &cookie).await;
    let found = trace(&console, &cookie, asked(entry, &passage, 10)).await;
    let people = found["people"].as_array().unwrap();
    assert_eq!((people.len(), &found["all"]), (TRACED_PEOPLE, &json!(230)));
}

#[tokio::test]
async fn a_trace_goes_on_from_ones_own_look_while_it_lasts_and_from_what_it_showed() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    file(&console, &[(claims(world::IDENTITY), 0), (other(1, world::IDENTITY), 9)]).await;
    let (entry, passage) = look(&console, &cookie).await;
    let over = async |cookie: &str, asked: Value, why: &str| {
        let refused = console.ask(Some(cookie), "POST", "/residents/traces", asked).await;
        assert_eq!(code_of(refused).await, (409, "look-over".to_owned()), "{why}");
    };
    over(&cookie, asked(entry + 1, &passage, 5), "another entry").await;
    over(&cookie, asked(entry, &"0".repeat(128), 5), "a passage that was not shown").await;
    console.keep(console.console.top(), Role::Administrator, "样例丙", "another.one").await;
    let another = console.sign_in_as("another.one").await;
    over(&another, asked(entry, &passage, 5), "another one's look").await;
    let problem = trace(&console, &cookie, asked(entry, &passage, 61)).await;
    assert_eq!(problem["fields"], json!([{ "name": "minutes", "code": "out-of-range" }]));
    let mut bare = asked(entry, &passage, 5);
    bare["case"] = json!("");
    assert_eq!(trace(&console, &cookie, bare).await["fields"][0]["code"], "short-words");
    // A trace is no look, and its people are no passages of it.
    let found = trace(&console, &cookie, asked(entry, &passage, 5)).await;
    let (trace_entry, theirs) = (found["entry"].as_u64().unwrap(), &found["people"][0]["passage"]);
    over(&cookie, asked(trace_entry, theirs.as_str().unwrap(), 5), "a trace of a trace").await;
    let refused = phone(&console, &cookie, (trace_entry, &json!(passage))).await;
    assert_eq!(refused["code"], "look-over", "the resident's own number is not opened by it");
    console.advance(LOOK_SECONDS + 1);
    over(&cookie, asked(entry, &passage, 5), "too late").await;
    assert_eq!(phone(&console, &cookie, (trace_entry, theirs)).await["code"], "look-over");
}

#[tokio::test]
async fn a_neighbour_traces_nothing_and_who_was_moved_traces_no_more() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    file(&console, &[(claims(world::IDENTITY), 0), (other(1, world::IDENTITY), 9)]).await;
    let here = "420106001001".parse().unwrap();
    let role = Role::Administrator;
    let id = console.keep(here, role, "样例丙", "of.here").await;
    let theirs = console.sign_in_as("of.here").await;
    let (entry, passage) = look(&console, &theirs).await;
    let moved = json!({ "region": "420106001002" });
    let moved = console.ask(Some(&cookie), "PATCH", &format!("/people/{id}"), moved).await;
    assert_eq!(moved.status(), 200);
    let refused = console.ask(Some(&theirs), "POST", "/residents/traces", asked(entry, &passage, 5)).await;
    assert_eq!(code_of(refused).await, (404, "not-found".to_owned()));
}

#[tokio::test]
async fn a_person_has_so_many_traces_and_numbers_a_day() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    file(&console, &[(claims(world::IDENTITY), 0), (other(1, world::IDENTITY), 9)]).await;
    let id = console.account("yangli.jia").await.id;
    let (entry, passage) = look(&console, &cookie).await;
    let found = trace(&console, &cookie, asked(entry, &passage, 5)).await;
    let who = (found["entry"].as_u64().unwrap(), &found["people"][0]["passage"]);
    assert_eq!(found["left"], json!(TRACES_A_DAY - 1));
    for (act, most) in [("resident-traced", TRACES_A_DAY), ("resident-phone-opened", PHONES_A_DAY)] {
        let note = console.console.note(Some(id), act, ("x", &console.console.top()), "").unwrap();
        console.console.write(vec![note; usize::try_from(most).unwrap()]).await.unwrap();
    }
    assert_eq!(trace(&console, &cookie, asked(entry, &passage, 5)).await["code"], "traces-spent");
    assert_eq!(phone(&console, &cookie, who).await["code"], "phones-spent");
    console.advance(DAY + 60);
    let cookie = console.sign_in().await;
    let (entry, passage) = look(&console, &cookie).await;
    assert_eq!(trace(&console, &cookie, asked(entry, &passage, 5)).await["all"], 1);
}

#[tokio::test]
async fn where_two_people_are_needed_another_one_agrees_and_it_is_good_once() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    file(&console, &[(claims(world::IDENTITY), 0), (other(1, world::IDENTITY), 9)]).await;
    std::fs::write(console.console.place.layout.two_people(), "residents.trace 420106\n").unwrap();
    let (here, next): (Region, Region) = ("420106001001".parse().unwrap(), "420106001002".parse().unwrap());
    let role = Role::Administrator;
    console.keep(here.clone(), role, "样例丙", "of.here").await;
    console.keep(here.clone(), role, "样例丁", "beside").await;
    console.keep(next, role, "样例戊", "next.door").await;
    console.keep_with(here, (role, [Right::ResidentsExport].into()), "样例己", "no.trace").await;
    let mine = console.sign_in_as("of.here").await;
    let (entry, passage) = look(&console, &mine).await;
    let answer = console.ask(Some(&mine), "POST", "/residents/traces", asked(entry, &passage, 5)).await;
    assert_eq!(answer.status(), 202);
    let waits = json_of(answer).await["waits"].clone();
    assert_eq!((&waits["state"], &waits["mine"]), (&json!("waits"), &json!(true)), "{waits}");
    let id = waits["id"].as_str().unwrap();
    let (go, decide) = (format!("/residents/traces/{id}"), format!("/consents/{id}"));
    let refused = async |cookie: &str, path: &str, body: Value, code: &str| {
        let answer = console.ask(Some(cookie), "POST", path, body).await;
        assert_eq!(code_of(answer).await.1, code, "{path}");
    };
    let yes = json!({ "agree": true });
    refused(&mine, &go, json!({}), "consent-waits").await;
    refused(&mine, &decide, yes.clone(), "yourself").await;
    let (neighbour, unable) = (console.sign_in_as("next.door").await, console.sign_in_as("no.trace").await);
    refused(&neighbour, &decide, yes.clone(), "not-found").await;
    refused(&unable, &decide, yes.clone(), "not-allowed").await;
    for cookie in [&neighbour, &unable] {
        let seen = json_of(console.ask(Some(cookie), "GET", "/consents", json!(null)).await).await;
        assert_eq!(seen["consents"], json!([]), "nobody else hears of it");
    }
    // In the same region, or a higher one.
    let beside = console.sign_in_as("beside").await;
    let seen = json_of(console.ask(Some(&cookie), "GET", "/consents", json!(null)).await).await;
    let one = &seen["consents"][0];
    assert_eq!((&one["who"], &one["by"]), (&json!("9901**********0011"), &json!("样**")), "{one}");
    assert_eq!(one["reason"], "investigation · 样例-0316 · ±5 min");
    assert!(!seen.to_string().contains(NUMBER));
    let agreed = json_of(console.ask(Some(&beside), "POST", &decide, yes.clone()).await).await;
    assert_eq!((&agreed["state"], &agreed["decidedBy"]), (&json!("agreed"), &json!("样**")));
    refused(&cookie, &decide, yes.clone(), "consent-over").await;
    refused(&cookie, &go, json!({}), "not-found").await;
    // The look is over by then: what was agreed to is bound to the passage, and needs none.
    console.advance(LOOK_SECONDS + 1);
    let shown = json_of(console.ask(Some(&mine), "POST", &go, json!({})).await).await;
    assert_eq!((&shown["all"], &shown["minutes"]), (&json!(1), &json!(5)), "{shown}");
    refused(&mine, &go, json!({}), "consent-over").await;
    let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
    let acts: Vec<_> = page["entries"].as_array().unwrap().iter().map(|one| one["act"].clone()).collect();
    assert_eq!(acts, ["resident-traced", "consent-given", "consent-asked", "resident-looked"]);
    assert_eq!(page["entries"][0]["reason"], "investigation · 样例-0316 · ±5 min · + 样**");

    // One that nobody decided ends; a rule that cannot be read holds everybody back.
    std::fs::write(console.console.place.layout.two_people(), "residents.trace if possible\n").unwrap();
    let (entry, passage) = look(&console, &mine).await;
    let waits = trace(&console, &mine, asked(entry, &passage, 5)).await["waits"].clone();
    let decide = format!("/consents/{}", waits["id"].as_str().unwrap());
    console.advance(DAY);
    let beside = console.sign_in_as("beside").await;
    refused(&beside, &decide, yes, "consent-over").await;
}

#[tokio::test]
async fn what_another_one_agreed_to_is_good_still_once_there_are_traces_again() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    file(&console, &[(claims(world::IDENTITY), 0), (other(1, world::IDENTITY), 9)]).await;
    std::fs::write(console.console.place.layout.two_people(), "residents.trace\n").unwrap();
    let here: Region = "420106001001".parse().unwrap();
    let me = console.keep(here.clone(), Role::Administrator, "样例丙", "of.here").await;
    // Those of nearly a day ago still count for a minute.
    let note = console.console.note(Some(me), "resident-traced", ("x", &here), "").unwrap();
    let note = crate::store::Note { at: console.console.now().plus(90 - DAY), ..note };
    console.console.write(vec![note; usize::try_from(TRACES_A_DAY).unwrap()]).await.unwrap();
    let mine = console.sign_in_as("of.here").await;
    let (entry, passage) = look(&console, &mine).await;
    let waits = trace(&console, &mine, asked(entry, &passage, 5)).await["waits"].clone();
    let id = waits["id"].as_str().unwrap();
    let decided =
        console.ask(Some(&cookie), "POST", &format!("/consents/{id}"), json!({ "agree": true })).await;
    assert_eq!(decided.status(), 200);
    let go = async || console.ask(Some(&mine), "POST", &format!("/residents/traces/{id}"), json!({})).await;
    assert_eq!(code_of(go().await).await, (429, "traces-spent".to_owned()));
    console.advance(120);
    assert_eq!(json_of(go().await).await["all"], 1, "another one's consent was not spent for nothing");
}
