//! Confirm, and what may be said after it.

use health_code::{CheckpointId, Claims, Colour, PersonId};
use wire::{Carried, ClockState, Passage, Report, Shown};

use super::world::{Desk, START, World, claims, coloured, cose, green, sign};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorScreen};
use crate::window::shift::ShiftInput;

fn ready() -> Desk {
    Desk::ready(&World::new())
}

#[test]
fn a_passage_says_what_was_read_where_when_by_whom_and_what_was_shown() {
    let mut desk = ready();
    let text = coloured(1, Colour::Red);
    desk.see(&text);
    desk.wait(2000);
    desk.enter();
    let expected = Passage {
        at: START.0 + 2,
        clock: ClockState::Trusted,
        checkpoint: CheckpointId([1; 8]).0,
        collector: PersonId([1; 8]).0,
        policy: 3,
        trust: 7,
        shown: Shown::Stop,
        code: Carried::Whole(cose(&text)),
    };
    assert_eq!(desk.passage().1, expected);
}

#[test]
fn recorded_only_after_the_record_is_durable() {
    let mut desk = ready();
    desk.see(&green(1));
    desk.wait(300);
    desk.enter();
    desk.enter();
    desk.escape();
    assert!(matches!(desk.screen(), Screen::Collector(CollectorScreen::Recording { .. })));
    desk.wait(60_000);
    assert!(
        matches!(desk.screen(), Screen::Collector(CollectorScreen::Recording { .. })),
        "it waits for the disk, however long"
    );
    desk.send(Input::Appended { record: wire::RecordId([0; 16]) });
    assert!(
        matches!(desk.screen(), Screen::Collector(CollectorScreen::Recording { .. })),
        "somebody else's record"
    );
    assert_eq!(desk.appends().len(), 1, "one Enter, one record");
    desk.save();
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Recorded));
    assert_eq!(desk.sounds(), [Sound::Pass, Sound::Recorded]);
    desk.wait(900);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
}

#[test]
fn the_next_code_is_taken_while_recorded_is_still_shown() {
    let mut desk = ready();
    desk.record(&green(1));
    desk.see(&green(1));
    assert_eq!(
        desk.screen(),
        Screen::Collector(CollectorScreen::Recorded),
        "the one just recorded, still in view, is not"
    );
    desk.see(&green(2));
    assert!(matches!(desk.answer(), Answer::Pass { .. }));
}

#[test]
fn what_could_not_be_recorded_stays_and_is_tried_again_under_the_same_name() {
    let mut desk = ready();
    desk.see(&green(1));
    desk.wait(15_000);
    desk.enter();
    let first = desk.appends();
    desk.fail(Fault::DiskFull);
    let result = desk.result();
    assert!(matches!(result.answer, Answer::Pass { .. }));
    assert_eq!((result.not_recorded, result.countdown.left), (Some(Fault::DiskFull), 20));
    assert!(!desk.sounds().contains(&Sound::Recorded));
    desk.taken();
    desk.enter();
    assert_eq!(desk.appends(), [], "deaf again: nobody has read it yet");
    desk.wait(300);
    desk.enter();
    assert_eq!(desk.appends(), first, "the very same report, or a doubt could double it");
    assert_eq!(desk.result().not_recorded, None);
    desk.save();
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Recorded));
}

#[test]
fn somebody_just_recorded_is_said_so_and_a_second_enter_records_once_more() {
    let mut desk = ready();
    desk.record(&green(1));
    desk.wait(10_000);
    desk.taken();
    desk.see(&green(1));
    assert_eq!(desk.answer(), Answer::Again);
    assert_eq!((desk.sounds(), desk.result().countdown.total), (vec![Sound::Again], 4));
    desk.wait(300);
    desk.enter();
    assert_eq!(desk.passage().1.shown, Shown::Pass);
    desk.save();
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Recorded));
    desk.wait(60_000);
    desk.see(&green(1));
    assert!(matches!(desk.answer(), Answer::Pass { .. }), "the window is over");
}

#[test]
fn validity_and_a_changed_verdict_come_before_repetition() {
    let mut desk = ready();
    let paper = Claims { exp: START.plus(5), ..claims(1, -290) };
    desk.record(&sign(&paper));
    desk.wait(6_000);
    desk.see(&sign(&paper));
    assert!(matches!(desk.answer(), Answer::Invalid { .. }));
    desk.wait(300);
    desk.escape();
    desk.see(&coloured(1, Colour::Red));
    assert!(matches!(desk.answer(), Answer::Stop { .. }), "a stop is never hidden behind 'again'");
}

#[test]
fn a_phone_held_in_view_after_recording_is_said_again_only_after_a_while() {
    let mut desk = ready();
    desk.record(&green(1));
    desk.hold(&green(1), 9_000);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    desk.hold(&green(1), 1_500);
    assert_eq!(desk.answer(), Answer::Again);
    desk.hold(&green(1), 20_000);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }), "and then once only");
}

#[test]
fn invalid_codes_are_only_counted_hourly_and_at_the_end_of_a_shift() {
    let mut desk = ready();
    for text in ["a", "b", "KD1:"] {
        desk.see(text);
        desk.see(text);
        desk.wait(31_000);
    }
    assert_eq!(desk.appends(), []);
    desk.wait(3_600_000);
    let [(_, Report::Health(health))] = &desk.appends()[..] else { panic!("{:?}", desk.appends()) };
    assert_eq!(health.refusals.iter().map(|(_, count)| count).sum::<u32>(), 3);
    assert!(health.refusals.contains(&("not-a-health-code".to_owned(), 2)));
    desk.save();
    desk.taken();
    desk.user(ShiftInput::EndShift);
    assert!(matches!(&desk.appends()[..], [(_, Report::Shift(_))]), "nothing new was counted");
    desk.save();
}

#[test]
fn notices_that_could_not_be_saved_are_tried_again() {
    let mut desk = Desk::new(&World::new());
    desk.sign_in(super::world::PHONE, true);
    let first = desk.appends();
    desk.fail(Fault::DiskFull);
    desk.taken();
    desk.wait(29_000);
    assert_eq!(desk.appends(), []);
    desk.wait(1_000);
    assert_eq!(desk.appends(), first);
    desk.fail(Fault::DiskFull);
    desk.taken();
    desk.send(Input::Outbox(None));
    assert_eq!(desk.appends(), first);
}

#[test]
fn nothing_of_a_person_is_in_the_view_after_their_result() {
    let mut desk = ready();
    desk.see(&green(1));
    desk.wait(300);
    desk.enter();
    desk.save();
    for action in desk.taken() {
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
    assert!(!format!("{:?}", desk.gate).contains("赵"));
}
