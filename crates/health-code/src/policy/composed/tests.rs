//! Composition, as properties of any policies.

use proptest::prelude::*;

use super::*;
use crate::hcert::{Event, Payload};
use crate::policy::certificate::Elapsed;
use crate::policy::{CELLS, Milder, ScreenTimes, Zone};
use crate::region::Region;
use crate::time::Timestamp;

const HERE: &str = "420106001001";
const RULINGS: [Ruling; 3] = [Ruling::Pass, Ruling::Check, Ruling::Stop];

fn region(digits: usize) -> Region {
    HERE[..digits].parse().unwrap()
}

fn any_row() -> impl Strategy<Value = Option<CertificateRow>> {
    let window = || proptest::option::of((0..20_u32, 0..20_u32));
    let row = (0..3_usize, 1..3_usize, window(), window(), window(), 0..4_u8, proptest::option::of(0..8_u8));
    let days = |(from, length): (u32, u32)| Days { from, to: from + length };
    let row = row.prop_map(move |(accepted, otherwise, vaccination, test, recovery, doses, birth)| {
        CertificateRow {
            accepted: RULINGS[accepted],
            otherwise: RULINGS[otherwise],
            vaccination: vaccination.map(days),
            doses,
            test: test.map(|(from, length)| Hours { from, to: from + length }),
            recovery: recovery.map(days),
            birth: birth.and_then(BirthParts::from_bits),
        }
    });
    proptest::option::of(row)
}

fn any_milder() -> impl Strategy<Value = Vec<Milder>> {
    let some = (
        proptest::sample::select(vec![2_usize, 4, 6, 9, 12]),
        proptest::collection::btree_set(0..CELLS, 0..12),
        proptest::sample::subsequence(Limit::ALL.to_vec(), 0..=6),
    );
    let milder = some.prop_map(|(digits, cells, limits)| Milder {
        region: region(digits),
        cells: cells.into_iter().collect(),
        limits,
    });
    proptest::collection::vec(milder, 0..3)
}

fn any_policy(digits: usize) -> impl Strategy<Value = Policy> {
    let table = proptest::collection::vec(0..3_usize, usize::from(CELLS));
    let limits = (360..390_u16, 0..100_u32, 0..100_u32, proptest::option::of(0..100_u32));
    let others = (proptest::option::of(0..100_u32), any::<bool>(), proptest::option::of(1..60_u16));
    let kept = (proptest::option::of(0..9_u32), proptest::option::of(1..9_u16));
    (table, limits, others, any_row(), any_milder(), kept, any::<bool>()).prop_map(
        move |(table, limits, others, certificates, milder, (kept_reports, keep_days), says_more)| Policy {
            table: std::array::from_fn(|row| Row::of(std::array::from_fn(|at| RULINGS[table[row * 5 + at]]))),
            fever_tenths: limits.0,
            declaration_max_hours: limits.1,
            repeat_window_seconds: limits.2,
            soft_expiry_seconds: limits.3,
            hard_expiry_seconds: others.0,
            collectors_add_checkpoints: others.1,
            idle_minutes: others.2,
            certificates,
            milder,
            kept_reports,
            keep_days,
            screen: says_more.then(|| ScreenTimes { pass: 5, ..ScreenTimes::default() }),
            no_code_url: if says_more { format!("https://{digits}.example") } else { String::new() },
            ..Policy::standard(1, region(digits), "", Timestamp(0), "")
        },
    )
}

/// Policies of the nation and of any narrower levels, each with its permissions.
fn any_chain() -> impl Strategy<Value = Vec<Policy>> {
    let levels = [0, 2, 4, 6, 9, 12].map(|digits| any_policy(digits).boxed());
    let which = proptest::sample::subsequence((1..6).collect::<Vec<usize>>(), 0..=5);
    (levels.prop_map(Vec::from), which).prop_map(|(policies, which): (Vec<Policy>, Vec<usize>)| {
        let narrower = which.into_iter().map(|level| policies[level].clone());
        std::iter::once(policies[0].clone()).chain(narrower).collect()
    })
}

