//! `kadian-issue dgc` and `kadian-issue trust dsc`, on test data that is made here in the public layout:
//! every kind in its list of basic tests, positive and negative.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use health_code::hcert::{Kind, inflate};
use health_code::{Timestamp, hex};
use issuer::{DocumentKey, NewCertificate, Shape, certificate_cose};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use serde_json::{Value as Json, json};
use stage::programs::command;
use strict_cose::Value;

const NOW: Timestamp = Timestamp(1_620_000_000);
const CLOCK: &str = "2021-05-03T02:00:00+02:00";
const DAY: i64 = 86_400;
const TEST: &[u64] = &[1, 3, 6, 1, 4, 1, 1847, 2021, 1, 1];
const VACCINATION: &[u64] = &[1, 3, 6, 1, 4, 1, 0, 1847, 2021, 1, 2];
const RECOVERY: &[u64] = &[1, 3, 6, 1, 4, 1, 1847, 2021, 1, 3];

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(7)
}

/// A key's public half, for X.509.
struct Public(DocumentKey, Vec<u8>);

impl rcgen::PublicKeyData for Public {
    fn der_bytes(&self) -> &[u8] {
        &self.1
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match self.0 {
            DocumentKey::Es256(_) => &rcgen::PKCS_ECDSA_P256_SHA256,
            DocumentKey::Es384(_) => &rcgen::PKCS_ECDSA_P384_SHA384,
            DocumentKey::Ps256(_) => &rcgen::PKCS_RSA_SHA256,
        }
    }
}

/// Makes the certificate of a document signer of the sample country, in DER.
fn dsc(key: &DocumentKey, usages: &[&[u64]]) -> Vec<u8> {
    let authority = rcgen::KeyPair::generate().unwrap();
    let mut name = rcgen::DistinguishedName::new();
    name.push(rcgen::DnType::CountryName, "XS");
    name.push(rcgen::DnType::CommonName, "Sample signer");
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name = name;
    params.not_before = rcgen::date_time_ymd(2021, 1, 1);
    params.not_after = rcgen::date_time_ymd(2023, 1, 1);
    let purpose = |oid: &&[u64]| rcgen::ExtendedKeyUsagePurpose::Other(oid.to_vec());
    params.extended_key_usages = usages.iter().map(purpose).collect();
    let issuer = rcgen::Issuer::new(rcgen::CertificateParams::default(), authority);
    let public = Public(key.clone(), key.public_bytes());
    params.signed_by(&public, &issuer).unwrap().der().to_vec()
}

fn kid(dsc: &[u8]) -> Vec<u8> {
    health_code::key_id(dsc).0.to_vec()
}

fn certificate(kind: Kind) -> NewCertificate {
    NewCertificate {
        ver: "1.3.0".to_owned(),
        name: ["Müster", "Érika", "MUESTER", "ERIKA"].map(str::to_owned),
        dob: "1980-01-01".to_owned(),
        country: "XS".to_owned(),
        id: "URN:UVCI:01:XS:1".to_owned(),
        kind,
        day: "2021-04-01".to_owned(),
        doses: [1, 2],
        detected: false,
        recovery: ["2021-04-12", "2021-09-28"].map(str::to_owned),
        iat: NOW.plus(-DAY),
        exp: NOW.plus(30 * DAY),
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Integer(number) => json!(i64::try_from(*number).unwrap()),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(k, v)| (k.as_text().unwrap().to_owned(), to_json(v))).collect())
        }
        other => panic!("{other:?}"),
    }
}

