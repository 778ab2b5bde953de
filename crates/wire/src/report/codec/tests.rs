//! One encoding, one size, and nothing else read.

use super::*;
use crate::ids::RecordId;
use crate::limits::*;
use crate::report::{Carried, Cell, Directions, Outcome, Passage, Place, Roster, RosterChange};
use crate::report::{Shown, StricterRuling};
use crate::testing::reports;
use proptest::prelude::*;

fn passage(code: Carried) -> Passage {
    Passage {
        at: i64::MIN,
        clock: ClockState::Wrong,
        checkpoint: [255; 8],
        collector: [255; 8],
        policies: [255; 32],
        trust: u64::MAX,
        shown: Shown::UnjudgedPolicy,
        code,
        judged_at: i64::MIN,
        direction: Direction::Out,
        outcome: Outcome::TurnedAway,
    }
}

fn roster(change: RosterChange) -> Report {
    Report::Roster(Roster { at: i64::MIN, clock: ClockState::Wrong, by: [255; 8], change })
}

fn person(masked_name: String, phc: String, code: usize) -> Report {
    let masked_phone = "*".repeat(MASKED_PHONE_BYTES);
    let (code, phone) = (vec![255; code], Some("9".repeat(PHONE_BYTES)));
    roster(RosterChange::PersonAdded { id: [255; 8], masked_name, masked_phone, phc, code, phone })
}

fn restored(masked_name: String, phc: String) -> Report {
    let (masked_phone, removal) = ("*".repeat(MASKED_PHONE_BYTES), RecordId([255; 16]));
    roster(RosterChange::PersonRestored { id: [255; 8], masked_name, masked_phone, phc, removal })
}

fn with_phone(phone: &str) -> Report {
    let (masked_name, masked_phone, phc) = ("*".to_owned(), "1234".to_owned(), "$".to_owned());
    let (id, code, phone) = ([255; 8], Vec::new(), Some(phone.to_owned()));
    roster(RosterChange::PersonAdded { id, masked_name, masked_phone, phc, code, phone })
}

fn stricter(indices: impl IntoIterator<Item = u8>) -> Report {
    let cells = indices.into_iter().map(|index| Cell { index, ruling: StricterRuling::Stop }).collect();
    roster(RosterChange::PolicyStricter { cells, fever: Some(u16::MAX), declaration_hours: Some(u16::MAX) })
}

fn padded(value: &Value) -> Vec<u8> {
    let mut bytes = cbor::encode(value);
    bytes.push(MARK);
    bytes.resize(REPORT_BYTES, 0);
    bytes
}

#[test]
fn the_longest_of_each_kind_still_fits() {
    let (name, place) =
        ("门".repeat(NAME_BYTES / 3), Place { latitude: -90_000_000, longitude: -180_000_000 });
    let longest = [
        Report::Passage(passage(Carried::Whole(vec![255; CODE_BYTES]))),
        Report::Passage(passage(Carried::Certificate {
            id: "码".repeat(CERTIFICATE_ID_BYTES / 3),
            country: "X".repeat(COUNTRY_BYTES),
            masked_name: "*".repeat(MASKED_NAME_BYTES),
        })),
        roster(RosterChange::CheckpointAdded {
            id: [255; 8],
            name,
            directions: Directions::Both,
            place: Some(place),
        }),
        person("*".repeat(MASKED_NAME_BYTES), "$".repeat(PHC_BYTES), CODE_BYTES),
        restored("*".repeat(MASKED_NAME_BYTES), "$".repeat(PHC_BYTES)),
        stricter(0..25),
        Report::Health(Health {
            at: i64::MIN,
            clock: ClockState::Wrong,
            refusals: (0..COUNTERS)
                .map(|n| (format!("{n:0width$}", width = COUNTER_NAME_BYTES), u32::MAX))
                .collect(),
            wrong_tries: u32::MAX,
        }),
    ];
    for report in longest {
        let bytes = pad(&report).unwrap();
        assert_eq!(bytes.len(), REPORT_BYTES);
        assert_eq!(unpad(&bytes), Ok(report));
    }
}

