//! A whole station without a window, a camera or a back office.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use camera::{Showing, SimulatedSource};
use gate::action::Sound;
use gate::window::collector::{Answer, CollectorScreen};
use gate::window::shift::{ShiftInput, ShiftScreen};
use gate::window::station::{StationInput, StationScreen};
use gate::{Fault, Screen, UserInput, View};
use wire::{Report, StreamId};

use super::*;
use crate::clock;
use crate::outbox::Outbox;
use crate::script::{Step, StepProblem};
use crate::settings::{DeviceSetting, Lamp, Language, ResidentDisplay, Settings, Theme, Voice};
use crate::testing::{PHONE, PIN, SEALING, STATION, World, code, enrolled, memory_key};

/// Sends each view to the test.
struct Shown(Sender<View>);

impl Display for Shown {
    fn show(&mut self, view: &View) {
        let _ = self.0.send(view.clone());
    }

    fn play(&mut self, _: Sound) {}
}

fn options(dir: &Path) -> StartOptions {
    StartOptions {
        dir: dir.to_owned(),
        camera: Some(CameraChoice::None),
        second_camera: None,
        network: false,
        stick: None,
    }
}

fn start(dir: &Path) -> (Station, Receiver<View>) {
    let (sender, views) = channel();
    let headless = Headless { hurry: true };
    (Station::start_headless(options(dir), headless, Box::new(Shown(sender))).unwrap(), views)
}

fn until(views: &Receiver<View>, is: impl Fn(&View) -> bool) -> View {
    loop {
        let view = views.recv_timeout(Duration::from_secs(30)).expect("a view in time");
        if is(&view) {
            return view;
        }
    }
}

fn sign_in(station: &Station, views: &Receiver<View>) {
    let (digits, secret) = (PHONE[PHONE.len() - 4..].to_owned(), PIN.to_owned());
    station.step(Step::User(UserInput::Shift(ShiftInput::SignIn { digits, person: None, secret }))).unwrap();
    let view =
        until(views, |view| matches!(view.screen, Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })));
    let Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, .. }) = view.screen else { unreachable!() };
    station
        .step(Step::User(UserInput::Shift(ShiftInput::ChooseCheckpoint {
            id: rows[0].id.clone(),
            direction: rows[0].direction,
        })))
        .unwrap();
}

fn sealed(dir: &Path) -> Vec<wire::SealedReport> {
    let mut outbox = Outbox::open(&dir.join("outbox.sqlite"), STATION, StreamId([0xff; 16])).unwrap();
    outbox.pending(10_000).unwrap()
}

#[test]
fn every_confirmed_scan_is_in_the_outbox_once_and_nothing_can_be_read_from_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let now = enrolled(dir.path());
    let codes: Vec<String> = (0..100).map(|who| code(who, now)).collect();
    for half in codes.chunks(50) {
        let (station, views) = start(dir.path());
        sign_in(&station, &views);
        for code in half {
            station.scan(code.clone());
            station.step(Step::ConfirmShown).unwrap();
        }
        // One more, seen and not confirmed: not recorded.
        station.scan(code(999, now));
        station.stop();
    }
    let reports: Vec<Report> =
        sealed(dir.path()).iter().map(|row| wire::seal::open(row, STATION, &SEALING).unwrap()).collect();
    let mut scanned: Vec<Vec<u8>> = reports
        .iter()
        .filter_map(|report| match report {
            Report::Passage(wire::Passage { code: wire::Carried::Whole(code), .. }) => Some(code.clone()),
            _ => None,
        })
        .collect();
    scanned.sort();
    let mut expected: Vec<Vec<u8>> =
        codes.iter().map(|code| health_code::UnverifiedCode::parse(code).unwrap().cose().to_vec()).collect();
    expected.sort();
    assert_eq!(scanned, expected);
    assert!(holds_none_of(dir.path(), codes[0].as_bytes()));
    assert!(holds_none_of(dir.path(), "尉迟".as_bytes()));
    assert!(holds_none_of(dir.path(), b"4201**********"));
    assert!(holds_none_of(dir.path(), &[0xc7; 14]));
    assert!(holds_none_of(dir.path(), &expected[0][40..56]));
}

