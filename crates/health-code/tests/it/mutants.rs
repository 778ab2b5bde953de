//! Mutants of valid codes and certificates: none passes that says anything else than what was signed.
//!
//! They are made on each level that a forger can reach: the characters, the zlib stream, the bytes of the
//! COSE message, its parts, and the claims under the old signature. Each level below wraps its mutant in
//! whatever is right above it, so that the mutation is what the reader meets.
//!
//! A code has one spelling, so no mutant of one passes at all. A certificate has several: its zlib stream
//! may be packed otherwise, and its message has a part that nobody signed. A mutant of one may pass only if
//! the same key signed it and it says the same.

use health_code::family::{Presented, Proven};
use health_code::hcert::{Contents, Kind, Signer, inflate};
use health_code::{Claims, Colour, Trust, UnverifiedCode, code};
use issuer::{CodeSigner, DocumentKey, NewCertificate, Shape, certificate_cose};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use strict_cose::Value;
use strict_cose::cbor::{encode, map};

use crate::testdata::certificates::{certificate, key as signer_key, signers};
use crate::world::*;

/// What base45 is written in, and a few characters that it is not.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abz_\n\0";

/// What an original says, if it passes.
#[derive(Debug, PartialEq)]
enum Says {
    Code(Box<Claims>),
    Certificate(Box<(Contents, Signer)>),
}

/// A valid code or certificate, in its parts.
struct Original {
    text: String,
    cose: Vec<u8>,
    says: Says,
}

fn says(trust: &Trust, text: &str) -> Option<Says> {
    let presented = Presented::parse(text).ok()?;
    Some(match trust.verify_presented(&presented, &region(HERE), NOW).ok()? {
        Proven::Code(code) => Says::Code(Box::new(code.claims().clone())),
        Proven::Certificate(proven) => {
            Says::Certificate(Box::new((proven.contents().clone(), proven.signer().clone())))
        }
    })
}

fn world() -> World {
    let mut world = World::new();
    world.list.signers = signers();
    world
}

fn originals(trust: &Trust) -> Vec<Original> {
    let of = |text: String, cose: Vec<u8>| {
        let says = says(trust, &text).unwrap();
        Original { text, cose, says }
    };
    let codes = [
        (HUBEI, claims()),
        (HUBEI, Claims { colour: Colour::Red, temperature: Some(381), ..claims() }),
        (WUHAN, Claims { iss: "wuhan".to_owned(), colour: Colour::Uncoloured, ..claims() }),
    ];
    let codes = codes.into_iter().map(|(number, claims)| {
        let cose = CodeSigner::new(key(number)).cose(claims.to_payload());
        of(code::to_text(&cose), cose)
    });
    let es256 = signer_key();
    let es384 = DocumentKey::es384(&[0x22; 48]).unwrap();
    let kid = |key: &DocumentKey| (4, Value::Bytes(key.kid().0.to_vec()));
    let usual = |key: &DocumentKey| Shape::usual(key.algorithm(), &key.kid().0);
    let certificates: [(&DocumentKey, Kind, Shape); 4] = [
        (&es256, Kind::Vaccination, usual(&es256)),
        (&es256, Kind::Recovery, Shape { tags: vec![0xd8, 0x3d, 0xd2], ..usual(&es256) }),
        (&es384, Kind::Test, Shape { tags: Vec::new(), ..usual(&es384) }),
        (
            &es256,
            Kind::Test,
            Shape { protected: vec![(1, (-7).into())], unprotected: vec![kid(&es256)], ..usual(&es256) },
        ),
    ];
    let certificates = certificates.into_iter().map(|(key, kind, shape)| {
        let new = certificate(kind);
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let cose = certificate_cose(key, shape, new.claims(new.payload()), &mut rng);
        of(inflate::to_text(&cose), cose)
    });
    codes.chain(certificates).collect()
}

/// Draws mutations.
struct Dice(ChaCha20Rng);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0.next_u64() as usize % count.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.0.next_u32() as u8
    }

    /// Changes bytes: one or a few, by a bit, a value, a place, a length or a piece of another.
    fn bytes(&mut self, bytes: &mut Vec<u8>, other: &[u8], value: impl Fn(&mut Self) -> u8) {
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let Some(here) = bytes.get_mut(at) else { break };
            match self.below(8) {
                0 | 1 => *here ^= 1 << self.below(8),
                2 => *here = value(self),
                3 => bytes.insert(at, value(self)),
                4 => drop(bytes.remove(at)),
                5 => {
                    let with = self.below(bytes.len());
                    bytes.swap(at, with);
                }
                6 if self.below(4) == 0 => bytes.truncate(at),
                6 => bytes.push(value(self)),
                _ => {
                    let from = self.below(other.len());
                    let piece = &other[from..(from + 1 + self.below(12)).min(other.len())];
                    let end = (at + piece.len()).min(bytes.len());
                    bytes.splice(at..end, piece.iter().copied());
                }
            }
        }
    }

    fn text(&mut self, text: &str, other: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        self.bytes(&mut bytes, other.as_bytes(), |dice| ALPHABET[dice.below(ALPHABET.len())]);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Changes some value deep in a tree.
    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) if !items.is_empty() && self.below(8) > 0 => {
                let at = self.below(items.len());
                self.value(&mut items[at]);
            }
            Value::Map(entries) if !entries.is_empty() && self.below(8) > 0 => {
                let at = self.below(entries.len());
                match self.below(12) {
                    0 => drop(entries.remove(at)),
                    1 => entries.push(entries[at].clone()),
                    2 => self.value(&mut entries[at].0),
                    _ => self.value(&mut entries[at].1),
                }
            }
            Value::Integer(number) => {
                let number = i128::from(*number) as i64;
                let by = [1, -1, 60, -60, 86_400, 31_536_000, i64::MIN][self.below(7)];
                *value = number.wrapping_add(by).into();
            }
            Value::Text(text) => *text = self.text(text, "2099-12-31<A"),
            Value::Bytes(bytes) => {
                let other = bytes.clone();
                self.bytes(bytes, &other, Self::byte);
            }
            Value::Bool(flag) => *flag = !*flag,
            other => *other = [Value::Integer(0.into()), Value::Text(String::new())][self.below(2)].clone(),
        }
    }
}

