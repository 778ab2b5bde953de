//! What becomes of a code that is read.

use health_code::{Claims, Colour, Refusal};

use super::world::{Desk, World, claims, coloured, forged, green, sign};
use crate::action::{Action, Sound};
use crate::input::Input;
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorInput, CollectorScreen, Countdown, Hint, ScanId};

fn ready() -> Desk {
    Desk::ready(&World::new())
}

#[test]
fn a_code_becomes_an_answer_with_its_sound_screen_first() {
    for (colour, sound) in
        [(Colour::Green, Sound::Pass), (Colour::Yellow, Sound::Check), (Colour::Red, Sound::Stop)]
    {
        let mut desk = ready();
        desk.see(&coloured(1, colour));
        assert!(
            matches!(desk.actions.as_slice(), [Action::Show(_), Action::Play(s)] if *s == sound),
            "{colour:?}"
        );
        let result = desk.result();
        assert!(result.can_confirm && result.can_declare_again);
        assert_eq!(result.fields.unwrap().masked_name, "赵*");
    }
}

#[test]
fn an_invalid_code_cannot_be_confirmed_and_shows_only_what_was_signed() {
    let mut desk = ready();
    for (text, refusal, signed) in [
        ("https://pay.example".to_owned(), Refusal::NotAHealthCode, false),
        (forged(1), Refusal::UnknownIssuer, false),
        (sign(&claims(2, -400)), Refusal::Expired { exp: claims(2, -400).exp }, true),
    ] {
        desk.see(&text);
        let result = desk.result();
        assert_eq!(result.answer, Answer::Invalid { refusal });
        assert_eq!((result.fields.is_some(), result.can_declare_again), (signed, signed));
        assert!(!result.can_confirm);
        desk.wait(300);
        desk.enter();
        assert_eq!(desk.result(), result, "Enter does nothing");
        desk.escape();
        assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    }
    assert_eq!(desk.appends(), []);
}

#[test]
fn no_other_code_replaces_an_open_result() {
    let mut desk = ready();
    desk.see(&green(1));
    let open = desk.result();
    desk.see(&coloured(2, Colour::Red));
    desk.see("rubbish");
    assert_eq!(desk.result(), open);
    assert_eq!(desk.sounds(), [Sound::Pass]);
}