#[test]
fn one_more_than_a_limit_is_refused() {
    let code = |bytes: usize| pad(&Report::Passage(passage(Carried::Whole(vec![0; bytes]))));
    assert!(code(CODE_BYTES).is_ok());
    assert_eq!(code(CODE_BYTES + 1), Err(TooLong));
    let (mask, phc) = ("*".repeat(MASKED_NAME_BYTES), "$".repeat(PHC_BYTES));
    for bad in [
        person(format!("{mask}*"), phc.clone(), 9),
        person(mask.clone(), format!("{phc}$"), 9),
        person(mask.clone(), String::new(), 9),
        restored(format!("{mask}*"), phc.clone()),
        restored(mask.clone(), String::new()),
        person(mask, phc, CODE_BYTES + 1),
        with_phone(""),
        with_phone(&"9".repeat(PHONE_BYTES + 1)),
        with_phone("+8613800000001"),
        with_phone("١٢٣"),
        stricter(0..26),
        stricter([25]),
        stricter([3, 3]),
        stricter([4, 3]),
        roster(RosterChange::PolicyStricter { cells: Vec::new(), fever: None, declaration_hours: None }),
    ] {
        assert_eq!(pad(&bad), Err(TooLong), "{bad:?}");
    }
    let health = |names: usize, length: usize| {
        let refusals = (0..names).map(|n| (format!("{n:0length$}"), 1)).collect();
        Report::Health(Health { at: 0, clock: ClockState::Trusted, refusals, wrong_tries: 0 })
    };
    assert!(pad(&health(COUNTERS, COUNTER_NAME_BYTES)).is_ok());
    assert_eq!(pad(&health(COUNTERS + 1, 4)), Err(TooLong));
    assert_eq!(pad(&health(1, COUNTER_NAME_BYTES + 1)), Err(TooLong));
}

#[test]
fn padding_has_one_form() {
    let report =
        Report::Health(Health { at: 1, clock: ClockState::Trusted, refusals: Vec::new(), wrong_tries: 1 });
    let good = pad(&report).unwrap();
    let mark = good.iter().rposition(|byte| *byte == MARK).unwrap();
    let mut dirty = good.clone();
    dirty[REPORT_BYTES - 1] = 1;
    let mut unmarked = good.clone();
    unmarked[mark] = 0;
    let mut twice = good.clone();
    twice[mark + 1] = MARK;
    for bad in [&dirty[..], &unmarked, &twice, &good[..REPORT_BYTES - 1], &[0; REPORT_BYTES], &[]] {
        assert_eq!(unpad(bad), Err(NoReport));
    }
}

#[test]
fn other_shapes_are_refused() {
    let health = |pairs: Vec<Value>| {
        padded(&map([(1, 3.into()), (2, 0.into()), (3, 0.into()), (4, Value::Array(pairs)), (5, 0.into())]))
    };
    let pair = |code: &str, count: i64| Value::Array(vec![code.into(), count.into()]);
    assert!(unpad(&health(vec![pair("a", 1), pair("b", 1)])).is_ok());
    for bad in [
        health(vec![pair("b", 1), pair("a", 1)]),
        health(vec![pair("a", 1), pair("a", 1)]),
        health(vec![pair("a", -1)]),
        health(vec![pair("a", 1 << 32)]),
        health(vec!["a".into()]),
        padded(&map([(1, 4.into()), (2, 0.into()), (3, 0.into())])),
        padded(&map([(1, 1.into()), (2, 0.into()), (3, 3.into()), (4, vec![0_u8; 8].into()), (5, 0.into())])),
        padded(&map([(1, 1.into()), (2, 0.into()), (3, 0.into()), (4, vec![0_u8; 8].into()), (5, 3.into())])),
        // Signed in, at a checkpoint: the key belongs to the other event.
        padded(&map([
            (1, 1.into()),
            (2, 0.into()),
            (3, 0.into()),
            (4, vec![0_u8; 8].into()),
            (5, 0.into()),
            (6, vec![0_u8; 8].into()),
        ])),
    ] {
        assert_eq!(unpad(&bad), Err(NoReport));
    }
}

