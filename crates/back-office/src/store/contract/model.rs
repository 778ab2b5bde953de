//! Random histories of a station, and a naive model that knows every report of them by itself.
//!
//! The station's disk is cloned, restored and wiped, its batches come late, twice, in parts, in any order
//! or never. At the end the store has to have told, handed out and alerted what the model says.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::SigningKey;
use health_code::{KeyId, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use wire::report::{Shift, ShiftEvent};
use wire::{Batch, BatchId, ClockState, RecordId, RecordStatus, SealedReport, StationId, StreamId};

use super::{NOW, open};
use crate::store::{AlertKind, Arrival, Filing, Introduction, Outcome, QuarantineReason, Store};

/// How many things happen in a history.
const STEPS: usize = 60;
/// Streams begin at a place beyond this only in a station that is not sound.
const FAR: u64 = u64::MAX - 3;

type Hash = [u8; 32];

/// A disk of the station.
#[derive(Clone)]
struct Disk {
    stream: StreamId,
    seq: u64,
    head: Hash,
}

/// A history as it goes on.
struct History<'a> {
    store: &'a dyn Store,
    station: StationId,
    rng: ChaCha20Rng,
    now: Timestamp,
    disks: Vec<Disk>,
    made: Vec<SealedReport>,
    /// Every report that was stored, in its order.
    stored: Vec<(SealedReport, Hash)>,
    conflicts: BTreeMap<(RecordId, Hash), Hash>,
    /// Records and hashes that went to quarantine because the station was withdrawn.
    late: BTreeSet<(RecordId, Hash)>,
    withdrawn: bool,
    told: bool,
}

/// Lives through the history of this seed and compares the store with the model.
pub async fn live(store: &dyn Store, seed: u64) {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let station = StationId(drawn(&mut rng));
    let (key, name, community) = (drawn(&mut rng), "东门".into(), super::here());
    let introduction = Introduction { station, key, sealing: [6; 32], name, community, seen: NOW };
    assert!(store.introduce(introduction, NOW).await.unwrap());
    let disk = Disk { stream: StreamId(drawn(&mut rng)), seq: 0, head: [0; 32] };
    let mut history = History {
        store,
        station,
        rng,
        now: NOW,
        disks: vec![disk],
        made: Vec::new(),
        stored: Vec::new(),
        conflicts: BTreeMap::new(),
        late: BTreeSet::new(),
        withdrawn: false,
        told: false,
    };
    for _ in 0..STEPS {
        history.step().await;
    }
    history.compare().await;
}

