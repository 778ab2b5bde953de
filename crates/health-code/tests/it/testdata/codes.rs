//! Codes for each refusal, and those that just pass, made from fixed keys.

use health_code::{Claims, Colour, Timestamp, code};
use issuer::CodeSigner;
use strict_cose::cbor::{encode, map};
use strict_cose::{Sign1, Value};

use super::CodeCase;
use crate::world::*;

/// Key of Kadian's own claims.
const OWN: i64 = -65537;
/// Order of the base point, little-endian (RFC 8032 §5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

pub fn all() -> Vec<CodeCase> {
    [outer(), headers(), signatures(), form_of_claims(), each_claim(), standing(), dates()].concat()
}

fn case(result: &'static str, name: &str, text: String) -> CodeCase {
    CodeCase { result, name: name.to_owned(), at: NOW, region: HERE, text }
}

fn hubei() -> CodeSigner {
    CodeSigner::new(key(HUBEI))
}

/// A code of Hubei over any payload.
fn signed(payload: Vec<u8>) -> String {
    code::to_text(&hubei().cose(payload))
}

fn with(change: impl FnOnce(&mut Claims)) -> String {
    let mut claims = claims();
    change(&mut claims);
    signed(claims.to_payload())
}

fn outer() -> Vec<CodeCase> {
    let cose = hubei().cose(claims().to_payload());
    let text = code::to_text(&cose);
    let spoilt = |bytes: &[&[u8]]| code::to_text(&bytes.concat());
    let longest = longest_message(512);
    vec![
        case("accepted", "green", text.clone()),
        case("accepted", "longest-message", code::to_text(&longest)),
        case("not-a-health-code", "nothing", String::new()),
        case("not-a-health-code", "a-link", "https://code.example/".to_owned()),
        case("not-a-health-code", "another-family", "HC1:6BF".to_owned()),
        case("not-a-health-code", "lower-case-prefix", text.replacen("KD1", "kd1", 1)),
        case("not-a-health-code", "space-before", format!(" {text}")),
        case("not-a-health-code", "chinese", "健康码".to_owned()),
        case("too-long", "781-characters", format!("KD1:{}", "0".repeat(777))),
        case("too-long", "513-bytes", code::to_text(&longest_message(513))),
        case("too-long", "780-characters-but-517-bytes", format!("KD1:{}", "0".repeat(776))),
        case("bad-encoding", "lower-case", text.to_lowercase().replacen("kd1:", "KD1:", 1)),
        case("bad-encoding", "line-break-after", format!("{text}\n")),
        case("bad-encoding", "three-too-large", "KD1::::".to_owned()),
        case("bad-encoding", "not-ascii", "KD1:ÄÄÄ".to_owned()),
        case("truncated", "prefix-only", "KD1:".to_owned()),
        case("truncated", "one-character-left", text[..text.len() - 1].to_owned()),
        case("truncated", "half", text[..text.len() / 2].to_owned()),
        case("truncated", "last-pair-above-255", "KD1:::".to_owned()),
        case("malformed", "a-byte-after-the-end", spoilt(&[&cose, &[0]])),
        case("malformed", "no-tag", spoilt(&[&cose[1..]])),
        case("malformed", "two-tags", spoilt(&[&[0xd2], &cose])),
        case("malformed", "tag-of-cose-sign", spoilt(&[&[0xd8, 98], &cose[1..]])),
        case("malformed", "an-empty-array", spoilt(&[&[0xd2, 0x80]])),
        case("non-canonical", "indefinite-array", spoilt(&[&[0xd2, 0x9f], &cose[2..], &[0xff]])),
        case("non-canonical", "long-head-of-the-array", spoilt(&[&[0xd2, 0x98, 4], &cose[2..]])),
        case("non-canonical", "long-head-of-a-string", spoilt(&[&cose[..2], &[0x58, 0x0d], &cose[3..]])),
        case(
            "non-canonical",
            "indefinite-string",
            spoilt(&[&cose[..2], &[0x5f], &cose[2..16], &[0xff], &cose[16..]]),
        ),
    ]
}

