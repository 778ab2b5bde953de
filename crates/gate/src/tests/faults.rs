//! Faults: what the gate cannot do, and how it says so.

use health_code::{Claims, Refusal, TrustFault};
use wire::{ClockState, Shown};

use super::driver::Driver;
use super::world::{ADMINISTRATOR, DAY, PHONE, START, World, claims, cose, forged, green, sign};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::Input;
use crate::window::Screen;
use crate::window::bar::Line;
use crate::window::collector::{Answer, CollectorInput, CollectorScreen};
use crate::window::shift::ShiftScreen;
use crate::window::station::{StationInput, StationScreen};

fn ready() -> Driver {
    Driver::ready(&World::new())
}

fn fault(driver: &Driver) -> Option<Fault> {
    match driver.screen() {
        Screen::Station(StationScreen::Fault { fault, .. }) => Some(fault),
        _ => None,
    }
}

fn camera(driver: &mut Driver, fault: Option<Fault>) {
    driver.send(Input::Camera { fault, simulated: false });
}

#[test]
fn a_fault_sounds_each_ten_seconds_until_seen_and_clears_itself() {
    let mut driver = ready();
    camera(&mut driver, Some(Fault::CameraLost));
    assert_eq!(
        driver.screen(),
        Screen::Station(StationScreen::Fault {
            fault: Fault::CameraLost,
            seconds: 0,
            seen: false,
            may_assert_time: false
        })
    );
    for _ in 0..24 {
        driver.wait(1000);
    }
    assert_eq!(
        driver.screen(),
        Screen::Station(StationScreen::Fault {
            fault: Fault::CameraLost,
            seconds: 24,
            seen: false,
            may_assert_time: false
        })
    );
    assert_eq!(driver.sounds(), [Sound::Fault; 3]);
    driver.user(StationInput::FaultSeen);
    assert!(matches!(driver.screen(), Screen::Station(StationScreen::Fault { seen: true, .. })));
    driver.wait(60_000);
    assert_eq!(driver.sounds().len(), 3);
    camera(&mut driver, None);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    camera(&mut driver, Some(Fault::CameraLost));
    assert_eq!(driver.sounds().len(), 4, "a new one sounds anew");
}

#[test]
fn an_open_result_is_finished_before_the_fault() {
    let mut driver = ready();
    driver.see(&green(1));
    camera(&mut driver, Some(Fault::CameraLost));
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
    driver.wait(300);
    driver.enter();
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    driver.wait(900);
    assert_eq!(fault(&driver), Some(Fault::CameraLost));
}

#[test]
fn with_a_wrong_clock_nothing_is_judged_and_codes_are_recorded_as_unjudged() {
    let mut driver = ready();
    driver.send(Input::Clock(ClockState::Wrong));
    assert_eq!(fault(&driver), Some(Fault::ClockWrong));
    assert!(driver.view().bar.clock_wrong);
    // It is over, but with a wrong clock nobody can say so.
    let text = sign(&claims(1, -4000));
    driver.see(&text);
    let result = driver.result();
    assert_eq!(result.answer, Answer::Unjudged { fault: Fault::ClockWrong });
    assert!(result.fields.is_some_and(|fields| !fields.over));
    driver.wait(300);
    driver.enter();
    let (_, passage) = driver.passage();
    assert_eq!((passage.shown, passage.clock), (Shown::UnjudgedClock, ClockState::Wrong));
    assert_eq!(passage.code, wire::report::Carried::Whole(cose(&text)));
    driver.save();
    driver.see(&forged(2));
    assert_eq!(
        driver.answer(),
        Answer::Invalid { refusal: Refusal::UnknownIssuer },
        "a forgery is one at any time"
    );
    driver.wait(300);
    driver.escape();
    driver.send(Input::Clock(ClockState::Asserted));
    driver.see(&green(3));
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
}

#[test]
fn a_clock_below_a_signed_time_is_wrong_whatever_the_station_says() {
    let mut driver = ready();
    driver.off = -2 * DAY;
    driver.see(&green(1));
    assert_eq!(driver.answer(), Answer::Unjudged { fault: Fault::ClockWrong });
}

#[test]
fn the_gate_asks_the_trust_at_each_edge() {
    let trust = World::new().trust();
    let (signed, expiry) = (trust.latest_signed_time(), trust.list().hard_expiry);
    for moment in [signed.plus(-121), signed.plus(-120), expiry.plus(-1), expiry] {
        let mut desk = ready();
        desk.off = moment.since(START);
        desk.wait(1);
        let expected = trust.fault_at(desk.now().wall).map(|fault| match fault {
            TrustFault::ClockWrong => Fault::ClockWrong,
            TrustFault::ListExpired => Fault::TrustExpired,
            TrustFault::CommunityNotBelieved | TrustFault::CommunityExpired => Fault::CommunityExpired,
            TrustFault::PolicyMissing => Fault::PolicyMissing,
            TrustFault::NoPolicy => Fault::NoPolicy,
        });
        assert_eq!(fault(&desk), expected, "{moment:?}");
    }
}

