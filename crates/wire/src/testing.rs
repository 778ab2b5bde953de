//! Any report, any key: what the tests of several modules draw from.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use strict_cose::{KeyId, PublicKey};

use crate::limits::{CODE_BYTES, COUNTER_NAME_BYTES, COUNTERS, NAME_BYTES, SEALED_BYTES};
use crate::report::{Carried, Health, Passage, Report, Roster, RosterChange, Shift, ShiftEvent};
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
    let clock = prop_oneof![Just(ClockState::Trusted), Just(ClockState::Asserted), Just(ClockState::Wrong)];
    let shown = prop_oneof![
        Just(Shown::Pass),
        Just(Shown::Check),
        Just(Shown::Stop),
        Just(Shown::UnjudgedTrust),
        Just(Shown::UnjudgedClock)
    ];
    let event = prop_oneof![
        Just(ShiftEvent::SignedIn),
        Just(ShiftEvent::SignedOut),
        any::<[u8; 8]>().prop_map(|checkpoint| ShiftEvent::At { checkpoint })
    ];
    let code = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..=CODE_BYTES).prop_map(Carried::Whole),
        ("[ -~]{0,80}", "[A-Z]{0,3}", "[A-Z]?[*]{0,31}")
            .prop_map(|(id, country, masked_name)| Carried::Certificate { id, country, masked_name }),
    ];
    let name = ".{0,120}".prop_filter("short enough", |name| name.len() <= NAME_BYTES);
    let counts = proptest::collection::btree_map("[a-z-]{0,18}", any::<u32>(), 0..=COUNTERS)
        .prop_filter("short enough", |map| map.keys().all(|name| name.len() <= COUNTER_NAME_BYTES));
    let ids = any::<([u8; 8], [u8; 8])>();
    (any::<i64>(), clock).prop_flat_map(move |(at, clock)| {
        prop_oneof![
            (ids, any::<(u64, u64)>(), shown.clone(), code.clone()).prop_map(
                move |((checkpoint, collector), (policy, trust), shown, code)| Report::Passage(Passage {
                    at,
                    clock,
                    checkpoint,
                    collector,
                    policy,
                    trust,
                    shown,
                    code
                })
            ),
            (any::<[u8; 8]>(), event.clone()).prop_map(move |(person, event)| Report::Shift(Shift {
                at,
                clock,
                person,
                event
            })),
            (ids, name.clone()).prop_map(move |((by, id), name)| Report::Roster(Roster {
                at,
                clock,
                by,
                change: RosterChange::CheckpointAdded { id, name }
            })),
            counts.clone().prop_map(move |refusals| Report::Health(Health {
                at,
                clock,
                refusals: refusals.into_iter().collect()
            })),
        ]
    })
}
