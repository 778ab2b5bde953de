//! `POST /people` and `/people/preview`: people by pasted lines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use health_code::{PersonId, Timestamp};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::App as _;

use crate::console::account::{Account, Role};
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::people::{Known, Line, Outcome, Phone, Preview, preview as look};
use crate::console::regions::{Level, RegionTable};
use crate::console::rights;
use crate::console::state::Console;
use crate::console::view::{Invitation, Person, RegionRef};
use crate::console::words;
use crate::limits::{ACCOUNTS, INVITATION_SECONDS};
use crate::system;

/// Lines of `姓名 社区 手机号`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pasted {
    text: String,
    role: Role,
    /// Line number to region code.
    #[serde(default)]
    choices: BTreeMap<String, String>,
}

/// What a line means.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct PastedLine {
    line: usize,
    text: String,
    outcome: &'static str,
    region: Option<RegionRef>,
    level: Option<&'static str>,
    candidates: Option<Vec<RegionRef>>,
    /// Where it is wrong, in UTF-16 units.
    mark: Option<[usize; 2]>,
    name: Option<String>,
    of: Option<usize>,
    digits: Option<usize>,
    characters: Option<String>,
}

/// How many lines there are of each kind.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct LineCounts {
    add: usize,
    choose: usize,
    wrong: usize,
    unchanged: usize,
}

/// All lines.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PastePreview {
    lines: Vec<PastedLine>,
    counts: LineCounts,
}

/// Looks at lines and keeps nothing.
#[utoipa::path(post, path = "/people/preview", request_body = Pasted, responses(
    (status = 200, body = PastePreview), (status = 422, description = "too-many-lines")
))]
pub(super) async fn preview(
    State(console): State<Arc<Console>>,
    caller: Caller,
    body: Payload<Pasted>,
) -> Result<Json<PastePreview>, ConsoleError> {
    caller.may(Right::PeopleManage)?;
    let names = console.names().of(&console.context).await?;
    let accounts = console.accounts().await?;
    let Preview(lines) = looked_at(&body.value, &caller, &names, &accounts)?;
    let mut counts = LineCounts::default();
    for line in &lines {
        *(match line.outcome {
            Outcome::New { .. } => &mut counts.add,
            Outcome::Ambiguous(_) => &mut counts.choose,
            Outcome::Already => &mut counts.unchanged,
            _ => &mut counts.wrong,
        }) += 1;
    }
    let lines = lines.into_iter().map(|line| shown(line, &names, &caller)).collect();
    Ok(Json(PastePreview { lines, counts }))
}

fn looked_at(
    pasted: &Pasted,
    caller: &Caller,
    names: &RegionTable,
    accounts: &[Account],
) -> Result<Preview, ConsoleError> {
    let chosen = |(line, code): (&String, &String)| Some((line.parse().ok()?, code.parse().ok()?));
    let choices = pasted.choices.iter().filter_map(chosen).collect();
    // Who is elsewhere is not said to be there.
    let here = accounts.iter().filter(|account| caller.top().contains(&account.region));
    let phones: BTreeSet<Phone> = here.filter_map(|account| Phone::parse(&account.phone).ok()).collect();
    let known = Known { regions: names, top: caller.top(), phones: &phones };
    look(&pasted.text, &choices, &known).map_err(|_| ConsoleError::TooManyLines)
}

fn shown(line: Line, names: &RegionTable, caller: &Caller) -> PastedLine {
    let named = |region: &_| RegionRef::new(region, names, caller.top());
    let outcome = line.outcome.code();
    let mut shown = PastedLine {
        line: line.number,
        text: line.text,
        outcome,
        mark: line.mark,
        name: line.name,
        ..Default::default()
    };
    match &line.outcome {
        Outcome::New { region, .. } => {
            shown.region = Some(named(region));
            shown.level = Some(Level::of(region).code());
        }
        Outcome::Ambiguous(several) => shown.candidates = Some(several.iter().map(named).collect()),
        Outcome::BadPhone(digits) => shown.digits = Some(*digits),
        Outcome::BadName(characters) => shown.characters = Some(characters.iter().collect()),
        Outcome::Duplicate(line) => shown.of = Some(*line),
        Outcome::UnknownRegion | Outcome::Already | Outcome::NotALine => {}
    }
    shown
}

/// Somebody who was added.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Added {
    person: Person,
    invitation: Invitation,
}

/// Those who were added, and the lines that are left.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AllAdded {
    added: Vec<Added>,
    left: String,
}

