//! The test vectors of `docs/code-format.md` are what this code writes and judges.

use health_code::trust::Revocations;
use health_code::{Claims, Colour, Trust, UnverifiedCode, code, hex};
use issuer::CodeSigner;
use strict_cose::Value;
use strict_cose::cbor::{encode, map};

use crate::world::*;

const FILE: &str = include_str!("../../../../docs/code-vectors.tsv");
const PAGE: &str = include_str!("../../../../docs/code-format.md");

/// The world of the vectors: as the page lists its issuers, one pseudonym revoked.
fn trust() -> Trust {
    let mut world = World::new();
    let salt = world.list.revocations.salt;
    world.revoke([Revocations::entry(&salt, "hubei", &[0xee; 16])]);
    world.issuer(HUBEI).static_cut_off = Some(NOW.plus(-10 * DAY));
    world.trust()
}

fn vectors() -> Vec<(&'static str, String)> {
    let with = |change: &dyn Fn(&mut Claims)| {
        let mut claims = claims();
        change(&mut claims);
        CodeSigner::new(key(HUBEI)).sign_unchecked(&claims)
    };
    let cose = CodeSigner::new(key(HUBEI)).cose(claims().to_payload());
    let good = code::to_text(&cose);
    let mut flipped = cose.clone();
    flipped[100] ^= 1;
    let headers = |alg: i64, crit: Option<Value>| {
        let protected = [(1, alg.into()), (4, key(HUBEI).kid().0.to_vec().into())];
        let protected = encode(&map(protected.into_iter().chain(crit.map(|crit| (2, crit)))));
        let parts = vec![
            protected.into(),
            map([]),
            claims().to_payload().into(),
            Value::Bytes(cose[cose.len() - 64..].to_vec()),
        ];
        code::to_text(&[&[0xd2][..], &encode(&Value::Array(parts))].concat())
    };
    let uncoloured = Claims { iss: "wuhan".to_owned(), colour: Colour::Uncoloured, ..claims() };
    vec![
        ("green", good.clone()),
        ("uncoloured", CodeSigner::new(key(WUHAN)).sign_unchecked(&uncoloured)),
        ("paper", with(&|c| (c.is_static, c.exp) = (true, c.iat.plus(7 * DAY)))),
        ("no identity number", with(&|c| c.masked_id = "**********".to_owned())),
        ("a link", "https://code.example/".to_owned()),
        ("781 characters", format!("KD1:{}", "0".repeat(777))),
        ("lower case", good.to_lowercase().replacen("kd1:", "KD1:", 1)),
        ("cut off", good[..200].to_owned()),
        ("a byte after the end", code::to_text(&[&cose[..], &[0]].concat())),
        ("no tag", code::to_text(&cose[1..])),
        ("indefinite array", code::to_text(&[&[0xd2, 0x9f], &cose[2..], &[0xff]].concat())),
        ("unknown crit", headers(-19, Some(Value::Array(vec![99.into()])))),
        ("alg EdDSA", headers(-8, None)),
        ("alg ES256", headers(-7, None)),
        ("a stranger's key", CodeSigner::new(key(STRANGER)).sign_unchecked(&claims())),
        ("a bit flipped", code::to_text(&flipped)),
        ("undefined symptom", with(&|c| c.symptoms = 64)),
        ("no colour", with(&|c| c.colour = Colour::Uncoloured)),
        ("in another's name", with(&|c| c.iss = "gjzwfw".to_owned())),
        (
            "before the key",
            with(&|c| {
                (c.iat, c.exp) = (NOW.plus(-101 * DAY), NOW.plus(-101 * DAY + 300));
                c.declared_at = c.declared_at.plus(-101 * DAY);
            }),
        ),
        ("lives 301 s", with(&|c| c.exp = c.iat.plus(301))),
        ("Beijing", with(&|c| c.region = region("110101"))),
        ("revoked", with(&|c| c.pseudonym = [0xee; 16])),
        (
            "paper cut off",
            with(&|c| {
                (c.is_static, c.iat, c.exp) = (true, NOW.plus(-11 * DAY), NOW.plus(-5 * DAY));
                c.declared_at = c.declared_at.plus(-11 * DAY);
            }),
        ),
        ("121 s early", with(&|c| (c.iat, c.exp) = (NOW.plus(121), NOW.plus(421)))),
        ("expires now", with(&|c| (c.iat, c.exp) = (NOW.plus(-300), NOW))),
    ]
}

fn refusal(trust: &Trust, text: &str) -> &'static str {
    match UnverifiedCode::parse(text) {
        Err(refusal) => refusal.code(),
        Ok(code) => match trust.verify(&code, &region(HERE), NOW) {
            Err(refused) => refused.refusal.code(),
            Ok(_) => "",
        },
    }
}

fn file() -> String {
    let trust = trust();
    vectors().iter().fold("name\trefusal\ttext\n".to_owned(), |file, (name, text)| {
        format!("{file}{name}\t{}\t{text}\n", refusal(&trust, text))
    })
}

#[test]
fn the_file_is_what_this_code_writes() {
    assert_eq!(FILE, file());
}

#[test]
fn every_vector_is_judged_as_the_file_says() {
    let trust = trust();
    for line in FILE.lines().skip(1) {
        let [name, expected, text] = line.splitn(3, '\t').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(refusal(&trust, text), expected, "{name}");
    }
}

#[test]
fn the_page_shows_the_first_vector_in_full() {
    let signer = CodeSigner::new(key(HUBEI));
    let payload = claims().to_payload();
    for part in [
        hex::encode(&signer.key().public().to_bytes()),
        hex::encode(&signer.kid().0),
        hex::encode(&payload),
        hex::encode(&signer.cose(payload.clone())),
        code::to_text(&signer.cose(payload.clone())),
    ] {
        assert!(PAGE.split_whitespace().collect::<String>().contains(&part.replace(' ', "")), "{part}");
    }
}

#[test]
fn the_page_names_every_refusal() {
    for line in FILE.lines().skip(1) {
        let refusal = line.split('\t').nth(1).unwrap();
        assert!(PAGE.contains(&format!("`{refusal}`")), "{refusal}");
    }
}

/// `cargo test -p health-code -- --ignored writes_the_vectors`, after the format changed on purpose.
#[test]
#[ignore = "writes into docs/"]
fn writes_the_vectors() {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/code-vectors.tsv"), file()).unwrap();
    let signer = CodeSigner::new(key(HUBEI));
    let payload = claims().to_payload();
    let cose = signer.cose(payload.clone());
    println!("key {}\nkid {}", hex::encode(&signer.key().public().to_bytes()), hex::encode(&signer.kid().0));
    println!("payload {}\ncose {}\ntext {}", hex::encode(&payload), hex::encode(&cose), code::to_text(&cose));
}