#[test]
fn a_clock_nobody_vouched_for_is_not_trusted() {
    let world = World::new();
    let setup = super::driver::setup(&world);
    let now = crate::Now { wall: START, mono: std::time::Duration::ZERO };
    assert!(crate::Gate::new(setup, now).view(now).bar.clock_wrong);
}

#[test]
fn with_an_expired_trust_list_dates_still_count_and_nothing_is_green() {
    let mut driver = ready();
    driver.off = 44 * DAY;
    driver.wait(1);
    assert_eq!(fault(&driver), Some(Fault::TrustExpired));
    driver.see(&sign(&claims(1, 44 * DAY - 10)));
    assert_eq!(driver.answer(), Answer::Unjudged { fault: Fault::TrustExpired });
    driver.wait(300);
    driver.enter();
    assert_eq!(driver.passage().1.shown, Shown::UnjudgedTrust);
    driver.save();
    driver.see(&green(2));
    assert!(matches!(driver.answer(), Answer::Invalid { refusal: Refusal::Expired { .. } }));
}

#[test]
fn an_open_verdict_is_taken_back_when_the_clock_turns_out_wrong() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.wait(300);
    let green_scan = driver.scan();
    driver.send(Input::Clock(ClockState::Wrong));
    assert_eq!(driver.answer(), Answer::Unjudged { fault: Fault::ClockWrong });
    driver.user(CollectorInput::Confirm { scan: green_scan });
    assert_eq!(driver.appends(), [], "an Enter meant for the pass is not one for this");
    driver.wait(300);
    driver.enter();
    assert_eq!(driver.passage().1.shown, Shown::UnjudgedClock);
}

#[test]
fn the_same_holds_while_recording() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    let (record, passage) = driver.passage();
    assert_eq!(passage.shown, Shown::Pass);
    driver.send(Input::Clock(ClockState::Wrong));
    assert!(matches!(driver.answer(), Answer::Unjudged { .. }), "nothing green meanwhile");
    driver.taken();
    driver.send(Input::AppendFailed { record, fault: Fault::DiskFull });
    driver.wait(300);
    driver.enter();
    let (second, passage) = driver.passage();
    assert_eq!(passage.shown, Shown::UnjudgedClock);
    assert_ne!(record, second, "what was shown has changed, so it is another record");
}

#[test]
fn without_trust_nobody_signs_in() {
    let mut driver = ready();
    driver.send(Input::Trust(None));
    assert_eq!(fault(&driver), Some(Fault::TrustMissing));
    driver.see(&green(1));
    driver.sign_in(PHONE, true);
    assert_eq!(driver.attempt(), None);
    driver.send(Input::Trust(Some(World::new().trust())));
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::SignedOut { .. })));
}

#[test]
fn a_broken_outbox_stops_the_gate_and_a_missing_camera_does_not_stop_signing_in() {
    let mut driver = ready();
    driver.send(Input::Outbox(Some(Fault::DiskFull)));
    driver.see(&green(1));
    assert_eq!(fault(&driver), Some(Fault::DiskFull));
    driver.send(Input::Outbox(None));
    driver.see(&green(1));
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
    let mut driver = Driver::new(&World::new());
    camera(&mut driver, Some(Fault::CameraNone));
    driver.sign_in(PHONE, true);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })));
    driver.choose(super::world::EAST);
    assert_eq!(fault(&driver), Some(Fault::CameraNone));
    driver.see(&green(1));
    assert!(matches!(driver.answer(), Answer::Pass { .. }), "if a code comes, something reads");
}

#[test]
fn the_bar_changes_the_screen_once_a_minute() {
    let mut driver = ready();
    // START is 40 s past a minute.
    for _ in 0..19 {
        driver.wait(1000);
    }
    assert_eq!(driver.shows(), 0);
    driver.wait(1000);
    assert_eq!(driver.shows(), 1);
    driver.send(Input::Waiting(3));
    driver.send(Input::Waiting(3));
    driver.send(Input::Line(Line::Online));
    assert_eq!(driver.shows(), 3);
    driver.send(Input::Busy(true));
    assert_eq!(driver.shows(), 4);
    driver.send(Input::SetAside(2));
    assert_eq!((driver.shows(), driver.view().bar.set_aside), (5, 2));
    let paper = Claims { is_static: true, exp: START.plus(7000), ..claims(1, -10) };
    driver.see(&sign(&paper));
    assert!(matches!(driver.answer(), Answer::Check { reason: health_code::Reason::PaperCode }));
}

