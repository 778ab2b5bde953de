//! A whole station with two simulated cameras, and an administrator on its device page.

use std::path::Path;
use std::sync::mpsc::Receiver;

use camera::{CameraChoice, Showing, SimulatedSource};
use gate::action::Sound;
use gate::window::collector::CollectorScreen;
use gate::window::shift::{ShiftInput, ShiftScreen};
use gate::window::workbench::{
    TestFailure, TestFinding, TestOutcome, WorkbenchInput, WorkbenchPage, WorkbenchScreen,
};
use gate::{UserInput, View};
use wire::{Report, StreamId};

use super::*;
use crate::display::Display;
use crate::outbox::Outbox;
use crate::script::Step;
use crate::settings::ResidentDisplay;
use crate::start::{Headless, StartOptions};
use crate::station::Station;
use crate::testing::{PHONE, PIN, SEALING, STATION, World, code, enrolled};

struct Shown(Sender<View>);

impl Display for Shown {
    fn show(&mut self, view: &View) {
        let _ = self.0.send(view.clone());
    }

    fn play(&mut self, _: Sound) {}
}

/// A station whose administrator has the tests' phone and PIN.
struct Desk {
    station: Station,
    views: Receiver<View>,
    second: Showing,
}

fn start(dir: &Path) -> Desk {
    let now = enrolled(dir);
    let mut world = World::new(now);
    world.community.people[0].role = health_code::Role::Administrator;
    disk::trust_folder::swap(&dir.join("trust"), &world.files()).unwrap();
    let second = Showing::default();
    let simulated = |showing| CameraChoice::Simulated { source: SimulatedSource::Program(showing) };
    let options = StartOptions {
        dir: dir.to_owned(),
        camera: Some(simulated(Showing::default())),
        second_camera: Some(simulated(second.clone())),
        network: false,
        stick: None,
    };
    let (sender, views) = channel();
    let display = Box::new(Shown(sender));
    let station = Station::start_headless(options, Headless { hurry: true }, display).unwrap();
    Desk { station, views, second }
}

impl Desk {
    fn until<T>(&self, found: impl Fn(&View) -> Option<T>) -> T {
        loop {
            let view = self.views.recv_timeout(Duration::from_secs(60)).expect("a view in time");
            if let Some(found) = found(&view) {
                return found;
            }
        }
    }

    fn user(&self, input: impl Into<UserInput>) {
        self.station.step(Step::User(input.into())).unwrap();
    }

    fn sign_in(&self) {
        let (digits, secret) = (PHONE[PHONE.len() - 4..].to_owned(), PIN.to_owned());
        self.user(ShiftInput::SignIn { digits, person: None, secret });
    }

    fn begin_a_shift(&self) {
        self.sign_in();
        let row = self.until(|view| match &view.screen {
            Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, .. }) => rows.first().cloned(),
            _ => None,
        });
        self.user(ShiftInput::ChooseCheckpoint { id: row.id, direction: row.direction });
    }

    fn open_the_page(&self) {
        self.user(ShiftInput::OpenWorkbench);
        self.sign_in();
        self.until(|view| matches!(view.screen, Screen::Workbench(_)).then_some(()));
        self.user(WorkbenchInput::Turn { page: WorkbenchPage::Device });
    }

    fn ask(&self, input: DeviceInput) {
        self.user(WorkbenchInput::Device { input });
    }

    fn device<T>(&self, found: impl Fn(&DeviceView) -> Option<T>) -> T {
        self.until(|view| match &view.screen {
            Screen::Workbench(WorkbenchScreen::Device { device, .. }) => found(device),
            _ => None,
        })
    }
}

#[test]
fn a_code_that_only_the_second_camera_sees_becomes_a_result() {
    let dir = tempfile::tempdir().unwrap();
    let desk = start(dir.path());
    desk.begin_a_shift();
    desk.second.show(Some(code(1, desk.station.clock.wall())));
    desk.until(|view| matches!(view.screen, Screen::Collector(CollectorScreen::Result { .. })).then_some(()));
}

#[test]
fn a_code_that_is_held_out_to_try_is_timed_and_nothing_of_it_is_shown_or_recorded() {
    let dir = tempfile::tempdir().unwrap();
    let desk = start(dir.path());
    desk.open_the_page();
    let both = desk.device(|device| Some((device.first.simulated, device.second.as_ref()?.simulated)));
    assert_eq!(both, (true, true));
    let text = code(1, desk.station.clock.wall());
    desk.second.show(Some(text.clone()));
    let view = desk.until(|view| match &view.screen {
        Screen::Workbench(WorkbenchScreen::Device { device, .. }) => match device.read {
            Some(ReadTest::Read { camera, .. }) => {
                assert_eq!(camera, WhichCamera::Second);
                Some(view.clone())
            }
            _ => None,
        },
        other => panic!("{other:?}"),
    });
    let shown = serde_json::to_string(&view).unwrap();
    assert!(!shown.contains(&text) && !shown.contains("尉迟"));
    drop(desk);
    let mut outbox = Outbox::open(&dir.path().join("outbox.sqlite"), STATION, StreamId([0xff; 16])).unwrap();
    for row in outbox.pending(100).unwrap() {
        let report = wire::seal::open(&row, STATION, &SEALING).unwrap();
        assert!(!matches!(report, Report::Passage(_)));
    }
}

