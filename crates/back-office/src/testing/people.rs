//! People who pass, in reports as stations seal them.

use ed25519_dalek::SigningKey;
use health_code::{Claims, Declaration, PublicKey};
use issuer::CodeSigner;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sample::{HUBEI, NOW};
use wire::seal::ChainPlace;
use wire::{
    Batch, BatchId, Carried, ClockState, Direction, Passage, RecordId, Report, Shown, StationId, StreamId,
};

use super::world;
use crate::keys::Keyring;
use crate::store::{Arrival, Filing, Introduction, Opened, Outcome, PersonKeys, Settled, Store};

/// A code's claims, with a declaration for the office.
pub(crate) fn claims(identity: &str, phone: &str, pseudonym: [u8; 16]) -> Claims {
    let public = wire::seal::recipient_key(&world::IDENTITY).unwrap();
    let declared = Declaration { name: "样例甲".into(), identity: identity.into(), phone: phone.into() };
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let sealed_declaration = issuer::seal_declaration(&declared, &pseudonym, &public, &mut rng).unwrap();
    Claims { pseudonym, sealed_declaration, ..sample::claims(NOW) }
}

/// A passage with a code of these claims.
pub(crate) fn passage(claims: &Claims) -> Passage {
    Passage {
        at: NOW.0,
        clock: ClockState::Trusted,
        checkpoint: [1; 8],
        collector: [1; 8],
        policies: [3; 32],
        trust: 7,
        shown: Shown::Pass,
        code: Carried::Whole(CodeSigner::new(sample::key(HUBEI)).cose(claims.to_payload())),
        judged_at: NOW.0,
        direction: Direction::In,
        outcome: wire::Outcome::LetThrough,
    }
}

/// What becomes of a passage.
pub(crate) fn filed(claims: &Claims, person: PersonKeys) -> Outcome {
    let (passage, claims) = (passage(claims), Box::new(claims.clone()));
    Outcome::Filed(Box::new(Filing::Passage { passage, claims, person }))
}

/// The same, named as the worker does.
pub(crate) fn named(claims: &Claims, keys: &Keyring) -> Outcome {
    filed(claims, keys.person_of(claims))
}

/// A station that sends one report after the other.
pub(crate) struct Sender {
    station: StationId,
    seq: u64,
    head: [u8; 32],
    /// What it sent, as it was signed.
    pub sent: Vec<Vec<u8>>,
}

impl Sender {
    /// Enrols it.
    pub(crate) async fn enrol(store: &dyn Store) -> Self {
        let key = SigningKey::from_bytes(&[2; 32]).verifying_key().to_bytes();
        let community = sample::HERE.parse().unwrap();
        let name = "东门".to_owned();
        let station = StationId::of(&PublicKey::from_bytes(&key).unwrap());
        let known = Introduction { station, key, sealing: [2; 32], name, community, seen: NOW };
        store.introduce(known, NOW).await.unwrap();
        Self { station, seq: 0, head: [0; 32], sent: Vec::new() }
    }

    /// Sends a passage, sealed to this private key.
    pub(crate) async fn send(&mut self, store: &dyn Store, claims: &Claims, private: [u8; 32]) {
        let recipient = wire::seal::recipient_key(&private).unwrap();
        let mut record = [0x5a; 16];
        record[..8].copy_from_slice(&self.seq.to_be_bytes());
        let (record, stream) = (RecordId(record), StreamId([3; 16]));
        let place = ChainPlace { station: self.station, stream, seq: self.seq, record, link: self.head };
        let mut rng = ChaCha20Rng::seed_from_u64(self.seq);
        let kid = health_code::key_id(&recipient);
        let report = Report::Passage(passage(claims));
        let sealed = wire::seal::seal(&report, &place, kid, &recipient, &mut rng).unwrap();
        self.head = wire::chain(&self.head, &sealed.ciphertext);
        self.seq += 1;
        let (id, reports) = (BatchId([4; 16]), vec![sealed]);
        let batch = Batch { station: self.station, id, reports, awaits: vec![], about: None };
        let signed = batch.sign(&SigningKey::from_bytes(&[2; 32])).bytes;
        self.sent.push(signed.clone());
        store.accept(Arrival { batch, signed, received: NOW }).await.unwrap();
    }
}

/// Settles the oldest letters, each with one report, with these outcomes.
pub(crate) async fn settle(store: &dyn Store, outcomes: Vec<Outcome>) {
    let letters = store.claim(outcomes.len(), NOW, NOW.plus(30)).await.unwrap();
    let opened = letters.into_iter().zip(outcomes).map(|(letter, outcome)| {
        let key = letter.reports().unwrap()[0].key;
        Opened { letter, settled: vec![Settled { key, outcome, alerts: Vec::new() }] }
    });
    store.settle(opened.collect(), NOW).await.unwrap();
}
