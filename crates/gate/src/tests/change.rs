//! Time and change: each case by which a screen once went on saying what no longer held.

use std::sync::Arc;

use health_code::trust::Revocations;
use health_code::{Claims, Colour, Refusal, Ruling, Trust};
use wire::Shown;

use super::driver::Driver;
use super::world::{EAST, PHONE, START, World, claims, coloured, green, sign};
use crate::action::Sound;
use crate::fault::Fault;
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{
    Answer, CollectorInput, CollectorScreen, Outcome, RecordedAs, RecordedBefore,
};

/// A trust that comes into force while a result is open.
fn comes(driver: &mut Driver, change: impl FnOnce(&mut World)) {
    let mut world = World::new();
    change(&mut world);
    let trust: Arc<Trust> = world.trust();
    driver.wait(1_000);
    driver.taken();
    driver.send(Input::Trust(Some(trust)));
}

/// A code that ends in five seconds.
fn ends_soon() -> String {
    sign(&Claims { exp: START.plus(5), ..claims(1, -200) })
}

#[test]
fn a_code_that_ends_while_it_is_looked_at_is_green_no_more() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&ends_soon());
    driver.wait(4_999);
    let green = driver.result();
    assert!(matches!(green.answer, Answer::Pass { .. }));
    assert_eq!(driver.gate.next_deadline(), Some(std::time::Duration::from_secs(5)), "to the moment");
    driver.taken();
    driver.wait(1);
    let result = driver.result();
    assert_eq!(result.answer, Answer::Invalid { refusal: Refusal::Expired { exp: START.plus(5) } });
    assert!(!result.can_confirm && result.fields.unwrap().over);
    assert_eq!(driver.sounds(), [Sound::Invalid]);
    assert_ne!(result.scan, green.scan);
    driver.wait(14_000);
    driver.user(CollectorInput::Confirm { scan: green.scan });
    driver.enter();
    assert_eq!(driver.appends(), []);
}

#[test]
fn a_passage_names_the_moment_at_which_it_was_judged_and_the_one_at_which_it_was_confirmed() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&ends_soon());
    driver.wait(4_000);
    driver.enter();
    let (_, passage) = driver.passage();
    assert_eq!((passage.judged_at, passage.at, passage.shown), (START.0 + 4, START.0 + 4, Shown::Pass));
    // The disk takes its time; the office verifies the code at the moment it was judged.
    driver.wait(4_000);
    assert!(matches!(driver.answer(), Answer::Invalid { .. }), "and nothing is green meanwhile");
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    assert_eq!(driver.passage().1.judged_at, START.0 + 4);
}

#[test]
fn an_enter_that_comes_with_the_second_in_which_a_code_ends_records_nothing() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&ends_soon());
    driver.wait(4_900);
    let scan = driver.scan();
    driver.mono += std::time::Duration::from_millis(100);
    driver.user(CollectorInput::Confirm { scan });
    assert_eq!(driver.appends(), []);
    assert!(matches!(driver.answer(), Answer::Invalid { .. }));
}

#[test]
fn a_revocation_replaces_an_open_pass() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&green(1));
    let open = driver.scan();
    comes(&mut driver, |world| world.revoke([Revocations::entry(&[3; 16], "hubei", &[1; 16])]));
    assert_eq!(driver.answer(), Answer::Invalid { refusal: Refusal::Revoked });
    assert_eq!(driver.sounds(), [Sound::Invalid]);
    driver.wait(300);
    driver.user(CollectorInput::Confirm { scan: open });
    driver.enter();
    assert_eq!(driver.appends(), []);
}

