//! The rules of the house, read from `cargo metadata` and from the sources.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use stage::programs::workspace;
use stories::cargo;

/// Who may import whom of ours, tests aside.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("strict-cose", &[]),
    ("health-code", &["strict-cose"]),
    ("wire", &["strict-cose"]),
    ("code-reader", &[]),
    ("roster", &["health-code", "wire"]),
    ("gate", &["health-code", "roster", "wire"]),
    ("issuer", &["health-code", "strict-cose"]),
    ("camera", &["code-reader"]),
    ("scanner", &[]),
    ("relay", &["scanner"]),
    ("disk", &["health-code"]),
    ("station", &["camera", "gate", "code-reader", "disk", "health-code", "relay", "scanner", "wire"]),
    ("program", &["health-code"]),
    ("kadian-station", &["station", "gate", "program"]),
    (
        "back-office",
        &["wire", "code-reader", "disk", "health-code", "issuer", "picture", "program", "roster", "web"],
    ),
    ("web", &["health-code"]),
    ("qr-scenes", &[]),
    ("picture", &["code-reader", "disk"]),
    ("reader-bench", &["code-reader", "picture", "qr-scenes"]),
    ("sample", &["issuer", "health-code"]),
    (
        "kadian",
        &[
            "station",
            "camera",
            "gate",
            "code-reader",
            "disk",
            "health-code",
            "picture",
            "program",
            "relay",
            "scanner",
        ],
    ),
    ("stage", &["camera", "disk", "health-code"]),
    (
        "kadian-issue",
        &["issuer", "sample", "disk", "health-code", "program", "strict-cose", "code-reader", "wire"],
    ),
    ("scratch-postgres", &[]),
];
/// May import any.
const ANY: [&str; 2] = ["stories", "xtask"];
/// Programs that a laptop at a gate needs, and what they are made of.
const ON_A_LAPTOP: [&str; 6] = ["kadian-station", "kadian", "station", "camera", "scanner", "gate"];
/// What signs, what measures, and what makes data for tests and demos.
const NEVER_ON_A_LAPTOP: [&str; 7] =
    ["issuer", "sample", "kadian-issue", "qr-scenes", "reader-bench", "stage", "scratch-postgres"];
/// Crates that only compute: no file, no network, no clock, no thread.
const PURE: [&str; 8] =
    ["strict-cose", "health-code", "wire", "roster", "gate", "code-reader", "issuer", "qr-scenes"];
/// What a crate that only computes has no use for.
const IMPURE: [&str; 13] = [
    "tokio",
    "reqwest",
    "rusqlite",
    "tokio-postgres",
    "axum",
    "hyper",
    "nokhwa",
    "getrandom",
    "jiff",
    "chrono",
    "rustls",
    "tempfile",
    "tauri",
];
/// The crate that counts days, by a bundled database; what reads a clock or a file in jiff is banned there.
const COUNTS_DAYS: (&str, &str) = ("health-code", "jiff");
/// Longer files are split along the grain of what they do.
const LINES: usize = 400;
/// Tests are read one at a time.
const TEST_LINES: usize = 600;

#[test]
fn who_imports_whom() {
    let packages = packages();
    let ours: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    let ruled: BTreeSet<&str> = MAY_IMPORT.iter().map(|(name, _)| *name).chain(ANY).collect();
    assert_eq!(ours, ruled, "every crate of ours has its rule");
    for &(name, allowed) in MAY_IMPORT {
        let imports: BTreeSet<&str> =
            packages[name].normal.iter().map(String::as_str).filter(|other| ours.contains(other)).collect();
        let allowed = allowed.iter().copied().collect();
        let forbidden: Vec<_> = imports.difference(&allowed).collect();
        assert!(forbidden.is_empty(), "{name} imports {forbidden:?}");
    }
}

#[test]
fn no_program_that_a_laptop_needs_carries_a_signer_a_bench_or_test_data() {
    let packages = packages();
    for name in ON_A_LAPTOP.into_iter().chain(["back-office"]) {
        let mut reached = BTreeSet::new();
        reach(&packages, name, &mut reached);
        for banned in NEVER_ON_A_LAPTOP {
            // The office renews its community file, by a key that the root delegates to it.
            let may_sign = (name, banned) == ("back-office", "issuer");
            assert!(may_sign || !reached.contains(banned), "{name} reaches {banned}: {reached:?}");
        }
    }
}

