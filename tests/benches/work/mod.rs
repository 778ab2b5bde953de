//! Messages, stores and frames for the benches.

use std::path::Path;

use back_office::store::{Arrival, Arrivals as _, Redemption, SqliteStore, Stations as _};
use code_reader::GreyFrame;
use health_code::{Timestamp, UnverifiedCode};
use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, Luma};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use rusqlite::{Connection, params};
use stage::World;
use station::bench::Outbox;
use strict_cose::{Value, cbor};
use wire::report::{ClockState, Passage, Report, Shown};
use wire::seal::Place;
use wire::{BatchId, RecordId, SealedReport, StationId, StreamId};

/// A station that no program knows.
pub const STATION: StationId = StationId([1; 16]);

/// Seals reports of the same passage.
pub struct Sealer {
    report: Report,
    kid: health_code::KeyId,
    recipient: [u8; 32],
    rng: ChaCha20Rng,
}

impl Sealer {
    /// Seals to the recipient of a world.
    pub fn of(world: &World) -> Self {
        let (trust, _) = world.trust().unwrap();
        let now = stage::clock::wall();
        let text = std::fs::read_to_string(world.code("green", "txt")).unwrap();
        let community = trust.community();
        let report = Report::Passage(Passage {
            at: now.0,
            clock: ClockState::Trusted,
            checkpoint: community.checkpoints[0].id.0,
            collector: community.people[0].id.0,
            policy: trust.policy(now).version,
            trust: trust.list().version,
            shown: Shown::Pass,
            code: wire::report::Carried::Whole(UnverifiedCode::parse(&text).unwrap().cose().to_vec()),
        });
        let key = trust.root().sealing_key(now).unwrap();
        Self { report, kid: key.kid, recipient: key.key, rng: ChaCha20Rng::seed_from_u64(1) }
    }

    /// Returns the same sealer with other randomness.
    pub fn another(&mut self) -> Self {
        let rng = ChaCha20Rng::seed_from_u64(self.rng.next_u64());
        Self { report: self.report.clone(), kid: self.kid, recipient: self.recipient, rng }
    }

    /// Draws the id of a new record.
    pub fn record(&mut self) -> RecordId {
        let mut record = [0; 16];
        self.rng.fill_bytes(&mut record);
        RecordId(record)
    }

    /// Returns the first place of a stream.
    pub fn first_place() -> Place {
        let (stream, record) = (StreamId([2; 16]), RecordId([3; 16]));
        Place { station: STATION, stream, seq: 0, record, link: [0; 32] }
    }

    pub fn seal(&mut self, place: &Place) -> SealedReport {
        wire::seal::seal(&self.report, place, self.kid, &self.recipient, &mut self.rng).unwrap()
    }

    /// Returns the same bytes under another record id.
    pub fn renamed(&mut self, report: &SealedReport) -> SealedReport {
        SealedReport { record: self.record(), ..report.clone() }
    }
}

/// A chain of reports whose ciphertexts are all the same.
#[derive(Default)]
pub struct Chain {
    head: [u8; 32],
    seq: u64,
}

impl Chain {
    pub fn batch(&mut self, template: &SealedReport, sealer: &mut Sealer, count: usize) -> Vec<SealedReport> {
        (0..count)
            .map(|_| {
                let mut report = sealer.renamed(template);
                report.ciphertext[..16].copy_from_slice(&report.record.0);
                (report.link, report.seq) = (self.head, self.seq);
                self.head = wire::chain(&report.link, &report.ciphertext);
                self.seq += 1;
                report
            })
            .collect()
    }
}

/// Makes an outbox with so many rows.
pub fn outbox(path: &Path, sealer: &mut Sealer, rows: usize) -> Outbox {
    let mut outbox = Outbox::open(path, STATION, StreamId([2; 16]));
    let template = sealer.seal(&Sealer::first_place());
    let mut left = rows;
    outbox.fill(|place| {
        left = left.checked_sub(1)?;
        Some(SealedReport { seq: place.seq, link: place.link, ..sealer.renamed(&template) })
    });
    outbox
}

