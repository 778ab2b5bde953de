//! What the gate cannot do, and how it says so.

use health_code::{Claims, Refusal};
use wire::{ClockState, Shown};

use super::world::{ADMINISTRATOR, DAY, Desk, PHONE, START, World, claims, cose, forged, green, sign};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorInput, CollectorScreen};
use crate::window::shift::{ShiftInput, ShiftScreen};
use crate::window::station::{StationInput, StationScreen};

fn ready() -> Desk {
    Desk::ready(&World::new())
}

fn fault(desk: &Desk) -> Option<Fault> {
    match desk.screen() {
        Screen::Station(StationScreen::Fault { fault, .. }) => Some(fault),
        _ => None,
    }
}

fn camera(desk: &mut Desk, fault: Option<Fault>) {
    desk.send(Input::Camera { fault, simulated: false });
}

#[test]
fn a_fault_sounds_each_ten_seconds_until_seen_and_clears_itself() {
    let mut desk = ready();
    camera(&mut desk, Some(Fault::CameraLost));
    assert_eq!(
        desk.screen(),
        Screen::Station(StationScreen::Fault {
            fault: Fault::CameraLost,
            seconds: 0,
            may_assert_time: false
        })
    );
    for _ in 0..24 {
        desk.wait(1000);
    }
    assert_eq!(
        desk.screen(),
        Screen::Station(StationScreen::Fault {
            fault: Fault::CameraLost,
            seconds: 24,
            may_assert_time: false
        })
    );
    assert_eq!(desk.sounds(), [Sound::Fault; 3]);
    desk.user(StationInput::FaultSeen);
    desk.wait(60_000);
    assert_eq!(desk.sounds().len(), 3);
    camera(&mut desk, None);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    camera(&mut desk, Some(Fault::CameraLost));
    assert_eq!(desk.sounds().len(), 4, "a new one sounds anew");
}

#[test]
fn an_open_result_is_finished_before_the_fault() {
    let mut desk = ready();
    desk.see(&green(1));
    camera(&mut desk, Some(Fault::CameraLost));
    assert!(matches!(desk.answer(), Answer::Pass { .. }));
    desk.wait(300);
    desk.enter();
    desk.save();
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Recorded));
    desk.wait(900);
    assert_eq!(fault(&desk), Some(Fault::CameraLost));
}

#[test]
fn with_a_wrong_clock_nothing_is_judged_and_codes_are_recorded_as_unjudged() {
    let mut desk = ready();
    desk.send(Input::Clock(ClockState::Wrong));
    assert_eq!(fault(&desk), Some(Fault::ClockWrong));
    assert!(desk.view().bar.clock_wrong);
    // Nobody can say whether this one is over.
    let text = sign(&claims(1, -4000));
    desk.see(&text);
    let result = desk.result();
    assert_eq!(result.answer, Answer::Unjudged { fault: Fault::ClockWrong });
    assert!(result.fields.is_some_and(|fields| !fields.over));
    desk.wait(300);
    desk.enter();
    let (_, passage) = desk.passage();
    assert_eq!((passage.shown, passage.clock), (Shown::UnjudgedClock, ClockState::Wrong));
    assert_eq!(passage.code, wire::report::Carried::Whole(cose(&text)));
    desk.save();
    desk.see(&forged(2));
    assert_eq!(
        desk.answer(),
        Answer::Invalid { refusal: Refusal::UnknownIssuer },
        "a forgery is one at any time"
    );
    desk.wait(300);
    desk.escape();
    desk.send(Input::Clock(ClockState::Asserted));
    desk.see(&green(3));
    assert!(matches!(desk.answer(), Answer::Pass { .. }));
}

#[test]
fn a_clock_below_a_signed_time_is_wrong_whatever_the_station_says() {
    let mut desk = ready();
    desk.off = -2 * DAY;
    desk.see(&green(1));
    assert_eq!(desk.answer(), Answer::Unjudged { fault: Fault::ClockWrong });
}

#[test]
fn a_clock_nobody_vouched_for_is_not_trusted() {
    let world = World::new();
    let setup = crate::Setup { trust: Some(world.trust()), last_checkpoint: None, seed: [1; 32] };
    let now = crate::Now { wall: START, mono: std::time::Duration::ZERO };
    assert!(crate::Gate::new(setup, now).view(now).bar.clock_wrong);
}

#[test]
fn with_an_expired_trust_list_dates_still_count_and_nothing_is_green() {
    let mut desk = ready();
    desk.off = 44 * DAY;
    desk.wait(1);
    assert_eq!(fault(&desk), Some(Fault::TrustExpired));
    desk.see(&sign(&claims(1, 44 * DAY - 10)));
    assert_eq!(desk.answer(), Answer::Unjudged { fault: Fault::TrustExpired });
    desk.wait(300);
    desk.enter();
    assert_eq!(desk.passage().1.shown, Shown::UnjudgedTrust);
    desk.save();
    desk.see(&green(2));
    assert!(matches!(desk.answer(), Answer::Invalid { refusal: Refusal::Expired { .. } }));
}

