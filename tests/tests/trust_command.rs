//! `kadian-issue trust` as people with USB sticks use it: keys on two machines, and a file that travels.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use stage::clock::{PATIENCE, until};
use stage::programs::command;
use stage::{HeadlessStation, Office, World};

const AT: &str = "2026-03-02T00:00:00Z";
const LATER: &str = "2026-03-03T00:00:00Z";

/// Runs `kadian-issue trust`. Returns its output, or its error.
fn trust(arguments: &[&str], input: &str) -> Result<String, String> {
    let mut command: Command = command("kadian-issue").unwrap();
    command.arg("trust").args(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let (out, error) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    match status.code() {
        Some(0) => Ok(out),
        Some(2) => Err(error),
        other => panic!("{other:?}: {out}{error}"),
    }
}

/// Writes the changed description of a file of `world` to a stick.
fn describe(world: &World, file: &str, stick: &Path, change: impl FnOnce(&mut Value)) -> PathBuf {
    let shown = trust(&["show", "--json", text(&world.path().join("trust").join(file))], "").unwrap();
    let mut description: Value = serde_json::from_str(&shown).unwrap();
    change(&mut description);
    let path = stick.join(Path::new(file).with_extension("json"));
    std::fs::write(&path, description.to_string()).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_root_is_signed_on_two_machines_and_its_list_follows() {
    let world = World::new(Some(AT)).unwrap();
    let key = |name: &str| world.path().join("keys").join(format!("{name}.key"));
    let old = world.path().join("trust");
    let stick = tempfile::tempdir().unwrap();
    let at = |name: &str| stick.path().join(name);

    // A new publisher's key, which the next root lists instead of the old one.
    let made = trust(&["key", text(&at("publisher-2.key"))], "").unwrap();
    let [kid, public] = ["kid ", "key "]
        .map(|part| made.lines().find_map(|line| line.strip_prefix(part)).map(ToOwned::to_owned).unwrap());
    assert!(trust(&["key", text(&at("publisher-2.key"))], "").unwrap_err().contains("left alone"));
    let root = describe(&world, "root.cose", stick.path(), |root| {
        root["version"] = json!(2);
        root["issued"] = json!(AT);
        root["publisher"]["keys"] = json!([{"kid": kid, "key": public}]);
    });
    let first = trust(&["sign", "--key", text(&key("root-1")), text(&root)], "").unwrap();
    assert!(first.contains("1 of 2 (more are wanted)"), "{first}");
    let refused = trust(&["check", "--after", text(&old), "--at", LATER, text(stick.path())], "");
    assert!(refused.is_err(), "nothing but a root is on the stick yet");
    let root = at("root.cose");
    let twice = trust(&["sign", "--key", text(&key("root-1")), text(&root)], "").unwrap();
    assert!(twice.contains("1 of 2 (more are wanted)"), "one key is one key: {twice}");
    let both = trust(&["sign", "--key", text(&key("root-3")), text(&root)], "").unwrap();
    assert!(both.contains("2 of 2 (enough)"), "{both}");
    let by_old = trust(&["show", "--root", text(&old.join("root.cose")), text(&root)], "").unwrap();
    assert!(by_old.contains("by root version 1: 2 of 2 (enough)"), "{by_old}");

    // One more person is revoked, and the list is made for the new root.
    std::fs::copy(old.join("revocations.bin"), at("revocations.bin")).unwrap();
    let mut salt = String::new();
    let list = describe(&world, "trust.cose", stick.path(), |list| {
        list["version"] = json!(list["version"].as_u64().unwrap() + 1);
        list["root_version"] = json!(2);
        list["issued"] = json!(AT);
        salt = list["revocations"]["salt"].as_str().unwrap().to_owned();
    });
    let green = world.rows().unwrap().into_iter().find(|row| row.name == "green").unwrap();
    let line = format!("sample.hubei\t{}\n", green.pseudonym);
    let bin = at("revocations.bin");
    let said = trust(&["revoke", "--salt", &salt, text(&bin)], &line).unwrap();
    assert_eq!(said, "17 entries, 1 more; 1 chunks changed\n");
    let bad = trust(&["revoke", "--salt", &salt, text(&bin)], "hubei 00\n").unwrap_err();
    assert!(bad.contains("line 1"), "{bad}");
    let with = ["sign", "--revocations", text(&bin), "--root", text(&root), "--key"];
    let sign = |key: &Path, file: &Path| trust(&[&with[..], &[text(key), text(file)]].concat(), "");
    let signed = sign(&at("publisher-2.key"), &list).unwrap();
    assert!(signed.contains("by root version 2: 1 of 1 (enough)"), "{signed}");
    assert!(sign(&at("publisher-2.key"), &list).unwrap_err().contains("is there already"));

    std::fs::copy(old.join("community.cose"), at("community.cose")).unwrap();
    let checked = trust(&["check", "--after", text(&old), "--at", LATER, text(stick.path())], "").unwrap();
    assert!(checked.starts_with("root         2  "), "{checked}");
    assert!(checked.contains("revocations  17"), "{checked}");
    // No version goes back, and no revocations are accepted that the list does not name.
    let back = trust(&["check", "--after", text(stick.path()), "--at", LATER, text(&old)], "").unwrap_err();
    assert!(back.contains("older than 2"), "{back}");
    std::fs::copy(old.join("revocations.bin"), at("revocations.bin")).unwrap();
    let mixed = trust(&["check", "--after", text(&old), "--at", LATER, text(stick.path())], "").unwrap_err();
    assert!(mixed.contains("not the revocations"), "{mixed}");
}

#[test]
fn two_roots_and_one_more_revocation_reach_a_station_that_was_away() {
    let world = World::new(None).unwrap();
    let office = tempfile::tempdir().unwrap();
    let running = Office::start_plain(office.path(), &world).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let station = folder.path().join("station");
    HeadlessStation::enrol(&station, &running.ticket().unwrap()).unwrap();

    let key = |name: &str| world.path().join("keys").join(format!("{name}.key"));
    let old = world.path().join("trust");
    let (first, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sign = |file: &Path, names: &[&str]| {
        let out = file.with_extension("cose");
        for (number, name) in names.iter().enumerate() {
            let what = if number == 0 { file } else { &out };
            trust(&["sign", "--key", text(&key(name)), text(what)], "").unwrap();
        }
        out
    };
    // Root 2 only raises the version; root 3 lets another key publish.
    let second = describe(&world, "root.cose", first.path(), |root| root["version"] = json!(2));
    let second = sign(&second, &["root-1", "root-2"]);
    std::fs::copy(second, stick.path().join("2.root.cose")).unwrap();
    let made = trust(&["key", text(&first.path().join("publisher.key"))], "").unwrap();
    let part = |part: &str| made.lines().find_map(|line| line.strip_prefix(part)).unwrap().to_owned();
    let third = describe(&world, "root.cose", stick.path(), |root| {
        root["version"] = json!(3);
        root["publisher"]["keys"] = json!([{"kid": part("kid "), "key": part("key ")}]);
    });
    sign(&third, &["root-2", "root-3"]);
    let mut salt = String::new();
    let list = describe(&world, "trust.cose", stick.path(), |list| {
        // A lower version than before: the versions of the withdrawn publisher no longer count.
        list["version"] = json!(1);
        list["root_version"] = json!(3);
        salt = list["revocations"]["salt"].as_str().unwrap().to_owned();
    });
    let bin = stick.path().join("revocations.bin");
    std::fs::copy(old.join("revocations.bin"), &bin).unwrap();
    let somebody = format!("sample.hubei\t{}\n", "ab".repeat(16));
    trust(&["revoke", "--salt", &salt, text(&bin)], &somebody).unwrap();
    let publisher = first.path().join("publisher.key");
    trust(&["sign", "--key", text(&publisher), "--revocations", text(&bin), text(&list)], "").unwrap();
    std::fs::copy(old.join("community.cose"), stick.path().join("community.cose")).unwrap();

    // Copies them into the office's folder; it may see any file first.
    for name in ["trust.cose", "revocations.bin", "2.root.cose", "root.cose"] {
        std::fs::copy(stick.path().join(name), office.path().join("trust").join(name)).unwrap();
    }
    let running_station = HeadlessStation::start(&station, &[]).unwrap();
    let read = |folder: &Path, name: &str| std::fs::read(folder.join(name)).unwrap();
    let newest = read(stick.path(), "root.cose");
    until("third root at the station", std::time::Duration::from_secs(120), || {
        // While the folders are swapped there is none.
        let has = std::fs::read(station.join("trust/root.cose"));
        Ok(has.is_ok_and(|has| has == newest).then_some(()))
    })
    .unwrap();
    for name in ["trust.cose", "revocations.bin"] {
        assert!(read(&station.join("trust"), name) == read(stick.path(), name), "{name}");
    }
    drop(running_station);
}

#[test]
fn what_is_shown_is_what_is_signed() {
    let world = World::new(Some(AT)).unwrap();
    let stick = tempfile::tempdir().unwrap();
    for (file, key) in [("root.cose", "root-2"), ("trust.cose", "publisher"), ("community.cose", "region")] {
        let description = describe(&world, file, stick.path(), |_| {});
        let key = world.path().join("keys").join(format!("{key}.key"));
        trust(&["sign", "--key", text(&key), text(&description)], "").unwrap();
        let shown = |folder: &Path| trust(&["show", "--json", text(&folder.join(file))], "").unwrap();
        assert_eq!(shown(stick.path()), shown(&world.path().join("trust")), "{file}");
    }
    // One signer each, as before: byte for byte the same files.
    for file in ["trust.cose", "community.cose"] {
        let bytes = |folder: &Path| std::fs::read(folder.join(file)).unwrap();
        assert_eq!(bytes(stick.path()), bytes(&world.path().join("trust")), "{file}");
    }
}

#[test]
fn a_citys_policy_is_signed_named_and_missed() {
    let world = World::new(Some(AT)).unwrap();
    let old = world.path().join("trust");
    let stick = tempfile::tempdir().unwrap();
    let at = |name: &str| stick.path().join(name);
    let key = |name: &str| world.path().join("keys").join(format!("{name}.key"));
    for file in ["root.cose", "community.cose", "revocations.bin"] {
        std::fs::copy(old.join(file), at(file)).unwrap();
    }
    // From the nation's description, with another region and a lower fever.
    let all: Value =
        serde_json::from_str(&trust(&["show", "--json", text(&old.join("policies.cbor"))], "").unwrap())
            .unwrap();
    let mut city = all[0].clone();
    (city["region"], city["fever_tenths"], city["from"]) = (json!("4201"), json!(370), json!("2026-03-02"));
    std::fs::write(at("city.json"), city.to_string()).unwrap();
    let root = old.join("root.cose");
    let by = |name: &str| {
        let _ = std::fs::remove_file(at("city.cose"));
        trust(&["sign", "--key", text(&key(name)), "--root", text(&root), text(&at("city.json"))], "")
            .unwrap()
    };
    assert!(by("publisher").contains("0 of 1 (more are wanted)"));
    assert!(by("region").contains("1 of 1 (enough)"));
    let shown = trust(&["show", text(&at("city.cose"))], "").unwrap();
    assert!(shown.contains("from         2026-03-01T16:00:00Z"), "Monday's first second there: {shown}");
    let (bundle, publisher) = (at("policies.cbor"), key("publisher"));
    let (cose, before) = (at("city.cose"), old.join("policies.cbor"));
    let bundled = trust(&["bundle", text(&bundle), text(&cose), text(&before)], "").unwrap();
    assert_eq!(bundled, trust(&["show", text(&at("policies.cbor"))], "").unwrap());
    assert!(bundled.lines().count() == 2 && bundled.contains("  4201 "), "{bundled}");

    // The next list names both; without the file the set is refused, and with it taken.
    let list = describe(&world, "trust.cose", stick.path(), |list| {
        list["version"] = json!(list["version"].as_u64().unwrap() + 1);
    });
    let sign = ["sign", "--key", text(&publisher), "--policies", text(&bundle), text(&list)];
    trust(&sign, "").unwrap();
    let check = || trust(&["check", "--after", text(&old), "--at", LATER, text(stick.path())], "");
    assert!(check().unwrap().contains("policies     2"));
    std::fs::copy(old.join("policies.cbor"), at("policies.cbor")).unwrap();
    let missing = check().unwrap_err();
    assert!(missing.contains("missing: \"4201\"") && missing.contains("(it is not here)"), "{missing}");
}

#[test]
fn a_description_that_means_nothing_is_told_where() {
    let world = World::new(Some(AT)).unwrap();
    let stick = tempfile::tempdir().unwrap();
    let key = world.path().join("keys/publisher.key");
    let said = |change: &dyn Fn(&mut Value)| {
        let path = describe(&world, "trust.cose", stick.path(), change);
        trust(&["sign", "--key", text(&key), text(&path)], "").unwrap_err()
    };
    assert!(
        said(&|list| list["issuers"][0]["kid"] = json!("zz")).contains("trust.issuers[0].kid: hex is wanted")
    );
    assert!(said(&|list| list["isuers"] = json!([])).contains("\"isuers\" is no part of it"));
    assert!(said(&|list| list["policies"][0]["hash"] = json!("00")).contains("policy 0: key 2"));
    assert!(said(&|list| *list = json!({"version": 1, "table": [["pass"]]})).contains("key 2"));
    assert!(said(&|list| *list = json!({"version": 1})).contains("none of the files"));
    assert!(!stick.path().join("trust.cose").exists(), "nothing was made of it");
}

#[test]
fn a_deployment_begins_with_a_description_and_its_first_administrator_adds_the_first_checkpoint() {
    // The issuers are those of a demo world, so that there are codes to show.
    let demo = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let shown = trust(&["show", "--json", text(&demo.path().join("trust/trust.cose"))], "").unwrap();
    let issuers = serde_json::from_str::<Value>(&shown).unwrap()["issuers"].clone();
    let (_, region) = demo.trust().unwrap();
    let description = json!({
        "region": region.as_str()[..6],
        "community": {"region": region.as_str(), "name": "样例新社区", "contact": "样例 027-0000"},
        "policy": {"document": "样例〔2026〕1号", "no_code_url": "https://code.example"},
        "issuers": issuers,
        "administrators": [{"name": "王样例", "phone": "13800000009"}],
    });
    std::fs::write(at("deployment.json"), description.to_string()).unwrap();
    std::fs::write(at("passphrase"), "twelve or more characters\n").unwrap();
    let (new, described) = (at("new"), at("deployment.json"));
    let passphrase = ["--passphrase-file", &at("passphrase").display().to_string()].map(ToOwned::to_owned);
    let make = || trust(&["new", &passphrase[0], &passphrase[1], text(&new), text(&described)], "");
    let said = make().unwrap();
    assert!(make().unwrap_err().contains("left alone"));
    let secret = said.lines().find_map(|line| line.split_once("the secret ")).unwrap().1;

    // The publisher's key signs the next list, with its passphrase and not without.
    let next = trust(&["show", "--json", text(&new.join("trust/trust.cose"))], "").unwrap();
    let mut next: Value = serde_json::from_str(&next).unwrap();
    next["version"] = json!(2);
    std::fs::write(at("trust.json"), next.to_string()).unwrap();
    let key = new.join("keys/publisher.key");
    let list = at("trust.json");
    let sign = ["sign", "--key", text(&key), text(&list)];
    assert!(trust(&sign, "").unwrap_err().contains("--passphrase-file"));
    let by_passphrase = [&sign[..3], &[&passphrase[0], &passphrase[1]], &sign[3..]].concat();
    trust(&by_passphrase, "").unwrap();

    let mut office = Office::start(&at("office"), &World::made(&new)).unwrap();
    HeadlessStation::enrol(&at("laptop"), &office.ticket().unwrap()).unwrap();
    let mut station = HeadlessStation::start(&at("laptop"), &[]).unwrap();
    let sign_in =
        json!({"wing": "shift", "kind": "sign-in", "digits": "0009", "person": null, "secret": secret});
    office.cut().unwrap();
    station.say(&sign_in).unwrap();
    station.screen("choose-checkpoint").unwrap();
    let gate = json!({"wing": "shift", "kind": "add-checkpoint", "name": "东门", "directions": "entry"});
    station.say(&gate).unwrap();
    station.view("the checkpoint in the bar", |view| view["bar"]["checkpoint"].is_string()).unwrap();
    station.scan(&std::fs::read_to_string(demo.code("green", "txt")).unwrap()).unwrap();
    station.confirm().unwrap();
    station.kill().unwrap();

    // The laptop starts again while the office is gone, and still knows the gate.
    let mut station = HeadlessStation::start(&at("laptop"), &[]).unwrap();
    station.say(&sign_in).unwrap();
    let choice = station.screen("choose-checkpoint").unwrap();
    assert_eq!(choice["screen"]["rows"][0]["name"], json!("东门"), "{choice}");
    office.start_again().unwrap();
    station.view("an empty outbox", |view| view["bar"]["waiting"] == 0).unwrap();
    station.quit().unwrap();
    let list = until("the passage to be filed", PATIENCE, || {
        let list = office.list()?;
        Ok((list["counts"]["passages"] == 1).then_some(list))
    })
    .unwrap();
    assert_eq!((&list["counts"]["quarantined"], &list["counts"]["alerts"]), (&json!(0), &json!(0)), "{list}");
}