#[test]
fn other_changes_of_the_roster_are_refused() {
    let change = |number: i64, fields: &[(i64, Value)]| {
        let id = || Value::from(vec![0_u8; 8]);
        let head = [(1, 2.into()), (2, 0.into()), (3, 0.into()), (4, id()), (5, number.into())];
        let fields = fields.iter().cloned();
        unpad(&padded(&map(head.into_iter().chain([(6, id())]).chain(fields))))
    };
    let checkpoint = |name: &str, directions: i64| [(7, name.into()), (8, directions.into())];
    let place = |latitude: i64, longitude: i64| {
        let place = Value::Array(vec![latitude.into(), longitude.into()]);
        change(0, &[(7, "a".into()), (8, 3.into()), (9, place)])
    };
    for good in [
        change(0, &checkpoint("门", 1)),
        change(1, &checkpoint("门", 2)),
        change(2, &[]),
        change(4, &[]),
        place(90_000_000, -180_000_000),
    ] {
        assert!(good.is_ok(), "{good:?}");
    }
    for bad in [
        change(0, &checkpoint("", 1)),
        change(0, &checkpoint("a\nb", 1)),
        change(0, &checkpoint("门", 0)),
        change(0, &checkpoint("门", 4)),
        place(90_000_001, 0),
        place(0, -180_000_001),
        change(1, &[(7, "a".into())]),
        change(2, &checkpoint("门", 1)),
        change(5, &[]),
        change(7, &[]),
        change(8, &[]),
    ] {
        assert_eq!(bad, Err(NoReport));
    }
}

proptest! {
    #[test]
    fn what_is_padded_unpads_to_the_same(report in reports()) {
        let padded = pad(&report).unwrap();
        prop_assert_eq!(padded.len(), REPORT_BYTES);
        if let Report::Roster(roster) = &report {
            prop_assert_eq!(RosterChange::parse(&roster.change.to_bytes()), Some(roster.change.clone()));
        }
        prop_assert_eq!(unpad(&padded), Ok(report));
    }

    #[test]
    fn a_spoilt_report_is_refused_or_has_one_form(
        report in reports(),
        spoils in proptest::collection::vec((0..REPORT_BYTES, any::<u8>()), 1..4),
    ) {
        let mut padded = pad(&report).unwrap().to_vec();
        // Most of a report's bytes are at its beginning; what stands there decides how the rest is read.
        for (at, to) in spoils {
            padded[at * at / REPORT_BYTES] = to;
        }
        if let Ok(other) = unpad(&padded) {
            prop_assert_eq!(pad(&other).unwrap().to_vec(), padded);
        }
    }

    #[test]
    fn any_bytes_are_refused_or_have_one_form(bytes in proptest::collection::vec(any::<u8>(), REPORT_BYTES)) {
        if let Ok(report) = unpad(&bytes) {
            prop_assert_eq!(pad(&report).unwrap().to_vec(), bytes);
        }
    }
}

#[test]
fn numbers_and_codes_are_as_databases_and_lists_hold_them() {
    use strum::VariantArray as _;
    let clocks = ClockState::VARIANTS.iter().map(|clock| (clock.number(), clock.code()));
    assert!(clocks.eq([(0, "trusted"), (1, "asserted"), (2, "wrong")]));
    let shown = Shown::VARIANTS.iter().map(|shown| (shown.number(), shown.code()));
    assert!(shown.eq([
        (0, "pass"),
        (1, "check"),
        (2, "stop"),
        (3, "unjudged-trust"),
        (4, "unjudged-clock"),
        (5, "unjudged-policy")
    ]));
    let directions = Direction::VARIANTS.iter().map(|direction| (direction.number(), direction.code()));
    assert!(directions.eq([(0, "in"), (1, "out")]));
    let outcomes = Outcome::VARIANTS.iter().map(|outcome| (outcome.number(), outcome.code()));
    assert!(outcomes.eq([(0, "let-through"), (1, "turned-away")]));
    let both = Directions::VARIANTS.iter().map(|directions| (directions.number(), directions.code()));
    assert!(both.eq([(1, "entry"), (2, "exit"), (3, "both")]));
    assert!(Shown::VARIANTS.iter().all(|shown| Shown::from_repr(shown.number()) == Some(*shown)));
    assert_eq!((Shown::from_repr(6), ClockState::from_repr(3)), (None, None));
    let through = |shown| (Outcome::LetThrough.may_follow(shown), Outcome::TurnedAway.may_follow(shown));
    assert_eq!((through(Shown::Pass), through(Shown::Stop)), ((true, false), (false, true)));
    assert!([Shown::Check, Shown::UnjudgedClock].iter().all(|shown| through(*shown) == (true, true)));
    assert!(Directions::Both.allows(Direction::In) && Directions::Both.allows(Direction::Out));
    assert!(Directions::Exit.allows(Direction::Out) && !Directions::Exit.allows(Direction::In));
}
