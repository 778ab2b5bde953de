//! Where a checkpoint is: what a GPS receiver says counts once somebody asks, and only while it says so.

use wire::report::RosterChange;

use super::driver::Driver;
use super::workbench::{checkpoints, opened, reported, screen};
use super::world::World;
use crate::input::Input;
use crate::window::GpsUse;
use crate::window::shift::Directions;
use crate::window::workbench::{ChangeProblem, GpsView, WorkbenchInput, WorkbenchPage, WorkbenchScreen};

#[test]
fn a_checkpoint_may_be_where_a_receiver_says_that_the_laptop_is() {
    let gps = |driver: &Driver| match screen(driver) {
        WorkbenchScreen::Checkpoints { gps, .. } => gps,
        other => panic!("{other:?}"),
    };
    let here = |driver: &Driver| match gps(driver) {
        GpsView::Asked { here } => here,
        other => panic!("{other:?}"),
    };
    let add =
        |name: &str| WorkbenchInput::AddCheckpoint { name: name.to_owned(), directions: Directions::Both };
    let place = wire::report::Place { latitude: 30_593_100, longitude: 114_305_400 };
    let located = Some(crate::Located { place, within_metres: Some(6) });
    let mut driver = opened(&World::new());
    assert_eq!(gps(&driver), GpsView::Unplugged);
    driver.send(Input::ReceiverPlugged(true));
    assert_eq!((gps(&driver), driver.view().screen.gps()), (GpsView::Idle, GpsUse::Look));
    // Nobody asked: what is known of a place goes nowhere.
    driver.send(Input::Located(located));
    driver.user(add("南门"));
    driver.save();
    driver.send(Input::Located(None));

    driver.user(WorkbenchInput::Locate { asked: true });
    assert_eq!(driver.view().screen.gps(), GpsUse::Listen);
    driver.user(add("北门"));
    assert_eq!((here(&driver), checkpoints(&mut driver).2), (None, Some(ChangeProblem::NoPlace)));
    driver.send(Input::Located(located));
    let shown = here(&driver).unwrap();
    assert_eq!((shown.latitude, shown.longitude, shown.within_metres), (30_593_100, 114_305_400, Some(6)));
    driver.user(add("北门"));
    driver.save();
    // The next one is not there as well.
    assert_eq!(gps(&driver), GpsView::Idle);
    driver.user(add("小门"));
    driver.save();
    let places: Vec<_> = reported(&driver)
        .into_iter()
        .map(|change| match change {
            RosterChange::CheckpointAdded { place, .. } => place,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(places, [None, Some(place), None]);
    let placed = |driver: &mut Driver, name: &str| {
        checkpoints(driver).1.iter().any(|row| row.name == name && row.placed)
    };
    assert!(placed(&mut driver, "北门") && !placed(&mut driver, "小门"));

    // What nobody has confirmed for ten seconds is over, and the screen follows by itself.
    driver.user(WorkbenchInput::Locate { asked: true });
    driver.send(Input::Located(located));
    assert!(driver.gate.next_deadline().unwrap() <= driver.mono + std::time::Duration::from_secs(10));
    driver.wait(10_000);
    assert_eq!(here(&driver), None);
    driver.send(Input::Located(located));
    driver.send(Input::Located(None));
    assert_eq!(here(&driver), None);
    // Whoever goes to another page, or leaves, asks no more.
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Trust });
    assert_eq!(driver.view().screen.gps(), GpsUse::None);
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Checkpoints });
    assert_eq!(gps(&driver), GpsView::Idle);
}
