//! What the gate does with what a hand scanner sends.

use health_code::{Colour, Refusal};
use zeroize::Zeroizing;

use super::driver::{Driver, typed};
use super::world::{ADMINISTRATOR, World, coloured, green};
use crate::action::Sound;
use crate::fault::Fault;
use crate::input::{Input, Scan};
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorScreen, Hint, Outcome, RecordedAs, RecordedBefore};
use crate::window::scanner::{ScannerInput, ScannerTrouble, ScannerView, ScannerWay};
use crate::window::shift::ShiftInput;
use crate::window::station::StationScreen;
use crate::window::workbench::{AddProblem, WorkbenchInput, WorkbenchScreen};

fn scan(driver: &mut Driver, text: &str) {
    driver.send(Input::Scanned(Scan::Text(Zeroizing::new(text.to_owned()))));
}

/// What the wait for a code says.
fn hint(driver: &Driver) -> Option<Hint> {
    match driver.screen() {
        Screen::Collector(CollectorScreen::Ready { hint }) => hint,
        other => panic!("{other:?}"),
    }
}

fn scanner(way: ScannerWay, fault: Option<ScannerTrouble>) -> Input {
    Input::Scanner(ScannerView { way, fault, reading: None })
}

#[test]
fn a_scanned_code_is_a_result_that_is_recorded_like_any_other() {
    for keys in [false, true] {
        let mut driver = Driver::ready(&World::new());
        if keys {
            driver.user(ScannerInput::Typed { text: green(1) });
        } else {
            scan(&mut driver, &green(1));
        }
        assert!(matches!(driver.answer(), Answer::Pass { .. }));
        assert_eq!(driver.sounds(), [Sound::Pass]);
        driver.wait(300);
        driver.enter();
        driver.passage();
        driver.save();
        assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Recorded));
    }
}

#[test]
fn no_scan_replaces_an_open_result_and_none_ends_it() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&green(1));
    let open = driver.result();
    for text in [coloured(2, Colour::Red), green(1), "6901234567892".to_owned(), "KD1:".to_owned()] {
        scan(&mut driver, &text);
        assert_eq!(driver.result(), open, "{text}");
    }
    driver.send(Input::Scanned(Scan::Broken));
    assert_eq!(driver.result(), open);
    driver.escape();
    driver.wait(300);
    driver.escape();
    assert_eq!(hint(&driver), None, "nothing is said of what was scanned meanwhile");
    scan(&mut driver, &coloured(2, Colour::Red));
    assert!(matches!(driver.answer(), Answer::Stop { .. }), "it was not taken, so this is its first time");
}

#[test]
fn the_same_code_again_at_once_is_one_trigger_and_later_it_is_another() {
    let mut driver = Driver::ready(&World::new());
    scan(&mut driver, &green(1));
    driver.wait(300);
    driver.enter();
    driver.save();
    driver.wait(1000);
    scan(&mut driver, &green(1));
    assert_eq!(hint(&driver), Some(Hint::ScannedTwice));
    driver.wait(1400);
    scan(&mut driver, &green(1));
    assert_eq!(hint(&driver), Some(Hint::ScannedTwice), "a scanner that reads on and on");
    driver.wait(1500);
    scan(&mut driver, &green(1));
    let again = RecordedBefore { shown: RecordedAs::Pass, outcome: Outcome::LetThrough };
    assert_eq!(driver.result().recorded_before, Some(again));
}

#[test]
fn what_the_camera_still_sees_is_taken_again_when_a_person_triggers_the_scanner() {
    let mut driver = Driver::ready(&World::new());
    driver.record(&green(1));
    driver.hold(&green(1), 3000);
    assert_eq!(hint(&driver), Some(Hint::TakeAway));
    scan(&mut driver, &green(1));
    assert!(driver.result().recorded_before.is_some());
    driver.wait(300);
    driver.escape();
    driver.hold(&green(1), 1000);
    assert_eq!(hint(&driver), None, "and the camera does not open it once more");
}

#[test]
fn a_text_that_is_cut_off_is_asked_for_again_and_twice_the_same_is_what_it_says() {
    let mut driver = Driver::ready(&World::new());
    let code = green(1);
    for length in [4, 5, 17, code.len() / 2, code.len() - 1] {
        scan(&mut driver, &code[..length]);
        assert_eq!(hint(&driver), Some(Hint::ScanIncomplete), "{length}");
    }
    // One character was lost on the way, wherever.
    for at in [5, 40, code.len() - 2] {
        let lost = format!("{}{}", &code[..at], &code[at + 1..]);
        scan(&mut driver, &lost);
        assert_eq!(hint(&driver), Some(Hint::ScanIncomplete), "{at}");
    }
    driver.wait(4000);
    assert_eq!(hint(&driver), None, "it is said for a while");
    scan(&mut driver, "KD1:6BF");
    scan(&mut driver, "KD1:6BF");
    assert!(matches!(driver.answer(), Answer::Invalid { .. }));
    driver.wait(300);
    driver.escape();
    driver.send(Input::Scanned(Scan::Broken));
    assert_eq!(hint(&driver), Some(Hint::ScanIncomplete));
    scan(&mut driver, &code);
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
}

