//! Stations that send batches which follow one another.

use back_office::store::{Arrival, IssuedTicket, Redemption, Store};
use ed25519_dalek::SigningKey;
use health_code::{KeyId, PublicKey, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use wire::limits::SEALED_BYTES;
use wire::{Batch, BatchId, RecordId, SealedReport, StationId, StreamId};

/// Stations that share the reports.
const STATIONS: usize = 1000;
/// The moment of everything here.
pub const NOW: Timestamp = Timestamp(1_900_000_000);

/// The stations, in the order of their turns.
#[derive(Clone)]
pub struct Senders {
    stations: Vec<Sender>,
    rng: ChaCha20Rng,
}

#[derive(Clone)]
struct Sender {
    id: StationId,
    key: SigningKey,
    stream: StreamId,
    next: u64,
    head: [u8; 32],
}

impl Senders {
    pub fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let stations = (0..STATIONS).map(|_| Sender::new(&mut rng)).collect();
        Self { stations, rng }
    }

    /// Enrols all of them.
    pub async fn enrol(&self, store: &dyn Store) {
        for sender in &self.stations {
            let key = sender.key.verifying_key().to_bytes();
            let ticket = IssuedTicket::nameless(key, "420106001001".parse().unwrap(), NOW, NOW.plus(60));
            store.add_ticket(ticket).await.unwrap();
            let (station, name) = (sender.id, "bench".to_owned());
            let redemption = Redemption { secret_hash: key, station, key, sealing: key, name };
            store.redeem(redemption, NOW).await.unwrap();
        }
    }

    /// Makes the next batches of each connection, so many of each size. Connections share no station.
    pub fn batches(
        &mut self,
        connections: usize,
        count: usize,
        size: usize,
        signed: bool,
    ) -> Vec<Vec<Arrival>> {
        let each = self.stations.len().div_ceil(connections);
        let parts = self.stations.chunks_mut(each);
        let made = parts.map(|part| {
            let batches = (0..count).map(|_| {
                // Whoever has waited longest is next.
                part.rotate_left(1);
                part[0].batch(size, signed, &mut self.rng)
            });
            batches.collect()
        });
        made.collect()
    }
}

impl Sender {
    fn new(rng: &mut ChaCha20Rng) -> Self {
        let (mut seed, mut stream) = ([0; 32], [0; 16]);
        rng.fill_bytes(&mut seed);
        rng.fill_bytes(&mut stream);
        let key = SigningKey::from_bytes(&seed);
        let public = PublicKey::from_bytes(&key.verifying_key().to_bytes()).unwrap();
        Self { id: StationId::of(&public), key, stream: StreamId(stream), next: 0, head: [0; 32] }
    }

    fn batch(&mut self, size: usize, signed: bool, rng: &mut ChaCha20Rng) -> Arrival {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        let reports = (0..size).map(|_| self.report(rng)).collect();
        let batch = Batch { station: self.id, id: BatchId(id), reports, awaits: Vec::new(), about: None };
        // A database that only grows keeps no batch, and so needs no signature.
        let signed = if signed { batch.sign(&self.key).bytes } else { Vec::new() };
        Arrival { batch, signed, received: NOW }
    }

    fn report(&mut self, rng: &mut ChaCha20Rng) -> SealedReport {
        let mut record = [0; 16];
        rng.fill_bytes(&mut record);
        let mut ciphertext = vec![0; SEALED_BYTES];
        rng.fill_bytes(&mut ciphertext);
        let (stream, seq, link) = (self.stream, self.next, self.head);
        self.head = wire::chain(&link, &ciphertext);
        self.next += 1;
        SealedReport { stream, seq, record: RecordId(record), kid: KeyId([7; 8]), link, ciphertext }
    }
}