fn composed(chain: &[Policy]) -> Policy {
    compose(&chain.iter().collect::<Vec<_>>()).unwrap()
}

/// Returns whether a policy lets one of the narrower ones be milder in an item.
fn gives_way(policy: &Policy, narrower: &[Policy], item: Item) -> bool {
    narrower.iter().any(|other| policy.milder.iter().any(|entry| entry.lets(item, &other.region)))
}

/// Returns what a row makes of certificates of every kind and age: a pass is a check of the passport.
fn rulings(row: Option<&CertificateRow>) -> Vec<Ruling> {
    let events = [
        Event::Vaccination { day: 0, dose: 2, of: 2 },
        Event::Test { at: Timestamp(0), detected: false },
        Event::Recovery { day: 0, from: 0, until: 99 },
    ];
    let payload = |event| Payload {
        masked_name: String::new(),
        initials: Vec::new(),
        birth: None,
        id: String::new(),
        country: String::new(),
        covid: true,
        event,
        unlisted: None,
    };
    let ages = (0..45).flat_map(|age| events.map(|event| (age, payload(event))));
    let ruling = |(age, payload): (i64, Payload)| {
        let Some(row) = row else { return Ruling::Check };
        let elapsed = Elapsed { days: age, seconds: age * 3600 };
        match row.find(&payload, elapsed, age) {
            crate::policy::Finding::Accepted => row.accepted.max(Ruling::Check),
            _ => row.otherwise,
        }
    };
    ages.map(ruling).collect()
}

