//! Tables of passages, asked for over the API.

use health_code::Region;
use sample::{HERE, NOW};
use serde_json::{Value, json};
use web::App as _;

use crate::console::account::Role;
use crate::console::api::filed::{NUMBER, claims, claims_of, file, file_more};
use crate::console::api::testing::{TestConsole, code_of, json_of, text_of};
use crate::console::looking::DAY;
use crate::limits::{EXPORT_ROWS, EXPORTS_A_DAY};
use crate::store::Note;
use crate::testing::world;

fn asked(more: Value) -> Value {
    let mut body = json!({
        "region": HERE, "from": NOW.0 - 60, "until": NOW.0 + 86_400, "reason": "investigation", "case": "样例-0318"
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn passages_of_some_days_leave_as_a_table_with_masks_alone_once_it_is_on_record() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let hostile = claims_of(world::IDENTITY, "990101199001010099", "13800010044", [8; 16]);
    let hostile = health_code::Claims { masked_name: "=1+1*".into(), ..hostile };
    file(&console, &[(claims(world::IDENTITY), 0), (hostile, 9), (claims(world::IDENTITY), 90_000)]).await;
    let ask = async |body: Value| console.ask(Some(&cookie), "POST", "/residents/exports", body).await;
    let answer = ask(asked(json!({}))).await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; "));
    let text = text_of(answer).await;
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 3, "a heading and two of three: {text}");
    assert!(lines[0].starts_with("\u{feff}时间 at,"), "{text}");
    assert!(lines[1].contains("样例社区 · 东门") && lines[1].contains("4201**********1234"), "{text}");
    assert!(lines[2].contains(",'=1+1*,"), "a formula is a text: {text}");
    assert!(!text.contains(NUMBER) && !text.contains("13800010044"), "{text}");
    let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
    let entry = &page["entries"][0];
    assert_eq!(
        (&entry["act"], &entry["reason"]),
        (&json!("resident-exported"), &json!("investigation · 样例-0318"))
    );
    assert!(entry["object"].as_str().unwrap().contains(" – "), "{entry}");

    let people = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=people", json!(null)).await).await;
    assert_eq!(
        people["looks"],
        json!({ "count": 1, "more": false }),
        "looks are counted beside whatever is shown"
    );

    let fields = json_of(ask(asked(json!({ "until": NOW.0 + 40 * 86_400, "case": "" }))).await).await;
    assert_eq!(
        fields["fields"],
        json!([
            { "name": "words", "code": "short-words" }, { "name": "until", "code": "too-many-days" }
        ])
    );
    for _ in 1..EXPORTS_A_DAY {
        assert_eq!(ask(asked(json!({}))).await.status(), 200);
    }
    assert_eq!(code_of(ask(asked(json!({}))).await).await, (429, "exports-spent".to_owned()));
}

#[tokio::test]
async fn nothing_of_another_community_leaves() {
    let console = TestConsole::with_regions().await;
    file(&console, &[(claims(world::IDENTITY), 0)]).await;
    console.keep("420106001002".parse().unwrap(), Role::Administrator, "样例丙", "next.door").await;
    let cookie = console.sign_in_as("next.door").await;
    let refused = console.ask(Some(&cookie), "POST", "/residents/exports", asked(json!({}))).await;
    assert_eq!(code_of(refused).await, (404, "not-found".to_owned()));
    let own = asked(json!({ "region": "420106001002" }));
    let text = text_of(console.ask(Some(&cookie), "POST", "/residents/exports", own).await).await;
    assert_eq!(text.split_terminator("\r\n").count(), 1, "{text}");
}

#[tokio::test]
async fn where_two_people_are_needed_a_table_leaves_once_another_one_agrees() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    file(&console, &[(claims(world::IDENTITY), 0)]).await;
    std::fs::write(console.console.place.layout.two_people(), "residents.export 420106\n").unwrap();
    let here: Region = HERE.parse().unwrap();
    let me = console.keep(here.clone(), Role::Administrator, "样例丙", "of.here").await;
    console.keep("420106001002".parse().unwrap(), Role::Administrator, "样例丁", "next.door").await;
    // Those of nearly a day ago still count for a minute.
    let note = console.console.note(Some(me), "resident-exported", ("x", &here), "").unwrap();
    let note = Note { at: console.console.now().plus(120 - DAY), ..note };
    console.console.write(vec![note; usize::try_from(EXPORTS_A_DAY).unwrap()]).await.unwrap();
    let mine = console.sign_in_as("of.here").await;
    let post =
        async |cookie: &str, path: &str, body: Value| console.ask(Some(cookie), "POST", path, body).await;
    let answer = post(&mine, "/residents/exports", asked(json!({}))).await;
    assert_eq!(answer.status(), 202);
    let waits = json_of(answer).await["waits"].clone();
    assert_eq!((&waits["right"], &waits["state"]), (&json!("residents.export"), &json!("waits")));
    let id = waits["id"].as_str().unwrap();
    let (go, decide) = (format!("/residents/exports/{id}"), format!("/consents/{id}"));
    let yes = json!({ "agree": true });
    assert_eq!(code_of(post(&mine, &decide, yes.clone()).await).await.1, "yourself");
    let neighbour = console.sign_in_as("next.door").await;
    assert_eq!(code_of(post(&neighbour, &decide, yes.clone()).await).await.1, "not-found");
    assert_eq!(code_of(post(&neighbour, &go, json!({})).await).await.1, "not-found");
    assert_eq!(post(&cookie, &decide, yes).await.status(), 200);
    // The day's tables are used up: the consent is not.
    assert_eq!(code_of(post(&mine, &go, json!({})).await).await, (429, "exports-spent".to_owned()));
    console.advance(180);
    assert_eq!(code_of(post(&cookie, &go, json!({})).await).await.1, "not-found", "it is the asker's");
    let table = post(&mine, &go, json!({})).await;
    assert_eq!(table.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(text_of(table).await.split_terminator("\r\n").count(), 2);
    assert_eq!(code_of(post(&mine, &go, json!({})).await).await.1, "consent-over", "once");
    let page =
        json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks&limit=1", json!(null)).await).await;
    assert_eq!(page["entries"][0]["reason"], "investigation · 样例-0318 · + 样**");
}

#[tokio::test]
async fn nobody_agrees_to_what_no_table_holds_and_what_grew_meanwhile_uses_nothing() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    std::fs::write(console.console.place.layout.two_people(), "residents.export 420106\n").unwrap();
    console.keep(HERE.parse().unwrap(), Role::Administrator, "样例丙", "of.here").await;
    let mine = console.sign_in_as("of.here").await;
    let post =
        async |cookie: &str, path: &str, body: Value| console.ask(Some(cookie), "POST", path, body).await;
    let passages = |at: i64| vec![(claims(world::IDENTITY), at); EXPORT_ROWS / 2 + 1];
    file(&console, &passages(0)).await;
    let waits = json_of(post(&mine, "/residents/exports", asked(json!({}))).await).await["waits"].clone();
    let id = waits["id"].as_str().unwrap();
    let (go, decide) = (format!("/residents/exports/{id}"), format!("/consents/{id}"));
    assert_eq!(post(&cookie, &decide, json!({ "agree": true })).await.status(), 200);

    file_more(&console, &passages(60)).await;
    let too_many = json!([{ "name": "until", "code": "too-many-passages" }]);
    assert_eq!(json_of(post(&mine, &go, json!({})).await).await["fields"], too_many);
    assert_eq!(
        json_of(post(&mine, &go, json!({})).await).await["fields"],
        too_many,
        "what was agreed to stays"
    );
    let asked_again = json_of(post(&mine, "/residents/exports", asked(json!({}))).await).await;
    assert_eq!(asked_again["fields"], too_many, "nobody else is asked");
    let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
    assert!(!page.to_string().contains("resident-exported"), "nothing left: {page}");
}
