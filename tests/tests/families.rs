//! Mutual recognition: one gate, one set of trust files, a queue of every family, and no network.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use serde_json::Value as Json;
use stage::clock::{PATIENCE, until};
use stage::{HeadlessStation, Office, World};

/// The queue: for each person the family and name of their code, its verdict and the reason.
const QUEUE: [(&str, &str, &str, &str); 20] = [
    ("national", "green-national", "pass", "colour"),
    ("national", "green-elsewhere", "pass", "colour"),
    ("national", "yellow-elsewhere", "stop", "colour"),
    ("hubei-like", "green", "pass", "colour"),
    ("hubei-like", "yellow", "check", "colour"),
    ("hubei-like", "red", "stop", "colour"),
    ("hubei-like", "grey", "check", "colour"),
    ("hubei-like", "paper", "check", "paper-code"),
    ("wuhan-like", "uncoloured", "check", "colour"),
    ("wuhan-like", "out-of-region", "invalid", "out-of-region"),
    ("wuhan-like", "not-recognised", "invalid", "not-recognised"),
    ("foreign", "certificate-vaccination", "check", "certificate"),
    ("foreign", "certificate-recovery", "check", "certificate"),
    ("foreign", "certificate-one-dose", "stop", "certificate"),
    ("foreign", "certificate-test-positive", "stop", "certificate"),
    ("foreign", "certificate-wrong-usage", "invalid", "wrong-usage"),
    ("forged", "forged", "invalid", "signature"),
    ("forged", "altered", "invalid", "signature"),
    ("forged", "certificate-forged", "invalid", "signature"),
    ("forged", "certificate-bomb", "invalid", "inflates-too-far"),
];

#[test]
fn one_gate_judges_a_queue_of_every_family_by_one_policy_offline() {
    let world = World::new(None).unwrap();
    let (office_folder, station_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let office = Office::start(office_folder.path(), &world).unwrap();
    HeadlessStation::enrol(station_folder.path(), &office.ticket().unwrap()).unwrap();
    let mut station = HeadlessStation::start(station_folder.path(), &["--hurry", "--offline"]).unwrap();
    station.sign_in("13800000001", "246810").unwrap();

    let mut recorded = BTreeMap::new();
    for (family, name, verdict, why) in QUEUE {
        let result = station.scan(&std::fs::read_to_string(world.code(name, "txt")).unwrap()).unwrap();
        let answer = &result["answer"];
        assert_eq!(answer["kind"], verdict, "{family} {name}: {result}");
        let reason =
            if verdict == "invalid" { &answer["refusal"]["kind"] } else { &answer["reason"]["kind"] };
        assert_eq!(reason, why, "{family} {name}: {result}");
        assert_eq!(result["canConfirm"], verdict != "invalid", "{family} {name}");
        says_only_what_it_may(family, name, &result);
        if verdict == "invalid" {
            station
                .say(&serde_json::json!({ "wing": "collector", "kind": "discard", "scan": result["scan"] }))
                .unwrap();
            let _ = station.view("the end of the result", |view| view["screen"]["kind"] != "result").unwrap();
        } else {
            station.confirm().unwrap();
            *recorded.entry(family).or_insert(0) += 1;
        }
    }
    assert_eq!(office.list().unwrap()["counts"]["passages"], 0, "the network was off");

    station.network(true).unwrap();
    let count: i32 = recorded.values().sum();
    let list = until("every passage", PATIENCE, || {
        let list = office.list()?;
        let there = list["counts"]["passages"] == count && list["counts"]["waiting"] == 0;
        Ok(there.then_some(list))
    })
    .unwrap();
    assert_eq!(list["counts"]["quarantined"], 0, "{list}");
    assert_eq!(list["counts"]["alerts"], 0, "an honest station fits in everything: {list}");
    let passages = list["passages"].as_array().unwrap();
    let abroad: Vec<&Json> = passages.iter().filter(|row| row["colour"] == "certificate").collect();
    assert_eq!(abroad.len(), recorded["foreign"] as usize);
    for row in abroad {
        assert_eq!((&row["iss"], &row["masked_id"]), (&"XS".into(), &"".into()), "{row}");
        assert_eq!(row["masked_name"], "M***********", "{row}");
    }
}

/// Checks what may be shown: a certificate has a masked name, no number and no colour; a grey code has
/// a sentence of its own.
fn says_only_what_it_may(family: &str, name: &str, result: &Json) {
    let fields = &result["fields"];
    match (family, name) {
        ("foreign", _) => {
            assert_eq!((&fields["maskedName"], &fields["maskedId"]), (&"M***********".into(), &"".into()));
            assert!(fields["certificate"]["kind"].is_string() && result["canDeclareAgain"] == false);
            assert!(!result.to_string().contains("ERIKA") && !result.to_string().contains("UVCI"));
        }
        ("forged", _) => assert!(fields.is_null(), "{result}"),
        (_, "grey") => {
            assert_eq!(fields["noticeZh"], "信息已登记，封闭管理期间，暂不制发红黄绿健康码");
        }
        _ => assert!(fields["noticeZh"].is_null() && fields["certificate"].is_null()),
    }
}
