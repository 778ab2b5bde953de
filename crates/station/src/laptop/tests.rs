//! A laptop from its first start to a station, without a window.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use camera::{CameraChoice, Showing, SimulatedSource};
use gate::Screen;
use gate::window::station::StationScreen;

use super::*;
use crate::enrol::tests::{answer_of, answer_to, now, office};
use crate::folder::Folder;
use crate::testing::{STATION, World, enrolled};
use crate::withdrawal::{Heard, Phase};

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

#[tokio::test]
async fn a_laptop_that_was_withdrawn_says_so_and_a_new_ticket_makes_it_another_station() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    let folder = Folder::new(dir.path());
    let contact = "值班室".to_owned();
    let before = std::fs::read(folder.key()).unwrap();
    Heard { phase: Phase::Erasing, contact: contact.clone() }.keep(&folder).unwrap();
    let (laptop, views) = open(dir.path());
    let withdrawn = WindowView::NoStation { why: NoStation::Withdrawn, contact: Some(contact) };
    assert_eq!(next(&views), withdrawn);
    assert!(!folder.key().exists() && !folder.trust().exists() && !folder.settings().exists());
    let world = World::new(now());
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| answer_to(&request, answer));
    laptop.enrol(&ticket, "东门").await.unwrap();
    while !matches!(next(&views), WindowView::Station { .. }) {}
    assert_ne!(std::fs::read(folder.key()).unwrap(), before);
    assert_eq!(Heard::read(&folder), None);
}

#[test]
fn a_station_that_was_told_before_it_was_switched_off_starts_out_of_service() {
    let by_its_disk = |dir: &Path| {
        let heard = Heard { phase: Phase::Sending, contact: "值班室".to_owned() };
        heard.keep(&Folder::new(dir)).unwrap();
    };
    let by_its_community = |dir: &Path| {
        let mut world = World::new(now());
        world.community.withdrawn = vec![STATION.0];
        world.community.contact = "值班室".to_owned();
        disk::trust_folder::swap(&Folder::new(dir).trust(), &world.files()).unwrap();
    };
    for told in [&by_its_disk as &dyn Fn(&Path), &by_its_community] {
        let dir = tempfile::tempdir().unwrap();
        enrolled(dir.path());
        told(dir.path());
        let (_laptop, views) = open(dir.path());
        let WindowView::Station { view } = next(&views) else { panic!("a station") };
        let Screen::Station(StationScreen::OutOfService { contact, .. }) = view.screen else {
            panic!("{:?}", view.screen)
        };
        assert_eq!(contact, "值班室");
        assert_eq!(Heard::read(&Folder::new(dir.path())).unwrap().phase, Phase::Sending);
    }
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
