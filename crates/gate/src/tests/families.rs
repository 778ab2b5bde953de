//! Codes of other families, several on one phone, and several in view.

use health_code::family::Family;
use health_code::hcert::{Kind, Signer, Usage};
use health_code::{
    BirthParts, CertificateRow, Colour, Days, Finding, Notice, Reason, Refusal, Region, Ruling,
};
use issuer::{DocumentKey, NewCertificate, sign_certificate};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use wire::{Carried, Shown};

use super::driver::Driver;
use super::world::{DAY, START, World, coloured, green};
use crate::input::Aim;
use crate::window::Screen;
use crate::window::collector::{
    Answer, BirthShown, CertificateFields, CollectorScreen, Dose, Hint, NamePart,
};

fn document_key() -> DocumentKey {
    DocumentKey::es256(&[9; 32]).unwrap()
}

/// Returns the usual world with one signer abroad, and a policy row for its certificates.
pub fn world() -> World {
    let mut world = World::new();
    let key = document_key();
    world.list.signers.push(Signer {
        issuer: None,
        country: "XS".to_owned(),
        name_zh: "样例国".to_owned(),
        name_en: "Sample Country".to_owned(),
        kid: key.kid(),
        key: key.public().unwrap(),
        usage: Usage::ALL,
        not_before: START.plus(-300 * DAY),
        not_after: START.plus(300 * DAY),
        recognised_by: vec![Region::country()],
    });
    world.policy.certificates = Some(CertificateRow {
        accepted: Ruling::Check,
        otherwise: Ruling::Stop,
        vaccination: Some(Days { from: 14, to: 270 }),
        doses: 2,
        test: None,
        recovery: None,
        birth: None,
    });
    world
}

pub fn certificate(change: impl FnOnce(&mut NewCertificate)) -> String {
    let mut new = NewCertificate {
        ver: "1.3.0".to_owned(),
        name: ["Muster", "Erika", "MUSTER", "ERIKA"].map(str::to_owned),
        dob: "1998-02-26".to_owned(),
        country: "XS".to_owned(),
        id: "URN:UVCI:01:XS:0001".to_owned(),
        kind: Kind::Vaccination,
        day: "2020-01-22".to_owned(),
        doses: [2, 2],
        detected: false,
        recovery: [String::new(), String::new()],
        iat: START.plus(-20 * DAY),
        exp: START.plus(300 * DAY),
    };
    change(&mut new);
    let key = document_key();
    sign_certificate(&key, &key.kid().0, &new, &mut ChaCha20Rng::seed_from_u64(1))
}

#[test]
fn a_certificate_is_shown_masked_checked_and_noted_and_no_more() {
    let mut driver = Driver::ready(&world());
    driver.see(&certificate(|_| {}));
    let result = driver.result();
    let Answer::Check { reason } = result.answer else { panic!("{:?}", result.answer) };
    assert!(matches!(
        reason,
        Reason::Certificate { certificate: Kind::Vaccination, finding: Finding::Accepted, .. }
    ));
    assert!(result.can_confirm && !result.can_declare_again);
    let fields = result.fields.unwrap();
    assert_eq!((fields.masked_name.as_str(), fields.masked_id.as_str()), ("M***********", ""));
    assert_eq!(fields.certificate.unwrap().kind, Kind::Vaccination);
    driver.wait(300);
    driver.enter();
    let passage = driver.passage().1;
    assert_eq!(passage.shown, Shown::Check);
    let id = "URN:UVCI:01:XS:0001".to_owned();
    let masked_name = "M***********".to_owned();
    assert_eq!(passage.code, Carried::Certificate { id, country: "XS".to_owned(), masked_name });
}

/// What a certificate shows to be compared.
fn shown(world: &World, text: &str) -> CertificateFields {
    let mut driver = Driver::ready(world);
    driver.see(text);
    driver.result().fields.unwrap().certificate.unwrap()
}

#[test]
fn a_certificate_shows_what_to_compare_with_the_passport_and_keeps_none_of_it() {
    let text = certificate(|new| {
        new.name = ["Muster Frau", "Erika", "MUSTER<FRAU", "ERIKA"].map(str::to_owned);
    });
    let fields = shown(&world(), &text);
    let part = |initial: &str, length| NamePart { initial: initial.to_owned(), length };
    assert_eq!(fields.name, [part("M", 6), part("F", 4), part("E", 5)]);
    let birth = BirthShown { year: Some(1998), month: None, day: Some(26) };
    assert_eq!(fields.birth, Some(birth), "the month is masked");
    assert_eq!((fields.dose, fields.hours_ago), (Some(Dose { number: 2, of: 2 }), None));
    // START is 2020-09-13 in the policy's zone.
    assert_eq!(fields.days_ago, 235);
    let mut driver = Driver::ready(&world());
    driver.see(&text);
    driver.wait(300);
    driver.taken();
    driver.enter();
    let report = format!("{:?}", driver.appends());
    driver.save();
    let later = serde_json::to_string(&driver.view()).unwrap();
    for kept in [report, later] {
        assert!(!kept.contains("1998") && !kept.contains("MUSTER") && !kept.contains("FRAU"));
    }
}