/// A message of exactly so many bytes, by the issuer with the long name.
fn longest_message(length: usize) -> Vec<u8> {
    let signer = CodeSigner::new(key(super::LONG));
    let of = |seal: usize, name: usize| {
        signer.cose(
            Claims {
                iss: super::long_iss(),
                sealed_declaration: vec![9; seal],
                masked_name: "n".repeat(name),
                ..claims()
            }
            .to_payload(),
        )
    };
    let sizes = (1..=32).flat_map(|name| (200..=256).map(move |seal| (seal, name)));
    sizes.map(|(seal, name)| of(seal, name)).find(|cose| cose.len() == length).unwrap()
}

/// A message with any headers, over the usual payload, by Hubei's key as far as it can be.
fn with_headers(protected: Vec<u8>, unprotected: Value) -> String {
    let payload = claims().to_payload();
    let structure: Value = Value::Array(vec![
        "Signature1".into(),
        protected.clone().into(),
        code::AAD.to_vec().into(),
        payload.clone().into(),
    ]);
    let signature = key(HUBEI).sign(&encode(&structure)).to_vec();
    let parts = vec![protected.into(), unprotected, payload.into(), signature.into()];
    code::to_text(&[&[0xd2][..], &encode(&Value::Array(parts))].concat())
}

fn headers() -> Vec<CodeCase> {
    let kid = || Value::from(key(HUBEI).kid().0.to_vec());
    let alg = |number: i64| (1, Value::from(number));
    let protected = |entries: Vec<(i64, Value)>| encode(&map(entries));
    let usual = || protected(vec![alg(-19), (4, kid())]);
    let none = || map([]);
    let swapped = [&[0xa2, 4, 0x48][..], &key(HUBEI).kid().0, &[1, 0x32]].concat();
    vec![
        case("accepted", "headers-by-hand", with_headers(usual(), none())),
        case(
            "bad-headers",
            "kid-in-the-wrong-bucket",
            with_headers(protected(vec![alg(-19)]), map([(4, kid())])),
        ),
        case(
            "bad-headers",
            "alg-in-the-wrong-bucket",
            with_headers(protected(vec![(4, kid())]), map([alg(-19)])),
        ),
        case("bad-headers", "alg-in-both-buckets", with_headers(usual(), map([alg(-19)]))),
        case("bad-headers", "no-headers", with_headers(Vec::new(), none())),
        case("bad-headers", "unknown-crit", {
            let crit = Value::Array(vec![99.into()]);
            with_headers(protected(vec![alg(-19), (2, crit), (4, kid())]), none())
        }),
        case(
            "bad-headers",
            "kid-of-7-bytes",
            with_headers(protected(vec![alg(-19), (4, vec![1; 7].into())]), none()),
        ),
        case(
            "bad-headers",
            "kid-of-9-bytes",
            with_headers(protected(vec![alg(-19), (4, vec![1; 9].into())]), none()),
        ),
        case(
            "bad-headers",
            "kid-as-text",
            with_headers(protected(vec![alg(-19), (4, "12345678".into())]), none()),
        ),
        case("non-canonical", "headers-out-of-order", with_headers(swapped, none())),
        case("wrong-algorithm", "eddsa", with_headers(protected(vec![alg(-8), (4, kid())]), none())),
        case("wrong-algorithm", "es256", with_headers(protected(vec![alg(-7), (4, kid())]), none())),
        case("wrong-algorithm", "ps256", with_headers(protected(vec![alg(-37), (4, kid())]), none())),
        case("wrong-algorithm", "hmac-256", with_headers(protected(vec![alg(5), (4, kid())]), none())),
        case("wrong-algorithm", "none", with_headers(protected(vec![alg(0), (4, kid())]), none())),
    ]
}

