//! The board of the sample community, asked without a network.

use axum::body::Body;
use axum::response::Response;
use futures_util::StreamExt as _;
use sample::HERE;
use serde_json::{Value, json};
use wire::report::{Carried, Health, Passage};
use wire::{Batch, BatchId, ClockState, Direction, Outcome as Done, RecordId, Shown, StationId, StreamId};

use crate::console::account::Role;
use crate::console::api::testing::{TestConsole, code_of, json_of};
use crate::store::{Arrival, Filing, Opened, Outcome, Settled};

/// Reports that a station files, each as a letter of its own.
pub(in crate::console::api) async fn file(console: &TestConsole, station: &str, filings: Vec<Filing>) {
    let (context, station): (_, StationId) = (&console.console.context, station.parse().unwrap());
    let now = context.clock.now();
    for filing in filings {
        let number = context.store.counts().await.unwrap().records;
        let record = RecordId(u128::from(number + 1).to_be_bytes());
        let report = wire::SealedReport {
            stream: StreamId([3; 16]),
            seq: number,
            record,
            kid: health_code::KeyId([4; 8]),
            link: [u8::try_from(number).unwrap(); 32],
            ciphertext: record.0.to_vec(),
        };
        let batch =
            Batch { station, id: BatchId(record.0), reports: vec![report], awaits: vec![], about: None };
        let signed = batch.sign(&ed25519_dalek::SigningKey::from_bytes(&[1; 32])).bytes;
        context.store.accept(Arrival { batch, signed, received: now }).await.unwrap();
        let letter = context.store.claim(9, now, now.plus(30)).await.unwrap().remove(0);
        let key = letter.reports().unwrap()[0].key;
        let settled = vec![Settled { key, outcome: Outcome::Filed(Box::new(filing)), alerts: vec![] }];
        context.store.settle(vec![Opened { letter, settled }], now).await.unwrap();
    }
}

/// Somebody who passes with a certificate: nothing of it is on the board.
pub(in crate::console::api) fn passage(at: i64, checkpoint: [u8; 8], shown: Shown, outcome: Done) -> Filing {
    let code = Carried::Certificate {
        id: "URN:UVCI:01:XS:7".into(),
        country: "XS".into(),
        masked_name: "样例庚*".into(),
    };
    Filing::Certificate(Passage {
        at,
        clock: ClockState::Trusted,
        checkpoint,
        collector: [7; 8],
        policies: [3; 32],
        trust: 7,
        shown,
        code,
        judged_at: at,
        direction: Direction::In,
        outcome,
    })
}

async fn shown(console: &TestConsole, cookie: &str, region: &str) -> Value {
    let path = format!("/board?region={region}");
    json_of(console.ask(Some(cookie), "GET", &path, json!(null)).await).await
}

#[tokio::test]
async fn the_board_counts_by_the_minute_and_its_parts_without_people() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let station = console.enrol().await;
    let checkpoint = console.console.context.trust.trust().community().checkpoints[0].clone();
    let now = console.console.context.clock.now().0;
    let refusals = vec![("expired".to_owned(), 3)];
    let filings = vec![
        passage(now, checkpoint.id.0, Shown::Pass, Done::LetThrough),
        passage(now, checkpoint.id.0, Shown::Check, Done::TurnedAway),
        passage(now - 60, checkpoint.id.0, Shown::Stop, Done::TurnedAway),
        Filing::Health(Health { at: now, clock: ClockState::Trusted, refusals, wrong_tries: 1 }),
    ];
    file(&console, &station, filings).await;
    let board = shown(&console, &cookie, HERE).await;
    assert_eq!(board["from"], now.div_euclid(60) * 60 - 59 * 60);
    let last = |column: &str| [58, 59].map(|minute| board["minutes"][column][minute].as_u64().unwrap());
    assert_eq!((last("passed"), last("turnedAway"), last("stopped")), ([0, 1], [0, 1], [1, 0]));
    assert_eq!((last("invalid"), last("letThrough"), last("unjudged")), ([0, 3], [0, 0], [0, 0]));
    let part = &board["parts"][0];
    assert_eq!(
        (&part["name"], &part["people"], &part["invalid"]),
        (&json!(checkpoint.name), &json!(3), &json!(0))
    );
    assert_eq!(board["rows"][0]["line"].as_array().unwrap().len(), 24);
    assert_eq!(board["rows"][0]["line"][23], 2);
    assert_eq!(board["stations"], json!({ "all": 1, "online": 1, "offline": 0, "behind": 0, "new": 0 }));
    let text = board.to_string();
    assert!(!text.contains("样例庚") && !text.contains("UVCI"), "no resident is on it");
    // A minute later nothing has moved but the minutes; the station is silent, and somebody should look.
    console.advance(400);
    let board = shown(&console, &cookie, HERE).await;
    assert_eq!(board["silent"]["name"], "东门");
    assert_eq!(
        (&board["needs"][0]["code"], &board["needs"][0]["station"]["id"]),
        (&json!("offline"), &json!(station))
    );
    // The district's part is the street, with the same people.
    let wide = shown(&console, &cookie, &HERE[..6]).await;
    assert_eq!((&wide["parts"][0]["id"], &wide["parts"][0]["people"]), (&json!(HERE[..9]), &json!(3)));
}

