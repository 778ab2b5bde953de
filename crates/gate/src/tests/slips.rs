//! What a hand does by mistake can be taken back.

use wire::Report;
use wire::report::ShiftEvent;

use super::driver::Driver;
use super::world::{ADMINISTRATOR, EAST, PHONE, World, green};
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{CollectorScreen, Countdown};
use crate::window::shift::{ShiftInput, ShiftScreen};

fn ready() -> Driver {
    Driver::ready(&World::new())
}

fn resumable(driver: &Driver) -> Option<Countdown> {
    match driver.screen() {
        Screen::Shift(ShiftScreen::SignedOut { resumable, .. }) => resumable,
        other => panic!("somebody is signed in: {other:?}"),
    }
}

fn events(driver: &Driver) -> Vec<ShiftEvent> {
    let event = |(_, report)| match report {
        Report::Shift(shift) => Some(shift.event),
        _ => None,
    };
    driver.appends().into_iter().filter_map(event).collect()
}

#[test]
fn a_shift_ended_by_mistake_goes_on_where_it_was() {
    let mut driver = ready();
    let bar = driver.view().bar;
    driver.end_shift();
    assert_eq!(resumable(&driver), Some(Countdown { total: 8, left: 8 }));
    driver.see(&green(1));
    driver.wait(7_900);
    assert_eq!(resumable(&driver), Some(Countdown { total: 8, left: 1 }), "nothing is read meanwhile");
    driver.user(ShiftInput::ResumeShift);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    let now = driver.view().bar;
    assert_eq!((&now.collector, &now.checkpoint), (&bar.collector, &bar.checkpoint));
    assert_ne!(now.shift, bar.shift, "a late key of the first shift ends nothing");
    let at = |event: &ShiftEvent| matches!(event, ShiftEvent::At { .. });
    assert!(
        matches!(&events(&driver)[..], [ShiftEvent::SignedOut, ShiftEvent::SignedIn, place] if at(place))
    );
}

#[test]
fn after_some_seconds_only_the_pin_begins_a_shift() {
    let mut driver = ready();
    driver.end_shift();
    driver.wait(8_000);
    assert_eq!(resumable(&driver), None);
    driver.user(ShiftInput::ResumeShift);
    assert_eq!(resumable(&driver), None);
}

#[test]
fn a_shift_is_not_taken_up_by_who_was_signed_out_for_another_reason_or_by_anybody_else() {
    // Nobody was there for too long.
    let mut driver = ready();
    driver.wait(13 * 3600 * 1000);
    assert_eq!(resumable(&driver), None);
    // Somebody else has tried to sign in.
    let mut driver = ready();
    driver.end_shift();
    driver.sign_in(ADMINISTRATOR, false);
    assert_eq!(resumable(&driver), None);
    // The community no longer lists them.
    let mut world = World::new();
    let mut driver = Driver::ready(&world);
    driver.end_shift();
    world.community.people.retain(|person| !PHONE.ends_with(&person.masked_phone[7..]));
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(resumable(&driver), None);
    driver.user(ShiftInput::ResumeShift);
    assert_eq!(resumable(&driver), None);
}

#[test]
fn a_shift_whose_checkpoint_is_gone_is_taken_up_at_the_choice() {
    let mut world = World::new();
    let mut driver = Driver::ready(&world);
    driver.end_shift();
    world.community.checkpoints.retain(|place| place.id.to_string() != EAST);
    driver.send(Input::Trust(Some(world.trust())));
    driver.user(ShiftInput::ResumeShift);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })));
}