fn png(text: &str) -> String {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L).unwrap();
    let (width, modules) = (code.width(), code.to_colors());
    let (scale, quiet) = (4, 4);
    let side = ((width + 2 * quiet) * scale) as u32;
    let picture = image::GrayImage::from_fn(side, side, |x, y| {
        let at = |pixel: u32| (pixel as usize / scale).checked_sub(quiet).filter(|at| *at < width);
        let dark = at(x).zip(at(y)).is_some_and(|(x, y)| modules[y * width + x] == qrcode::Color::Dark);
        image::Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    STANDARD.encode(bytes.into_inner())
}

/// Makes everything that a file can have, for one message.
fn file(payload: &Value, claims: &[u8], cose: &[u8], dsc: &[u8]) -> Json {
    let text = inflate::to_text(cose);
    let body = text.strip_prefix("HC1:").unwrap();
    json!({
        "JSON": to_json(payload),
        "CBOR": hex::encode(claims),
        "COSE": hex::encode(cose),
        "COMPRESSED": hex::encode(&inflate::base45(body).unwrap()),
        "BASE45": body,
        "PREFIX": text,
        "2DCODE": png(&text),
        "TESTCTX": {
            "VERSION": 1, "SCHEMA": "1.3.0", "CERTIFICATE": STANDARD.encode(dsc),
            "VALIDATIONCLOCK": CLOCK, "DESCRIPTION": "made by a test",
        },
        "EXPECTEDRESULTS": {},
    })
}

/// Makes a file for one signer and one shape, with an expectation for each step.
fn made(key: &DocumentKey, usages: &[&[u64]], new: &NewCertificate, shape: impl FnOnce(&mut Shape)) -> Json {
    let dsc = dsc(key, usages);
    let mut form = Shape::usual(key.algorithm(), &kid(&dsc));
    shape(&mut form);
    let claims = new.claims(new.payload());
    let cose = certificate_cose(key, form, claims.clone(), &mut rng());
    file(&new.payload(), &claims, &cose, &dsc)
}

const STEPS: [&str; 11] = [
    "EXPECTEDVALIDOBJECT",
    "EXPECTEDENCODE",
    "EXPECTEDDECODE",
    "EXPECTEDVERIFY",
    "EXPECTEDUNPREFIX",
    "EXPECTEDVALIDJSON",
    "EXPECTEDCOMPRESSION",
    "EXPECTEDB45DECODE",
    "EXPECTEDPICTUREDECODE",
    "EXPECTEDEXPIRATIONCHECK",
    "EXPECTEDKEYUSAGE",
];

/// Makes a file in which every step must hold.
fn good(mut file: Json) -> Json {
    for step in STEPS.into_iter().chain(["EXPECTEDSCHEMAVALIDATION"]) {
        file["EXPECTEDRESULTS"][step] = json!(true);
    }
    file
}

/// Makes a file in which one step must fail.
fn bad(mut file: Json, step: &str) -> Json {
    file["EXPECTEDRESULTS"][step] = json!(false);
    file
}

fn with(mut file: Json, field: &str, value: impl Into<Json>) -> Json {
    file[field] = value.into();
    file
}

fn without(mut file: Json, fields: &[&str]) -> Json {
    fields.iter().for_each(|field| drop(file.as_object_mut().unwrap().remove(*field)));
    file
}

/// Makes each kind of the list of basic tests, by its name there.
fn cases() -> Vec<(&'static str, Json)> {
    let es256 = DocumentKey::es256(&[3; 32]).unwrap();
    let es384 = DocumentKey::es384(&[4; 48]).unwrap();
    let ps256 = DocumentKey::ps256(&mut rng()).unwrap();
    let all = [TEST, VACCINATION, RECOVERY];
    let [vaccination, test, recovery] = [Kind::Vaccination, Kind::Test, Kind::Recovery].map(certificate);
    let usual = || made(&es256, &all, &vaccination, |_| {});
    let usage = |usage, new: &NewCertificate| made(&es256, &[usage], new, |_| {});
    let shaped = |shape: fn(&mut Shape)| made(&es256, &all, &vaccination, shape);
    let mut at = vec![
        ("CO1", good(made(&ps256, &all, &vaccination, |_| {}))),
        ("CO3", good(usual())),
        ("ES384", good(made(&es384, &all, &test, |_| {}))),
        ("DGC3", good(made(&es256, &all, &test, |_| {}))),
        ("DGC5", good(made(&es256, &all, &recovery, |_| {}))),
        ("CO12", good(usage(TEST, &test))),
        ("CO13", good(usage(VACCINATION, &vaccination))),
        ("CO14", good(usage(RECOVERY, &recovery))),
        ("CO15", good(made(&es256, &[], &recovery, |_| {}))),
        ("CO19", good(shaped(|shape| shape.unprotected = vec![shape.protected.pop().unwrap()]))),
        ("CO20", good(shaped(|shape| shape.unprotected = vec![shape.protected[1].clone()]))),
        ("CO21", good(shaped(|shape| shape.unprotected = vec![(4, vec![9; 8].into())]))),
        ("untagged", good(shaped(|shape| shape.tags.clear()))),
        ("CO28", good(shaped(|shape| shape.tags = vec![0xd8, 0x3d, 0xd2]))),
        (
            "CO22",
            bad(
                shaped(|shape| {
                    shape.unprotected =
                        vec![std::mem::replace(&mut shape.protected[1], (4, b"foo".to_vec().into()))];
                }),
                "EXPECTEDVERIFY",
            ),
        ),
        (
            "CO23",
            bad(
                shaped(|shape| {
                    shape.protected.pop();
                    shape.unprotected = vec![(4, vec![9; 8].into())];
                }),
                "EXPECTEDVERIFY",
            ),
        ),
        ("CO4", bad(shaped(|shape| shape.protected[0] = (1, (-8).into())), "EXPECTEDVERIFY")),
        ("Q1", bad(with(usual(), "2DCODE", "iVBORw0KGgo="), "EXPECTEDPICTUREDECODE")),
        ("H1", bad(with(usual(), "PREFIX", "HL0:NCF"), "EXPECTEDUNPREFIX")),
        ("H3", bad(with(usual(), "PREFIX", "NCFOXN"), "EXPECTEDUNPREFIX")),
        ("B1", bad(with(usual(), "BASE45", "NCF_ab"), "EXPECTEDB45DECODE")),
        ("Z1", bad(with(usual(), "COMPRESSED", "78da00112233"), "EXPECTEDCOMPRESSION")),
        ("Z2", bad(with(usual(), "COMPRESSED", usual()["COSE"].clone()), "EXPECTEDCOMPRESSION")),
        ("bomb", bad(with(usual(), "PREFIX", inflate::to_text(&vec![0; 1_000_000])), "EXPECTEDVALIDJSON")),
        ("CBO1", bad(with(usual(), "CBOR", "bf6376"), "EXPECTEDDECODE")),
        ("JSON", bad(with(usual(), "JSON", json!({"ver": "1.3.0"})), "EXPECTEDVALIDJSON")),
    ];
    for (name, key, new) in [
        ("CO6", TEST, &vaccination),
        ("CO7", TEST, &recovery),
        ("CO8", VACCINATION, &test),
        ("CO9", VACCINATION, &recovery),
        ("CO10", RECOVERY, &vaccination),
        ("CO11", RECOVERY, &test),
    ] {
        at.push((name, bad(usage(key, new), "EXPECTEDKEYUSAGE")));
    }
    let late = NewCertificate { iat: NOW.plus(DAY), ..certificate(Kind::Test) };
    at.push(("CO16", bad(made(&es256, &all, &late, |_| {}), "EXPECTEDEXPIRATIONCHECK")));
    let over = NewCertificate { exp: NOW.plus(-60), ..certificate(Kind::Test) };
    at.push(("CO17", bad(made(&es256, &all, &over, |_| {}), "EXPECTEDEXPIRATIONCHECK")));

    let signed = |payload: Value, whole: Option<Vec<u8>>| {
        let dsc = dsc(&es256, &all);
        let claims = whole.unwrap_or_else(|| vaccination.claims(payload.clone()));
        let shape = Shape::usual(es256.algorithm(), &kid(&dsc));
        let cose = certificate_cose(&es256, shape, claims.clone(), &mut rng());
        file(&payload, &claims, &cose, &dsc)
    };
    let mut forged = usual();
    forged["COSE"] = json!(made(&es384, &all, &vaccination, |_| {})["COSE"]);
    at.push(("CO5", bad(forged, "EXPECTEDVERIFY")));
    let alone = strict_cose::cbor::encode(&vaccination.payload());
    at.push(("CBO2", bad(without(signed(vaccination.payload(), Some(alone)), &["COSE"]), "EXPECTEDVERIFY")));
    let bare = Value::Map(vec![("ver".into(), "1.0.0".into()), ("nam".into(), Value::Map(Vec::new()))]);
    at.push(("DGC1", bad(signed(bare, None), "EXPECTEDSCHEMAVALIDATION")));
    let Value::Map(mut several) = vaccination.payload() else { panic!() };
    let Value::Map(other) = test.payload() else { panic!() };
    several.extend(other.into_iter().filter(|(key, _)| key.as_text() == Some("t")));
    at.push(("DGC2", bad(signed(Value::Map(several), None), "EXPECTEDSCHEMAVALIDATION")));
    at
}

fn write(folder: &Path, country: &str, name: &str, file: &Json) {
    let raw = folder.join(country).join("2DCode/raw");
    std::fs::create_dir_all(&raw).unwrap();
    std::fs::write(raw.join(format!("{name}.json")), file.to_string()).unwrap();
}

fn run(folder: &Path) -> (Option<i32>, String) {
    let output = command("kadian-issue").unwrap().arg("dgc").arg(folder).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_kind_of_the_public_layout_comes_to_what_it_expects() {
    let folder = tempfile::tempdir().unwrap();
    let cases = cases();
    for (name, file) in &cases {
        write(folder.path(), "XS", name, file);
    }
    write(folder.path(), "common", "no-expectation", &with(cases[1].1.clone(), "EXPECTEDRESULTS", json!({})));
    let dataless = json!({"EXPECTEDRESULTS": {"EXPECTEDVERIFY": true}});
    write(folder.path(), "common", "no-data", &dataless);
    let (status, said) = run(folder.path());
    let count = cases.len();
    let lines: Vec<&str> = said.lines().collect();
    let [signatures, last] = lines[..] else { panic!("{said}") };
    assert!(signatures.starts_with("signatures that hold: ES256 "), "{signatures}");
    assert_eq!(last, format!("passed {count} of {}, failed 0, contradicts itself 0, skipped 2", count + 2));
    assert_eq!(status, Some(0));
}

#[test]
fn what_contradicts_itself_fails_and_is_listed_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    // Each file with its expectations reversed: not one may pass.
    let cases = cases();
    for (name, file) in &cases {
        let mut turned = file.clone();
        for (_, expected) in turned["EXPECTEDRESULTS"].as_object_mut().unwrap() {
            *expected = json!(!expected.as_bool().unwrap());
        }
        write(folder.path(), "XS", name, &turned);
    }
    std::fs::write(folder.path().join("XS/2DCode/raw/broken.json"), "{").unwrap();
    let (status, said) = run(folder.path());
    assert_eq!(status, Some(1));
    // A wrong kid alone breaks no step that is expected to hold, because the file gives the key.
    let kids = 2;
    let last = said.lines().last().unwrap();
    // Four expect what their own file, or the specification, excludes.
    let by_rule = ["several-events", "contents-differ", "other-kind-of-key"];
    assert!(by_rule.iter().all(|rule| said.contains(rule)), "{said}");
    let (all, contradicts) = (cases.len() + 1, 4);
    let failed = all - kids - contradicts;
    let expected =
        format!("passed {kids} of {all}, failed {failed}, contradicts itself {contradicts}, skipped 0");
    assert_eq!(last, expected, "{said}");
    let line = |name: &str| said.lines().find(|line| line.contains(&format!("/{name}.json:"))).unwrap();
    assert!(line("CO7").contains("EXPECTEDKEYUSAGE is true, and its key may not sign a recovery"), "{said}");
    assert!(line("CO3").contains("EXPECTEDVERIFY is false, and the step holds"), "{said}");
    assert!(line("bomb").contains("inflates-too-far"), "{said}");
    assert!(line("broken").contains("no JSON"), "{said}");
}

#[test]
fn what_only_a_value_set_can_tell_is_asked_of_those_that_are_given() {
    let folder = tempfile::tempdir().unwrap();
    let (data, sets) = (folder.path().join("data"), folder.path().join("sets"));
    let key = DocumentKey::es256(&[5; 32]).unwrap();
    let file = made(&key, &[VACCINATION], &certificate(Kind::Vaccination), |_| {});
    write(&data, "XS", "unlisted", &bad(file, "EXPECTEDSCHEMAVALIDATION"));
    let set = |id: &str, codes: &[&str]| {
        let values: serde_json::Map<_, _> = codes.iter().map(|code| ((*code).into(), json!({}))).collect();
        std::fs::create_dir_all(&sets).unwrap();
        let text = json!({"valueSetId": id, "valueSetValues": values}).to_string();
        std::fs::write(sets.join(format!("{id}.json")), text).unwrap();
    };
    let last = |with: bool| {
        let mut dgc = command("kadian-issue").unwrap();
        dgc.arg("dgc").arg(&data);
        if with {
            dgc.arg("--value-sets").arg(&sets);
        }
        let said = String::from_utf8(dgc.output().unwrap().stdout).unwrap();
        said.lines().last().unwrap().to_owned()
    };
    assert_eq!(last(false), "passed 0 of 1, failed 0, contradicts itself 0, skipped 1");
    set("country-2-codes", &["XA", "XS"]);
    assert_eq!(last(true), "passed 0 of 1, failed 0, contradicts itself 0, skipped 1", "it is listed");
    set("vaccines-covid-19-auth-holders", &["ORG-100000001"]);
    assert_eq!(last(true), "passed 1 of 1, failed 0, contradicts itself 0, skipped 0");
}

#[test]
fn a_folder_without_test_data_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let output = command("kadian-issue").unwrap().arg("dgc").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("2DCode/raw"));
}

