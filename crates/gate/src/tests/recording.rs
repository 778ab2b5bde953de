//! Confirming a result, and what the screen says after it.

use health_code::{CheckpointId, Claims, Colour, PersonId};
use wire::{Carried, ClockState, Passage, RecordId, Report, Shown};

use super::driver::Driver;
use super::world::{START, World, claims, coloured, cose, green, sign};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{
    Answer, CollectorInput, CollectorScreen, Hint, Outcome, RecordedAs, RecordedBefore,
};

fn ready() -> Driver {
    Driver::ready(&World::new())
}

#[test]
fn a_passage_says_what_was_read_where_when_by_whom_and_what_was_shown() {
    let mut driver = ready();
    let text = coloured(1, Colour::Red);
    driver.see(&text);
    driver.wait(2000);
    driver.enter();
    let policies = World::new().trust().policy(START).unwrap().set.0;
    let expected = Passage {
        at: START.0 + 2,
        clock: ClockState::Trusted,
        checkpoint: CheckpointId([1; 8]).0,
        collector: PersonId([1; 8]).0,
        policies,
        trust: 7,
        shown: Shown::Stop,
        code: Carried::Whole(cose(&text)),
        judged_at: START.0 + 2,
        direction: wire::Direction::In,
        outcome: wire::Outcome::TurnedAway,
    };
    assert_eq!(driver.passage().1, expected);
}

#[test]
fn recorded_only_after_the_record_is_durable() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    driver.enter();
    driver.escape();
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Recording { .. })));
    driver.wait(9_999);
    assert!(
        matches!(driver.screen(), Screen::Collector(CollectorScreen::Recording { .. })),
        "it waits for the disk"
    );
    driver.send(Input::Appended { record: RecordId([0; 16]) });
    assert!(
        matches!(driver.screen(), Screen::Collector(CollectorScreen::Recording { .. })),
        "somebody else's record"
    );
    assert_eq!(driver.appends().len(), 1, "one Enter, one record");
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    assert_eq!(driver.sounds(), [Sound::Pass, Sound::Recorded]);
    driver.wait(900);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
}

/// A result whose record got no answer in ten seconds, and that record.
fn silent() -> (Driver, RecordId) {
    let mut driver = ready();
    driver.see(&coloured(1, Colour::Yellow));
    driver.wait(300);
    driver.enter();
    let (record, _) = driver.passage();
    driver.wait(10_000);
    let result = driver.result();
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    assert_eq!((result.not_recorded, result.countdown.left), (Some(Fault::OutboxSilent), 90));
    assert_eq!(driver.sounds(), [Sound::Check, Sound::Fault]);
    driver.taken();
    (driver, record)
}

#[test]
fn an_outbox_that_does_not_answer_in_ten_seconds_has_not_recorded() {
    let (mut driver, record) = silent();
    driver.wait(300);
    driver.enter();
    assert_eq!(driver.passage().0, record, "the next try is for the same record");
    driver.wait(5_000);
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    driver.send(Input::Appended { record });
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded), "the answer to the first try");
}

#[test]
fn a_late_answer_still_ends_well() {
    let (mut driver, record) = silent();
    driver.send(Input::Appended { record });
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    driver.wait(3_000);
    driver.see(&coloured(1, Colour::Yellow));
    assert!(driver.result().recorded_before.is_some());
}

#[test]
fn what_a_person_let_be_after_no_answer_is_not_tried_again() {
    for late in [Input::AppendFailed { record: RecordId([0; 16]), fault: Fault::DiskFull }, Input::Tick] {
        let (mut driver, record) = silent();
        driver.wait(300);
        driver.escape();
        driver.send(match late {
            Input::AppendFailed { fault, .. } => Input::AppendFailed { record, fault },
            other => other,
        });
        driver.wait(60_000);
        assert_eq!(driver.appends(), []);
    }
}

#[test]
fn a_failure_that_is_not_the_last_answer_is_waited_out() {
    let (mut driver, record) = silent();
    driver.wait(300);
    driver.enter();
    driver.send(Input::AppendFailed { record, fault: Fault::DiskFull });
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Recording { .. })));
    driver.send(Input::Appended { record });
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
}

#[test]
fn a_report_is_owed_until_it_is_durable_though_it_waits_for_its_next_try() {
    let mut driver = ready();
    driver.taken();
    assert!(!driver.gate.owes_reports());
    driver.end_shift();
    assert!(driver.gate.owes_reports(), "on its way");
    driver.fail(Fault::DiskFull);
    assert!(driver.gate.owes_reports(), "it is tried again");
    driver.taken();
    driver.wait(30_000);
    driver.save();
    assert!(!driver.gate.owes_reports());
}