fn drawn<const N: usize>(rng: &mut ChaCha20Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

impl History<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.rng.next_u32() as usize % n.max(1)
    }

    async fn step(&mut self) {
        self.now = self.now.plus(1);
        let at = self.below(self.disks.len());
        match self.below(40) {
            0 => self.disks.push(self.disks[at].clone()),
            1 | 2 => self.restart(at, 0),
            3 => self.disks[at] = Disk { stream: StreamId(drawn(&mut self.rng)), seq: 0, head: [0; 32] },
            4 => self.seal_again(),
            5 => self.store.check_chains(self.now, self.now).await.unwrap(),
            6 if self.below(8) == 0 => {
                assert!(self.store.withdraw(self.station, self.now).await.unwrap());
                self.withdrawn = true;
            }
            // Of two that follow nothing, one far from its stream's beginning, there is no alert.
            7 if self.below(4) == 0 && self.disks[at].head != [0; 32] => self.restart(at, FAR),
            8..=20 => {
                for _ in 0..=self.below(6) {
                    self.make(at);
                }
            }
            _ => self.send().await,
        }
    }

    fn restart(&mut self, at: usize, seq: u64) {
        let stream = StreamId(drawn(&mut self.rng));
        let disk = &mut self.disks[at];
        (disk.stream, disk.seq) = (stream, seq);
    }

    fn make(&mut self, at: usize) {
        let (record, ciphertext) = (RecordId(drawn(&mut self.rng)), drawn::<20>(&mut self.rng).to_vec());
        let disk = &mut self.disks[at];
        let Some(next) = disk.seq.checked_add(1) else { return };
        let Disk { stream, seq, head: link } = *disk;
        disk.head = wire::chain(&link, &ciphertext);
        disk.seq = next;
        self.made.push(SealedReport { stream, seq, record, kid: KeyId([4; 8]), link, ciphertext });
    }

    /// Another ciphertext under a record id and at a place that were used, as memory gives that was cloned.
    fn seal_again(&mut self) {
        if self.made.is_empty() {
            return;
        }
        let at = self.below(self.made.len());
        let ciphertext = drawn::<20>(&mut self.rng).to_vec();
        let again = SealedReport { ciphertext, ..self.made[at].clone() };
        self.disks.push(Disk {
            stream: again.stream,
            seq: again.seq.saturating_add(1),
            head: wire::chain(&again.link, &again.ciphertext),
        });
        self.made.push(again);
    }

    /// Sends some of the latest reports, or of all; in their order, or in any.
    async fn send(&mut self) {
        let from = if self.below(3) == 0 { 0 } else { self.made.len().saturating_sub(8) };
        let all = self.below(2) == 0;
        let mut reports: Vec<SealedReport> = Vec::new();
        for index in from..self.made.len() {
            let known = reports.iter().any(|report| report.record == self.made[index].record);
            if !known && (all || self.below(3) > 0) {
                reports.push(self.made[index].clone());
            }
        }
        if self.below(4) == 0 {
            for index in (1..reports.len()).rev() {
                let other = self.below(index + 1);
                reports.swap(index, other);
            }
        }
        let batch = Batch {
            station: self.station,
            id: BatchId(drawn(&mut self.rng)),
            reports,
            awaits: vec![],
            about: None,
        };
        let signed = batch.sign(&SigningKey::from_bytes(&[1; 32])).bytes;
        let arrival = Arrival { batch: batch.clone(), signed, received: self.now };
        let accepted = self.store.accept(arrival).await.unwrap();
        assert_eq!(accepted.withdrawn.is_some(), self.withdrawn);
        let told = self.told;
        self.told |= self.withdrawn;
        assert_eq!(accepted.lines.len(), batch.reports.len());
        for (report, line) in batch.reports.into_iter().zip(accepted.lines) {
            let hash = wire::seal::hash(&report.ciphertext);
            let expected = self.take(report.clone(), hash, told);
            assert_eq!((line.record, line.hash, line.status), (report.record, hash, expected), "{report:?}");
        }
    }

    fn take(&mut self, report: SealedReport, hash: Hash, told: bool) -> RecordStatus {
        let place = (report.stream, report.seq);
        let mut same = self
            .stored
            .iter()
            .filter(|(known, _)| (known.stream, known.seq) == place && known.record == report.record);
        if same.clone().any(|(_, known)| *known == hash) {
            return RecordStatus::AlreadyStored;
        }
        if same.next().is_some() {
            self.conflicts.insert((report.record, hash), wire::seal::head_after(&report.link, &hash));
            return RecordStatus::Conflict;
        }
        if told {
            self.late.insert((report.record, hash));
        }
        self.stored.push((report, hash));
        RecordStatus::Stored
    }

    async fn compare(mut self) {
        let (store, station) = (self.store, self.station);
        self.now = self.now.plus(1);
        for _ in 0..2 {
            store.check_chains(self.now, self.now).await.unwrap();
        }
        let alerts = store.alerts(100_000).await.unwrap();
        let of = |kind| -> BTreeSet<RecordId> {
            let open = alerts.iter().filter(|alert| alert.station == station && alert.cleared.is_none());
            open.filter(|alert| alert.kind == kind).map(|alert| alert.record).collect()
        };
        assert_eq!(of(AlertKind::Gap), self.gaps());
        self.compare_forks(&of(AlertKind::Fork));
        let conflicts = self.conflicts.keys().map(|(record, _)| *record).collect();
        assert_eq!(of(AlertKind::Conflict), conflicts);
        let late = if self.late.is_empty() { BTreeSet::new() } else { [RecordId([0; 16])].into() };
        assert_eq!(of(AlertKind::WithdrawnSends), late);
        self.compare_opened().await;
    }

    /// The reports whose predecessor has not arrived.
    fn gaps(&self) -> BTreeSet<RecordId> {
        let stored = self.stored.iter().map(|(report, hash)| wire::seal::head_after(&report.link, hash));
        let heads: BTreeSet<Hash> = stored.chain(self.conflicts.values().copied()).chain([[0; 32]]).collect();
        let hang = self.stored.iter().filter(|(report, _)| !heads.contains(&report.link));
        hang.map(|(report, _)| report.record).collect()
    }

    fn compare_forks(&self, alerts: &BTreeSet<RecordId>) {
        let mut followers = BTreeMap::<Hash, BTreeSet<RecordId>>::new();
        let mut places = BTreeMap::<(StreamId, u64), BTreeSet<RecordId>>::new();
        for (report, _) in &self.stored {
            followers.entry(report.link).or_default().insert(report.record);
            places.entry((report.stream, report.seq)).or_default().insert(report.record);
        }
        let shared: Vec<_> = followers.into_values().filter(|all| all.len() > 1).collect();
        for forked in &shared {
            assert!(!forked.is_disjoint(alerts), "a fork without an alert: {forked:?}");
        }
        let doubled: Vec<_> = places.into_values().filter(|all| all.len() > 1).collect();
        // What branches off behind a conflict has its alert.
        assert!(doubled.is_empty() || !alerts.is_empty() || !self.conflicts.is_empty());
        let forked: BTreeSet<_> = shared.into_iter().chain(doubled).flatten().collect();
        assert!(alerts.is_subset(&forked), "an alert without a fork");
    }

    /// Opens everything, and finds each report where it belongs, once.
    async fn compare_opened(&self) {
        let (store, station, until) = (self.store, self.station, self.now.plus(30));
        let mut opened = Vec::new();
        loop {
            let letters = store.claim(10, self.now, until).await.unwrap();
            if letters.is_empty() {
                break;
            }
            let waiting: Vec<_> = letters.iter().flat_map(|letter| letter.reports().unwrap()).collect();
            opened.extend(waiting.iter().map(|waiting| (waiting.key.record, waiting.key.hash)));
            let event = ShiftEvent::SignedIn;
            let shift = Shift { at: 1, clock: ClockState::Trusted, person: [2; 8], event };
            let outcomes = waiting.iter().map(|_| Outcome::Filed(Box::new(Filing::Shift(shift.clone()))));
            store.settle(open(&letters, outcomes), self.now).await.unwrap();
        }
        opened.sort_unstable();
        let name = |(report, hash): &(SealedReport, Hash)| (report.record, *hash);
        let mut expected: Vec<_> =
            self.stored.iter().map(name).filter(|name| !self.late.contains(name)).collect();
        expected.sort_unstable();
        assert_eq!(opened, expected);
        let held = store.quarantined(100_000).await.unwrap();
        let of = |reason| -> BTreeSet<_> {
            let held = held.iter().filter(|held| held.station == station && held.reason == reason);
            held.map(|held| (held.record, held.hash)).collect()
        };
        assert_eq!(of(QuarantineReason::Conflict), self.conflicts.keys().copied().collect());
        assert_eq!(of(QuarantineReason::Withdrawn), self.late);
    }
}
