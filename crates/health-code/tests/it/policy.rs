//! The table by colour and origin, and what turns a pass into a check.

use health_code::claims::symptom;
use health_code::{Claims, Colour, Origin, Policy, Reason, Ruling, Verdict, VerifiedCode};

use crate::world::*;

fn code_of(seed: u8, claims: &Claims) -> VerifiedCode {
    verify(&World::new(), seed, claims).unwrap()
}

fn national(colour: Colour, home: &str) -> Claims {
    let iss = "gjzwfw".to_owned();
    Claims { iss, colour, region: region(home), declared_at: NOW.plus(-NOW.0 % 3600), ..claims() }
}

fn policy() -> Policy {
    World::new().policy
}

fn judge(code: &VerifiedCode) -> Verdict {
    policy().judge(code, &region(HERE), NOW)
}

const ORIGINS: [(Origin, &str); 4] = [
    (Origin::Community, HERE),
    (Origin::City, "420111"),
    (Origin::Province, "420281"),
    (Origin::Country, "110101"),
];

#[test]
fn the_standard_table() {
    use Ruling::{Check, Pass, Stop};
    let rows = [
        (Colour::Green, [Pass, Pass, Pass, Pass, Check]),
        (Colour::Yellow, [Check, Check, Check, Stop, Stop]),
        (Colour::Red, [Stop; 5]),
        (Colour::Grey, [Check; 5]),
    ];
    for (colour, rulings) in rows {
        for ((origin, home), ruling) in ORIGINS.into_iter().zip(rulings) {
            let code = code_of(NATIONAL, &national(colour, home));
            let expected = Verdict { ruling, reason: Reason::Colour { colour, origin } };
            assert_eq!(judge(&code), expected);
        }
        let code = code_of(ABROAD, &Claims { iss: "abroad".to_owned(), ..national(colour, HERE) });
        let reason = Reason::Colour { colour, origin: Origin::Foreign };
        assert_eq!(judge(&code), Verdict { ruling: rulings[4], reason });
    }
    let uncoloured = Claims { iss: "wuhan".to_owned(), ..national(Colour::Uncoloured, HERE) };
    let reason = Reason::Colour { colour: Colour::Uncoloured, origin: Origin::Community };
    assert_eq!(judge(&code_of(WUHAN, &uncoloured)), Verdict { ruling: Check, reason });
}

#[test]
fn every_cell_is_read_by_its_own_colour_and_origin() {
    // One cell after the other is the only Stop: exactly its own question must find it.
    let colours = [Colour::Green, Colour::Yellow, Colour::Red, Colour::Grey, Colour::Uncoloured];
    let origins = [Origin::Community, Origin::City, Origin::Province, Origin::Country, Origin::Foreign];
    for (row, marked_origin) in origins.into_iter().enumerate() {
        for marked_colour in colours {
            let mut policy = policy();
            for row in &mut policy.table {
                (row.green, row.yellow, row.red) = (Ruling::Pass, Ruling::Pass, Ruling::Pass);
                (row.grey, row.uncoloured) = (Ruling::Pass, Ruling::Pass);
            }
            let cell = &mut policy.table[row];
            match marked_colour {
                Colour::Green => cell.green = Ruling::Stop,
                Colour::Yellow => cell.yellow = Ruling::Stop,
                Colour::Red => cell.red = Ruling::Stop,
                Colour::Grey => cell.grey = Ruling::Stop,
                Colour::Uncoloured => cell.uncoloured = Ruling::Stop,
            }
            for origin in origins {
                for colour in colours {
                    let marked = (origin, colour) == (marked_origin, marked_colour);
                    assert_eq!(policy.ruling(colour, origin) == Ruling::Stop, marked);
                }
            }
        }
    }
}

#[test]
fn a_code_of_a_district_comes_from_the_city_at_most() {
    let code = code_of(NATIONAL, &national(Colour::Green, "420106"));
    assert_eq!(Origin::of(&code, &region(HERE)), Origin::City);
    let code = code_of(NATIONAL, &national(Colour::Green, ""));
    assert_eq!(Origin::of(&code, &region(HERE)), Origin::Country);
}

/// Green from here, with something to look closer at.
fn green(change: impl FnOnce(&mut Claims)) -> Verdict {
    let mut claims = claims();
    change(&mut claims);
    judge(&code_of(HUBEI, &claims))
}

#[test]
fn what_turns_a_pass_into_a_check() {
    let check = |reason| Verdict { ruling: Ruling::Check, reason };
    assert_eq!(green(|_| {}).ruling, Ruling::Pass);
    assert_eq!(green(|c| c.temperature = Some(372)).ruling, Ruling::Pass);
    assert_eq!(green(|c| c.temperature = None).ruling, Ruling::Pass);
    assert_eq!(green(|c| c.temperature = Some(373)), check(Reason::Fever { tenths: 373 }));
    let bits = symptom::COUGH | symptom::CONTACT;
    assert_eq!(green(|c| c.symptoms = bits), check(Reason::Symptoms { bits }));
    assert_eq!(green(|c| c.is_static = true), check(Reason::PaperCode));
    let hour = NOW.plus(-NOW.0 % 3600);
    assert_eq!(green(|c| c.declared_at = hour.plus(-24 * 3600)).ruling, Ruling::Pass);
    let old = green(|c| c.declared_at = hour.plus(-25 * 3600));
    assert_eq!(old, check(Reason::OldDeclaration { hours: 25 }));
}

#[test]
fn the_most_severe_reason_is_the_one() {
    let mut claims = Claims {
        temperature: Some(390),
        symptoms: symptom::BREATH,
        declared_at: claims().declared_at.plus(-48 * 3600),
        is_static: true,
        ..claims()
    };
    let reason = |claims: &Claims| judge(&code_of(HUBEI, claims)).reason;
    assert_eq!(reason(&claims), Reason::Fever { tenths: 390 });
    claims.temperature = None;
    assert_eq!(reason(&claims), Reason::Symptoms { bits: symptom::BREATH });
    claims.symptoms = 0;
    assert!(matches!(reason(&claims), Reason::OldDeclaration { .. }));
    claims.declared_at = self::claims().declared_at;
    assert_eq!(reason(&claims), Reason::PaperCode);
}

#[test]
fn nothing_softens_what_the_table_says() {
    for (colour, ruling) in [(Colour::Yellow, Ruling::Check), (Colour::Red, Ruling::Stop)] {
        let verdict = green(|c| (c.colour, c.temperature, c.is_static) = (colour, Some(400), true));
        assert_eq!(verdict, Verdict { ruling, reason: Reason::Colour { colour, origin: Origin::Community } });
    }
}