#[test]
fn the_policy_says_what_of_a_birth_date_is_seen() {
    for (bits, expected) in [
        (0, None),
        (1, Some((Some(1998), None, None))),
        (6, Some((None, Some(2), Some(26)))),
        (7, Some((Some(1998), Some(2), Some(26)))),
    ] {
        let mut world = world();
        if let Some(row) = &mut world.policy.certificates {
            row.birth = BirthParts::from_bits(bits);
        }
        let birth = shown(&world, &certificate(|_| {})).birth;
        assert_eq!(birth.map(|birth| (birth.year, birth.month, birth.day)), expected, "{bits}");
    }
}

#[test]
fn a_test_is_counted_in_hours() {
    let test = certificate(|new| (new.kind, new.day) = (Kind::Test, "2020-09-12".to_owned()));
    let fields = shown(&world(), &test);
    // The sample was taken at 08:00 UTC, and it is 12:26.
    assert_eq!((fields.hours_ago, fields.days_ago, fields.dose), (Some(28), 1, None));
}

#[test]
fn a_certificate_is_never_a_pass_whatever_its_row_says() {
    let mut world = world();
    if let Some(row) = &mut world.policy.certificates {
        row.accepted = Ruling::Pass;
    }
    let mut driver = Driver::ready(&world);
    driver.see(&certificate(|_| {}));
    assert_eq!(driver.result().answer, Answer::Check { reason: Reason::Passport });
    world.policy.certificates = None;
    let mut driver = Driver::ready(&world);
    driver.see(&certificate(|_| {}));
    let answer = driver.result().answer;
    assert!(
        matches!(answer, Answer::Check { reason: Reason::Certificate { finding: Finding::NoRule, .. } }),
        "{answer:?}"
    );
}

#[test]
fn what_the_row_does_not_accept_is_stopped_and_what_is_wrong_is_invalid() {
    let mut driver = Driver::ready(&world());
    driver.see(&certificate(|new| new.doses = [1, 2]));
    let answer = driver.result().answer;
    assert!(
        matches!(answer, Answer::Stop { reason: Reason::Certificate { finding: Finding::TooFewDoses, .. } }),
        "{answer:?}"
    );
    let mut driver = Driver::ready(&world());
    driver.see(&certificate(|new| new.ver = "2.0.0".to_owned()));
    let result = driver.result();
    assert_eq!(result.answer, Answer::Invalid { refusal: Refusal::WrongVersion });
    assert_eq!(result.family, Family::Certificate);
    assert!(!result.can_confirm && result.fields.is_none());
}

#[test]
fn grey_says_what_its_issuer_says_and_is_not_red() {
    let mut world = World::new();
    let notice = Notice { zh: "信息已登记".to_owned(), en: "Registered".to_owned() };
    world.issuer(sample::HUBEI).grey_notice = Some(notice);
    let mut driver = Driver::ready(&world);
    driver.see(&coloured(1, Colour::Grey));
    let result = driver.result();
    assert!(matches!(result.answer, Answer::Check { .. }), "{:?}", result.answer);
    assert_eq!(result.fields.unwrap().notice_zh.as_deref(), Some("信息已登记"));
    let mut driver = Driver::ready(&world);
    driver.see(&coloured(1, Colour::Red));
    let result = driver.result();
    assert!(matches!(result.answer, Answer::Stop { .. }));
    assert_eq!(result.fields.unwrap().notice_zh, None);
}

#[test]
fn a_parent_and_a_child_on_one_phone_are_two_passages() {
    let mut driver = Driver::ready(&World::new());
    for who in [1, 2] {
        driver.see(&green(who));
        assert!(matches!(driver.result().answer, Answer::Pass { .. }), "{who}");
        driver.wait(300);
        driver.enter();
        let passage = driver.passage().1;
        assert_eq!(passage.code, Carried::Whole(super::world::cose(&green(who))));
        driver.save();
        driver.taken();
    }
}

#[test]
fn of_two_peoples_codes_the_one_aimed_at_is_taken_or_none() {
    let mut driver = Driver::ready(&World::new());
    // Two phones side by side: none is taken, whichever the reader names.
    for _ in 0..5 {
        driver.see_among(&green(1), Aim::Unclear);
        driver.wait(200);
        driver.see_among(&coloured(2, Colour::Red), Aim::Unclear);
        driver.wait(200);
    }
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: Some(Hint::OneAtATime) }));
    assert_eq!(driver.appends(), []);
    // A poster behind the phone: the code aimed at is taken, and while it is open, no other.
    driver.see_among(&green(1), Aim::AimedAt);
    let open = driver.result();
    for aim in [Aim::AimedAt, Aim::Unclear, Aim::Alone] {
        driver.see_among(&coloured(2, Colour::Red), aim);
        driver.wait(100);
    }
    assert_eq!((driver.result().scan, driver.result().answer), (open.scan, open.answer));
    driver.enter();
    let passage = driver.passage().1;
    assert_eq!((passage.shown, passage.code), (Shown::Pass, Carried::Whole(super::world::cose(&green(1)))));
}
