//! Policy files for each rejection, and what several of them come to together.

use std::fmt::Write as _;

use health_code::policy::{Limit, Milder, Row, ScreenTimes};
use health_code::trust::{COMMUNITY_AAD, Grants, NamedPolicy, POLICY_AAD, PolicyFile, RegionKey, bundle};
use health_code::{
    BirthParts, CertificateRow, Days, Hours, Policy, PolicyHash, PolicyInForce, Root, Ruling, Timestamp,
    Trust, TrustFiles, Zone,
};
use issuer::KeyPair;

use super::tree::Tree;
use crate::world::*;

/// Number of an office's delegated key: communities and their own policies.
const OFFICE: u8 = 8;

/// Puts `policies/` and `composed/` into the tree.
pub fn add(tree: &mut Tree) {
    let root = root();
    tree.insert("policies/root.cose".to_owned(), issuer::sign_root(&root, &[&key(ROOT[0]), &key(ROOT[1])]));
    for (result, name, file) in files() {
        assert!(tree.insert(format!("policies/{result}/{name}.cose"), file).is_none(), "{name} twice");
    }
    let mut table = format!("name\tat\t{}\n", COLUMNS.join("\t"));
    for (name, at, world, without) in compositions() {
        let files = files_of(&world, without);
        let folder = format!("composed/{name}");
        tree.insert(format!("{folder}/trust.cose"), files.list.clone());
        tree.insert(format!("{folder}/community.cose"), files.community.clone());
        tree.insert(format!("{folder}/policies.cbor"), bundle(&files.policies));
        writeln!(table, "{name}\t{}\t{}", at.0, row_of(&files, at)).unwrap();
    }
    tree.insert("composed/cases.tsv".to_owned(), table.into_bytes());
}

/// The root of `policies/`: the world's, and an office's key beside its region key.
fn root() -> Root {
    let mut root = super::world().root;
    let office = key(OFFICE);
    root.regions.push(RegionKey {
        region: region("420106"),
        kid: office.kid(),
        key: office.public().clone(),
        grants: Grants::OFFICE,
    });
    root
}

fn standard(digits: &str) -> Policy {
    Policy::standard(1, region(digits), "样例〔2020〕1号", NOW.plus(-2 * DAY), "")
}

/// A policy with every field.
fn full() -> Policy {
    Policy {
        to: Some(NOW.plus(30 * DAY)),
        soft_expiry_seconds: Some(86_400),
        hard_expiry_seconds: Some(864_000),
        no_code_url: "https://code.example".to_owned(),
        certificates: Some(row()),
        zone: Zone::named("Asia/Urumqi").unwrap(),
        milder: vec![
            Milder { region: region("420106"), cells: vec![0, 24], limits: vec![Limit::Fever] },
            Milder { region: region("420111"), cells: vec![], limits: Limit::ALL.to_vec() },
        ],
        screen: Some(ScreenTimes { pass: 5, check: 600, others: 40, repeated_pass: 6 }),
        idle_minutes: Some(720),
        kept_reports: Some(100_000),
        keep_days: Some(3650),
        ..standard("4201")
    }
}

fn row() -> CertificateRow {
    CertificateRow {
        accepted: Ruling::Pass,
        otherwise: Ruling::Check,
        vaccination: Some(Days { from: 14, to: 270 }),
        doses: 2,
        test: Some(Hours { from: 0, to: 72 }),
        recovery: Some(Days { from: 11, to: 180 }),
        birth: BirthParts::from_bits(7),
    }
}