fn signatures() -> Vec<CodeCase> {
    let cose = hubei().cose(claims().to_payload());
    let at = cose.len() - 64;
    let replaced = |from: usize, part: &[u8]| {
        let mut cose = cose.clone();
        cose[at + from..at + from + part.len()].copy_from_slice(part);
        code::to_text(&cose)
    };
    let mut flipped = cose.clone();
    flipped[100] ^= 1;
    let by_aad = |aad: &[u8]| {
        let pair = key(HUBEI);
        code::to_text(&Sign1::seal(pair.kid(), claims().to_payload(), aad, |tbs| pair.sign(tbs)).to_bytes())
    };
    let in_anothers_name = CodeSigner::with_kid(key(STRANGER), key(HUBEI).kid());
    let mut identity = [0; 32];
    identity[0] = 1;
    vec![
        case("unknown-issuer", "a-strangers-key", CodeSigner::new(key(STRANGER)).sign_unchecked(&claims())),
        case("signature", "a-bit-flipped", code::to_text(&flipped)),
        case("signature", "by-another-key", in_anothers_name.sign_unchecked(&claims())),
        case("signature", "wrong-external-aad", by_aad(b"kadian-report-v1")),
        case("signature", "no-external-aad", by_aad(b"")),
        case("signature", "s-plus-the-order", replaced(32, &plus_order(&cose[at + 32..]))),
        case("signature", "r-of-small-order", replaced(0, &identity)),
        case("signature", "r-not-canonical", replaced(0, &[0xff; 32])),
        case("signature", "all-zeros", replaced(0, &[0; 64])),
    ]
}

/// S + L: the same S for whoever does not look, but not the one encoding.
fn plus_order(s: &[u8]) -> Vec<u8> {
    let mut carry = 0_u16;
    let add = |(a, b): (&u8, &u8)| {
        let sum = u16::from(*a) + u16::from(*b) + carry;
        carry = sum >> 8;
        sum as u8
    };
    s.iter().zip(&ORDER).map(add).collect()
}

/// The entries of a CBOR map.
type Entries = Vec<(Value, Value)>;

/// The claims as CBOR, to be spoilt.
fn entries() -> (Entries, Entries) {
    let limits = strict_cose::Limits { bytes: 512, depth: 8 };
    let Value::Map(mut outer) = strict_cose::cbor::decode(&claims().to_payload(), limits).unwrap() else {
        panic!()
    };
    let Some((_, Value::Map(own))) = outer.pop() else { panic!() };
    (outer, own)
}

fn assembled(mut outer: Entries, own: Entries) -> Vec<u8> {
    outer.push((OWN.into(), Value::Map(own)));
    encode(&Value::Map(outer))
}

fn form_of_claims() -> Vec<CodeCase> {
    let payload = claims().to_payload();
    let bad = |name: &str, payload: Vec<u8>| case("bad-claims", name, signed(payload));
    let own = |change: &dyn Fn(&mut Entries)| {
        let (outer, mut own) = entries();
        change(&mut own);
        assembled(outer, own)
    };
    let deep = |levels: usize| (0..levels).fold(Value::from(0), |inner, _| Value::Array(vec![inner]));
    vec![
        bad("empty", Vec::new()),
        bad("not-a-map", vec![0x80]),
        bad("a-byte-after-the-end", [&payload[..], &[0]].concat()),
        bad("indefinite-map", [&[0xbf], &payload[1..], &[0xff]].concat()),
        bad("long-head-of-a-number", [&payload[..1], &[0x18, 1], &payload[2..]].concat()),
        bad("long-head-of-the-map", [&[0xb8, 4], &payload[1..]].concat()),
        // a4 | 01 65 "hubei" | 04 1a … | …
        bad("keys-out-of-order", [&payload[..1], &payload[8..14], &payload[1..8], &payload[14..]].concat()),
        bad("a-key-twice", own(&|own| own.insert(1, own[0].clone()))),
        bad("a-float", own(&|own| own[5].1 = Value::Float(0.0))),
        bad("a-tag", own(&|own| own[5].1 = Value::Tag(1, Box::new(0.into())))),
        bad("null", own(&|own| own[5].1 = Value::Null)),
        bad("an-unknown-claim", own(&|own| own.push((11.into(), 0.into())))),
        bad("an-unknown-outer-claim", {
            let (mut outer, own) = entries();
            outer.insert(1, (2.into(), "sub".into()));
            assembled(outer, own)
        }),
        bad("nine-levels-deep", own(&|own| own.push((11.into(), deep(9))))),
    ]
}