#[test]
fn until_a_record_is_answered_only_its_own_end_is_tried_again() {
    for turned_away in [false, true] {
        let mut driver = ready();
        driver.see(&coloured(1, Colour::Yellow));
        let end = |driver: &mut Driver, turned_away| {
            driver.wait(300);
            let scan = driver.scan();
            driver.user(match turned_away {
                true => CollectorInput::TurnAway { scan },
                false => CollectorInput::Confirm { scan },
            });
        };
        end(&mut driver, turned_away);
        let (record, first) = driver.passage();
        driver.wait(10_000);
        let result = driver.result();
        assert_eq!((result.can_confirm, result.can_turn_away), (!turned_away, turned_away));
        driver.taken();
        end(&mut driver, !turned_away);
        assert_eq!(driver.appends(), [], "the first may still become durable");
        assert_eq!(driver.result().not_recorded, Some(Fault::OutboxSilent));
        end(&mut driver, turned_away);
        assert_eq!(driver.passage(), (record, first));
    }
}

#[test]
fn after_a_failure_another_end_of_a_check_is_another_record() {
    let (mut driver, record) = silent();
    driver.send(Input::AppendFailed { record, fault: Fault::DiskFull });
    assert!(driver.result().can_confirm && driver.result().can_turn_away);
    driver.wait(300);
    driver.user(CollectorInput::TurnAway { scan: driver.scan() });
    let (other, passage) = driver.passage();
    assert_ne!(other, record);
    assert_eq!(passage.outcome, wire::Outcome::TurnedAway);
}

#[test]
fn a_check_ends_in_one_of_two_ways_and_a_verdict_in_its_own() {
    for (colour, letting, turning) in [
        (Colour::Green, Some(wire::Outcome::LetThrough), None),
        (Colour::Yellow, Some(wire::Outcome::LetThrough), Some(wire::Outcome::TurnedAway)),
        (Colour::Red, Some(wire::Outcome::TurnedAway), None),
    ] {
        for (turns_away, outcome) in [(false, letting), (true, turning)] {
            let mut driver = ready();
            driver.see(&coloured(1, colour));
            assert_eq!(driver.result().can_turn_away, turning.is_some());
            driver.wait(300);
            let scan = driver.scan();
            driver.user(if turns_away {
                CollectorInput::TurnAway { scan }
            } else {
                CollectorInput::Confirm { scan }
            });
            let recorded = driver.appends().into_iter().map(|(_, report)| match report {
                Report::Passage(passage) => passage.outcome,
                other => panic!("{other:?}"),
            });
            assert_eq!(recorded.collect::<Vec<_>>(), Vec::from_iter(outcome));
        }
    }
}

#[test]
fn the_next_code_is_taken_while_recorded_is_still_shown() {
    let mut driver = ready();
    driver.record(&green(1));
    driver.see(&green(1));
    assert_eq!(
        driver.screen(),
        Screen::Collector(CollectorScreen::Recorded),
        "the one just recorded, still in view, is not"
    );
    driver.see(&green(2));
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
}

#[test]
fn what_could_not_be_recorded_stays_and_is_tried_again_under_the_same_name() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.wait(15_000);
    driver.enter();
    let first = driver.appends();
    driver.fail(Fault::DiskFull);
    let result = driver.result();
    assert!(matches!(result.answer, Answer::Pass { .. }));
    assert_eq!((result.not_recorded, result.countdown.left), (Some(Fault::DiskFull), 20));
    assert!(!driver.sounds().contains(&Sound::Recorded));
    driver.taken();
    driver.enter();
    assert_eq!(driver.appends(), [], "deaf again: nobody has read it yet");
    driver.wait(300);
    driver.enter();
    assert_eq!(driver.appends(), first, "the very same report, or a doubt could double it");
    assert_eq!(driver.result().not_recorded, None);
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
}

#[test]
fn somebody_just_recorded_is_said_so_and_a_second_enter_records_once_more() {
    let mut driver = ready();
    driver.record(&green(1));
    driver.wait(10_000);
    driver.taken();
    driver.see(&green(1));
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
    let before = RecordedBefore { shown: RecordedAs::Pass, outcome: Outcome::LetThrough };
    assert_eq!(driver.result().recorded_before, Some(before));
    assert_eq!((driver.sounds(), driver.result().countdown.total), (vec![Sound::Pass], 8));
    driver.wait(300);
    driver.enter();
    assert_eq!(driver.passage().1.shown, Shown::Pass);
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    driver.wait(60_000);
    driver.see(&green(1));
    assert_eq!(driver.result().recorded_before, None, "the window is over");
}