fn wrapped(original: &Original, cose: &[u8]) -> String {
    match original.says {
        Says::Code(_) => code::to_text(cose),
        Says::Certificate(_) => inflate::to_text(cose),
    }
}

/// The parts of a message: protected header, unprotected header, payload, signature; and the tags before.
fn parts(cose: &[u8]) -> (Vec<u8>, Vec<Value>) {
    let start = cose.iter().position(|byte| *byte == 0x84).unwrap();
    let Ok(Value::Array(parts)) = health_code::hcert::cbor::decode(&cose[start..]) else { panic!() };
    (cose[..start].to_vec(), parts)
}

fn joined(tags: &[u8], parts: Vec<Value>) -> Vec<u8> {
    [tags.to_vec(), encode(&Value::Array(parts))].concat()
}

/// A mutant of one original, on a level; with a piece of another here and there.
fn mutant(original: &Original, other: &Original, dice: &mut Dice) -> (&'static str, String) {
    let is_code = matches!(original.says, Says::Code(_));
    let level = dice.below(6);
    match if is_code && level == 1 { 2 } else { level } {
        0 => ("text", dice.text(&original.text, &other.text)),
        1 => {
            let stream = |text: &str| base45::decode(text.split_at(4).1).unwrap();
            let mut bytes = stream(&original.text);
            dice.bytes(&mut bytes, &stream(&other.text), Dice::byte);
            ("zlib", format!("HC1:{}", base45::encode(bytes)))
        }
        2 => {
            let mut cose = original.cose.clone();
            dice.bytes(&mut cose, &other.cose, Dice::byte);
            ("cose", wrapped(original, &cose))
        }
        3 => {
            let (mut tags, mut own) = parts(&original.cose);
            let (_, others) = parts(&other.cose);
            match dice.below(6) {
                0 => dice.value(&mut own[1]),
                1 => tags = [vec![], vec![0xd2], vec![0xd1], vec![0xd8, 0x3d, 0xd2]][dice.below(4)].clone(),
                at => own[at - 2] = others[at - 2].clone(),
            }
            ("parts", wrapped(original, &joined(&tags, own)))
        }
        level => {
            let (tags, mut own) = parts(&original.cose);
            // The protected header, or the claims; under the signature of the true ones.
            let at = if level == 4 { 0 } else { 2 };
            let Value::Bytes(inner) = &own[at] else { panic!() };
            let mut value = health_code::hcert::cbor::decode(inner).unwrap();
            for _ in 0..=dice.below(2) {
                dice.value(&mut value);
            }
            own[at] = Value::Bytes(encode(&value));
            (if level == 4 { "header" } else { "claims" }, wrapped(original, &joined(&tags, own)))
        }
    }
}

/// Tries so many mutants, and returns how many of them were true to their original after all.
fn try_mutants(count: usize, seed: u64) -> usize {
    let trust = world().trust();
    let originals = originals(&trust);
    let mut dice = Dice(ChaCha20Rng::seed_from_u64(seed));
    let (mut tried, mut same) = (0, 0);
    while tried < count {
        let original = &originals[dice.below(originals.len())];
        let other = &originals[dice.below(originals.len())];
        let (level, text) = mutant(original, other, &mut dice);
        if originals.iter().any(|original| original.text == text) {
            continue;
        }
        tried += 1;
        let Some(found) = says(&trust, &text) else { continue };
        let is_true = matches!(found, Says::Certificate(_))
            && originals.iter().any(|original| original.says == found)
            && level != "text"
            && level != "claims";
        assert!(is_true, "mutant {tried} of seed {seed}, {level}: {text} says {found:?}");
        same += 1;
    }
    same
}

#[test]
fn no_mutant_passes() {
    try_mutants(6_000, 1);
}

#[test]
#[ignore = "long: cargo xtask test --long"]
fn no_mutant_passes_in_400_000() {
    let same = try_mutants(400_000, 2);
    // Packed otherwise, or with another part that nobody signed: few, and all of them certificates.
    assert!(same < 20_000, "{same}");
}

#[test]
fn claims_that_a_stranger_signs_again_never_pass() {
    let trust = world().trust();
    let stranger = DocumentKey::es256(&[0x63; 32]).unwrap();
    for kind in [Kind::Vaccination, Kind::Test, Kind::Recovery] {
        let new: NewCertificate = certificate(kind);
        for kid in [signer_key().kid(), stranger.kid()] {
            let shape = Shape::usual(stranger.algorithm(), &kid.0);
            let mut rng = ChaCha20Rng::seed_from_u64(3);
            let cose = certificate_cose(&stranger, shape, new.claims(new.payload()), &mut rng);
            assert_eq!(says(&trust, &inflate::to_text(&cose)), None);
        }
    }
    let forged = CodeSigner::with_kid(key(STRANGER), CodeSigner::new(key(HUBEI)).kid());
    let text = code::to_text(&forged.cose(claims().to_payload()));
    assert!(UnverifiedCode::parse(&text).is_ok() && says(&trust, &text).is_none());
    let empty =
        joined(&[0xd2], vec![Value::Bytes(vec![]), map([]), Value::Bytes(vec![]), Value::Bytes(vec![])]);
    assert_eq!(says(&trust, &inflate::to_text(&empty)), None);
}
