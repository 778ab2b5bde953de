//! A laptop from its first start to a station, without a window.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use camera::{CameraChoice, Showing, SimulatedSource};

use super::*;
use crate::enrol::tests::{answer_of, answer_to, now, office};
use crate::folder::Folder;
use crate::testing::{World, enrolled};

/// Sends each view to the test.
struct Shown(Sender<WindowView>);

impl Window for Shown {
    fn show(&mut self, view: WindowView) {
        let _ = self.0.send(view);
    }

    fn play(&mut self, _: Sound) {}
}

fn open(dir: &Path) -> (Laptop, Receiver<WindowView>) {
    let (sender, views) = channel();
    let camera = CameraChoice::Simulated { source: SimulatedSource::Program(Showing::default()) };
    let options = StartOptions { dir: dir.to_owned(), camera: Some(camera), network: false };
    (Laptop::open(options, Box::new(Shown(sender))), views)
}

fn next(views: &Receiver<WindowView>) -> WindowView {
    views.recv_timeout(Duration::from_secs(30)).expect("a view in time")
}

fn picture(laptop: &Laptop, after: u64) -> u64 {
    let preview = laptop.preview().expect("a camera");
    preview.newer_than(after, Duration::from_secs(30)).expect("a picture in time").0
}

const NOT_ENROLLED: WindowView = WindowView::NoStation { why: NoStation::NotEnrolled, contact: None };

#[test]
fn a_folder_that_another_process_enrols_becomes_a_station_and_the_camera_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, views) = open(dir.path());
    assert_eq!(next(&views), NOT_ENROLLED);
    assert_eq!(laptop.station(|_| ()), Err(NoStation::NotEnrolled));
    let before = picture(&laptop, 0);
    // As enrolment does it: the settings come last, and the folder is held a little longer.
    let lock = Folder::new(dir.path()).lock().unwrap();
    enrolled(dir.path());
    std::thread::sleep(LOOK_EVERY * 2);
    assert_eq!(laptop.station(|_| ()), Err(NoStation::NotEnrolled));
    drop(lock);
    assert!(matches!(next(&views), WindowView::Station { .. }), "with no other view between");
    assert!(picture(&laptop, before) > before, "the same camera");
    // The gate hears of a camera that was running before it.
    let live = |view: &WindowView| matches!(view, WindowView::Station { view } if view.bar.simulated_camera);
    while !live(&next(&views)) {}
}

#[tokio::test]
async fn a_ticket_makes_an_open_laptop_a_station() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, views) = open(dir.path());
    assert_eq!(next(&views), NOT_ENROLLED);
    assert!(matches!(laptop.enrol("no ticket", "x").await, Err(EnrolError::Ticket)));
    let world = World::new(now());
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| answer_to(&request, answer));
    laptop.enrol(&ticket, "东门").await.unwrap();
    assert!(matches!(next(&views), WindowView::Station { .. }));
    assert_eq!(laptop.station(|station| station.settings().name), Ok("东门".to_owned()));
    assert!(matches!(laptop.enrol(&ticket, "x").await, Err(EnrolError::InUse | EnrolError::AlreadyEnrolled)));
    laptop.close();
    assert!(laptop.preview().is_none());
    assert_eq!(laptop.station(|_| ()), Err(NoStation::Failed));
}

#[test]
fn a_second_window_says_so_leaves_the_camera_alone_and_takes_over_when_the_first_ends() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    let (first, _views) = open(dir.path());
    let (second, views) = open(dir.path());
    assert_eq!(next(&views), WindowView::NoStation { why: NoStation::InUse, contact: None });
    assert!(second.preview().is_none());
    drop(first);
    assert!(matches!(next(&views), WindowView::Station { .. }));
}

#[test]
fn what_cannot_start_says_so_once() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    std::fs::write(dir.path().join("station.json"), b"{").unwrap();
    let (laptop, views) = open(dir.path());
    assert_eq!(next(&views), WindowView::NoStation { why: NoStation::Failed, contact: None });
    drop(laptop);
    assert!(views.recv().is_err(), "no further view");
}
