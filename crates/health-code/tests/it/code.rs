//! The outer form: each refusal up to `WrongAlgorithm`, decided on the text alone.

use health_code::{Refusal, UnverifiedCode, code, limits};
use issuer::CodeSigner;
use strict_cose::Value;
use strict_cose::cbor::{encode, map};

use crate::world::{HUBEI, claims, key};

fn cose() -> Vec<u8> {
    CodeSigner::new(key(HUBEI)).cose(claims().to_payload())
}

fn text() -> String {
    code::to_text(&cose())
}

fn refusal(text: &str) -> Refusal {
    UnverifiedCode::parse(text).unwrap_err()
}

fn refusal_of(cose: &[u8]) -> Refusal {
    let refusal = UnverifiedCode::from_cose(cose).unwrap_err();
    assert_eq!(UnverifiedCode::parse(&code::to_text(cose)), Err(refusal));
    refusal
}

/// A message with these parts in place of the right ones.
fn assembled(protected: Value, unprotected: Value) -> Vec<u8> {
    let parts =
        vec![encode(&protected).into(), unprotected, claims().to_payload().into(), vec![1_u8; 64].into()];
    [&[0xd2][..], &encode(&Value::Array(parts))].concat()
}

fn headers(alg: i64) -> Value {
    map([(1, alg.into()), (4, vec![1_u8; 8].into())])
}

#[test]
fn a_code_parses_to_the_bytes_that_were_signed() {
    let parsed = UnverifiedCode::parse(&text()).unwrap();
    assert_eq!(parsed.cose(), cose());
    assert_eq!(parsed.kid(), key(HUBEI).kid());
    assert_eq!(UnverifiedCode::from_cose(&cose()), Ok(parsed));
}

#[test]
fn not_a_health_code() {
    let lower = text().replacen("KD1", "kd1", 1);
    let spaced = format!(" {}", text());
    for other in ["", "KD1", "KD2:ABC", "HC1:6BF", "https://example.org", "你好", &lower, &spaced] {
        assert_eq!(refusal(other), Refusal::NotAHealthCode, "{other}");
    }
}

#[test]
fn too_long() {
    let text = |chars: usize| format!("KD1:{}", "0".repeat(chars - 4));
    assert_eq!(refusal(&text(limits::CODE_TEXT_CHARS + 1)), Refusal::TooLong);
    assert_eq!(refusal(&text(100_000)), Refusal::TooLong);
    assert_ne!(refusal(&text(limits::CODE_TEXT_CHARS - 9)), Refusal::TooLong);
    assert_eq!(refusal_of(&[0xd2; 513]), Refusal::TooLong);
}

#[test]
fn bad_encoding() {
    for spoilt in ["KD1:ab", "KD1:AB\n", "KD1:ÄÄÄ", "KD1:AB你", "KD1::::", "KD1:ABCd"] {
        assert_eq!(refusal(spoilt), Refusal::BadEncoding, "{spoilt}");
    }
    let closed = format!("{}\n", text());
    assert_eq!(refusal(&closed), Refusal::BadEncoding);
}

#[test]
fn truncated() {
    let text = text();
    for end in 4..text.len() {
        assert_eq!(refusal(&text[..end]), Refusal::Truncated, "after {end} characters");
    }
    // A last pair above 255 is cut down to a byte by the library: a second spelling.
    assert_eq!(refusal("KD1:::"), Refusal::Truncated);
}

#[test]
fn malformed() {
    let cose = cose();
    let trailing = [&cose[..], &[0]].concat();
    let untagged = &cose[1..];
    let two_tags = [&[0xd2], &cose[..]].concat();
    let null = assembled(headers(-19), Value::Null);
    for spoilt in [&trailing, untagged, &two_tags, &null, &[0xd2, 0x80], &[0x01]] {
        assert_eq!(refusal_of(spoilt), Refusal::Malformed, "{spoilt:02x?}");
    }
}

#[test]
fn non_canonical() {
    let cose = cose();
    // d2 84 4e…: the array's length in two bytes, the array indefinite, a length too wide.
    let long_array = [&[0xd2, 0x98, 4], &cose[2..]].concat();
    let indefinite = [&[0xd2, 0x9f], &cose[2..], &[0xff]].concat();
    let wide = [&cose[..2], &[0x58], &[cose[2] & 0x1f], &cose[3..]].concat();
    for spoilt in [&long_array, &indefinite, &wide] {
        assert_eq!(refusal_of(spoilt), Refusal::NonCanonical, "{spoilt:02x?}");
    }
}

#[test]
fn bad_headers() {
    let twice = assembled(headers(-19), map([(1, (-19).into())]));
    let elsewhere = assembled(map([(1, (-19).into())]), map([(4, vec![1_u8; 8].into())]));
    let crit = map([(1, (-19).into()), (2, Value::Array(vec![99.into()])), (4, vec![1_u8; 8].into())]);
    let none = assembled(map([]), map([]));
    let long_kid = assembled(map([(1, (-19).into()), (4, vec![1_u8; 9].into())]), map([]));
    for spoilt in [twice, elsewhere, assembled(crit, map([])), none, long_kid] {
        assert_eq!(refusal_of(&spoilt), Refusal::BadHeaders, "{spoilt:02x?}");
    }
}

#[test]
fn wrong_algorithm() {
    // EdDSA of any curve, ES256, PS256, none by that name.
    for alg in [-8, -7, -37, 0] {
        assert_eq!(refusal_of(&assembled(headers(alg), map([]))), Refusal::WrongAlgorithm, "{alg}");
    }
}
