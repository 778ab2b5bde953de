//! The demo world: every code comes to what its table says, as text and as a picture.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use stage::World;

const AT: &str = "2026-03-01T08:00:00+08:00";

#[test]
fn every_code_comes_to_its_verdict_as_text_and_as_a_picture() {
    let world = World::new(Some(AT)).unwrap();
    let rows = world.rows().unwrap();
    assert!(rows.len() >= 40);
    for row in &rows {
        for code in [world.code(&row.name, "txt"), world.code(&row.name, "png")] {
            let answer = world.verify(&["--at", &row.at, code.to_str().unwrap()]).unwrap();
            let name = &row.name;
            assert_eq!(answer.status, Some(0), "{name}: {answer:?}");
            let says = |field: &str| answer.object[field].as_str().unwrap_or_default().to_owned();
            assert_eq!(says("verdict"), row.verdict, "{name}: {answer:?}");
            assert_eq!(says("refusal"), row.refusal, "{name}");
            assert_eq!(says("masked_name"), row.masked_name, "{name}");
            assert_eq!(says("masked_id"), row.masked_id, "{name}");
            assert_eq!(says("pseudonym"), row.pseudonym, "{name}");
            assert_eq!(answer.object["faults"], serde_json::json!([]), "{name}");
        }
    }
    let verdicts: BTreeSet<&str> = rows.iter().map(|row| row.verdict.as_str()).collect();
    assert_eq!(verdicts, BTreeSet::from(["check", "invalid", "pass", "stop"]));
}

#[test]
fn no_character_of_a_code_can_be_altered_and_none_be_added_or_left_out() {
    let world = World::new(Some(AT)).unwrap();
    let (trust, region) = world.trust().unwrap();
    let at = health_code::Timestamp(1_772_323_200);
    let judged = |text: &str| match health_code::UnverifiedCode::parse(text) {
        Ok(code) => trust.verify(&code, &region, at).map_err(|refused| refused.refusal),
        Err(refusal) => Err(refusal),
    };
    let green = std::fs::read_to_string(world.code("green", "txt")).unwrap();
    assert!(judged(&green).is_ok());
    let characters: Vec<char> = green.chars().collect();
    let with = |at: usize, new: &[char]| -> String {
        characters[..at].iter().chain(new).chain(&characters[at + 1..]).collect()
    };
    for (at, here) in characters.iter().enumerate() {
        // A different quarter of the alphabet at each place keeps the story short.
        let others = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:az样\u{0}".chars().skip(at % 4).step_by(4);
        for other in others.filter(|other| other != here) {
            assert!(judged(&with(at, &[other])).is_err(), "{other:?} at {at}");
        }
        assert!(judged(&with(at, &[])).is_err(), "without {at}");
        assert!(judged(&with(at, &[*here, '0'])).is_err(), "one more after {at}");
    }
    assert!(judged(&green[..green.len() - 1]).is_err());
    assert!(judged(&format!("{green}\n")).is_err());
}