fn each_claim() -> Vec<CodeCase> {
    let mut cases = Vec::new();
    let wrong_type = |value: &Value| if value.is_text() { Value::from(vec![1]) } else { Value::from("1") };
    let (outer, own) = entries();
    for (place, (claim, value)) in outer.iter().enumerate() {
        let number = claim_name(claim);
        let mut spoilt = outer.clone();
        spoilt.remove(place);
        cases.push(case(
            "bad-claims",
            &format!("claim-{number}-missing"),
            signed(assembled(spoilt, own.clone())),
        ));
        let mut spoilt = outer.clone();
        spoilt[place].1 = wrong_type(value);
        cases.push(case(
            "bad-claims",
            &format!("claim-{number}-wrong-type"),
            signed(assembled(spoilt, own.clone())),
        ));
    }
    cases.push(case("bad-claims", "claim-own-missing", signed(encode(&Value::Map(outer.clone())))));
    for (place, (claim, value)) in own.iter().enumerate() {
        let number = claim_name(claim);
        let mut spoilt = own.clone();
        spoilt[place].1 = wrong_type(value);
        cases.push(case(
            "bad-claims",
            &format!("own-{number}-wrong-type"),
            signed(assembled(outer.clone(), spoilt)),
        ));
        // Without a temperature a code is as good.
        let mut spoilt = own.clone();
        spoilt.remove(place);
        let result = if number == "7" { "accepted" } else { "bad-claims" };
        cases.push(case(result, &format!("own-{number}-missing"), signed(assembled(outer.clone(), spoilt))));
    }
    let own = |number: i64, value: Value| {
        let (outer, mut own) = entries();
        own.iter_mut().find(|(key, _)| *key == number.into()).unwrap().1 = value;
        signed(assembled(outer, own))
    };
    let name = |bytes: usize| "名".repeat(bytes / 3) + &"n".repeat(bytes % 3);
    for (result, name, text) in [
        ("bad-claims", "pseudonym-of-15-bytes", own(1, vec![7; 15].into())),
        ("bad-claims", "pseudonym-of-17-bytes", own(1, vec![7; 17].into())),
        ("accepted", "name-of-32-bytes", own(2, name(32).into())),
        ("bad-claims", "name-of-33-bytes", own(2, name(33).into())),
        ("bad-claims", "name-empty", own(2, "".into())),
        ("bad-claims", "name-turns-the-direction", own(2, "a\u{202e}b".into())),
        ("bad-claims", "name-with-a-line-break", own(2, "a\nb".into())),
        ("accepted", "no-identity-number", own(3, "".into())),
        ("bad-claims", "identity-tail-of-7", own(3, "4201123".into())),
        ("bad-claims", "identity-tail-of-9", own(3, "420112345".into())),
        ("bad-claims", "identity-tail-in-lower-case", own(3, "4201123x".into())),
        ("bad-claims", "colour-4", own(4, 4.into())),
        ("bad-claims", "colour-below-0", own(4, (-1).into())),
        ("bad-claims", "region-of-3-digits", own(5, "420".into())),
        ("bad-claims", "region-of-letters", own(5, "42010a".into())),
        ("accepted", "every-symptom", own(6, 63.into())),
        ("bad-claims", "an-undefined-symptom", own(6, 64.into())),
        ("bad-claims", "temperature-299", own(7, 299.into())),
        ("accepted", "temperature-300", own(7, 300.into())),
        ("accepted", "temperature-450", own(7, 450.into())),
        ("bad-claims", "temperature-451", own(7, 451.into())),
        ("accepted", "no-seal", own(8, Vec::<u8>::new().into())),
        ("accepted", "seal-of-256-bytes", own(8, vec![9; 256].into())),
        ("bad-claims", "seal-of-257-bytes", own(8, vec![9; 257].into())),
        ("bad-claims", "an-undefined-flag", own(9, 2.into())),
        ("bad-claims", "declared-after-it-was-issued", own(10, (claims().iat.0 / 3600 + 1).into())),
        ("accepted", "declared-in-the-hour-of-issue", own(10, (claims().iat.0 / 3600).into())),
        ("bad-claims", "declared-before-1970", own(10, (-1).into())),
        ("bad-claims", "exp-is-iat", with(|c| c.exp = c.iat)),
        ("bad-claims", "after-the-year-9999", with(|c| c.exp = Timestamp(253_402_300_800))),
        ("bad-claims", "issued-before-1970", with(|c| c.iat = Timestamp(-1))),
        ("bad-claims", "no-iss", with(|c| c.iss.clear())),
        ("bad-claims", "iss-of-65-bytes", with(|c| c.iss = "i".repeat(65))),
        ("bad-claims", "no-colour-where-the-issuer-has-them", with(|c| c.colour = Colour::Uncoloured)),
    ] {
        cases.push(case(result, name, text));
    }
    let coloured = Claims { iss: "wuhan".to_owned(), ..claims() };
    let uncoloured = Claims { colour: Colour::Uncoloured, ..coloured.clone() };
    let wuhan = CodeSigner::new(key(WUHAN));
    cases.push(case("bad-claims", "a-colour-where-the-issuer-has-none", wuhan.sign_unchecked(&coloured)));
    cases.push(case("accepted", "uncoloured", wuhan.sign_unchecked(&uncoloured)));
    cases
}

