//! What the gate does with a code that was read.

use health_code::policy::ScreenTimes;
use health_code::{Claims, Colour, Refusal};

use super::driver::Driver;
use super::world::{World, claims, coloured, forged, green, sign};
use crate::action::{Action, Sound};
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorInput, CollectorScreen, Countdown, Hint, ScanId};

fn ready() -> Driver {
    Driver::ready(&World::new())
}

#[test]
fn a_code_becomes_an_answer_with_its_sound_screen_first() {
    for (colour, sound) in
        [(Colour::Green, Sound::Pass), (Colour::Yellow, Sound::Check), (Colour::Red, Sound::Stop)]
    {
        let mut driver = ready();
        driver.see(&coloured(1, colour));
        assert!(
            matches!(driver.actions.as_slice(), [Action::Show(_), Action::Play(s)] if *s == sound),
            "{colour:?}"
        );
        let result = driver.result();
        assert!(result.can_confirm && result.can_declare_again);
        assert_eq!(result.fields.unwrap().masked_name, "赵*");
    }
}

#[test]
fn an_invalid_code_cannot_be_confirmed_and_shows_only_what_was_signed() {
    let mut driver = ready();
    for (text, refusal, signed) in [
        ("https://pay.example".to_owned(), Refusal::NotAHealthCode, false),
        (forged(1), Refusal::UnknownIssuer, false),
        (sign(&claims(2, -400)), Refusal::Expired { exp: claims(2, -400).exp }, true),
    ] {
        driver.see(&text);
        let result = driver.result();
        assert_eq!(result.answer, Answer::Invalid { refusal });
        assert_eq!((result.fields.is_some(), result.can_declare_again), (signed, signed));
        assert!(!result.can_confirm);
        driver.wait(300);
        driver.enter();
        assert_eq!(driver.result(), result, "Enter does nothing");
        driver.escape();
        assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    }
    assert_eq!(driver.appends(), []);
}

#[test]
fn no_other_code_replaces_an_open_result() {
    let mut driver = ready();
    driver.see(&green(1));
    let open = driver.result();
    driver.see(&coloured(2, Colour::Red));
    driver.see("rubbish");
    assert_eq!(driver.result(), open);
    assert_eq!(driver.sounds(), [Sound::Pass]);
}

#[test]
fn enter_and_escape_are_deaf_for_the_first_moments_and_to_other_scans() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.wait(299);
    driver.enter();
    driver.escape();
    driver.user(CollectorInput::DeclareAgain { scan: driver.scan() });
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    driver.wait(1);
    let other = ScanId(driver.scan().0 + 1);
    driver.user(CollectorInput::Confirm { scan: other });
    driver.user(CollectorInput::Discard { scan: other });
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    assert_eq!(driver.appends(), []);
    driver.enter();
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Recording { .. })));
}

#[test]
fn a_result_nobody_acts_on_counts_down_and_clears_itself() {
    for (text, total) in [
        (green(1), 20),
        (coloured(1, Colour::Yellow), 90),
        (coloured(1, Colour::Red), 30),
        ("foreign".to_owned(), 30),
    ] {
        let mut driver = ready();
        driver.see(&text);
        assert_eq!(driver.result().countdown, Countdown { total, left: total });
        let mut shows = 0;
        while matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })) {
            let due = driver.gate.next_deadline().unwrap();
            assert!(due > driver.mono);
            driver.mono = due;
            driver.taken();
            driver.send(Input::Tick);
            shows += driver.shows();
            assert!(driver.mono.as_secs() <= u64::from(total));
        }
        assert_eq!(driver.mono.as_secs(), u64::from(total));
        assert_eq!(shows, total as usize, "a step a second, and nothing between");
        assert_eq!(driver.appends(), []);
    }
}

#[test]
fn the_policy_says_how_long_results_stay() {
    let mut world = World::new();
    world.policy.screen = Some(ScreenTimes { pass: 11, check: 50, others: 12, repeated_pass: 5 });
    for (text, total) in [(green(1), 11), (coloured(2, Colour::Yellow), 50), (coloured(3, Colour::Red), 12)] {
        let mut driver = Driver::ready(&world);
        driver.see(&text);
        assert_eq!(driver.result().countdown.total, total);
        driver.wait(300);
        driver.enter();
        driver.save();
        driver.wait(10_000);
        driver.see(&text);
        let repeated = if total == 11 { 5 } else { total };
        assert_eq!(driver.result().countdown.total, repeated);
    }
}

