//! What a lamp or a barrier obeys: a passage that is recorded, whose person was judged and let through.

use health_code::{Colour, Ruling};
use wire::{ClockState, RecordId};

use super::driver::Driver;
use super::world::{World, coloured, green};
use crate::action::Action;
use crate::fault::Fault;
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorInput, CollectorScreen};
use crate::window::relay::{RelayTrouble, RelayView};

/// Returns the passages that a relay was pulsed for since the last look.
fn pulsed(driver: &mut Driver) -> Vec<RecordId> {
    let pulse = |action| match action {
        Action::LetThrough { record } => Some(record),
        _ => None,
    };
    driver.taken().into_iter().filter_map(pulse).collect()
}

/// Shows a code, ends it in one of two ways, and returns its record, which is not durable yet.
fn ended(driver: &mut Driver, text: &str, turned_away: bool) -> RecordId {
    driver.see(text);
    driver.wait(300);
    let scan = driver.scan();
    driver.user(if turned_away {
        CollectorInput::TurnAway { scan }
    } else {
        CollectorInput::Confirm { scan }
    });
    driver.passage().0
}

#[test]
fn a_pass_and_a_check_that_were_let_through_are_pulsed_once_they_are_durable_and_once() {
    for colour in [Colour::Green, Colour::Yellow] {
        let mut driver = Driver::ready(&World::new());
        let record = ended(&mut driver, &coloured(1, colour), false);
        driver.wait(1_000);
        assert_eq!(pulsed(&mut driver), [], "it is not durable yet");
        driver.send(Input::Appended { record });
        assert_eq!(pulsed(&mut driver), [record]);
        driver.send(Input::Appended { record });
        driver.wait(60_000);
        assert_eq!(pulsed(&mut driver), []);
    }
}

#[test]
fn whoever_was_turned_away_or_not_judged_is_not_pulsed_for() {
    let mut driver = Driver::ready(&World::new());
    ended(&mut driver, &coloured(1, Colour::Yellow), true);
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    assert_eq!(pulsed(&mut driver), []);
    driver.wait(12_000);
    ended(&mut driver, &coloured(2, Colour::Red), false);
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    assert_eq!(pulsed(&mut driver), []);
    driver.wait(12_000);
    driver.send(Input::Clock(ClockState::Wrong));
    ended(&mut driver, &green(3), false);
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    assert_eq!(pulsed(&mut driver), []);
}

#[test]
fn what_was_not_recorded_is_not_pulsed_for() {
    let mut driver = Driver::ready(&World::new());
    let record = ended(&mut driver, &green(1), false);
    driver.send(Input::AppendFailed { record, fault: Fault::DiskFull });
    driver.send(Input::Appended { record });
    driver.send(Input::Appended { record: RecordId([9; 16]) });
    assert_eq!(pulsed(&mut driver), []);
    driver.see(&green(1));
    driver.wait(300);
    driver.escape();
    assert_eq!(pulsed(&mut driver), []);
}

#[test]
fn what_has_become_another_answer_since_it_was_confirmed_is_not_pulsed_for() {
    let mut driver = Driver::ready(&World::new());
    let record = ended(&mut driver, &green(1), false);
    let mut world = World::new();
    world.policy.version += 1;
    world.policy.table[0].green = Ruling::Stop;
    driver.send(Input::Trust(Some(world.trust())));
    driver.send(Input::Appended { record });
    assert!(matches!(driver.answer(), Answer::Stop { .. }));
    assert_eq!(pulsed(&mut driver), []);

    let mut driver = Driver::ready(&World::new());
    let record = ended(&mut driver, &green(1), false);
    driver.send(Input::Clock(ClockState::Wrong));
    driver.send(Input::Appended { record });
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    assert_eq!(pulsed(&mut driver), []);
}

#[test]
fn a_passage_of_which_nobody_waits_for_the_end_is_not_pulsed_for() {
    let mut driver = Driver::ready(&World::new());
    let record = ended(&mut driver, &green(1), false);
    // No answer in ten seconds, and the person lets it be.
    driver.wait(10_000);
    driver.wait(300);
    driver.escape();
    driver.send(Input::Appended { record });
    assert_eq!(pulsed(&mut driver), []);
}

#[test]
fn a_relay_that_does_not_work_is_in_the_bar_and_stops_nothing() {
    let mut driver = Driver::ready(&World::new());
    let view = RelayView { chosen: true, fault: Some(RelayTrouble::Absent) };
    driver.send(Input::Relay(view));
    assert_eq!(driver.view().bar.relay, view);
    driver.record(&green(1));
}