fn claim_name(claim: &Value) -> String {
    claim.as_integer().map(|number| i128::from(number).to_string()).unwrap()
}

fn standing() -> Vec<CodeCase> {
    let issued = |iat: Timestamp, life: i64, is_static: bool| {
        with(|c| {
            (c.iat, c.exp, c.is_static) = (iat, iat.plus(life), is_static);
            c.declared_at = Timestamp(iat.0 / 3600 * 3600);
        })
    };
    let first = NOW.plus(-100 * DAY);
    let last = NOW.plus(100 * DAY);
    let cut_off = NOW.plus(-10 * DAY);
    let wuhan = |claims: Claims| {
        CodeSigner::new(key(WUHAN)).sign_unchecked(&Claims {
            iss: "wuhan".to_owned(),
            colour: Colour::Uncoloured,
            ..claims
        })
    };
    let at = |at: Timestamp, case: CodeCase| CodeCase { at, ..case };
    let beijing = |case: CodeCase| CodeCase { region: "110101", ..case };
    vec![
        case("wrong-issuer", "in-anothers-name", with(|c| c.iss = "gjzwfw".to_owned())),
        at(first, case("key-not-in-force", "a-second-before-the-key", issued(first.plus(-1), 300, false))),
        at(first, case("accepted", "with-the-keys-first-second", issued(first, 300, false))),
        at(last, case("accepted", "with-the-keys-last-second", issued(last, 300, false))),
        at(last, case("key-not-in-force", "a-second-after-the-key", issued(last.plus(1), 300, false))),
        case("accepted", "lives-300-s", with(|c| c.exp = c.iat.plus(300))),
        case("life-too-long", "lives-301-s", with(|c| c.exp = c.iat.plus(301))),
        case("accepted", "paper-lives-7-days", issued(NOW, 7 * DAY, true)),
        case("life-too-long", "paper-lives-7-days-and-a-second", issued(NOW, 7 * DAY + 1, true)),
        case("life-too-long", "app-code-with-the-life-of-paper", issued(NOW, DAY, false)),
        case("out-of-region", "beijing-by-hubei", with(|c| c.region = region("110101"))),
        case("out-of-region", "the-country-by-hubei", with(|c| c.region = region(""))),
        case("accepted", "all-of-hubei", with(|c| c.region = region("42"))),
        beijing(case("not-recognised", "wuhans-code-in-beijing", wuhan(claims()))),
        beijing(case("accepted", "hubeis-code-in-beijing", with(|_| {}))),
        case("revoked", "pseudonym", with(|c| c.pseudonym = [0xee; 16])),
        case("accepted", "revoked-by-another-issuer", wuhan(Claims { pseudonym: [0xee; 16], ..claims() })),
        case("revoked", "paper-before-the-cut-off", issued(cut_off.plus(-1), 7 * DAY, true)),
        at(cut_off, case("accepted", "paper-at-the-cut-off", issued(cut_off, 7 * DAY, true))),
        at(cut_off, case("accepted", "app-code-before-the-cut-off", issued(cut_off.plus(-1), 300, false))),
    ]
}

fn dates() -> Vec<CodeCase> {
    let between = |from: i64, to: i64| with(|c| (c.iat, c.exp) = (NOW.plus(from), NOW.plus(to)));
    vec![
        case("accepted", "120-s-early", between(120, 420)),
        case("not-yet-valid", "121-s-early", between(121, 421)),
        case("accepted", "one-second-left", between(-299, 1)),
        case("expired", "over-now", between(-300, 0)),
        case("expired", "long-over", between(-4000, -3700)),
    ]
}