#[test]
fn a_stricter_policy_replaces_an_open_pass_by_a_stop_that_is_deaf_at_first() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&green(1));
    comes(&mut driver, |world| {
        world.policy.version += 1;
        world.policy.table[0].green = Ruling::Stop;
    });
    assert!(matches!(driver.answer(), Answer::Stop { .. }));
    assert_eq!((driver.sounds(), driver.result().countdown.left), (vec![Sound::Stop], 30));
    driver.wait(299);
    driver.enter();
    assert_eq!(driver.appends(), []);
    driver.wait(1);
    driver.enter();
    assert_eq!(
        (driver.passage().1.shown, driver.passage().1.outcome),
        (Shown::Stop, wire::Outcome::TurnedAway)
    );
}

#[test]
fn what_becomes_a_stop_while_it_is_recorded_as_a_pass_stays_a_stop() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    let (record, passage) = driver.passage();
    comes(&mut driver, |world| {
        world.policy.version += 1;
        world.policy.table[0].green = Ruling::Stop;
    });
    driver.send(Input::Appended { record });
    let result = driver.result();
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    assert!(matches!(result.answer, Answer::Stop { .. }));
    assert_eq!((passage.shown, passage.outcome), (Shown::Pass, wire::Outcome::LetThrough));
    let pass = RecordedBefore { shown: RecordedAs::Pass, outcome: Outcome::LetThrough };
    assert_eq!((result.recorded_before, result.countdown.left), (Some(pass), 30));
    driver.wait(300);
    driver.enter();
    assert_ne!(driver.passage().0, record);
    assert_eq!(driver.passage().1.shown, Shown::Stop);
}

#[test]
fn a_trust_that_changes_nothing_about_a_code_leaves_its_result_alone() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&green(1));
    let open = driver.result();
    comes(&mut driver, |world| world.list.version += 1);
    let result = driver.result();
    assert_eq!((result.scan, result.answer, result.fields), (open.scan, open.answer, open.fields));
    assert_eq!(driver.sounds(), []);
    driver.enter();
    assert_eq!(driver.passage().1.trust, World::new().list.version + 1, "and the passage names the new one");
}

#[test]
fn whoever_was_just_stopped_is_stopped_again_and_it_says_so() {
    let mut driver = Driver::ready(&World::new());
    driver.record(&coloured(1, Colour::Red));
    driver.wait(12_000);
    driver.taken();
    driver.see(&coloured(1, Colour::Red));
    let result = driver.result();
    assert!(matches!(result.answer, Answer::Stop { .. }));
    let stopped = RecordedBefore { shown: RecordedAs::Stop, outcome: Outcome::TurnedAway };
    assert_eq!((result.recorded_before, result.countdown.total), (Some(stopped), 30));
    assert_eq!(driver.sounds(), [Sound::Stop]);
}

#[test]
fn without_a_policy_in_force_nothing_is_judged() {
    for (from, to) in [(START.plus(-10), Some(START.plus(-1))), (START.plus(60), None)] {
        let mut world = World::new();
        (world.policy.from, world.policy.to) = (from, to);
        let mut driver = Driver::signed_in(&world, PHONE);
        driver.choose(EAST);
        driver.save();
        driver.taken();
        driver.see(&green(1));
        let result = driver.result();
        assert_eq!(result.answer, Answer::Unjudged { fault: Fault::NoPolicy });
        assert!(result.can_confirm && result.can_turn_away);
        driver.wait(300);
        driver.user(CollectorInput::TurnAway { scan: result.scan });
        let (_, passage) = driver.passage();
        assert_eq!((passage.shown, passage.outcome), (Shown::UnjudgedPolicy, wire::Outcome::TurnedAway));
    }
}

#[test]
fn a_policy_acts_from_its_first_second_on_what_is_open_too() {
    let mut world = World::new();
    let mut monday = world.policy.clone();
    monday.version += 1;
    monday.from = START.plus(10);
    monday.table[0].green = Ruling::Check;
    world.policies.push(monday);
    let mut driver = Driver::ready(&world);
    driver.see(&green(1));
    driver.wait(9_999);
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
    driver.wait(1);
    assert!(matches!(driver.answer(), Answer::Check { .. }));
}