#[test]
fn a_dismissed_code_still_in_view_does_not_flash_again() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.hold(&green(1), 1000);
    driver.escape();
    driver.hold(&green(1), 5000);
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Ready { .. })));
    driver.see(&green(2));
    assert!(matches!(driver.answer(), Answer::Pass { .. }), "the next person is taken at once");
}

#[test]
fn a_dismissed_code_is_taken_again_after_it_was_out_of_view() {
    let mut driver = ready();
    driver.see(&green(1));
    driver.wait(400);
    driver.escape();
    driver.wait(1100);
    driver.see(&green(1));
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })), "unseen for 1.5 s");
}

#[test]
fn a_discarded_code_held_in_view_is_taken_again_in_the_end_a_forgotten_one_is_not() {
    let mut driver = ready();
    let long =
        |driver: &mut Driver| driver.hold(&sign(&Claims { is_static: true, ..claims(1, -10) }), 11_000);
    driver.see(&sign(&Claims { is_static: true, ..claims(1, -10) }));
    driver.wait(400);
    driver.escape();
    long(&mut driver);
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    for _ in 0..9 {
        long(&mut driver);
    }
    assert_eq!(
        driver.screen(),
        Screen::Collector(CollectorScreen::Ready { hint: Some(Hint::TakeAway) }),
        "it ran out of time, still in view"
    );
}

#[test]
fn a_refreshed_code_is_taken_at_once_after_the_expired_one() {
    let mut driver = ready();
    driver.see(&sign(&claims(1, -400)));
    driver.wait(300);
    driver.escape();
    driver.see(&sign(&claims(1, -5)));
    assert!(matches!(driver.answer(), Answer::Pass { .. }));
}

#[test]
fn a_phone_that_renews_its_code_is_still_the_same_person() {
    let mut driver = ready();
    driver.see(&sign(&claims(1, -59)));
    driver.hold(&sign(&claims(1, 0)), 2000);
    driver.escape();
    driver.hold(&sign(&claims(1, 1)), 2000);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
}

#[test]
fn declare_again_shows_the_issuers_address_and_discards() {
    let mut driver = ready();
    driver.see(&coloured(1, Colour::Yellow));
    driver.wait(300);
    driver.user(CollectorInput::DeclareAgain { scan: driver.scan() });
    let countdown = Countdown { total: 60, left: 60 };
    assert_eq!(
        driver.screen(),
        Screen::Collector(CollectorScreen::DeclareAgain {
            url: "https://declare.example".to_owned(),
            countdown
        })
    );
    driver.see(&green(2));
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::DeclareAgain { .. })));
    driver.wait(60_000);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    assert_eq!(driver.appends(), []);
}

#[test]
fn no_code_shows_the_policys_address_until_escape() {
    let mut driver = ready();
    driver.user(CollectorInput::NoCode);
    assert!(
        matches!(driver.screen(), Screen::Collector(CollectorScreen::NoCode { url, .. }) if url == "https://code.example")
    );
    driver.user(CollectorInput::Back);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    driver.see(&green(1));
    driver.user(CollectorInput::NoCode);
    assert!(
        matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })),
        "never instead of a result"
    );
}

#[test]
fn a_hint_needs_600_ms_of_the_same_finding_and_stays_a_second() {
    let mut driver = ready();
    let unreadable = |driver: &mut Driver, hint| driver.send(Input::CodeUnreadable { hint });
    unreadable(&mut driver, Hint::TooFar);
    driver.wait(500);
    unreadable(&mut driver, Hint::Blurred);
    driver.wait(500);
    unreadable(&mut driver, Hint::Blurred);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    driver.wait(100);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: Some(Hint::Blurred) }));
    driver.send(Input::NothingSeen);
    driver.wait(900);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: Some(Hint::Blurred) }));
    driver.wait(100);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
}