#[test]
fn an_open_verdict_is_taken_back_when_the_clock_turns_out_wrong() {
    let mut desk = ready();
    desk.see(&green(1));
    desk.wait(300);
    let green_scan = desk.scan();
    desk.send(Input::Clock(ClockState::Wrong));
    assert_eq!(desk.answer(), Answer::Unjudged { fault: Fault::ClockWrong });
    desk.user(CollectorInput::Confirm { scan: green_scan });
    assert_eq!(desk.appends(), [], "an Enter meant for the pass is not one for this");
    desk.wait(300);
    desk.enter();
    assert_eq!(desk.passage().1.shown, Shown::UnjudgedClock);
}

#[test]
fn the_same_holds_while_recording() {
    let mut desk = ready();
    desk.see(&green(1));
    desk.wait(300);
    desk.enter();
    let (record, passage) = desk.passage();
    assert_eq!(passage.shown, Shown::Pass);
    desk.send(Input::Clock(ClockState::Wrong));
    assert!(matches!(desk.answer(), Answer::Unjudged { .. }), "nothing green meanwhile");
    desk.taken();
    desk.send(Input::AppendFailed { record, fault: Fault::DiskFull });
    desk.wait(300);
    desk.enter();
    let (second, passage) = desk.passage();
    assert_eq!(passage.shown, Shown::UnjudgedClock);
    assert_ne!(record, second, "what was shown has changed, so it is another record");
}

#[test]
fn without_trust_nobody_signs_in() {
    let mut desk = ready();
    desk.send(Input::Trust(None));
    assert_eq!(fault(&desk), Some(Fault::TrustMissing));
    desk.see(&green(1));
    desk.sign_in(PHONE, true);
    assert_eq!(desk.attempt(), None);
    desk.send(Input::Trust(Some(World::new().trust())));
    assert!(matches!(desk.screen(), Screen::Shift(ShiftScreen::SignedOut { .. })));
}

#[test]
fn a_broken_outbox_stops_the_gate_and_a_missing_camera_does_not_stop_signing_in() {
    let mut desk = ready();
    desk.send(Input::Outbox(Some(Fault::DiskFull)));
    desk.see(&green(1));
    assert_eq!(fault(&desk), Some(Fault::DiskFull));
    desk.send(Input::Outbox(None));
    desk.see(&green(1));
    assert!(matches!(desk.answer(), Answer::Pass { .. }));
    let mut desk = Desk::new(&World::new());
    camera(&mut desk, Some(Fault::CameraNone));
    desk.sign_in(PHONE, true);
    assert!(matches!(desk.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })));
    desk.user(ShiftInput::ChooseCheckpoint { id: super::world::EAST.to_owned() });
    assert_eq!(fault(&desk), Some(Fault::CameraNone));
    desk.see(&green(1));
    assert!(matches!(desk.answer(), Answer::Pass { .. }), "if a code comes, something reads");
}

#[test]
fn the_bar_changes_the_screen_once_a_minute() {
    let mut desk = ready();
    // START is 40 s past a minute.
    for _ in 0..19 {
        desk.wait(1000);
    }
    assert_eq!(desk.shows(), 0);
    desk.wait(1000);
    assert_eq!(desk.shows(), 1);
    desk.send(Input::Waiting(3));
    desk.send(Input::Waiting(3));
    desk.send(Input::Online(true));
    assert_eq!(desk.shows(), 3);
    desk.send(Input::Busy(true));
    assert_eq!(desk.shows(), 4);
    let paper = Claims { is_static: true, exp: START.plus(7000), ..claims(1, -10) };
    desk.see(&sign(&paper));
    assert!(matches!(desk.answer(), Answer::Check { reason: health_code::Reason::PaperCode }));
}

#[test]
fn only_an_administrator_vouches_for_the_time_and_never_for_one_below_a_signed_one() {
    let offered = |desk: &Desk| {
        matches!(desk.screen(), Screen::Station(StationScreen::Fault { may_assert_time: true, .. }))
    };
    let world = World::new();
    for (phone, may) in [(PHONE, false), (ADMINISTRATOR, true)] {
        let mut desk = Desk::signed_in(&world, phone);
        let id = "0101010101010101".to_owned();
        desk.user(ShiftInput::ChooseCheckpoint { id });
        desk.actions.clear();
        desk.user(StationInput::AssertTime);
        desk.send(Input::Clock(ClockState::Wrong));
        assert_eq!(offered(&desk), may);
        desk.user(StationInput::AssertTime);
        assert_eq!(desk.actions.contains(&Action::AssertTime), may, "not while the clock was right");
        desk.actions.clear();
        desk.off = -2 * DAY;
        assert!(!offered(&desk));
        desk.user(StationInput::AssertTime);
        assert!(!desk.actions.contains(&Action::AssertTime));
        desk.off = 0;
        desk.send(Input::Clock(ClockState::Asserted));
        desk.see(&green(3));
        desk.wait(300);
        desk.enter();
        assert_eq!(desk.passage().1.clock, ClockState::Asserted, "and the passage says so");
    }
}