#[test]
fn only_the_window_names_tauri() {
    for (name, package) in packages() {
        let names_tauri = package.all.iter().any(|other| other.starts_with("tauri"));
        assert_eq!(names_tauri, name == "kadian-station", "{name}: {:?}", package.all);
    }
}

#[test]
fn what_only_computes_has_no_way_to_the_outside() {
    let packages = packages();
    for name in PURE {
        let is_impure =
            |other: &&String| IMPURE.contains(&other.as_str()) && (name, other.as_str()) != COUNTS_DAYS;
        let found: Vec<_> = packages[name].normal.iter().filter(is_impure).collect();
        assert!(found.is_empty(), "{name} depends on {found:?}");
        for file in rust_files(&packages[name].folder.join("src")) {
            let source = std::fs::read_to_string(&file).unwrap();
            // jiff only counts days, by the tz database that is part of the program.
            let of_the_machine =
                ["Timestamp::now", "Zoned::now", "TimeZone::system", "tz::db(", "TimeZone::get"];
            let outside = ["std::fs", "std::net", "std::process", "std::env"];
            for outside in outside.into_iter().chain(of_the_machine) {
                assert!(!source.contains(outside), "{} uses {outside}", file.display());
            }
        }
    }
}

#[test]
fn one_crate_replaces_files_and_names_the_trust_files() {
    for (name, package) in packages() {
        if ["disk", "stories", "xtask"].contains(&name.as_str()) {
            continue;
        }
        for file in rust_files(&package.folder.join("src")) {
            let source = std::fs::read_to_string(&file).unwrap();
            for own in [".sync_all(", "\"root.cose\"", "\"trust.cose\"", "\"community.cose\""] {
                assert!(!source.contains(own), "{} has {own}: use the crate disk", file.display());
            }
        }
    }
}

#[test]
fn files_stay_short_enough_to_be_read() {
    let mut long = Vec::new();
    for folder in ["crates", "src-tauri", "tests", "xtask"] {
        for file in rust_files(&workspace().join(folder)) {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            let path = file.strip_prefix(workspace()).unwrap();
            let is_test =
                path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
            if lines > if is_test { TEST_LINES } else { LINES } {
                long.push(format!("{}: {lines} lines", path.display()));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_refusal_is_explained_to_implementers() {
    let read = |page: &str| std::fs::read_to_string(workspace().join("docs").join(page)).unwrap();
    let document = read("code-format.md") + &read("families.md");
    for code in health_code::Refusal::CODES {
        assert!(document.contains(&format!("`{code}`")), "{code} is in neither page");
    }
}

#[test]
fn every_limit_is_in_one_place() {
    for (name, package) in packages() {
        let source = package.folder.join("src");
        let has_limits = rust_files(&source).iter().any(|file| file.ends_with("limits.rs"));
        let needs_them = [
            "health-code",
            "wire",
            "gate",
            "code-reader",
            "camera",
            "scanner",
            "relay",
            "station",
            "back-office",
            "qr-scenes",
        ];
        assert!(has_limits || !needs_them.contains(&name.as_str()), "{name} has no limits.rs");
    }
}

/// One package of ours.
struct Package {
    folder: PathBuf,
    /// What it depends on, tests and build scripts aside.
    normal: BTreeSet<String>,
    /// What it depends on in any way.
    all: BTreeSet<String>,
}

fn packages() -> BTreeMap<String, Package> {
    let output =
        cargo().args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|package| (text(&package["name"]), read(package))).collect()
}

fn read(package: &Value) -> Package {
    let dependencies = package["dependencies"].as_array().unwrap();
    let names = |keep: &dyn Fn(&Value) -> bool| {
        dependencies.iter().filter(|dependency| keep(dependency)).map(|it| text(&it["name"])).collect()
    };
    let manifest = text(&package["manifest_path"]);
    Package {
        folder: Path::new(&manifest).parent().unwrap().to_owned(),
        normal: names(&|dependency| dependency["kind"].is_null()),
        all: names(&|_| true),
    }
}

fn reach(packages: &BTreeMap<String, Package>, name: &str, reached: &mut BTreeSet<String>) {
    for other in &packages[name].normal {
        if packages.contains_key(other) && reached.insert(other.clone()) {
            reach(packages, other, reached);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let files = stage::search::files(folder).unwrap();
    files.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs")).collect()
}
