//! Collectors' work of the sample community, asked without a network.

use sample::HERE;
use serde_json::json;
use wire::report::{Health, Shift, ShiftEvent};
use wire::{ClockState, Direction, Outcome as Done, Shown};

use crate::console::api::board::tests::{file, passage};
use crate::console::api::testing::{TestConsole, code_of, json_of};
use crate::store::Filing;

#[tokio::test]
async fn a_collectors_work_is_shifts_hours_and_invalid_codes_and_no_resident() {
    let console = TestConsole::with_regions().await;
    let cookie = console.sign_in().await;
    let station = console.enrol().await;
    let community = console.console.context.trust.trust().community().clone();
    let checkpoint = community.checkpoints[0].id.0;
    let now = console.console.context.clock.now().0;
    let (clock, person) = (ClockState::Trusted, [7; 8]);
    let shift = |at, event| Filing::Shift(Shift { at, clock, person, event });
    let refusals = vec![("expired".to_owned(), 3), ("signature".to_owned(), 5)];
    let filings = vec![
        shift(now - 300, ShiftEvent::SignedIn),
        shift(now - 290, ShiftEvent::At { checkpoint, direction: Direction::In }),
        passage(now - 280, checkpoint, Shown::Check, Done::LetThrough),
        passage(now - 270, checkpoint, Shown::Check, Done::TurnedAway),
        shift(now - 20, ShiftEvent::SignedOut),
        Filing::Health(Health { at: now - 20, clock, refusals, wrong_tries: 2 }),
    ];
    file(&console, &station, filings).await;
    let path =
        |region: &str, from: i64, until: i64| format!("/work?region={region}&from={from}&until={until}");
    let ask = async |path: String| json_of(console.ask(Some(&cookie), "GET", &path, json!(null)).await).await;
    let work = ask(path(HERE, now - 86_400, now)).await;
    let one = &work["collectors"][0];
    assert_eq!(one["name"], json!(null), "nobody of the community");
    let stint = &one["stints"][0];
    assert_eq!((&stint["began"], &stint["ended"]), (&json!(now - 290), &json!(now - 20)));
    assert_eq!(stint["checkpoint"]["name"], community.checkpoints[0].name);
    let sum = |column: &str| -> u64 {
        one["hours"].as_array().unwrap().iter().map(|hour| hour["tally"][column].as_u64().unwrap()).sum()
    };
    assert_eq!((sum("letThrough"), sum("turnedAway"), sum("passed")), (1, 1, 0));
    let invalid = json!([{ "refusal": "signature", "count": 5 }, { "refusal": "expired", "count": 3 }]);
    assert_eq!((&one["invalid"], &one["wrongTries"]), (&invalid, &json!(2)));
    assert!(!work.to_string().contains("样例庚") && !work.to_string().contains("UVCI"));
    // A wider region has communities to choose from, and no work of its own.
    let wide = ask(path(&HERE[..6], now - 86_400, now)).await;
    assert_eq!((&wide["communities"][0]["code"], &wide["collectors"]), (&json!(HERE), &json!([])));
    for (from, until) in [(now, now), (0, 32 * 86_400), (i64::MIN, i64::MAX)] {
        let refused = console.ask(Some(&cookie), "GET", &path(HERE, from, until), json!(null)).await;
        assert_eq!(code_of(refused).await, (422, "invalid".to_owned()), "{from} {until}");
    }
    let noted = ask("/audit?limit=9".to_owned()).await;
    assert_eq!(noted["entries"][1]["act"], "work-looked");
}
