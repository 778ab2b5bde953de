//! Nothing that a collector waits for passes in silence.

use std::time::Duration;

use health_code::{Claims, Colour};

use super::driver::Driver;
use super::world::{START, World, claims, coloured, forged, green, sign};
use crate::action::Sound;
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{CollectorInput, CollectorScreen, Hint, ScanId};

fn ready() -> Driver {
    Driver::ready(&World::new())
}

fn waiting(hint: Option<Hint>) -> Screen {
    Screen::Collector(CollectorScreen::Ready { hint })
}

fn is_result(driver: &Driver) -> bool {
    matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. }))
}

/// Lets so many seconds pass, four ticks each.
fn seconds(driver: &mut Driver, seconds: u64) {
    for _ in 0..seconds * 4 {
        driver.wait(250);
    }
}

#[test]
fn a_code_that_stays_in_view_after_its_result_is_asked_away() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.wait(400);
    driver.escape();
    driver.hold(&green(1), 1900);
    assert_eq!(driver.screen(), waiting(None), "people are still moving");
    driver.hold(&green(1), 800);
    assert_eq!(driver.screen(), waiting(Some(Hint::TakeAway)));
    driver.send(Input::NothingSeen);
    seconds(&mut driver, 2);
    assert_eq!(driver.screen(), waiting(None));
    driver.see(&green(1));
    assert!(is_result(&driver), "shown again, it is taken");
}

#[test]
fn a_result_that_nobody_confirms_ticks_at_its_end_and_is_called_not_recorded() {
    for (text, total) in [(green(1), 20), (coloured(1, Colour::Yellow), 90), (coloured(1, Colour::Red), 30)] {
        let mut driver = ready();
        driver.see(&text);
        driver.taken();
        seconds(&mut driver, total - 6);
        assert_eq!(driver.sounds(), []);
        seconds(&mut driver, 6);
        assert_eq!(driver.sounds(), [&[Sound::Tick; 5][..], &[Sound::Unconfirmed]].concat());
        assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Unconfirmed));
        driver.wait(2500);
        assert_eq!(driver.screen(), waiting(None));
        assert_eq!(driver.appends(), []);
    }
}

#[test]
fn the_next_code_is_taken_at_once_while_not_recorded_is_shown() {
    let mut driver = ready();
    driver.see(&green(1));
    seconds(&mut driver, 20);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Unconfirmed));
    driver.see(&green(2));
    assert!(is_result(&driver));
}

#[test]
fn what_has_nothing_to_be_confirmed_ends_without_a_sound() {
    let mut driver = ready();
    driver.see(&forged(1));
    driver.taken();
    seconds(&mut driver, 30);
    assert_eq!((driver.screen(), driver.sounds()), (waiting(None), Vec::new()));
    // Nor has somebody who was recorded a moment ago.
    driver.record(&green(2));
    driver.wait(2000);
    driver.see(&green(2));
    driver.taken();
    seconds(&mut driver, 8);
    assert_eq!((driver.screen(), driver.sounds()), (waiting(None), Vec::new()));
}

#[test]
fn a_key_keeps_a_result_open_and_a_stuck_key_does_not_for_ever() {
    let mut driver = ready();
    driver.see(&sign(&Claims { is_static: true, exp: START.plus(3600), ..claims(1, -10) }));
    let scan = driver.scan();
    let mut kept = 0;
    while is_result(&driver) {
        seconds(&mut driver, 1);
        driver.user(CollectorInput::KeepOpen { scan });
        kept += 1;
    }
    assert_eq!(kept, 600);
    assert_eq!(driver.appends(), []);
}

#[test]
fn keeping_open_is_for_the_result_that_was_looked_at_and_lets_keys_act() {
    let mut driver = ready();
    driver.see(&green(1));
    let scan = driver.scan();
    seconds(&mut driver, 12);
    driver.user(CollectorInput::KeepOpen { scan: ScanId(scan.0 + 1) });
    assert_eq!(driver.result().countdown.left, 8);
    driver.user(CollectorInput::KeepOpen { scan });
    assert_eq!(driver.result().countdown.left, 20);
    driver.enter();
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Recording { .. })));
    let until = driver.mono + Duration::from_secs(20);
    driver.user(CollectorInput::KeepOpen { scan });
    assert!(driver.gate.next_deadline().is_some_and(|due| due < until), "what was confirmed waits no longer");
}