#[test]
fn faults_and_bad_usage_are_told_apart_from_verdicts() {
    let world = World::new(Some(AT)).unwrap();
    let green = std::fs::read_to_string(world.code("green", "txt")).unwrap();
    let fault = |arguments: &[&str]| {
        let answer = world.verify(arguments).unwrap();
        assert_eq!(
            (answer.status, &answer.object["verdict"]),
            (Some(2), &serde_json::Value::Null),
            "{answer:?}"
        );
        answer.object["faults"][0].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(fault(&["--at", "2026-04-20T00:00:00Z", &green]), "trust-expired");
    assert_eq!(fault(&["--at", "2019-01-01T00:00:00Z", &green]), "clock-wrong");
    let (trust, _) = world.trust().unwrap();
    let (signed, expiry) = (trust.latest_signed_time(), trust.list().hard_expiry);
    for moment in [signed.plus(-121), signed.plus(-120), expiry.plus(-1), expiry] {
        let at = jiff::Timestamp::from_second(moment.0).unwrap().to_string();
        let said = world.verify(&["--at", &at, &green]).unwrap().object["faults"].clone();
        let expected: Vec<_> = trust.fault_at(moment).iter().map(|fault| fault.code()).collect();
        assert_eq!(said, serde_json::json!(expected), "{at}");
    }
    let blank = world.path().join("blank.png");
    std::fs::write(&blank, BLANK_PNG).unwrap();
    assert_eq!(fault(&["--at", AT, blank.to_str().unwrap()]), "no-code");
    std::fs::write(&blank, &BLANK_PNG[..40]).unwrap();
    assert_eq!(fault(&["--at", AT, blank.to_str().unwrap()]), "picture-unreadable");

    std::fs::write(&blank, "").unwrap();
    assert_eq!(fault(&["--at", AT, blank.to_str().unwrap()]), "picture-unreadable");

    for bad in [
        &["--at", "yesterday", "x"][..],
        &["--checkpoint", "nowhere", "x"],
        &["no-such.png"],
        &["no-such.webp"],
        &["https://code.example/"],
        &[],
    ] {
        let answer = world.verify(bad).unwrap();
        assert_eq!(answer.status, Some(2), "{bad:?}");
        assert!(answer.object.is_null() && !answer.error.is_empty() && !answer.error.contains("panicked"));
    }
    let missing = world.verify(&["--at", AT, "no-such.webp"]).unwrap();
    assert!(missing.error.contains("there is no such file"), "{missing:?}");
}

#[test]
fn trust_that_was_touched_is_a_fault_and_never_a_verdict() {
    let world = World::new(Some(AT)).unwrap();
    let green = world.code("green", "txt");
    for name in ["root.cose", "trust.cose", "community.cose", "revocations.bin"] {
        let file = world.path().join("trust").join(name);
        let whole = std::fs::read(&file).unwrap();
        let mut touched = whole.clone();
        let last = touched.len() - 1;
        touched[last] ^= 1;
        for bytes in [&touched[..], &whole[..last], b""] {
            std::fs::write(&file, bytes).unwrap();
            let answer = world.verify(&["--at", AT, green.to_str().unwrap()]).unwrap();
            assert_eq!(answer.status, Some(2), "{name}");
            assert_eq!(answer.object["faults"], serde_json::json!(["trust-rejected"]), "{name}");
            assert!(answer.object["verdict"].is_null());
        }
        std::fs::remove_file(&file).unwrap();
        let answer = world.verify(&["--at", AT, green.to_str().unwrap()]).unwrap();
        assert_eq!(answer.object["faults"], serde_json::json!(["trust-missing"]), "{name}");
        std::fs::write(&file, whole).unwrap();
    }
    // Policies keep out no other file; one that is named and not here is a fault of its own.
    let file = world.path().join("trust/policies.cbor");
    let whole = std::fs::read(&file).unwrap();
    for bytes in [&whole[..whole.len() - 1], b"\x80", b""] {
        std::fs::write(&file, bytes).unwrap();
        let answer = world.verify(&["--at", AT, green.to_str().unwrap()]).unwrap();
        assert_eq!(answer.object["faults"], serde_json::json!(["policy-missing"]));
        assert!(answer.status == Some(2) && answer.object["verdict"].is_null());
    }
    std::fs::write(&file, whole).unwrap();
    assert_eq!(world.verify(&["--at", AT, green.to_str().unwrap()]).unwrap().status, Some(0));
    // A community by a key that the root does not have, or no more, is opened and not believed.
    let (trust, _) = world.trust().unwrap();
    let stranger = issuer::KeyPair::from_seed(&[99; 32]);
    let file = world.path().join("trust/community.cose");
    std::fs::write(&file, issuer::sign_community(trust.community(), &[&stranger])).unwrap();
    let checkpoint = trust.community().checkpoints[0].name.as_str();
    for more in [&[][..], &["--checkpoint", checkpoint]] {
        let arguments = [&["--at", AT][..], more, &[green.to_str().unwrap()]].concat();
        let answer = world.verify(&arguments).unwrap();
        assert_eq!(answer.object["faults"], serde_json::json!(["community-not-believed"]));
        assert!(answer.status == Some(2) && answer.object["verdict"].is_null());
    }
}

#[test]
fn a_world_made_again_is_one_that_stations_go_on_with() {
    let world = World::new(Some(AT)).unwrap();
    let read = |name: &str| std::fs::read(world.path().join(name)).unwrap();
    let (root, list, key) =
        (read("trust/root.cose"), read("trust/trust.cose"), read("keys/issuer-hubei.key"));
    world.make(Some(AT)).unwrap();
    assert_eq!(
        (read("trust/root.cose"), read("trust/trust.cose")),
        (root.clone(), list),
        "nothing has changed"
    );
    world.make(Some("2026-03-02T08:00:00+08:00")).unwrap();
    assert_eq!((read("trust/root.cose"), read("keys/issuer-hubei.key")), (root, key));
    let green = world.code("green", "txt");
    let answer = world.verify(&["--at", "2026-03-02T08:00:00+08:00", green.to_str().unwrap()]).unwrap();
    assert_eq!(answer.object["verdict"], "pass");
}

/// One white pixel, with no code in it.
const BLANK_PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
    0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0x0f, 0x00, 0x01, 0x01, 0x01, 0x00,
    0xb1, 0x38, 0xf6, 0x14, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];
