//! Answers to an enrolment and refusals of it, as a stick carries them.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use strict_cose::Value;
use strict_cose::cbor::{self, map};
use wire::stick::{self, Refusal, SealedAnswer};
use wire::{EnrolmentAnswer, StationId};

use crate::messages::{Case, STATION, STATION_KEY, STRANGER, flipped, key, of};
use crate::reports::TIME;

pub fn all() -> Vec<Case> {
    let case = of("stick-answer");
    let sealed = |to: u8| {
        let answer = EnrolmentAnswer {
            station: STATION,
            time: TIME,
            root: vec![1],
            list: vec![2],
            community: vec![3],
            revocations: Vec::new(),
            policies: vec![vec![1]],
        };
        let sealing = stick::public_key(&key(to));
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        SealedAnswer::seal(&answer, stick::request_id(b"request"), vec![9; 3], &sealing, &mut rng).unwrap()
    };
    let good = sealed(STATION_KEY).to_bytes();
    let mut moved = sealed(STATION_KEY);
    moved.station = StationId([9; 16]);
    let shape = |key: usize| {
        let bytes = |length: usize| Value::Bytes(vec![0; length]);
        let fields = [(1, bytes(16)), (2, bytes(16)), (3, bytes(3)), (4, bytes(40)), (5, bytes(key))];
        cbor::encode(&map(fields))
    };
    vec![
        case("accepted", "with-a-policy", good.clone()),
        case("malformed", "cut-off", good[..good.len() - 1].to_vec()),
        case("malformed", "a-byte-after-the-end", [&good[..], &[0]].concat()),
        case("malformed", "a-sealed-key-of-79-bytes", shape(79)),
        case("seal", "a-sealed-key-of-zeros", shape(80)),
        case("seal", "to-another-key", sealed(STRANGER).to_bytes()),
        case("seal", "moved-to-another-station", moved.to_bytes()),
        case("seal", "a-bit-flipped", flipped(&good)),
    ]
}

pub fn refusals() -> Vec<Case> {
    let case = of("stick-refusal");
    let said = |code: &str, at| {
        let request = stick::request_id(b"request");
        Refusal { station: STATION, request, code: code.to_owned(), at }.to_bytes()
    };
    let good = said("ticket-expired", None);
    vec![
        case("accepted", "expired", good.clone()),
        case("accepted", "used-at", said("ticket-used", Some(TIME))),
        case("malformed", "cut-off", good[..good.len() - 1].to_vec()),
        case("malformed", "a-byte-after-the-end", [&good[..], &[0]].concat()),
        case("malformed", "without-a-code", said("", None)),
        case("malformed", "a-code-of-33-letters", said(&"x".repeat(33), None)),
        case("malformed", "a-code-that-is-a-sentence", said("The ticket's time is over.", None)),
        case("too-large", "a-code-of-200-letters", said(&"x".repeat(200), None)),
    ]
}