/// Result, name and bytes of each policy file.
fn files() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let by = |pair: &KeyPair, policy: &Policy| issuer::sign_policy(policy, &[pair]);
    let (nation, city, office) = (key(sample::NATION), key(REGION), key(OFFICE));
    let malformed = |change: &dyn Fn(&mut Policy)| {
        let mut policy = full();
        change(&mut policy);
        by(&city, &policy)
    };
    let payload = full().to_payload();
    let spelt = |from: &[u8], to: &[u8]| {
        let at = payload.windows(from.len()).position(|window| window == from).unwrap();
        let payload = [&payload[..at], to, &payload[at + from.len()..]].concat();
        issuer::sign_file(payload, POLICY_AAD, &[&city])
    };
    let good = by(&city, &full());
    vec![
        ("accepted", "nation-by-the-nations-key", by(&nation, &standard(""))),
        ("accepted", "city-by-its-own-key", good.clone()),
        ("accepted", "community-by-the-office", by(&office, &standard(HERE))),
        ("accepted", "street-by-the-nations-key", by(&nation, &standard("420106001"))),
        ("accepted", "no-part-of-a-birth-date", {
            malformed(&|policy| policy.certificates.as_mut().unwrap().birth = BirthParts::from_bits(0))
        }),
        ("threshold", "district-by-the-office", by(&office, &standard("420106"))),
        ("threshold", "nation-by-a-citys-key", by(&city, &standard(""))),
        ("threshold", "another-city-by-a-citys-key", by(&city, &standard("4202"))),
        ("threshold", "community-of-another-district-by-the-office", by(&office, &standard("420111001001"))),
        ("threshold", "by-the-publisher", by(&key(PUBLISHER), &full())),
        ("threshold", "signed-as-a-community", {
            issuer::sign_file(payload.clone(), COMMUNITY_AAD, &[&city])
        }),
        ("malformed", "cut-off", good[..good.len() - 1].to_vec()),
        ("malformed", "a-byte-after-the-end", [&good[..], &[0]].concat()),
        ("malformed", "over-when-it-begins", malformed(&|policy| policy.to = Some(policy.from))),
        ("malformed", "fever-below-30", malformed(&|policy| policy.fever_tenths = 299)),
        (
            "malformed",
            "address-with-a-space",
            malformed(&|policy| policy.no_code_url = "https://a b".to_owned()),
        ),
        ("malformed", "zone-nowhere", spelt(b"Asia/Urumqi", b"Asia/Urumqo")),
        ("malformed", "zone-in-small-letters", spelt(b"Asia/Urumqi", b"asia/urumqi")),
        ("malformed", "milder-regions-descend", malformed(&|policy| policy.milder.reverse())),
        (
            "malformed",
            "milder-outside-its-region",
            malformed(&|policy| policy.milder[1].region = region("43")),
        ),
        ("malformed", "milder-in-nothing", malformed(&|policy| policy.milder[1].limits.clear())),
        ("malformed", "milder-in-a-26th-cell", malformed(&|policy| policy.milder[0].cells = vec![25])),
        ("malformed", "milder-cells-descend", malformed(&|policy| policy.milder[0].cells = vec![1, 0])),
        (
            "malformed",
            "screen-of-four-seconds",
            malformed(&|policy| policy.screen.as_mut().unwrap().pass = 4),
        ),
        (
            "malformed",
            "screen-of-601-seconds",
            malformed(&|policy| policy.screen.as_mut().unwrap().check = 601),
        ),
        ("malformed", "idle-after-no-minute", malformed(&|policy| policy.idle_minutes = Some(0))),
        ("malformed", "idle-after-721-minutes", malformed(&|policy| policy.idle_minutes = Some(721))),
        ("malformed", "keeps-100001-reports", malformed(&|policy| policy.kept_reports = Some(100_001))),
        ("malformed", "keeps-passages-for-no-day", malformed(&|policy| policy.keep_days = Some(0))),
        ("malformed", "keeps-passages-for-3651-days", malformed(&|policy| policy.keep_days = Some(3651))),
        ("malformed", "otherwise-a-pass", {
            malformed(&|policy| policy.certificates.as_mut().unwrap().otherwise = Ruling::Pass)
        }),
        ("malformed", "a-window-that-ends-before-it-begins", {
            malformed(&|policy| policy.certificates.as_mut().unwrap().test = Some(Hours { from: 2, to: 1 }))
        }),
    ]
}

type Composition = (&'static str, Timestamp, World, Option<&'static str>);

