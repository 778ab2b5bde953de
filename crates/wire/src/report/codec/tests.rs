//! One encoding, one size, and nothing else read.

use super::*;
use crate::testing::reports;
use proptest::prelude::*;

fn padded(value: &Value) -> Vec<u8> {
    let mut bytes = cbor::encode(value);
    bytes.push(MARK);
    bytes.resize(REPORT_BYTES, 0);
    bytes
}

#[test]
fn the_longest_of_each_kind_still_fits() {
    let at = i64::MIN;
    let clock = ClockState::Wrong;
    let longest = [
        Report::Passage(Passage {
            at,
            clock,
            checkpoint: [255; 8],
            collector: [255; 8],
            policy: u64::MAX,
            trust: u64::MAX,
            shown: Shown::UnjudgedClock,
            code: Carried::Whole(vec![255; CODE_BYTES]),
        }),
        Report::Passage(Passage {
            at,
            clock,
            checkpoint: [255; 8],
            collector: [255; 8],
            policy: u64::MAX,
            trust: u64::MAX,
            shown: Shown::UnjudgedClock,
            code: Carried::Certificate {
                id: "码".repeat(CERTIFICATE_ID_BYTES / 3),
                country: "X".repeat(COUNTRY_BYTES),
                masked_name: "*".repeat(MASKED_NAME_BYTES),
            },
        }),
        Report::Roster(Roster {
            at,
            clock,
            by: [255; 8],
            change: RosterChange::CheckpointAdded { id: [255; 8], name: "门".repeat(NAME_BYTES / 3) },
        }),
        Report::Health(Health {
            at,
            clock,
            refusals: (0..COUNTERS)
                .map(|n| (format!("{n:0width$}", width = COUNTER_NAME_BYTES), u32::MAX))
                .collect(),
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
    let passage = |code| {
        Report::Passage(Passage {
            at: 0,
            clock: ClockState::Trusted,
            checkpoint: [0; 8],
            collector: [0; 8],
            policy: 0,
            trust: 0,
            shown: Shown::Pass,
            code: Carried::Whole(vec![0; code]),
        })
    };
    assert!(pad(&passage(CODE_BYTES)).is_ok());
    assert_eq!(pad(&passage(CODE_BYTES + 1)), Err(TooLong));
    let health = |names: usize, length: usize| {
        let refusals = (0..names).map(|n| (format!("{n:0length$}"), 1)).collect();
        Report::Health(Health { at: 0, clock: ClockState::Trusted, refusals })
    };
    assert!(pad(&health(COUNTERS, COUNTER_NAME_BYTES)).is_ok());
    assert_eq!(pad(&health(COUNTERS + 1, 4)), Err(TooLong));
    assert_eq!(pad(&health(1, COUNTER_NAME_BYTES + 1)), Err(TooLong));
}

#[test]
fn padding_has_one_form() {
    let report = Report::Health(Health { at: 1, clock: ClockState::Trusted, refusals: Vec::new() });
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
        padded(&map([(1, 3.into()), (2, 0.into()), (3, 0.into()), (4, Value::Array(pairs))]))
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

proptest! {
    #[test]
    fn what_is_padded_unpads_to_the_same(report in reports()) {
        let padded = pad(&report).unwrap();
        prop_assert_eq!(padded.len(), REPORT_BYTES);
        prop_assert_eq!(unpad(&padded), Ok(report));
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
    assert!(
        shown.eq([(0, "pass"), (1, "check"), (2, "stop"), (3, "unjudged-trust"), (4, "unjudged-clock"),])
    );
    assert!(Shown::VARIANTS.iter().all(|shown| Shown::from_repr(shown.number()) == Some(*shown)));
    assert_eq!((Shown::from_repr(5), ClockState::from_repr(3)), (None, None));
}
