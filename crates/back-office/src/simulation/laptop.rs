//! A laptop without a screen: its outbox, its stream, and the rules by which it sends.

use std::collections::BTreeSet;

use gate::sync::{BatchLimits, next_batch};
use rand_chacha::ChaCha20Rng;
use rand_core::Rng as _;
use wire::{Batch, BatchId, Receipt, RecordId, SealedReport, StationId, StreamId};

use super::rules::Rules;
use crate::store::chain::{Head, NOTHING};

pub(super) const STATION: StationId = StationId([7; 16]);

/// What a laptop's disk holds.
#[derive(Clone)]
pub(super) struct Disk {
    pub rows: Vec<SealedReport>,
    head: Head,
}

/// A laptop that runs.
#[derive(Clone)]
pub(super) struct Laptop {
    pub disk: Disk,
    rng: ChaCha20Rng,
    stream: StreamId,
    next: u64,
    head: Head,
    in_flight: Option<Batch>,
    held: BTreeSet<RecordId>,
    limits: BatchLimits,
}

/// Returns what a report says.
pub(super) fn payload(report: &SealedReport) -> u64 {
    report.ciphertext.first_chunk().map_or(0, |number| u64::from_le_bytes(*number))
}

/// Returns whether the office can open a report: nobody changed it, and it is at its place.
pub(super) fn reads(report: &SealedReport) -> bool {
    report.ciphertext[..8] == report.ciphertext[8..16] && is_in_place(report)
}

/// Returns whether a report is where it was sealed for.
pub(super) fn is_in_place(report: &SealedReport) -> bool {
    report.ciphertext[16..24] == report.seq.to_le_bytes()
}

impl Disk {
    pub fn new() -> Self {
        Self { rows: Vec::new(), head: NOTHING }
    }

    /// Returns what the rows say.
    pub fn payloads(&self) -> BTreeSet<u64> {
        self.rows.iter().map(payload).collect()
    }
}

impl Laptop {
    /// Switches a laptop on.
    pub fn start(disk: Disk, mut rng: ChaCha20Rng) -> Self {
        let (stream, head) = (StreamId(bytes(&mut rng)), disk.head);
        let (in_flight, held) = (None, BTreeSet::new());
        Self { disk, rng, stream, next: 0, head, in_flight, held, limits: BatchLimits::FULL }
    }

    /// Records a passage. It is durable when this returns.
    pub fn confirm(&mut self, number: u64) {
        let record = RecordId(bytes(&mut self.rng));
        let (stream, seq, link) = (self.stream, self.next, self.head);
        let number = number.to_le_bytes();
        let ciphertext = [number, number, seq.to_le_bytes(), bytes(&mut self.rng)].concat();
        self.head = wire::chain(&link, &ciphertext);
        self.next += 1;
        self.disk.head = self.head;
        let kid = health_code::key_id(&[9; 32]);
        self.disk.rows.push(SealedReport { stream, seq, record, kid, link, ciphertext });
    }

    /// Returns the batch to send: the one without an answer, or the oldest reports with a new id.
    pub fn batch(&mut self, at_most: usize) -> Batch {
        if let Some(batch) = &self.in_flight {
            return batch.clone();
        }
        let mut reports: Vec<_> =
            self.disk.rows.iter().filter(|row| !self.held.contains(&row.record)).cloned().collect();
        if reports.is_empty() {
            self.held.clear();
            reports.clone_from(&self.disk.rows);
        }
        let sizes: Vec<_> = reports.iter().map(|report| report.ciphertext.len()).collect();
        reports.truncate(next_batch(&sizes, BatchLimits { reports: at_most, ..self.limits }));
        let batch = Batch {
            station: STATION,
            id: BatchId(bytes(&mut self.rng)),
            reports,
            awaits: Vec::new(),
            about: None,
        };
        self.in_flight = Some(batch.clone());
        batch
    }

    /// Hears an answer.
    pub fn hear(&mut self, receipt: &Receipt, rules: Rules) {
        let Some(batch) = self.in_flight.take_if(|batch| receipt.batch == batch.id) else { return };
        let settlement = (rules.settle)(&batch, receipt);
        self.held.extend(settlement.missing);
        let done: BTreeSet<_> = settlement.erase.into_iter().chain(settlement.conflicts).collect();
        self.disk.rows.retain(|row| !done.contains(&row.record));
    }
}

fn bytes<const N: usize>(rng: &mut ChaCha20Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}
