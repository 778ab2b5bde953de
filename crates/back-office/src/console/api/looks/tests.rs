use issuer::CodeSigner;
use sample::HERE;
use serde_json::{Value, json};
use wire::report::RosterChange;

use crate::console::account::Role;
use crate::console::api::filed::{NUMBER, change, claims, file, text};
use crate::console::api::testing::{TestConsole, code_of, json_of, text_of};
use crate::console::looking::DAY;
use crate::limits::LOOKS_A_DAY;
use crate::testing::world;

fn asked(who: &str) -> Value {
    json!({ "reason": "investigation", "case": "样例-0316", "words": "核对 11 月", "who": who })
}

async fn fields(console: &TestConsole, cookie: &str, change: Value) -> Vec<(String, String)> {
    let mut body = asked(NUMBER);
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    let problem = json_of(console.ask(Some(cookie), "POST", "/residents/looks", body).await).await;
    assert_eq!((&problem["code"], &problem["status"]), (&json!("invalid"), &json!(422)), "{problem}");
    let text = |field: &Value, name: &str| field[name].as_str().unwrap().to_owned();
    problem["fields"].as_array().unwrap().iter().map(|one| (text(one, "name"), text(one, "code"))).collect()
}

#[tokio::test]
async fn a_look_is_on_record_before_it_shows_the_passages_of_one_person() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let claims = claims(world::IDENTITY);
    file(&console, &[(claims.clone(), 0)]).await;
    let terms = json_of(console.ask(Some(&cookie), "GET", "/residents/looks", json!(null)).await).await;
    assert_eq!(terms["reasons"], json!(["investigation", "own-request", "correction", "other"]));
    assert_eq!((&terms["left"], &terms["seconds"]), (&json!(50), &json!(300)));
    for who in [NUMBER, "138 0001 0044", &text(&claims)] {
        let look = json_of(console.ask(Some(&cookie), "POST", "/residents/looks", asked(who)).await).await;
        let passages = look["passages"].as_array().unwrap();
        assert_eq!(
            (passages.len(), &look["shut"], &look["more"]),
            (1, &json!(false), &json!(false)),
            "{look}"
        );
        let one = &passages[0];
        assert_eq!((&one["place"], &one["direction"]), (&json!(0), &json!("in")));
        let place = &look["places"][0];
        assert_eq!((&place["name"], &place["gone"]), (&json!("样例社区 · 东门"), &json!(false)));
        assert_eq!((&one["shown"], &one["outcome"]), (&json!("check"), &json!("let-through")));
        assert_eq!(one["community"]["code"], HERE);
        assert!(one["collector"].as_str().unwrap().contains('*'), "{one}");
        let said = look.to_string();
        assert!(
            !said.contains(NUMBER) && !said.contains("13800010044") && !said.contains("样例甲"),
            "{said}"
        );
    }
    let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
    let entries = page["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    assert_eq!(
        (&entries[2]["act"], &entries[2]["object"]),
        (&json!("resident-looked"), &json!("9901**********0011"))
    );
    assert_eq!(entries[2]["reason"], "investigation · 样例-0316 · 核对 11 月");
    assert_eq!(
        (&entries[1]["object"], &entries[0]["object"]),
        (&json!("138****0044"), &json!("张* 4201**********1234"))
    );
    let export = text_of(console.ask(Some(&cookie), "GET", "/audit/export", json!(null)).await).await;
    assert!(!export.contains(NUMBER) && !export.contains("13800010044"), "the log holds no number");
}