fn holds_none_of(dir: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()).all(|entry| {
        let bytes = std::fs::read(entry.path()).unwrap();
        !bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn steps_say_why_they_were_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    let (station, views) = start(dir.path());
    sign_in(&station, &views);
    assert_eq!(station.step(Step::ConfirmShown), Err(StepProblem::NothingShown));
    station.scan("KD1:NO".to_owned());
    assert_eq!(station.step(Step::ConfirmShown), Err(StepProblem::NotConfirmable));
}

#[test]
fn a_report_that_cannot_be_kept_is_not_recorded_and_the_result_stays() {
    let dir = tempfile::tempdir().unwrap();
    let now = enrolled(dir.path());
    let (station, views) = start(dir.path());
    sign_in(&station, &views);
    until(&views, |view| view.bar.waiting >= 2);
    // Somebody else holds the database for writing: it cannot be written now.
    let other = rusqlite::Connection::open(dir.path().join("outbox.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    station.scan(code(1, now));
    station.step(Step::ConfirmShown).unwrap();
    let view = until(&views, |view| match &view.screen {
        Screen::Collector(CollectorScreen::Result { result }) => result.not_recorded.is_some(),
        _ => false,
    });
    let Screen::Collector(CollectorScreen::Result { result }) = view.screen else { unreachable!() };
    assert!(matches!(result.answer, Answer::Pass { .. }));
    other.execute_batch("ROLLBACK").unwrap();
    station.step(Step::ConfirmShown).unwrap();
    until(&views, |view| matches!(view.screen, Screen::Collector(CollectorScreen::Recorded)));
    station.stop();
    let passages = sealed(dir.path())
        .iter()
        .filter(|row| matches!(wire::seal::open(row, STATION, &SEALING), Ok(Report::Passage(_))))
        .count();
    assert_eq!(passages, 1);
}

#[test]
fn a_station_without_trust_starts_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    std::fs::write(dir.path().join("trust/root.cose"), b"rubbish").unwrap();
    let (_station, views) = start(dir.path());
    until(&views, |view| {
        matches!(view.screen, Screen::Station(StationScreen::Fault { fault: Fault::TrustMissing, .. }))
    });
}

#[test]
fn a_clock_that_went_back_judges_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let now = enrolled(dir.path());
    clock::tests::remember(&dir.path().join("clock"), &memory_key(), now.plus(86_400));
    let (station, views) = start(dir.path());
    sign_in(&station, &views);
    station.scan(code(1, now));
    let view = until(&views, |view| matches!(view.screen, Screen::Collector(CollectorScreen::Result { .. })));
    let Screen::Collector(CollectorScreen::Result { result }) = view.screen else { unreachable!() };
    assert_eq!(result.answer, Answer::Unjudged { fault: Fault::ClockWrong });
}

/// The row `thirty-days-old` of the cases of time and change.
#[test]
fn an_administrators_word_does_not_bring_back_a_time_that_is_remembered_as_past() {
    let dir = tempfile::tempdir().unwrap();
    let then = enrolled(dir.path());
    clock::tests::remember(&dir.path().join("clock"), &memory_key(), then.plus(30 * 86_400));
    let answer = judged_by_an_administrators_word(dir.path(), then, false);
    assert_eq!(answer, Answer::Unjudged { fault: Fault::ClockWrong });
}

#[test]
fn an_administrators_word_stands_in_for_a_memory_that_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let now = enrolled(dir.path());
    std::fs::remove_file(dir.path().join("clock")).unwrap();
    assert!(matches!(judged_by_an_administrators_word(dir.path(), now, true), Answer::Pass { .. }));
}

/// Starts a station whose clock is wrong, has an administrator vouch for it (the screen says whether
/// they may), and scans a code.
fn judged_by_an_administrators_word(dir: &Path, now: health_code::Timestamp, may: bool) -> Answer {
    let mut world = World::new(now);
    world.community.people[0].role = health_code::Role::Administrator;
    disk::trust_folder::swap(&dir.join("trust"), &world.files()).unwrap();
    let (sender, views) = channel();
    let camera = CameraChoice::Simulated { source: SimulatedSource::Program(Showing::default()) };
    let options = StartOptions { camera: Some(camera), ..options(dir) };
    let headless = Headless { hurry: true };
    let station = Station::start_headless(options, headless, Box::new(Shown(sender))).unwrap();
    sign_in(&station, &views);
    let fault = until(&views, |view| match view.screen {
        Screen::Station(StationScreen::Fault { fault: Fault::ClockWrong, may_assert_time, .. }) => {
            assert_eq!(may_assert_time, may);
            true
        }
        _ => false,
    });
    let word = StationInput::AssertTime { shown: fault.bar.now };
    station.step(Step::User(UserInput::Station(word))).unwrap();
    station.scan(code(1, now));
    let view = until(&views, |view| matches!(view.screen, Screen::Collector(CollectorScreen::Result { .. })));
    let Screen::Collector(CollectorScreen::Result { result }) = view.screen else { unreachable!() };
    result.answer
}

#[test]
fn a_station_whose_id_is_not_the_one_of_its_key_does_not_start() {
    let dir = tempfile::tempdir().unwrap();
    enrolled(dir.path());
    let other = health_code::hex::encode(&[78; 32]);
    disk::replace(&dir.path().join("station.key"), other.as_bytes(), disk::Access::Owner).unwrap();
    let started = Station::start(options(dir.path()), Box::new(Shown(channel().0)));
    assert!(matches!(started, Err(StartError::Key(keys::KeyError::Another))));
}

#[test]
fn one_folder_is_one_running_station() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        Station::start(options(dir.path()), Box::new(Shown(channel().0))),
        Err(StartError::NotEnrolled(_))
    ));
    enrolled(dir.path());
    let (station, _views) = start(dir.path());
    let second = Station::start(options(dir.path()), Box::new(Shown(channel().0)));
    assert!(matches!(second, Err(StartError::InUse)));
    station.set_language(Language::En).unwrap();
    station.set_theme(Theme::Light).unwrap();
    station.set_gloss(false).unwrap();
    station.set_resident_display(ResidentDisplay::Window).unwrap();
    station.set_kiosk(true).unwrap();
    station.set_device(DeviceSetting::Volume(30)).unwrap();
    station.set_device(DeviceSetting::Voice(Voice::Zh)).unwrap();
    station.stop();
    let (station, _views) = start(dir.path());
    let (language, theme) = (Language::En, Theme::Light);
    let (name, resident_display) = ("一号".to_owned(), ResidentDisplay::Window);
    let (gloss, mirrored, kiosk, volume, lamp) = (false, false, true, 30, Lamp::WhenDark);
    let voice = Voice::Zh;
    let settings =
        Settings { name, language, theme, gloss, mirrored, resident_display, kiosk, volume, lamp, voice };
    assert_eq!(station.settings(), settings);
}