#[test]
fn a_self_test_tries_every_line_and_asks_for_the_sound() {
    let dir = tempfile::tempdir().unwrap();
    let desk = start(dir.path());
    desk.open_the_page();
    desk.ask(DeviceInput::SelfTest);
    let ended = |device: &DeviceView| {
        let test = device.self_test.clone()?;
        let runs = test.lines.iter().any(|line| line.outcome == TestOutcome::Running);
        (!runs).then_some(test)
    };
    let test = desk.device(ended);
    let outcome = |test: &SelfTest, subject| {
        test.lines.iter().find(|line| line.subject == subject).map(|line| line.outcome.clone()).unwrap()
    };
    for subject in [
        TestSubject::Disk,
        TestSubject::Clock,
        TestSubject::Trust,
        TestSubject::Outbox,
        TestSubject::Key,
        TestSubject::Network,
    ] {
        let outcome = outcome(&test, subject);
        assert!(matches!(outcome, TestOutcome::Well { .. }), "{subject:?}: {outcome:?}");
    }
    assert_eq!(outcome(&test, TestSubject::Sound), TestOutcome::Asks);
    desk.ask(DeviceInput::Heard { heard: false });
    let failed = TestOutcome::Failed { why: TestFailure::NotHeard };
    desk.device(|device| {
        let test = device.self_test.as_ref()?;
        (outcome(test, TestSubject::Sound) == failed).then_some(())
    });
    assert!(!dir.path().join("self-test").exists());
}

#[test]
fn a_display_that_was_chosen_is_looked_for_where_there_is_a_window() {
    let dir = tempfile::tempdir().unwrap();
    let desk = start(dir.path());
    let tested = || {
        let test = desk.station.self_test().unwrap();
        let line = test.lines.into_iter().find(|line| line.subject == TestSubject::Display);
        line.map(|line| line.outcome)
    };
    desk.station.tell_displays(vec!["DP-1".to_owned()]);
    assert_eq!(tested(), None, "nobody chose one");
    let chosen = ResidentDisplay::Display { name: "HDMI-1".to_owned() };
    desk.station.set_resident_display(chosen.clone()).unwrap();
    assert_eq!(tested(), Some(TestOutcome::Failed { why: TestFailure::DisplayMissing }));
    desk.station.tell_displays(vec!["DP-1".to_owned(), "HDMI-1".to_owned()]);
    assert_eq!(tested(), Some(TestOutcome::Well { found: TestFinding::Connected }));
    let other = tempfile::tempdir().unwrap();
    let headless = start(other.path());
    headless.station.set_resident_display(chosen).unwrap();
    let test = headless.station.self_test().unwrap();
    assert!(test.lines.iter().all(|line| line.subject != TestSubject::Display), "no window, no display");
}

#[test]
fn diagnostics_are_saved_byte_for_byte_as_they_were_read_and_hold_nothing_of_anybody() {
    let dir = tempfile::tempdir().unwrap();
    let desk = start(dir.path());
    desk.begin_a_shift();
    let now = desk.station.clock.wall();
    for who in 0..5 {
        desk.station.scan(code(who, now));
        desk.station.step(Step::ConfirmShown).unwrap();
    }
    assert!(matches!(desk.station.save_diagnostics(dir.path()), Err(CannotSave::NotShown)));
    desk.open_the_page();
    desk.ask(DeviceInput::ShowDiagnostics);
    let text = desk.device(|device| device.diagnostics.clone());
    let saved = desk.station.save_diagnostics(&dir.path().join("downloads")).unwrap();
    assert_eq!(std::fs::read_to_string(saved).unwrap(), text);
    let world = World::new(now);
    let community = &world.community;
    let people =
        community.people.iter().flat_map(|person| [person.masked_name.clone(), person.masked_phone.clone()]);
    let places = community.checkpoints.iter().map(|checkpoint| checkpoint.name.clone());
    let others =
        ["尉迟", "4201****", "KD1:", PIN, PHONE, "一号", community.name.as_str(), &community.contact];
    let words = people.chain(places).chain(others.map(str::to_owned));
    for word in words.filter(|word| !word.is_empty()) {
        assert!(!text.contains(&word), "{word} in {text}");
    }
    assert!(text.contains("waiting: "), "{text}");
    desk.ask(DeviceInput::HideDiagnostics);
    desk.device(|device| device.diagnostics.is_none().then_some(()));
    assert!(matches!(desk.station.save_diagnostics(dir.path()), Err(CannotSave::NotShown)));
}