/// An office's store that knows [`STATION`], for callers that are not async.
pub struct Store {
    store: SqliteStore,
    runtime: tokio::runtime::Runtime,
}

/// Opens a store and enrols [`STATION`].
pub fn store_with_station(path: &Path) -> Store {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = SqliteStore::open(path).unwrap();
    let now = Timestamp(1_900_000_000);
    let redemption = Redemption { secret_hash: [1; 32], key: [2; 32], name: "bench".into(), fresh: STATION };
    runtime.block_on(store.add_ticket([1; 32], now, now.plus(60))).unwrap();
    runtime.block_on(store.redeem(redemption, now)).unwrap();
    Store { store, runtime }
}

/// Has a store accept a batch.
pub fn accept(store: &Store, reports: &[SealedReport], now: Timestamp) {
    let arrival =
        Arrival { station: STATION, batch: BatchId([3; 16]), reports: reports.to_vec(), received: now };
    let lines = store.runtime.block_on(store.store.accept(arrival));
    assert_eq!(lines.unwrap().len(), reports.len());
}

/// The least that a durable store costs: one table, one statement, one commit.
pub struct BareStore(Connection);

impl BareStore {
    /// Opens it with the pragmas that the outbox and the office share.
    pub fn open(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
            PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
            CREATE TABLE report (place INTEGER PRIMARY KEY, record BLOB, stream BLOB, seq INTEGER, kid BLOB,
              link BLOB, ciphertext BLOB) STRICT;";
        connection.execute_batch(pragmas).unwrap();
        Self(connection)
    }

    pub fn insert(&mut self, reports: &[SealedReport]) {
        let transaction = self.0.transaction().unwrap();
        {
            let mut statement = transaction
                .prepare_cached(
                    "INSERT INTO report (record, stream, seq, kid, link, ciphertext)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )
                .unwrap();
            for report in reports {
                let SealedReport { stream, seq, record, kid, link, ciphertext } = report;
                let row = params![record.0, stream.0, seq.cast_signed(), kid.0, link, ciphertext];
                statement.execute(row).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
}

/// Returns the bytes that a code's signature covers (RFC 9052 §4.4), and the signature.
pub fn signed_parts(message: &[u8]) -> (Vec<u8>, ed25519_dalek::Signature) {
    let body = message.strip_prefix(&[0xd2]).unwrap();
    let limits = strict_cose::Limits { bytes: 512, depth: 8 };
    let Value::Array(parts) = cbor::decode(body, limits).unwrap() else { panic!("a COSE_Sign1") };
    let [protected, _, payload, Value::Bytes(signature)] = &parts[..] else { panic!("a COSE_Sign1") };
    let structure = Value::Array(vec![
        "Signature1".into(),
        protected.clone(),
        health_code::code::AAD.to_vec().into(),
        payload.clone(),
    ]);
    (cbor::encode(&structure), ed25519_dalek::Signature::from_slice(signature).unwrap())
}

/// Returns the additional data of a report's seal, by docs/wire.md.
pub fn aad(report: &SealedReport) -> Vec<u8> {
    let SealedReport { stream, seq, record, kid, link, .. } = report;
    [&STATION.0[..], &stream.0, &seq.to_be_bytes(), &record.0, &kid.0, link].concat()
}

/// Renders a code on a phone in a frame of 1280×720: 420 pixels wide, in a grey room.
pub fn frame_of(picture: &Path) -> GreyFrame {
    let code = image::open(picture).unwrap().resize_exact(420, 420, FilterType::Triangle).to_luma8();
    let mut frame = GrayImage::from_pixel(1280, 720, Luma([90]));
    image::imageops::overlay(&mut frame, &code, 430, 150);
    GreyFrame::from_image(&DynamicImage::ImageLuma8(frame)).unwrap()
}