/// Returns the next event of a stream: its name and its data.
async fn event(body: &mut axum::body::BodyDataStream) -> Option<(String, String)> {
    let chunk = tokio::time::timeout(std::time::Duration::from_secs(30), body.next()).await.unwrap()?;
    let text = String::from_utf8(chunk.unwrap().to_vec()).unwrap();
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().trim().to_owned()
    };
    Some((field("event:"), field("data:")))
}

async fn open(console: &TestConsole, cookie: &str) -> Response {
    console.ask(Some(cookie), "GET", &format!("/board/events?region={HERE}"), json!(null)).await
}

#[tokio::test]
async fn a_stream_tells_of_changes_and_ends_with_its_session() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let station = console.enrol().await;
    let response = open(&console, &cookie).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let (name, first) = event(&mut stream).await.unwrap();
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!((name.as_str(), &first["minutes"]["passed"][59]), ("board", &json!(0)));
    let now = console.console.context.clock.now().0;
    file(&console, &station, vec![passage(now, [1; 8], Shown::Pass, Done::LetThrough)]).await;
    console.advance(1);
    let (name, second) = event(&mut stream).await.unwrap();
    let second: Value = serde_json::from_str(&second).unwrap();
    let people = |board: &Value| -> u64 {
        board["minutes"]["passed"].as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).sum()
    };
    assert_eq!((name.as_str(), people(&second)), ("board", 1));
    let ended = console.ask(Some(&cookie), "DELETE", "/session", json!(null)).await;
    assert_eq!(ended.status(), 204);
    assert_eq!(event(&mut stream).await, Some(("end".into(), "signed-out".into())));
    assert_eq!(event(&mut stream).await, None);
    assert_eq!(code_of(open(&console, &cookie).await).await, (401, "signed-out".into()));
}

#[tokio::test]
async fn a_stream_says_that_it_lives_and_ends_when_the_office_stops() {
    let console = TestConsole::new().await;
    let cookie = console.sign_in().await;
    let mut stream = open(&console, &cookie).await.into_body().into_data_stream();
    assert_eq!(event(&mut stream).await.unwrap().0, "board");
    assert_eq!(event(&mut stream).await.unwrap().0, "beat");
    console.console.context.ending.begin();
    assert_eq!(event(&mut stream).await, None);
}

#[tokio::test]
async fn one_session_opens_a_few_streams_and_an_auditor_none() {
    let console = TestConsole::new().await;
    let cookie = console.sign_in().await;
    let mut open_ones: Vec<Body> = Vec::new();
    for _ in 0..crate::limits::BOARD_STREAMS_OF_ONE {
        open_ones.push(open(&console, &cookie).await.into_body());
    }
    assert_eq!(code_of(open(&console, &cookie).await).await, (503, "too-many-streams".into()));
    open_ones.pop();
    assert_eq!(open(&console, &cookie).await.status(), 200);
    console.keep(console.console.top(), Role::Auditor, "样例丙", "an.auditor").await;
    let auditor = console.sign_in_as("an.auditor").await;
    assert_eq!(code_of(open(&console, &auditor).await).await, (403, "not-allowed".into()));
}