/// Name, moment, deployment, and the region whose policy is left out.
fn compositions() -> Vec<Composition> {
    let with = |policies: Vec<Policy>| World { policies, ..super::world() };
    let closed = |digits: &str| Policy { table: [Row::of([Ruling::Stop; 5]); 5], ..standard(digits) };
    let open = |digits: &str| Policy {
        table: [Row::of([Ruling::Pass; 5]); 5],
        fever_tenths: 390,
        declaration_max_hours: 100,
        certificates: Some(row()),
        ..standard(digits)
    };
    let lets = |digits: &str, cells: Vec<u8>, limits: Vec<Limit>| {
        let mut world = with(vec![open("4201")]);
        world.policy.milder = vec![Milder { region: region(digits), cells, limits }];
        world
    };
    let tight = CertificateRow {
        accepted: Ruling::Check,
        otherwise: Ruling::Stop,
        vaccination: Some(Days { from: 0, to: 90 }),
        doses: 3,
        test: None,
        recovery: Some(Days { from: 200, to: 300 }),
        birth: BirthParts::from_bits(3),
    };
    let mut both_rows = with(vec![Policy { certificates: Some(tight), ..standard("42") }]);
    both_rows.policy.certificates = Some(row());
    let levels = ["42", "4201", "420106", "420106001", HERE];
    let six = levels.iter().enumerate().map(|(n, digits)| Policy {
        fever_tenths: 372 - n as u16,
        soft_expiry_seconds: Some(500_000 - n as u32 * 1000),
        hard_expiry_seconds: (n == 1).then_some(3_000_000),
        collectors_add_checkpoints: n != 3,
        idle_minutes: Some(40 - 5 * n as u16),
        kept_reports: (n < 3).then_some(10 * n as u32),
        keep_days: (n % 2 == 0).then_some(30 + 10 * n as u16),
        repeat_window_seconds: 60 + n as u32,
        ..standard(digits)
    });
    let narrowest = with(vec![full(), Policy { screen: None, no_code_url: String::new(), ..standard(HERE) }]);
    let monday = Zone::china().start_of_day(Zone::china().day(NOW) + 1);
    let for_monday = || with(vec![standard("4201"), Policy { version: 2, from: monday, ..closed("4201") }]);
    let mut over = super::world();
    over.policy.to = Some(NOW);
    let mut not_begun = with(vec![standard("4201")]);
    not_begun.policy.from = NOW.plus(1);
    vec![
        ("the-nation-alone", NOW, super::world(), None),
        ("a-city-that-is-stricter", NOW, with(vec![closed("4201")]), None),
        ("a-city-that-would-be-milder", NOW, with(vec![open("4201")]), None),
        ("a-city-that-may-be-milder", NOW, lets("42", vec![0, 7, 24], Limit::ALL.to_vec()), None),
        ("a-city-that-may-be-milder-in-fever", NOW, lets("4201", vec![], vec![Limit::Fever]), None),
        ("a-permission-for-another-city", NOW, lets("4202", vec![0, 7], Limit::ALL.to_vec()), None),
        ("a-permission-for-a-district-alone", NOW, lets("420106", vec![0, 7], Limit::ALL.to_vec()), None),
        ("rows-for-certificates", NOW, both_rows, None),
        ("all-six-levels", NOW, with(six.collect()), None),
        ("what-the-narrowest-says", NOW, narrowest, None),
        ("sundays-last-second", monday.plus(-1), for_monday(), None),
        ("mondays-first-second", monday, for_monday(), None),
        ("national-policy-over", NOW, over, None),
        ("national-policy-not-begun", NOW, not_begun, None),
        ("a-citys-policy-is-missing", NOW, with(vec![closed("4201")]), Some("4201")),
        ("the-nations-policy-is-missing", NOW, with(vec![closed("4201")]), Some("")),
        ("mondays-policy-is-missing-on-sunday", NOW, for_monday(), Some("4201")),
    ]
}

/// The world's root and revocations, with the files of a deployment; one policy of a region is left out.
fn files_of(world: &World, without: Option<&str>) -> TrustFiles {
    let mut files = world.files();
    if let Some(digits) = without {
        let of_region = |(of, file): (_, Vec<u8>)| (of == region(digits)).then_some(file);
        let gone = world.policy_files().into_iter().filter_map(of_region).next_back().unwrap();
        files.policies.retain(|file| *file != gone);
    }
    files
}