#[test]
fn validity_and_a_changed_verdict_come_before_repetition() {
    let mut driver = ready();
    let paper = Claims { exp: START.plus(5), ..claims(1, -290) };
    driver.record(&sign(&paper));
    driver.wait(6_000);
    driver.see(&sign(&paper));
    assert!(matches!(driver.answer(), Answer::Invalid { .. }));
    driver.wait(300);
    driver.escape();
    driver.see(&coloured(1, Colour::Red));
    assert!(matches!(driver.answer(), Answer::Stop { .. }), "nothing is ever shown instead of a stop");
    let before = RecordedBefore { shown: RecordedAs::Pass, outcome: Outcome::LetThrough };
    assert_eq!(driver.result().recorded_before, Some(before), "whatever it was recorded as");
}

#[test]
fn a_phone_held_in_view_after_recording_is_said_again_only_after_a_while() {
    let mut driver = ready();
    driver.record(&green(1));
    driver.hold(&green(1), 9_000);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: Some(Hint::TakeAway) }));
    driver.hold(&green(1), 1_500);
    assert!(driver.result().recorded_before.is_some());
    driver.hold(&green(1), 20_000);
    assert_eq!(
        driver.screen(),
        Screen::Collector(CollectorScreen::Ready { hint: Some(Hint::TakeAway) }),
        "and then once only"
    );
}

#[test]
fn invalid_codes_are_only_counted_hourly_and_at_the_end_of_a_shift() {
    let mut driver = ready();
    for text in ["a", "b", "KD1:"] {
        driver.see(text);
        driver.see(text);
        driver.wait(31_000);
    }
    assert_eq!(driver.appends(), []);
    for _ in 0..3 {
        driver.wait(1_200_000);
        driver.user(CollectorInput::Back);
    }
    let [(_, Report::Health(health))] = &driver.appends()[..] else { panic!("{:?}", driver.appends()) };
    assert_eq!(health.refusals.iter().map(|(_, count)| count).sum::<u32>(), 3);
    assert!(health.refusals.contains(&("not-a-health-code".to_owned(), 2)));
    driver.save();
    driver.taken();
    driver.end_shift();
    assert!(matches!(&driver.appends()[..], [(_, Report::Shift(_))]), "nothing new was counted");
    driver.save();
}

#[test]
fn notices_that_could_not_be_saved_are_tried_again() {
    let mut driver = Driver::new(&World::new());
    driver.sign_in(super::world::PHONE, true);
    let first = driver.appends();
    driver.fail(Fault::DiskFull);
    driver.taken();
    driver.wait(29_000);
    assert_eq!(driver.appends(), []);
    driver.wait(1_000);
    assert_eq!(driver.appends(), first);
    driver.fail(Fault::DiskFull);
    driver.taken();
    driver.send(Input::Outbox(None));
    assert_eq!(driver.appends(), first);
}

#[test]
fn nothing_of_a_person_is_in_the_view_after_their_result() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    driver.save();
    for action in driver.taken() {
        if let Action::Show(view) = action
            && !matches!(
                view.screen,
                Screen::Collector(CollectorScreen::Result { .. })
                    | Screen::Collector(CollectorScreen::Recording { .. })
            )
        {
            assert!(!serde_json::to_string(&view).unwrap().contains("赵"));
        }
    }
    assert!(!format!("{:?}", driver.gate).contains("赵"));
}

/// A gate and its clone, as a snapshot of the machine's memory makes one: seed and inputs are the same.
fn clones_record(first: [u8; 32], second: [u8; 32]) -> [RecordId; 2] {
    [first, second].map(|fresh| {
        let mut driver = ready();
        driver.gate.stir(fresh);
        driver.see(&green(1));
        driver.wait(300);
        driver.enter();
        driver.passage().0
    })
}

#[test]
fn a_gate_that_is_restored_from_a_snapshot_gives_no_id_twice() {
    let [one, other] = clones_record([1; 32], [2; 32]);
    assert_ne!(one, other);
    let [one, other] = clones_record([1; 32], [1; 32]);
    assert_eq!(one, other, "only fresh randomness tells the clones apart");
}