/// Fails unless `narrow` is as strict as `wide` in a limit.
fn as_strict(narrow: &Policy, wide: &Policy, limit: Limit) -> Result<(), TestCaseError> {
    let longest = |seconds: Option<u32>| seconds.map_or(u64::MAX, u64::from);
    match limit {
        Limit::Fever => prop_assert!(narrow.fever_tenths <= wide.fever_tenths),
        Limit::Declaration => prop_assert!(narrow.declaration_max_hours <= wide.declaration_max_hours),
        Limit::SoftExpiry => {
            prop_assert!(longest(narrow.soft_expiry_seconds) <= longest(wide.soft_expiry_seconds));
        }
        Limit::HardExpiry => {
            prop_assert!(longest(narrow.hard_expiry_seconds) <= longest(wide.hard_expiry_seconds));
        }
        Limit::CollectorsAdd => {
            prop_assert!(!narrow.collectors_add_checkpoints || wide.collectors_add_checkpoints);
        }
        Limit::Certificates => {
            let (narrow_row, wide_row) =
                (rulings(narrow.certificates.as_ref()), rulings(wide.certificates.as_ref()));
            prop_assert!(narrow_row.iter().zip(&wide_row).all(|(narrow, wide)| narrow >= wide));
            let both = narrow.birth_parts().and(wide.birth_parts());
            prop_assert_eq!(narrow.birth_parts(), both);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn nothing_is_milder_than_a_wider_policy_that_does_not_let_it(chain in any_chain()) {
        let whole = composed(&chain);
        for (at, policy) in chain.iter().enumerate() {
            let narrower = &chain[at + 1..];
            for number in (0..CELLS).filter(|number| !gives_way(policy, narrower, Item::Cell(*number))) {
                let (row, column) = (usize::from(number) / 5, usize::from(number) % 5);
                let cell = |policy: &Policy| policy.table[row].cells()[column];
                prop_assert!(cell(&whole) >= cell(policy), "cell {}", number);
            }
            for limit in Limit::ALL {
                if !gives_way(policy, narrower, Item::Limit(limit)) {
                    as_strict(&whole, policy, limit)?;
                }
            }
            prop_assert!(whole.idle_minutes() <= policy.idle_minutes());
            prop_assert!(whole.kept_reports >= policy.kept_reports);
            let days = |policy: &Policy| policy.keep_days.unwrap_or(u16::MAX);
            prop_assert!(days(&whole) <= days(policy));
        }
    }

    #[test]
    fn a_cell_is_what_some_policy_that_counts_says(chain in any_chain()) {
        let whole = composed(&chain);
        for number in 0..CELLS {
            let cell = |policy: &Policy| policy.table[usize::from(number) / 5].cells()[usize::from(number) % 5];
            let counts = |at: usize| !gives_way(&chain[at], &chain[at + 1..], Item::Cell(number));
            let strictest = (0..chain.len()).filter(|at| counts(*at)).map(|at| cell(&chain[at])).max();
            prop_assert_eq!(Some(cell(&whole)), strictest);
        }
    }

    #[test]
    fn what_is_no_matter_of_strictness_is_the_narrowest_that_says_it(chain in any_chain()) {
        let (whole, narrowest) = (composed(&chain), &chain[chain.len() - 1]);
        prop_assert_eq!(&whole.region, &narrowest.region);
        prop_assert_eq!(whole.repeat_window_seconds, narrowest.repeat_window_seconds);
        prop_assert_eq!(whole.screen, chain.iter().rev().find_map(|policy| policy.screen));
        let address = chain.iter().rev().map(|policy| &policy.no_code_url).find(|address| !address.is_empty());
        prop_assert_eq!(&whole.no_code_url, address.map_or("", String::as_str));
    }
}

#[test]
fn a_wider_policy_lets_a_narrower_one_be_milder_in_what_it_names_and_where() {
    let standard = |digits: usize| Policy::standard(1, region(digits), "", Timestamp(0), "");
    let mut nation = standard(0);
    nation.table[0].green = Ruling::Stop;
    (nation.fever_tenths, nation.declaration_max_hours) = (370, 12);
    let mut city = standard(4);
    (city.fever_tenths, city.declaration_max_hours) = (375, 48);
    let mut district = standard(6);
    district.table[0].green = Ruling::Check;
    let with = |milder: Milder| {
        let nation = Policy { milder: vec![milder], ..nation.clone() };
        composed(&[nation, city.clone(), district.clone()])
    };
    let none = with(Milder { region: region(0), cells: vec![], limits: vec![] });
    assert_eq!((none.table[0].green, none.fever_tenths), (Ruling::Stop, 370));
    // The nation gives way; of those that count the strictest holds, here the district's.
    let city_may =
        with(Milder { region: region(4), cells: vec![0], limits: vec![Limit::Fever, Limit::Declaration] });
    assert_eq!((city_may.table[0].green, city_may.fever_tenths), (Ruling::Check, 373));
    assert_eq!(city_may.declaration_max_hours, 24);
    // A permission for the district lets nothing of it be undone by others' silence.
    let elsewhere = with(Milder {
        region: "4202".parse().unwrap(),
        cells: vec![0],
        limits: vec![Limit::Fever, Limit::Declaration],
    });
    assert_eq!((elsewhere.table[0].green, elsewhere.fever_tenths), (Ruling::Stop, 370));
}

#[test]
fn windows_are_those_that_all_policies_accept() {
    let row = |from, to| CertificateRow {
        accepted: Ruling::Pass,
        otherwise: Ruling::Check,
        vaccination: Some(Days { from, to }),
        doses: 1,
        test: Some(Hours { from, to }),
        recovery: None,
        birth: None,
    };
    let both = stricter_row(Some(row(0, 72)), Some(row(48, 96))).unwrap();
    assert_eq!(
        (both.vaccination, both.test),
        (Some(Days { from: 48, to: 72 }), Some(Hours { from: 48, to: 72 }))
    );
    let never = stricter_row(Some(row(0, 10)), Some(row(11, 20))).unwrap();
    assert_eq!((never.vaccination, never.test), (None, None), "a kind without a window is not accepted");
    let looked_at = stricter_row(Some(row(0, 10)), None).unwrap();
    assert_eq!((looked_at.accepted, looked_at.vaccination), (Ruling::Check, Some(Days { from: 0, to: 10 })));
}

#[test]
fn a_policy_alone_is_itself() {
    let alone = Policy::standard(4, Region::country(), "x", Timestamp(5), "https://a.example");
    let whole = composed(std::slice::from_ref(&alone));
    assert_eq!(Policy { idle_minutes: None, ..whole }, alone);
    assert_eq!(compose(&[]), None);
    assert_eq!(alone.zone, Zone::china());
}