#[test]
fn enter_and_escape_are_deaf_for_the_first_moments_and_to_other_scans() {
    let mut desk = ready();
    desk.see(&green(1));
    desk.wait(299);
    desk.enter();
    desk.escape();
    desk.user(CollectorInput::DeclareAgain { scan: desk.scan() });
    assert!(matches!(desk.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    desk.wait(1);
    let other = ScanId(desk.scan().0 + 1);
    desk.user(CollectorInput::Confirm { scan: other });
    desk.user(CollectorInput::Discard { scan: other });
    assert!(matches!(desk.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    assert_eq!(desk.appends(), []);
    desk.enter();
    assert!(matches!(desk.screen(), Screen::Collector(CollectorScreen::Recording { .. })));
}

#[test]
fn a_result_nobody_acts_on_counts_down_and_clears_itself() {
    for (text, total) in [(green(1), 20), (coloured(1, Colour::Red), 30), ("foreign".to_owned(), 30)] {
        let mut desk = ready();
        desk.see(&text);
        assert_eq!(desk.result().countdown, Countdown { total, left: total });
        let mut shows = 0;
        while matches!(desk.screen(), Screen::Collector(CollectorScreen::Result { .. })) {
            let due = desk.gate.next_deadline().unwrap();
            assert!(due > desk.mono);
            desk.mono = due;
            desk.taken();
            desk.send(Input::Tick);
            shows += desk.shows();
            assert!(desk.mono.as_secs() <= u64::from(total));
        }
        assert_eq!(desk.mono.as_secs(), u64::from(total));
        assert_eq!(shows, total as usize, "a step a second, and nothing between");
        assert_eq!(desk.appends(), []);
    }
}

#[test]
fn a_dismissed_code_still_in_view_does_not_flash_again() {
    let mut desk = ready();
    desk.see(&green(1));
    desk.hold(&green(1), 1000);
    desk.escape();
    desk.hold(&green(1), 5000);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    desk.see(&green(2));
    assert!(matches!(desk.answer(), Answer::Pass { .. }), "the next person is taken at once");
}

#[test]
fn a_dismissed_code_is_taken_again_after_it_was_out_of_view() {
    let mut desk = ready();
    desk.see(&green(1));
    desk.wait(400);
    desk.escape();
    desk.wait(1100);
    desk.see(&green(1));
    assert!(matches!(desk.screen(), Screen::Collector(CollectorScreen::Result { .. })), "unseen for 1.5 s");
}

#[test]
fn a_discarded_code_held_in_view_is_taken_again_in_the_end_a_forgotten_one_is_not() {
    let mut desk = ready();
    let long = |desk: &mut Desk| desk.hold(&sign(&Claims { is_static: true, ..claims(1, -10) }), 11_000);
    desk.see(&sign(&Claims { is_static: true, ..claims(1, -10) }));
    desk.wait(400);
    desk.escape();
    long(&mut desk);
    assert!(matches!(desk.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    for _ in 0..6 {
        long(&mut desk);
    }
    assert_eq!(
        desk.screen(),
        Screen::Collector(CollectorScreen::Ready { hint: None }),
        "it ran out of time, still in view"
    );
}

#[test]
fn a_refreshed_code_is_taken_at_once_after_the_expired_one() {
    let mut desk = ready();
    desk.see(&sign(&claims(1, -400)));
    desk.wait(300);
    desk.escape();
    desk.see(&sign(&claims(1, -5)));
    assert!(matches!(desk.answer(), Answer::Pass { .. }));
}

#[test]
fn a_phone_that_renews_its_code_is_still_the_same_person() {
    let mut desk = ready();
    desk.see(&sign(&claims(1, -59)));
    desk.hold(&sign(&claims(1, 0)), 2000);
    desk.escape();
    desk.hold(&sign(&claims(1, 1)), 2000);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
}

#[test]
fn declare_again_shows_the_issuers_address_and_discards() {
    let mut desk = ready();
    desk.see(&coloured(1, Colour::Yellow));
    desk.wait(300);
    desk.user(CollectorInput::DeclareAgain { scan: desk.scan() });
    let countdown = Countdown { total: 60, left: 60 };
    assert_eq!(
        desk.screen(),
        Screen::Collector(CollectorScreen::DeclareAgain {
            url: "https://declare.example".to_owned(),
            countdown
        })
    );
    desk.see(&green(2));
    assert!(matches!(desk.screen(), Screen::Collector(CollectorScreen::DeclareAgain { .. })));
    desk.wait(60_000);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    assert_eq!(desk.appends(), []);
}

#[test]
fn no_code_shows_the_policys_address_until_escape() {
    let mut desk = ready();
    desk.user(CollectorInput::NoCode);
    assert!(
        matches!(desk.screen(), Screen::Collector(CollectorScreen::NoCode { url, .. }) if url == "https://code.example")
    );
    desk.user(CollectorInput::Back);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    desk.see(&green(1));
    desk.user(CollectorInput::NoCode);
    assert!(
        matches!(desk.screen(), Screen::Collector(CollectorScreen::Result { .. })),
        "never instead of a result"
    );
}

#[test]
fn a_hint_needs_600_ms_of_the_same_finding_and_stays_a_second() {
    let mut desk = ready();
    let unreadable = |desk: &mut Desk, hint| desk.send(Input::CodeUnreadable { hint });
    unreadable(&mut desk, Hint::TooFar);
    desk.wait(500);
    unreadable(&mut desk, Hint::Blurred);
    desk.wait(500);
    unreadable(&mut desk, Hint::Blurred);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    desk.wait(100);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: Some(Hint::Blurred) }));
    desk.send(Input::NothingSeen);
    desk.wait(900);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: Some(Hint::Blurred) }));
    desk.wait(100);
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
}