/// Adds the people of all good lines, and invites each.
#[utoipa::path(post, path = "/people", request_body = Pasted, responses(
    (status = 201, body = AllAdded), (status = 422, description = "too-many-lines")
))]
pub(super) async fn add(
    State(console): State<Arc<Console>>,
    caller: Caller,
    body: Payload<Pasted>,
) -> Result<(StatusCode, Json<AllAdded>), ConsoleError> {
    caller.may(Right::PeopleManage)?;
    let names = console.names().of(&console.context).await?;
    let known = console.accounts().await?;
    let Preview(lines) = looked_at(&body.value, &caller, &names, &known)?;
    let (mut accounts, mut notes, mut invitations, mut left) = (vec![], vec![], vec![], vec![]);
    for line in lines {
        let Outcome::New { name, phone, region } = line.outcome else {
            left.push(line.text);
            continue;
        };
        let (id, phone) = (PersonId(system::random()?), phone.as_str().to_owned());
        let mut account = Account::new(id, name, phone, body.value.role, region);
        if account.role == Role::Administrator {
            account.rights = rights::first(&caller.account.rights);
        }
        let words = account.in_the_log();
        invitations.push(invite(&console, &mut account)?);
        let about = (account.id.to_string(), account.region.clone());
        notes.push(console.note(Some(caller.account.id), "person-added", (&about.0, &about.1), &words)?);
        accounts.push(account);
    }
    if known.len() + accounts.len() > ACCOUNTS {
        return Err(ConsoleError::TooManyLines);
    }
    if !accounts.is_empty() {
        console.keep(&accounts, notes).await?;
    }
    let now = console.now();
    let people = accounts.iter().map(|account| Person::new(account, &names, caller.top(), now));
    let added = people.zip(invitations).map(|(person, invitation)| Added { person, invitation });
    Ok((StatusCode::CREATED, Json(AllAdded { added: added.collect(), left: left.join("\n") })))
}

