//! Codes that a gate refuses: the text, the message or the signed claims are wrong.

use health_code::code::{PREFIX, to_text};
use health_code::{Claims, Colour, Refusal};
use strict_cose::cbor::{Value, encode, map};

use super::maker::{DemoCode, Expected, Maker};

/// Name of a key (kid) that nobody has.
const NOBODY: [u8; 8] = [0; 8];
/// COSE algorithm Ed25519.
const ED25519: i64 = -19;
/// COSE algorithm ES256, which no health code has.
const ES256: i64 = -7;

/// Makes the codes, from foreign text to claims that no code may have.
pub fn all(maker: &Maker<'_>) -> Result<Vec<DemoCode>, String> {
    let claims = maker.claims("broken", "issuer-hubei")?;
    let good = maker.signer("issuer-hubei").cose(claims.to_payload());
    let text = to_text(&good);
    let texts = [
        ("foreign-text", Refusal::NotAHealthCode, "https://example.org/menu".to_owned()),
        ("plain-text", Refusal::NotAHealthCode, "您好，这不是健康码".to_owned()),
        ("other-prefix", Refusal::NotAHealthCode, text.replacen(PREFIX, "KD2:", 1)),
        ("lower-case", Refusal::NotAHealthCode, text.to_lowercase()),
        ("too-long", Refusal::TooLong, format!("{PREFIX}{}", "6BF".repeat(300))),
        ("bad-encoding", Refusal::BadEncoding, format!("{text}_")),
        ("truncated", Refusal::Truncated, text.chars().take(text.len() / 2).collect()),
    ];
    let messages = [
        ("truncated-bytes", Refusal::Truncated, good.iter().copied().take(good.len() - 20).collect()),
        ("too-long-bytes", Refusal::TooLong, [good.clone(), vec![0; 515 - good.len().min(515)]].concat()),
        ("malformed", Refusal::Malformed, vec![0xd2, 0x80]),
        ("trailing-bytes", Refusal::Malformed, [good.clone(), vec![0]].concat()),
        ("untagged", Refusal::Malformed, good.iter().copied().skip(1).collect()),
        ("non-canonical", Refusal::NonCanonical, non_canonical(&good)),
        (
            "bad-headers",
            Refusal::BadHeaders,
            with_headers(map([(1, ED25519.into()), (4, bytes(&NOBODY)), (5, 0.into())]), map([])),
        ),
        (
            "unprotected-header",
            Refusal::BadHeaders,
            with_headers(map([(1, ED25519.into()), (4, bytes(&NOBODY))]), map([(1, ED25519.into())])),
        ),
        (
            "wrong-algorithm",
            Refusal::WrongAlgorithm,
            with_headers(map([(1, ES256.into()), (4, bytes(&NOBODY))]), map([])),
        ),
        (
            "unknown-issuer",
            Refusal::UnknownIssuer,
            maker.signer("issuer-unheard-of").cose(claims.to_payload()),
        ),
        ("altered", Refusal::Signature, repainted(maker, &claims)),
        ("forged", Refusal::Signature, forged(maker, &claims)),
    ];
    let payloads = [
        ("bad-claims", claims_with(&claims, (99, 1.into()))),
        ("bad-colour", Claims { colour: Colour::Uncoloured, ..claims.clone() }.to_payload()),
        ("bad-temperature", Claims { temperature: Some(999), ..claims.clone() }.to_payload()),
        ("bad-dates", Claims { exp: claims.iat, ..claims.clone() }.to_payload()),
    ];
    let row = |name, refusal: Refusal, text| DemoCode {
        name,
        text,
        expected: Expected::Invalid(refusal.code()),
        shown: None,
    };
    let texts = texts.into_iter().map(|(name, refusal, text)| row(name, refusal, text));
    let messages = messages.into_iter().map(|(name, refusal, cose)| row(name, refusal, to_text(&cose)));
    let payloads = payloads.into_iter().map(|(name, payload)| {
        row(name, Refusal::BadClaims, to_text(&maker.signer("issuer-hubei").cose(payload)))
    });
    Ok(texts.chain(messages).chain(payloads).collect())
}

/// Returns a red code painted green: another payload under the same signature.
fn repainted(maker: &Maker<'_>, claims: &Claims) -> Vec<u8> {
    let red = Claims { colour: Colour::Red, ..claims.clone() };
    let red = maker.signer("issuer-hubei").cose(red.to_payload());
    let mut green = maker.signer("issuer-hubei").cose(claims.to_payload());
    // A message ends with its signature.
    let start = green.len().saturating_sub(64);
    green.splice(start.., red.into_iter().skip(start));
    green
}

/// Returns a green code that names the issuer's key and is signed with another.
fn forged(maker: &Maker<'_>, claims: &Claims) -> Vec<u8> {
    let forger = maker.keys.pair("issuer-unheard-of");
    issuer::CodeSigner::with_kid(forger, maker.signer("issuer-hubei").kid()).cose(claims.to_payload())
}

/// Returns the same message with the length of its array in two bytes instead of one.
fn non_canonical(good: &[u8]) -> Vec<u8> {
    [&[0xd2, 0x98, 0x04], good.get(2..).unwrap_or_default()].concat()
}

fn with_headers(protected: Value, unprotected: Value) -> Vec<u8> {
    let parts = vec![bytes(&encode(&protected)), unprotected, bytes(&[0xa0]), bytes(&[0; 64])];
    [vec![0xd2], encode(&Value::Array(parts))].concat()
}

/// Returns the claims with an undefined one added.
fn claims_with(claims: &Claims, more: (i64, Value)) -> Vec<u8> {
    let payload = claims.to_payload();
    match strict_cose::cbor::decode(&payload, strict_cose::Limits { bytes: payload.len(), depth: 8 }) {
        Ok(Value::Map(mut entries)) => {
            entries.push((more.0.into(), more.1));
            encode(&Value::Map(entries))
        }
        _ => payload,
    }
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}