#[test]
fn two_codes_in_one_text_are_never_taken_for_one() {
    let (one, other) = (green(1), green(2));
    for text in [format!("{one}{one}"), format!("{one}{other}"), format!("{}{one}", &one[..one.len() / 2])] {
        let mut driver = Driver::ready(&World::new());
        for _ in 0..3 {
            scan(&mut driver, &text);
            assert_eq!(hint(&driver), Some(Hint::ScanDoubled));
        }
    }
}

#[test]
fn another_text_is_no_health_code() {
    let mut driver = Driver::ready(&World::new());
    scan(&mut driver, "6901234567892");
    assert_eq!(driver.answer(), Answer::Invalid { refusal: Refusal::NotAHealthCode });
}

#[test]
fn where_no_scanner_is_to_be_used_a_scan_only_says_so() {
    let mut driver = Driver::ready(&World::new());
    driver.send(scanner(ScannerWay::None, None));
    driver.user(ScannerInput::Typed { text: green(1) });
    assert_eq!(hint(&driver), Some(Hint::ScannerOff));
    driver.send(scanner(ScannerWay::Window, None));
    driver.user(ScannerInput::Typed { text: green(1) });
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
}

#[test]
fn a_scan_means_nothing_where_nobody_stands_at_a_checkpoint() {
    let mut driver = Driver::new(&World::new());
    let before = driver.screen();
    scan(&mut driver, &green(1));
    assert_eq!(driver.screen(), before);
    driver.sign_in(super::world::PHONE, true);
    let before = driver.screen();
    scan(&mut driver, &green(1));
    assert_eq!(driver.screen(), before, "no checkpoint is chosen");
    let mut driver = Driver::ready(&World::new());
    driver.send(Input::Trust(None));
    scan(&mut driver, &green(1));
    assert!(matches!(
        driver.screen(),
        Screen::Station(StationScreen::Fault { fault: Fault::TrustMissing, .. })
    ));
}

#[test]
fn a_gate_with_a_scanner_goes_on_without_a_camera() {
    let mut driver = Driver::ready(&World::new());
    let fault = |driver: &Driver| match driver.screen() {
        Screen::Station(StationScreen::Fault { fault, .. }) => Some(fault),
        _ => None,
    };
    driver.send(Input::Camera { fault: Some(Fault::CameraNone), simulated: false });
    assert_eq!(fault(&driver), Some(Fault::CameraNone), "keys in the window may come or not");
    for way in [ScannerWay::Serial, ScannerWay::Keyboard] {
        driver.send(scanner(way, None));
        assert_eq!(fault(&driver), None);
        driver.send(scanner(way, Some(ScannerTrouble::Absent)));
        assert_eq!(fault(&driver), Some(Fault::CameraNone), "nothing reads");
    }
    scan(&mut driver, &green(1));
    assert!(matches!(driver.answer(), Answer::Pass { .. }), "if a code comes, something reads");
}

#[test]
fn the_bar_says_how_the_scanner_does() {
    let mut driver = Driver::ready(&World::new());
    assert_eq!(driver.view().bar.scanner, ScannerView::default());
    let reading = ScannerView { way: ScannerWay::Keyboard, fault: None, reading: Some(210) };
    driver.taken();
    driver.send(Input::Scanner(reading));
    assert_eq!((driver.view().bar.scanner, driver.shows()), (reading, 1));
}

#[test]
fn whoever_is_to_be_authorised_may_be_scanned_by_hand() {
    let mut driver = Driver::new(&World::new());
    driver.user(ShiftInput::OpenWorkbench);
    driver.user(typed(ADMINISTRATOR));
    let attempt = driver.attempt().unwrap();
    driver.send(Input::PinChecked { attempt, right: true });
    driver.user(WorkbenchInput::ScanCollector);
    let page = |driver: &Driver| match driver.screen() {
        Screen::Workbench(WorkbenchScreen::AddCollector { person, hint, problem, .. }) => {
            (person.map(|person| person.masked_name), hint, problem)
        }
        other => panic!("{other:?}"),
    };
    let code = green(1);
    scan(&mut driver, &code[..40]);
    assert_eq!(page(&driver), (None, Some(Hint::ScanIncomplete), None));
    driver.send(Input::Scanned(Scan::Broken));
    scan(&mut driver, &format!("{code}{code}"));
    assert_eq!(page(&driver), (None, Some(Hint::ScanDoubled), None));
    scan(&mut driver, "6901234567892");
    let no_code = AddProblem::Refused { refusal: Refusal::NotAHealthCode };
    assert_eq!(page(&driver).2, Some(no_code));
    driver.send(scanner(ScannerWay::None, None));
    scan(&mut driver, &code);
    assert_eq!(page(&driver).1, Some(Hint::ScannerOff));
    driver.send(scanner(ScannerWay::Window, None));
    driver.user(ScannerInput::Typed { text: code });
    assert_eq!(page(&driver), (Some("赵*".to_owned()), None, None));
}
