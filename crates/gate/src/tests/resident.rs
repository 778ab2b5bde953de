//! What the resident's side shows beside each screen of the collector.

use health_code::{Claims, Colour};

use super::driver::Driver;
use super::families;
use super::world::{DAY, PHONE, START, World, claims, coloured, forged, green, sign};
use crate::fault::Fault;
use crate::input::{Input, Withdrawal};
use crate::window::collector::CollectorInput;
use crate::window::resident::ResidentView;
use crate::window::shift::ShiftInput;

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