#[tokio::test]
async fn nobody_is_found_in_another_community_and_the_look_is_on_record_all_the_same() {
    let console = TestConsole::with_regions().await;
    file(&console, &[(claims(world::IDENTITY), 0)]).await;
    console.keep("420106001002".parse().unwrap(), Role::Administrator, "样例丙", "next.door").await;
    let cookie = console.sign_in_as("next.door").await;
    let look = json_of(console.ask(Some(&cookie), "POST", "/residents/looks", asked(NUMBER)).await).await;
    assert_eq!(look["passages"], json!([]));
    let mut there = asked(NUMBER);
    there["region"] = json!(HERE);
    let refused = console.ask(Some(&cookie), "POST", "/residents/looks", there).await;
    assert_eq!(code_of(refused).await, (404, "not-found".to_owned()));
    let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
    assert_eq!(page["entries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_code_to_another_key_is_found_by_its_text_alone() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let claims = claims([77; 32]);
    file(&console, &[(claims.clone(), 0)]).await;
    let by_number =
        json_of(console.ask(Some(&cookie), "POST", "/residents/looks", asked(NUMBER)).await).await;
    assert_eq!(by_number["passages"], json!([]));
    let by_text =
        json_of(console.ask(Some(&cookie), "POST", "/residents/looks", asked(&text(&claims))).await).await;
    assert_eq!((by_text["passages"].as_array().unwrap().len(), &by_text["shut"]), (1, &json!(true)));
    let forged = CodeSigner::new(sample::key(99)).sign_unchecked(&claims);
    assert_eq!(
        fields(&console, &cookie, json!({ "who": forged })).await,
        [("who".into(), "not-signed".into())]
    );
}

#[tokio::test]
async fn a_look_without_a_reason_or_a_whole_number_shows_and_records_nothing() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let said = |name: &str, code: &str| vec![(name.to_owned(), code.to_owned())];
    assert_eq!(fields(&console, &cookie, json!({ "reason": "curious" })).await, said("reason", "missing"));
    assert_eq!(fields(&console, &cookie, json!({ "case": "" })).await, said("words", "short-words"));
    assert_eq!(fields(&console, &cookie, json!({ "case": "12" })).await, said("case", "short-case"));
    assert_eq!(fields(&console, &cookie, json!({ "case": "1".repeat(41) })).await, said("case", "too-long"));
    assert_eq!(
        fields(&console, &cookie, json!({ "words": "长".repeat(301) })).await,
        said("words", "too-long")
    );
    assert_eq!(fields(&console, &cookie, json!({ "who": "9901011990" })).await, said("who", "not-whole"));
    let all =
        fields(&console, &cookie, json!({ "reason": "", "case": " ", "words": "", "who": "样例" })).await;
    assert_eq!(all.len(), 3);
    let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
    assert_eq!(page["entries"], json!([]));
    // The deployment's own list takes the place of ours.
    std::fs::write(console.console.place.layout.look_reasons(), "样例流调\n\n样例投诉\n").unwrap();
    let terms = json_of(console.ask(Some(&cookie), "GET", "/residents/looks", json!(null)).await).await;
    assert_eq!(terms["reasons"], json!(["样例流调", "样例投诉"]));
    assert_eq!(fields(&console, &cookie, json!({})).await, said("reason", "missing"));
}

#[tokio::test]
async fn a_person_has_so_many_looks_a_day() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let id = console.account("yangli.jia").await.id;
    let note = console.console.note(Some(id), "resident-looked", ("x", &console.console.top()), "").unwrap();
    console.console.write(vec![note; usize::try_from(LOOKS_A_DAY).unwrap() - 1]).await.unwrap();
    let last = json_of(console.ask(Some(&cookie), "POST", "/residents/looks", asked(NUMBER)).await).await;
    assert_eq!(last["left"], 0);
    let spent = console.ask(Some(&cookie), "POST", "/residents/looks", asked(NUMBER)).await;
    assert_eq!(code_of(spent).await, (429, "looks-spent".to_owned()));
    console.advance(DAY - 60);
    let cookie = console.sign_in().await;
    let spent = console.ask(Some(&cookie), "POST", "/residents/looks", asked(NUMBER)).await;
    assert_eq!(code_of(spent).await, (429, "looks-spent".to_owned()), "not a day yet");
    console.advance(90);
    let again = console.ask(Some(&cookie), "POST", "/residents/looks", asked(NUMBER)).await;
    assert_eq!(again.status(), 200);
}

#[tokio::test]
async fn a_checkpoint_that_was_removed_keeps_the_name_that_it_had() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    file(&console, &[(claims(world::IDENTITY), 0)]).await;
    console.advance(60);
    change(&console, RosterChange::CheckpointRemoved { id: [1; 8] }).await;
    let here = console.console.context.trust.of(&HERE.parse().unwrap()).unwrap();
    assert!(here.community().checkpoints.is_empty(), "the file in force lists it no more");
    let look = json_of(console.ask(Some(&cookie), "POST", "/residents/looks", asked(NUMBER)).await).await;
    let place = &look["places"][0];
    assert_eq!((&place["name"], &place["gone"]), (&json!("样例社区 · 东门"), &json!(true)), "{look}");
    assert_eq!(look["passages"][0]["place"], 0);
    assert_eq!(look["passages"][0]["collectorGone"], false);
}