/// Invites somebody, and returns what they are told.
pub(in crate::console) fn invite(
    console: &Console,
    account: &mut Account,
) -> Result<Invitation, ConsoleError> {
    let word = words::word(&system::random::<{ words::INVITATION }>()?);
    let expires = console.now().plus(INVITATION_SECONDS);
    account.invite(&word, console.seal(account.id, &system::random()?)?, expires);
    // Behind the #, a browser sends it to nobody.
    let url = format!("{}#/invitation/{word}", console.place.page);
    Ok(Invitation { word, url, expires: rfc3339(Timestamp(expires.0)) })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::console::api::testing::{TestConsole, code_of, json_of};

    /// How a line is written for a phone number, and what becomes of it.
    type Slip = (fn(&str) -> String, &'static str);

    fn pasted(text: &str) -> Value {
        json!({ "text": text, "role": "administrator", "choices": {} })
    }

    #[tokio::test]
    async fn lines_are_looked_at_then_added_and_what_is_wrong_is_left() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let text = "样例乙 钢样社区 13800010033\n样例丙 东样社区 13800010044\n样例丁 钢样社区 1380001\n\
                    样例乙 铁样社区 138-0001-0033";
        let looked = json_of(console.ask(Some(&cookie), "POST", "/people/preview", pasted(text)).await).await;
        assert_eq!(looked["counts"], json!({ "add": 1, "choose": 1, "wrong": 2, "unchanged": 0 }));
        let lines = looked["lines"].as_array().unwrap();
        assert_eq!(lines[0]["region"]["path"].as_array().unwrap().last(), Some(&json!("钢样社区居委会")));
        assert_eq!(lines[1]["candidates"].as_array().unwrap().len(), 2);
        assert_eq!((&lines[2]["outcome"], &lines[2]["digits"]), (&json!("bad-phone"), &json!(7)));
        assert_eq!(lines[3]["of"], 1);
        let mut body = pasted(text);
        body["choices"] = json!({ "2": "420107002001" });
        let response = console.ask(Some(&cookie), "POST", "/people", body).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let added = json_of(response).await;
        assert_eq!(added["added"].as_array().unwrap().len(), 2);
        assert_eq!(added["added"][0]["person"]["name"], "样**");
        assert_eq!(added["added"][0]["person"]["state"], "invited");
        let invitation = &added["added"][0]["invitation"];
        let word = invitation["word"].as_str().unwrap();
        assert_eq!(word.len(), 19);
        assert_eq!(invitation["url"], format!("http://127.0.0.1:8444/console/#/invitation/{word}"));
        assert_eq!(added["left"].as_str().unwrap().lines().count(), 2);
        let again = json_of(console.ask(Some(&cookie), "POST", "/people/preview", pasted(text)).await).await;
        assert_eq!(again["counts"]["unchanged"], 2, "another line with that number as well");
        let people = json_of(console.ask(Some(&cookie), "GET", "/people", json!(null)).await).await;
        assert_eq!(people["people"].as_array().unwrap().len(), 3);
        assert!(!people.to_string().contains("13800010033"), "phones are masked");
    }

    #[tokio::test]
    async fn a_thousand_people_are_added_at_once_and_no_more() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let lines =
            |count: u32| (0..count).map(|n| format!("样例甲 钢样社区 139{n:08}\n")).collect::<String>();
        let response = console.ask(Some(&cookie), "POST", "/people", pasted(&lines(1001))).await;
        assert_eq!(code_of(response).await, (422, "too-many-lines".to_owned()));
        let response = console.ask(Some(&cookie), "POST", "/people", pasted(&lines(1000))).await;
        assert_eq!(json_of(response).await["added"].as_array().unwrap().len(), 1000);
    }
    #[tokio::test]
    async fn a_thousand_lines_with_every_kind_of_slip_are_each_told_apart() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let number = |n: u32| format!("139{n:08}");
        let kinds: [Slip; 20] = [
            (|phone| format!("样例甲 青样区红样路街道钢样社区 {phone}"), "new"),
            (|phone| format!("{phone}\t钢样社区\t样例乙\r"), "new"),
            (|phone| format!("\u{feff}样例丙，铁样社区居委会，+86 {phone}"), "new"),
            (
                |phone| format!("样例丁 990106001001 {}-{}", &phone[..3], &phone[3..]).replace("99", "42"),
                "new",
            ),
            (|phone| format!("样例戊 东样社区 {phone}"), "ambiguous"),
            (|phone| format!("样例己 月球社区 {phone}"), "unknown-region"),
            (|phone| format!("样例庚 110101001001 {phone}"), "unknown-region"),
            (|phone| format!("样例辛 钢样社区 {}", &phone[..10]), "bad-phone"),
            (|phone| format!("样例壬 钢样社区 {phone}7"), "bad-phone"),
            (|phone| format!("样例癸 钢样社区 029{}", &phone[3..]), "bad-phone"),
            (|phone| format!("=HYPERLINK(1) 钢样社区 {phone}"), "bad-name"),
            (|phone| format!("<img/src=x> 钢样社区 {phone}"), "bad-name"),
            (|phone| format!("样例\u{202e}甲 钢样社区 {phone}"), "bad-name"),
            (|phone| format!("'; DROP TABLE-- 钢样社区 {phone}"), "bad-name"),
            (|phone| format!("样\u{0}例 钢样社区 {phone}"), "bad-name"),
            (|phone| format!("样例甲 {phone}"), "not-a-line"),
            (|_| "样例甲 钢样社区".to_owned(), "not-a-line"),
            (|_| "-----".to_owned(), "not-a-line"),
            (|phone| format!("样例甲 钢样社区 {phone} {}", "长".repeat(2000)), "not-a-line"),
            (|_| "样例甲 钢样社区 13900000000".to_owned(), "duplicate"),
        ];
        let lines: Vec<String> = (0..1000).map(|n| kinds[n as usize % kinds.len()].0(&number(n))).collect();
        let text = lines.join("\n\n");
        let response = console.ask(Some(&cookie), "POST", "/people/preview", pasted(&text)).await;
        assert_eq!(response.status(), StatusCode::OK);
        let looked = json_of(response).await;
        let said = looked["lines"].as_array().unwrap();
        assert_eq!(said.len(), 1000);
        for ((n, line), (_, expected)) in said.iter().enumerate().zip(kinds.iter().cycle()) {
            assert_eq!(&line["outcome"], expected, "{:?}", lines[n]);
            assert_eq!(line["line"], 2 * n + 1, "empty lines are counted, and skipped");
            assert!(line["text"].as_str().unwrap().chars().count() <= crate::limits::LINE_CHARS);
        }
        assert_eq!(looked["counts"], json!({ "add": 200, "choose": 50, "wrong": 750, "unchanged": 0 }));
        // What can be added is; the others are left as they were pasted, and are left again.
        let added = json_of(console.ask(Some(&cookie), "POST", "/people", pasted(&text)).await).await;
        assert_eq!(added["added"].as_array().unwrap().len(), 200);
        let left = added["left"].as_str().unwrap();
        let again = json_of(console.ask(Some(&cookie), "POST", "/people", pasted(left)).await).await;
        assert_eq!(again["added"], json!([]));
    }
}