#[test]
fn only_an_administrator_vouches_for_the_time_and_never_for_one_below_a_signed_one() {
    let offered = |driver: &Driver| {
        matches!(driver.screen(), Screen::Station(StationScreen::Fault { may_assert_time: true, .. }))
    };
    let world = World::new();
    for (phone, may) in [(PHONE, false), (ADMINISTRATOR, true)] {
        let mut driver = Driver::signed_in(&world, phone);
        driver.choose(super::world::EAST);
        driver.actions.clear();
        driver.assert_time(0);
        driver.send(Input::Clock(ClockState::Wrong));
        assert_eq!(offered(&driver), may);
        driver.assert_time(0);
        assert_eq!(driver.actions.contains(&Action::AssertTime), may, "not while the clock was right");
        driver.actions.clear();
        driver.off = -2 * DAY;
        assert!(!offered(&driver));
        driver.assert_time(0);
        assert!(!driver.actions.contains(&Action::AssertTime));
        driver.off = 0;
        // What the station remembers is as good as a signed time.
        driver.send(Input::Past(START.plus(3600)));
        assert!(!offered(&driver));
        driver.assert_time(0);
        assert!(!driver.actions.contains(&Action::AssertTime));
        driver.send(Input::Past(START.plus(-3600)));
        assert_eq!(offered(&driver), may);
        driver.send(Input::Clock(ClockState::Asserted));
        driver.see(&green(3));
        driver.wait(300);
        driver.enter();
        assert_eq!(driver.passage().1.clock, ClockState::Asserted, "and the passage says so");
    }
}

#[test]
fn a_vouched_time_is_the_one_that_was_looked_at_and_the_bar_says_by_whom() {
    let mut driver = Driver::signed_in(&World::new(), ADMINISTRATOR);
    driver.choose(super::world::EAST);
    driver.save();
    driver.send(Input::Clock(ClockState::Wrong));
    for off in [-121, 121, 30 * DAY] {
        driver.assert_time(off);
        assert!(!driver.actions.contains(&Action::AssertTime), "{off}");
    }
    driver.assert_time(-120);
    assert!(driver.actions.contains(&Action::AssertTime));
    assert_eq!(driver.view().bar.asserted_by, None, "not before the station took it");
    driver.send(Input::Clock(ClockState::Asserted));
    assert_eq!(driver.view().bar.asserted_by.as_deref(), Some("王*"));
    driver.end_shift();
    assert_eq!(driver.view().bar.asserted_by.as_deref(), Some("王*"), "whoever is signed in by now");
    driver.send(Input::Clock(ClockState::Trusted));
    driver.send(Input::Clock(ClockState::Asserted));
    assert_eq!(driver.view().bar.asserted_by, None);
}

#[test]
fn each_fault_of_the_trust_has_its_name_and_leaves_codes_unjudged() {
    type Change = fn(&mut World);
    let changes: [(Change, Fault, Shown); 4] = [
        (|world| world.list.issued = START.plus(-45 * DAY), Fault::TrustExpired, Shown::UnjudgedTrust),
        (
            |world| {
                world.community.issued = START.plus(-180 * DAY);
                world.community.soft_expiry = START.plus(DAY);
                world.community.hard_expiry = START.plus(DAY);
            },
            Fault::CommunityExpired,
            Shown::UnjudgedTrust,
        ),
        (
            |world| {
                let hash = health_code::PolicyHash::of(b"withheld");
                let region = sample::region("42");
                world.list.policies.push(health_code::trust::NamedPolicy { region, hash });
            },
            Fault::PolicyMissing,
            Shown::UnjudgedPolicy,
        ),
        (|world| world.policy.to = Some(START), Fault::NoPolicy, Shown::UnjudgedPolicy),
    ];
    for (change, expected, shown) in changes {
        let mut world = World::new();
        change(&mut world);
        let mut driver = Driver::signed_in(&world, PHONE);
        driver.choose(super::world::EAST);
        driver.save();
        driver.taken();
        assert_eq!(fault(&driver), Some(expected));
        driver.see(&green(1));
        assert_eq!(driver.answer(), Answer::Unjudged { fault: expected });
        driver.wait(300);
        driver.enter();
        assert_eq!(driver.passage().1.shown, shown);
    }
}
