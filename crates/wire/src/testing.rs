//! Any report, any key: what the tests of several modules draw from.

use ed25519_dalek::SigningKey;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use strict_cose::{KeyId, PublicKey};
use strum::VariantArray as _;

use crate::limits::{CODE_BYTES, COUNTER_NAME_BYTES, COUNTERS, SEALED_BYTES};
use crate::report::{
    Carried, Cell, Direction, Directions, Health, Outcome, Passage, Place, Report, Roster, RosterChange,
    Shift, ShiftEvent, StricterRuling,
};
use crate::{ClockState, RecordId, SealedReport, Shown, StreamId};

pub(crate) fn signer(seed: u8) -> (SigningKey, PublicKey) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::from_bytes(&key.verifying_key().to_bytes()).unwrap();
    (key, public)
}

pub(crate) fn sealed(n: u64) -> SealedReport {
    let mut record = [0; 16];
    record[..8].copy_from_slice(&n.to_be_bytes());
    SealedReport {
        stream: StreamId([3; 16]),
        seq: n,
        record: RecordId(record),
        kid: KeyId([4; 8]),
        link: [5; 32],
        ciphertext: vec![n as u8; SEALED_BYTES],
    }
}

pub(crate) fn reports() -> impl Strategy<Value = Report> {
    let clock = select(ClockState::VARIANTS);
    (any::<i64>(), clock).prop_flat_map(|(at, clock)| {
        prop_oneof![
            passages(at, clock),
            (any::<[u8; 8]>(), shift_events()).prop_map(move |(person, event)| Report::Shift(Shift {
                at,
                clock,
                person,
                event
            })),
            (any::<[u8; 8]>(), changes()).prop_map(move |(by, change)| Report::Roster(Roster {
                at,
                clock,
                by,
                change
            })),
            (counts(), any::<u32>()).prop_map(move |(refusals, wrong_tries)| {
                Report::Health(Health { at, clock, refusals, wrong_tries })
            }),
        ]
    })
}

fn passages(at: i64, clock: ClockState) -> impl Strategy<Value = Report> {
    let code = prop_oneof![
        vec(any::<u8>(), 0..=CODE_BYTES).prop_map(Carried::Whole),
        ("[ -~]{0,80}", "[A-Z]{0,3}", "[A-Z]?[*]{0,31}")
            .prop_map(|(id, country, masked_name)| Carried::Certificate { id, country, masked_name }),
    ];
    let kinds = (select(Shown::VARIANTS), select(Direction::VARIANTS), select(Outcome::VARIANTS));
    let ids = any::<([u8; 8], [u8; 8])>();
    (ids, any::<([u8; 32], u64, i64)>(), kinds, code).prop_map(
        move |((checkpoint, collector), (policies, trust, judged_at), (shown, direction, outcome), code)| {
            Report::Passage(Passage {
                at,
                clock,
                checkpoint,
                collector,
                policies,
                trust,
                shown,
                code,
                judged_at,
                direction,
                outcome,
            })
        },
    )
}

fn shift_events() -> impl Strategy<Value = ShiftEvent> {
    prop_oneof![
        Just(ShiftEvent::SignedIn),
        Just(ShiftEvent::SignedOut),
        (any::<[u8; 8]>(), select(Direction::VARIANTS))
            .prop_map(|(checkpoint, direction)| ShiftEvent::At { checkpoint, direction })
    ]
}

fn changes() -> impl Strategy<Value = RosterChange> {
    let id = any::<[u8; 8]>;
    let name = || "[a-z门]{1,40}";
    let directions = || select(Directions::VARIANTS);
    let place = (-90_000_000..=90_000_000, -180_000_000..=180_000_000)
        .prop_map(|(latitude, longitude)| Place { latitude, longitude });
    let ruling = prop_oneof![Just(StricterRuling::Check), Just(StricterRuling::Stop)];
    let cells = btree_map(0..25_u8, ruling, 1..=25);
    prop_oneof![
        (id(), name(), directions(), option::of(place)).prop_map(|(id, name, directions, place)| {
            RosterChange::CheckpointAdded { id, name, directions, place }
        }),
        (id(), name(), directions()).prop_map(|(id, name, directions)| RosterChange::CheckpointChanged {
            id,
            name,
            directions
        }),
        id().prop_map(|id| RosterChange::CheckpointRemoved { id }),
        (people(), vec(any::<u8>(), 0..=CODE_BYTES), option::of("[0-9]{1,15}")).prop_map(
            |((id, masked_name, masked_phone, phc), code, phone)| RosterChange::PersonAdded {
                id,
                masked_name,
                masked_phone,
                phc,
                code,
                phone
            }
        ),
        (people(), any::<[u8; 16]>()).prop_map(|((id, masked_name, masked_phone, phc), removal)| {
            let removal = RecordId(removal);
            RosterChange::PersonRestored { id, masked_name, masked_phone, phc, removal }
        }),
        id().prop_map(|id| RosterChange::PersonRemoved { id }),
        (id(), "[!-~]{1,128}").prop_map(|(id, phc)| RosterChange::PinChanged { id, phc }),
        (cells, any::<Option<u16>>(), any::<Option<u16>>()).prop_map(|(cells, fever, declaration_hours)| {
            let cells = cells.into_iter().map(|(index, ruling)| Cell { index, ruling }).collect();
            RosterChange::PolicyStricter { cells, fever, declaration_hours }
        }),
    ]
}

/// An id, both masks and the hash of a PIN.
fn people() -> impl Strategy<Value = ([u8; 8], String, String, String)> {
    (any::<[u8; 8]>(), "[A-Z][*]{1,31}", "[*]{7}[0-9]{4}", "[!-~]{1,128}")
}

fn counts() -> impl Strategy<Value = Vec<(String, u32)>> {
    btree_map("[a-z-]{0,17}", any::<u32>(), 0..=COUNTERS)
        .prop_filter("short enough", |map| map.keys().all(|name| name.len() <= COUNTER_NAME_BYTES))
        .prop_map(|counts| counts.into_iter().collect())
}
