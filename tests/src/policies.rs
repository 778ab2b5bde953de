//! Policies that a story changes, signed anew as their authorities would.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use stage::World;

use crate::shell::{line, run};

/// Lets the nation's policy say something else, and the next trust list name it.
pub fn let_the_nation_say(world: &World, change: impl FnOnce(&mut Value)) {
    let (trust, keys) = (world.path().join("trust"), world.path().join("keys"));
    let stick = tempfile::tempdir().unwrap();
    let at = |name: &str| stick.path().join(name);
    let shown = |file: &str| -> Value {
        let file = trust.join(file);
        serde_json::from_str(&run("kadian-issue", &line("trust show --json {}", &[&file]))).unwrap()
    };
    let mut nation = shown("policies.cbor")[0].clone();
    change(&mut nation);
    fs::write(at("nation.json"), nation.to_string()).unwrap();
    let sign = |key: &str, more: &str, paths: &[&Path]| {
        let key = keys.join(key);
        let paths: Vec<&Path> = std::iter::once(&*key).chain(paths.iter().copied()).collect();
        run("kadian-issue", &line(&format!("trust sign --key {{}} {more}"), &paths));
    };
    sign("nation.key", "{}", &[&at("nation.json")]);
    run("kadian-issue", &line("trust bundle {} {}", &[&at("policies.cbor"), &at("nation.cose")]));
    let mut list = shown("trust.cose");
    list["version"] = json!(list["version"].as_u64().unwrap() + 1);
    fs::write(at("trust.json"), list.to_string()).unwrap();
    sign("publisher.key", "--policies {} {}", &[&at("policies.cbor"), &at("trust.json")]);
    for file in ["policies.cbor", "trust.cose"] {
        fs::copy(at(file), trust.join(file)).unwrap();
    }
}