const COLUMNS: [&str; 18] = [
    "fault",
    "set",
    "table",
    "fever",
    "declaration",
    "repeat",
    "soft",
    "hard",
    "add",
    "address",
    "zone",
    "screen",
    "idle",
    "kept",
    "days",
    "certificates",
    "birth",
    "region",
];

/// What the files come to: a fault, or the policy that holds.
fn row_of(files: &TrustFiles, at: Timestamp) -> String {
    let trust = Trust::open(files.clone(), &health_code::RootPin::of(&files.root)).unwrap();
    match trust.policy(at) {
        Err(fault) => format!("{}{}", fault.code(), "\t".repeat(COLUMNS.len() - 1)),
        Ok(in_force) => format!("\t{}", columns(&in_force).join("\t")),
    }
}

fn columns(PolicyInForce { policy, set }: &PolicyInForce) -> Vec<String> {
    let number = |ruling: Ruling| match ruling {
        Ruling::Pass => "0",
        Ruling::Check => "1",
        Ruling::Stop => "2",
    };
    let or_dash = |value: Option<u32>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    let window = |window: Option<(u32, u32)>| {
        window.map_or_else(|| "-".to_owned(), |(from, to)| format!("{from}..{to}"))
    };
    let days = |days: Option<Days>| window(days.map(|days| (days.from, days.to)));
    let screen = policy.screen_times();
    let certificates = policy.certificates.map_or_else(String::new, |row| {
        let (accepted, otherwise) = (number(row.accepted), number(row.otherwise));
        let test = window(row.test.map(|hours| (hours.from, hours.to)));
        let (vaccination, recovery) = (days(row.vaccination), days(row.recovery));
        format!("{accepted} {otherwise} {vaccination} {test} {recovery} {}", row.doses)
    });
    vec![
        set.to_string(),
        policy.table.iter().flat_map(Row::cells).map(number).collect(),
        policy.fever_tenths.to_string(),
        policy.declaration_max_hours.to_string(),
        policy.repeat_window_seconds.to_string(),
        or_dash(policy.soft_expiry_seconds),
        or_dash(policy.hard_expiry_seconds),
        u8::from(policy.collectors_add_checkpoints).to_string(),
        policy.no_code_url.clone(),
        policy.zone.name().to_owned(),
        format!("{} {} {} {}", screen.pass, screen.check, screen.others, screen.repeated_pass),
        policy.idle_minutes().to_string(),
        or_dash(policy.kept_reports),
        or_dash(policy.keep_days.map(u32::from)),
        certificates,
        policy.birth_parts().bits().to_string(),
        policy.region.to_string(),
    ]
}

#[test]
fn every_policy_file_comes_to_the_rejection_of_its_folder() {
    let stored = super::stored();
    let read = strict_cose::Signed::parse(&stored["policies/root.cose"], 1 << 20).unwrap();
    let root = Root::read_unverified(read.payload_unverified()).unwrap();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (path, file) in &stored {
        let ["policies", result, name] = path.split('/').collect::<Vec<_>>()[..] else { continue };
        let found = PolicyFile::open(file, &root).map_or_else(|rejection| rejection.code(), |_| "accepted");
        super::note(&mut wrong, name, found, result);
        count += 1;
    }
    assert!(count > 25, "{count}");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_composition_comes_to_what_its_row_says() {
    let stored = super::stored();
    let table = std::str::from_utf8(&stored["composed/cases.tsv"]).unwrap();
    assert!(table.lines().count() > 15);
    for line in table.lines().skip(1) {
        let (name, rest) = line.split_once('\t').unwrap();
        let (at, expected) = rest.split_once('\t').unwrap();
        let file = |file: &str| stored[&format!("composed/{name}/{file}")].clone();
        let files = TrustFiles {
            root: stored["world/root.cose"].clone(),
            list: file("trust.cose"),
            community: file("community.cose"),
            revocations: stored["world/revocations.bin"].clone().into(),
            policies: health_code::trust::unbundle(&file("policies.cbor")).unwrap(),
        };
        assert_eq!(row_of(&files, Timestamp(at.parse().unwrap())), expected, "{name}");
    }
}

/// What names a policy that nobody has.
pub fn nowhere(digits: &str) -> NamedPolicy {
    NamedPolicy { region: region(digits), hash: PolicyHash([9; 32]) }
}
