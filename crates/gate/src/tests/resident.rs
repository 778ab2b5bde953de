//! What the resident's side shows beside each screen of the collector.

use health_code::{Claims, Colour};

use super::driver::Driver;
use super::families;
use super::world::{DAY, PHONE, START, World, claims, coloured, forged, green, sign};
use crate::action::Action;
use crate::fault::Fault;
use crate::input::{Input, Withdrawal};
use crate::window::collector::CollectorInput;
use crate::window::resident::ResidentView;
use crate::window::shift::ShiftInput;
use crate::window::spoken::Spoken;

fn beside(driver: &Driver) -> ResidentView {
    ResidentView::of(&driver.view())
}

fn seeing(text: &str) -> ResidentView {
    let mut driver = Driver::ready(&World::new());
    assert_eq!(beside(&driver), ResidentView::Ready);
    driver.see(text);
    beside(&driver)
}

#[test]
fn pass_and_check_say_what_to_do() {
    assert_eq!(seeing(&green(1)), ResidentView::Pass);
    assert_eq!(seeing(&coloured(1, Colour::Yellow)), ResidentView::Check);
    let fever = Claims { temperature: Some(385), ..claims(1, -10) };
    assert_eq!(seeing(&sign(&fever)), ResidentView::Check, "a fever looks like every check");
}

#[test]
fn whoever_is_stopped_and_whoever_holds_a_forged_code_wait_alike() {
    assert_eq!(seeing(&coloured(1, Colour::Red)), ResidentView::Wait);
    assert_eq!(seeing(&forged(1)), ResidentView::Wait);
    assert_eq!(seeing("https://pay.example"), ResidentView::Wait);
}

#[test]
fn a_code_that_is_too_old_or_too_new_is_refreshed_but_not_on_paper() {
    assert_eq!(seeing(&sign(&claims(2, -400))), ResidentView::Refresh);
    assert_eq!(seeing(&sign(&claims(2, 400))), ResidentView::Refresh);
    let (iat, declared_at) = (START.plus(-DAY), START.plus(-2 * DAY));
    let paper = Claims { is_static: true, exp: START.plus(-60), iat, declared_at, ..claims(2, 0) };
    assert_eq!(seeing(&sign(&paper)), ResidentView::Wait);
}

#[test]
fn a_certificate_is_compared_with_the_passport() {
    let mut driver = Driver::ready(&families::world());
    driver.see(&families::certificate(|_| {}));
    assert_eq!(beside(&driver), ResidentView::Passport);
}

#[test]
fn it_follows_a_passage_from_the_code_to_the_next_one() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    assert_eq!(beside(&driver), ResidentView::Pass, "still recording");
    driver.save();
    assert_eq!(beside(&driver), ResidentView::Ready);
    driver.wait(1_000);
    driver.see(&coloured(2, Colour::Yellow));
    driver.wait(300);
    driver.user(CollectorInput::DeclareAgain { scan: driver.scan() });
    assert_eq!(beside(&driver), ResidentView::Refresh);
    driver.user(CollectorInput::Back);
    driver.user(CollectorInput::NoCode);
    assert_eq!(beside(&driver), ResidentView::Wait);
}

#[test]
fn a_fault_lets_people_wait_and_a_gate_without_a_collector_is_closed() {
    let mut driver = Driver::new(&World::new());
    assert_eq!(beside(&driver), ResidentView::Closed);
    driver = Driver::signed_in(&World::new(), PHONE);
    assert_eq!(beside(&driver), ResidentView::Closed, "choosing a checkpoint");
    driver = Driver::ready(&World::new());
    driver.send(Input::Camera { fault: Some(Fault::CameraLost), simulated: false });
    assert_eq!(beside(&driver), ResidentView::Wait);
    driver.send(Input::Camera { fault: None, simulated: false });
    driver.user(ShiftInput::OpenWorkbench);
    assert_eq!(beside(&driver), ResidentView::Closed);
    driver.user(ShiftInput::Back);
    assert_eq!(beside(&driver), ResidentView::Ready);
    driver.send(Input::Withdrawn(Withdrawal { left: false, contact: "027 0000 0000".to_owned() }));
    assert_eq!(beside(&driver), ResidentView::Closed);
}

/// Follows a driver as a window does: returns what is spoken with the sound that its last input made, if it made one.
fn spoken(driver: &mut Driver, voice: &mut Spoken) -> Option<ResidentView> {
    voice.show(Some(&driver.view()));
    let rings = driver.taken().iter().any(|action| matches!(action, Action::Play(_)));
    voice.ring().filter(|_| rings)
}

#[test]
fn whoever_is_stopped_and_whoever_holds_a_forged_code_hear_the_same_word() {
    let world = World::new();
    for text in [coloured(1, Colour::Red), forged(1), "https://pay.example".to_owned()] {
        let (mut driver, mut voice) = (Driver::ready(&world), Spoken::default());
        driver.see(&text);
        assert_eq!(spoken(&mut driver, &mut voice), Some(ResidentView::Wait));
    }
}

#[test]
fn a_result_is_spoken_once_and_the_next_persons_again() {
    let (mut driver, mut voice) = (Driver::ready(&World::new()), Spoken::default());
    assert_eq!(spoken(&mut driver, &mut voice), None, "an idle gate");
    driver.see(&green(1));
    assert_eq!(spoken(&mut driver, &mut voice), Some(ResidentView::Pass));
    assert_eq!(voice.ring(), None, "not twice");
    driver.wait(300);
    driver.enter();
    voice.show(Some(&driver.view()));
    assert_eq!(voice.ring(), None, "recording");
    driver.save();
    assert_eq!(spoken(&mut driver, &mut voice), None, "recorded");
    driver.wait(1_000);
    driver.see(&green(2));
    assert_eq!(spoken(&mut driver, &mut voice), Some(ResidentView::Pass));
}

#[test]
fn a_fault_is_spoken_with_its_first_sound_and_not_with_those_that_repeat_it() {
    let (mut driver, mut voice) = (Driver::ready(&World::new()), Spoken::default());
    driver.send(Input::Camera { fault: Some(Fault::CameraLost), simulated: false });
    assert_eq!(spoken(&mut driver, &mut voice), Some(ResidentView::Wait));
    driver.wait(10_000);
    assert!(!driver.sounds().is_empty(), "it sounds again");
    assert_eq!(spoken(&mut driver, &mut voice), None);
}

#[test]
fn nothing_is_spoken_where_no_gate_is_open() {
    let mut voice = Spoken::default();
    for driver in [Driver::new(&World::new()), Driver::signed_in(&World::new(), PHONE)] {
        voice.show(Some(&driver.view()));
        assert_eq!(voice.ring(), None);
    }
    let mut driver = Driver::ready(&World::new());
    driver.see(&green(1));
    voice.show(Some(&driver.view()));
    voice.show(None);
    assert_eq!(voice.ring(), None, "no station any more");
    driver.wait(300);
    driver.user(CollectorInput::Discard { scan: driver.scan() });
    driver.user(ShiftInput::OpenWorkbench);
    voice.show(Some(&driver.view()));
    assert_eq!(voice.ring(), None, "the workbench");
}
