//! Licences, bans and sources of everything that is compiled in, by the rules of deny.toml; and that
//! each of our packages uses what it depends on.
//!
//! The rules are written for cargo-deny, which checks more (a crate's licence texts, advisories) and
//! takes seven minutes to compile. Whoever has it runs `cargo deny check`; this check needs nothing.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use spdx::{Expression, LicenseReq};
use stage::programs::workspace;
use stories::cargo;

/// The part of deny.toml that is checked here. Any other key is an error: it would be ignored.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    graph: Graph,
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Licences {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
    #[serde(rename = "unused-allowed-license")]
    _unused: String,
    #[serde(rename = "confidence-threshold")]
    _confidence: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Bans {
    deny: Vec<Ban>,
    #[serde(rename = "multiple-versions")]
    _multiple: String,
    #[serde(rename = "wildcards")]
    _wildcards: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sources {
    unknown_registry: String,
    unknown_git: String,
}

#[test]
fn every_dependency_keeps_the_rules() {
    let rules = rules();
    let broken: Vec<String> = packages(&rules).iter().flat_map(|package| broken(&rules, package)).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_package_that_breaks_a_rule_is_named() {
    let rules = rules();
    let package = |name: &str, licence: Option<&str>, source: Option<&str>| {
        let package =
            serde_json::json!({ "name": name, "version": "1.0.0", "license": licence, "source": source });
        broken(&rules, &package)
    };
    let registry = Some("registry+https://github.com/rust-lang/crates.io-index");
    assert_eq!(package("fine", Some("GPL-3.0-only OR MIT"), registry), [""; 0]);
    assert_eq!(package("old", Some("MIT/Apache-2.0"), registry), [""; 0], "the older way to write OR");
    assert_eq!(package("ours", Some("MIT"), None), [""; 0]);
    assert_eq!(package("jpeg-encoder", Some("(MIT OR Apache-2.0) AND IJG"), registry), [""; 0]);
    for (name, licence, source) in [
        ("copyleft", Some("GPL-3.0-only AND MIT"), registry),
        ("silent", None, registry),
        ("no-such", Some("Nonsense-1.0"), registry),
        ("openssl-sys", Some("MIT"), registry),
        ("other-jpeg", Some("IJG"), registry),
        ("elsewhere", Some("MIT"), Some("registry+https://example.org/index")),
        ("git", Some("MIT"), Some("git+https://example.org/repository")),
    ] {
        assert_eq!(package(name, licence, source).len(), 1, "{name}");
    }
}

#[test]
fn every_dependency_is_used() {
    let mut unused = Vec::new();
    for package in metadata(&["--no-deps"]) {
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        let sources = sources(folder);
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["rename"].as_str().or(dependency["name"].as_str()).unwrap();
            let library = match name {
                // The one whose library has another name than its package.
                "zxing-cpp" => "zxingcpp".to_owned(),
                _ => name.replace('-', "_"),
            };
            if !sources.iter().any(|source| names(source, &library)) {
                unused.push(format!("{}: {name}", package["name"]));
            }
        }
    }
    assert!(unused.is_empty(), "no source of the package names {unused:#?}");
}

#[test]
fn a_part_of_a_longer_name_does_not_count() {
    assert!(names("use serde::Serialize;", "serde") && names("#[serde(tag)]", "serde"));
    assert!(!names("use serde_json::Value;", "serde") && !names("my_serde", "serde"));
}

fn rules() -> Rules {
    let rules: Rules =
        toml::from_str(&std::fs::read_to_string(workspace().join("deny.toml")).unwrap()).unwrap();
    assert_eq!((&*rules.sources.unknown_registry, &*rules.sources.unknown_git), ("deny", "deny"));
    rules
}

/// Which rules a package breaks, a sentence each.
fn broken(rules: &Rules, package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap();
    let mut broken = Vec::new();
    if let Some(ban) = rules.bans.deny.iter().find(|ban| ban.name == name) {
        broken.push(format!("{name} is banned: {}", ban.reason));
    }
    let source = package["source"].as_str();
    if source.is_some_and(|source| source != "registry+https://github.com/rust-lang/crates.io-index") {
        broken.push(format!("{name} comes from {source:?}"));
    }
    if let Err(why) = licensed(rules, name, package["license"].as_str()) {
        broken.push(format!("{name}: {why}"));
    }
    broken
}

fn licensed(rules: &Rules, name: &str, licence: Option<&str>) -> Result<(), String> {
    let licence = licence.ok_or("names no licence")?;
    let expression = Expression::parse_mode(licence, spdx::ParseMode::LAX)
        .map_err(|error| format!("{licence}: {}", error.reason))?;
    let excepted = rules.licenses.exceptions.iter().filter(|exception| exception.name == name);
    let allowed: BTreeSet<&String> =
        rules.licenses.allow.iter().chain(excepted.flat_map(|exception| &exception.allow)).collect();
    let allows = |wanted: &LicenseReq| allowed.contains(&wanted.to_string());
    if expression.evaluate(allows) { Ok(()) } else { Err(format!("{licence} is not allowed")) }
}

/// Every package in the dependency graph of the systems that deny.toml names, with all features.
fn packages(rules: &Rules) -> Vec<Value> {
    let systems = rules.graph.targets.iter().flat_map(|target| ["--filter-platform", target]);
    let packages = metadata(&["--all-features"].into_iter().chain(systems).collect::<Vec<_>>());
    assert!(packages.len() > 300, "{} packages: too few to be all", packages.len());
    packages
}

/// What cargo says of packages.
fn metadata(arguments: &[&str]) -> Vec<Value> {
    let mut command = cargo();
    command.args(["metadata", "--format-version", "1", "--offline", "--locked"]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether a source holds a word.
fn names(source: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    source.match_indices(word).any(|(at, _)| {
        let after = source[at + word.len()..].chars().next();
        !source[..at].chars().next_back().is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn sources(folder: &Path) -> Vec<String> {
    let files = stage::search::files(folder).unwrap();
    let rust = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs"));
    rust.map(|file| std::fs::read_to_string(file).unwrap()).collect()
}