#[test]
fn a_signer_from_its_certificate_is_listed_signed_and_believed() {
    let world = stage::World::new(Some("2021-05-03T00:00:00Z")).unwrap();
    let key = DocumentKey::es384(&[6; 48]).unwrap();
    let dsc = dsc(&key, &[VACCINATION]);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("signer.der"), &dsc).unwrap();
    let run = |arguments: &[&str]| {
        let output = command("kadian-issue").unwrap().arg("trust").args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        said
    };
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let shown = run(&["show", "--json", &text(&world.path().join("trust/trust.cose"))]);
    let mut list: Json = serde_json::from_str(&shown).unwrap();
    list["version"] = json!(list["version"].as_u64().unwrap() + 1);
    std::fs::write(path("trust.json"), list.to_string()).unwrap();
    let added = run(&["dsc", &text(&path("trust.json")), &text(&path("signer.der"))]);
    assert!(added.contains("3 signers, 1 more"), "{added}");
    let again = run(&["dsc", &text(&path("trust.json")), &text(&path("signer.der"))]);
    assert!(again.contains("3 signers, 0 more"), "{again}");
    let set = json!({"valueSetId": "vaccines-covid-19-names", "valueSetValues": {"EU/1/20/0000": {}}});
    std::fs::write(path("products.json"), set.to_string()).unwrap();
    let put = run(&["value-sets", &text(&path("trust.json")), &text(&path("products.json"))]);
    assert_eq!(put.trim(), "1 vaccines-covid-19-names");
    let publisher = text(&world.path().join("keys/publisher.key"));
    run(&["sign", "--key", &publisher, &text(&path("trust.json"))]);
    std::fs::copy(path("trust.cose"), world.path().join("trust/trust.cose")).unwrap();

    let judged = |new: &NewCertificate| {
        let text = issuer::sign_certificate(&key, &kid(&dsc), new, &mut rng());
        let answer = world.verify(&["--at", "2021-05-03T00:00:00Z", &text]).unwrap();
        assert_eq!(answer.status, Some(0), "{answer:?}");
        answer.object
    };
    let mut new = NewCertificate { doses: [2, 2], ..certificate(Kind::Vaccination) };
    let object = judged(&new);
    assert_eq!((&object["verdict"], &object["reason"]), (&json!("stop"), &json!("certificate")), "{object}");
    assert_eq!(object["masked_name"], "M************");
    let sentence = object["sentence"].as_str().unwrap();
    assert!(sentence.contains("in no value set of the trust list"), "{object}");
    new.kind = Kind::Test;
    assert_eq!(judged(&new)["refusal"], "wrong-usage");
    new.kind = Kind::Vaccination;
    new.iat = Timestamp(1_600_000_000);
    assert_eq!(judged(&new)["refusal"], "key-not-in-force", "signed before its certificate began");
}
