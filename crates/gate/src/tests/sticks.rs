//! The page of the stick: who may carry one, and what it says.

use super::driver::Driver;
use super::workbench::{opened, screen};
use super::world::World;
use crate::action::Action;
use crate::input::{Input, Withdrawal};
use crate::window::Screen;
use crate::window::station::{StationInput, StationScreen};
use crate::window::stick::{ReceiptsOnStick, ReportsOnStick, StickSeen, StickView, SticksSeen, TrustOnStick};
use crate::window::workbench::{WorkbenchInput, WorkbenchPage, WorkbenchScreen};

fn seen(carried: bool) -> SticksSeen {
    let stick = StickSeen {
        name: "SAMPLE".to_owned(),
        free: Some(1 << 30),
        carried,
        trust: TrustOnStick::Current,
        receipts: ReceiptsOnStick::Nothing,
        reports: ReportsOnStick::Out { reports: 5, more: 0 },
    };
    SticksSeen { stick: Some(stick), others: 0, disk_free: Some(512_000 * 30 + 1) }
}

fn view(driver: &Driver) -> StickView {
    match screen(driver) {
        WorkbenchScreen::Stick { stick, .. } => stick,
        other => panic!("{other:?}"),
    }
}

/// Returns how often a stick was looked for, and carried, since the last time.
fn asked(driver: &mut Driver) -> (usize, usize) {
    let actions = driver.taken();
    let count = |wanted: &Action| actions.iter().filter(|action| *action == wanted).count();
    (count(&Action::LookForSticks), count(&Action::CarryStick))
}

fn page(world: &World) -> Driver {
    let mut driver = opened(world);
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Stick });
    assert_eq!(asked(&mut driver), (1, 0));
    driver
}

#[test]
fn a_stick_is_looked_for_while_its_page_is_open_and_no_longer() {
    let world = World::new();
    let mut driver = page(&world);
    assert_eq!((view(&driver).seen, view(&driver).carrying), (None, false));
    driver.wait(5_000);
    assert_eq!(asked(&mut driver), (0, 0), "it has not answered yet");
    driver.send(Input::Sticks(Box::new(seen(false))));
    let shown = view(&driver);
    assert_eq!((shown.seen, shown.days, shown.a_day), (Some(seen(false)), Some(30), 400));
    let alone = shown.alone.unwrap();
    assert!(alone.issued < alone.soft && alone.soft <= alone.hard);
    driver.wait(3_000);
    assert_eq!(asked(&mut driver).0, 1);
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Trust });
    driver.send(Input::Sticks(Box::new(seen(false))));
    driver.wait(20_000);
    assert_eq!(asked(&mut driver), (0, 0));
}

#[test]
fn a_stick_is_carried_once_at_a_time_and_says_what_was_done() {
    let world = World::new();
    let mut driver = page(&world);
    driver.user(WorkbenchInput::CarryStick);
    assert_eq!(asked(&mut driver), (0, 0), "none is plugged in yet");
    driver.send(Input::Sticks(Box::new(seen(false))));
    driver.user(WorkbenchInput::CarryStick);
    driver.user(WorkbenchInput::CarryStick);
    assert_eq!(asked(&mut driver), (0, 1));
    // A look that was on its way is not the end of it.
    driver.send(Input::Sticks(Box::new(seen(false))));
    assert!(view(&driver).carrying);
    driver.send(Input::Sticks(Box::new(seen(true))));
    assert!(!view(&driver).carrying && view(&driver).seen.unwrap().stick.unwrap().carried);
    // One that is pulled meanwhile ends it, too; and one that hangs is said to be silent.
    driver.user(WorkbenchInput::CarryStick);
    driver.send(Input::Sticks(Box::default()));
    assert!(!view(&driver).carrying);
    driver.send(Input::Sticks(Box::new(seen(false))));
    driver.user(WorkbenchInput::CarryStick);
    driver.wait(121_000);
    assert!(view(&driver).silent && !view(&driver).carrying);
}

#[test]
fn nobody_but_an_administrator_in_the_workbench_carries_a_stick() {
    let world = World::new();
    for mut driver in [Driver::new(&world), Driver::ready(&world)] {
        driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Stick });
        driver.user(WorkbenchInput::CarryStick);
        driver.user(StationInput::CarryStick);
        driver.send(Input::Sticks(Box::new(seen(true))));
        assert_eq!(asked(&mut driver), (0, 0));
    }
}

#[test]
fn what_still_leaves_a_station_out_of_service_leaves_by_a_stick_too() {
    let world = World::new();
    let mut driver = Driver::ready(&world);
    driver.send(Input::Withdrawn(Withdrawal { left: false, contact: String::new() }));
    driver.taken();
    let shown = |driver: &Driver| match driver.screen() {
        Screen::Station(StationScreen::OutOfService { stick, carrying, .. }) => (stick, carrying),
        other => panic!("{other:?}"),
    };
    driver.user(WorkbenchInput::CarryStick);
    assert_eq!((shown(&driver), asked(&mut driver)), ((None, false), (0, 0)));
    driver.user(StationInput::CarryStick);
    driver.user(StationInput::CarryStick);
    assert_eq!((shown(&driver), asked(&mut driver)), ((None, true), (0, 1)));
    driver.send(Input::Sticks(Box::new(seen(true))));
    assert_eq!(shown(&driver), (Some(Box::new(seen(true))), false));
}
