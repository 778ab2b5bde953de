//! What holds of SQLite alone: several batches in one commit, and the disk that reports take for ever.

use std::path::Path;

use rusqlite::Connection;
use wire::{BatchId, RecordId, RecordStatus, SealedReport, StationId, StreamId};

use super::SqliteStore;
use crate::store::{Arrival, Arrivals as _, Introduction, Reading as _, Stations as _};

const NOW: health_code::Timestamp = health_code::Timestamp(1_583_000_000);

async fn store_of(path: &Path, stations: u8) -> SqliteStore {
    let store = SqliteStore::open(path).unwrap();
    for n in 0..stations {
        let (station, key) = (StationId([n; 16]), [n; 32]);
        let (name, community) = ("东门".into(), "420106001001".parse().unwrap());
        let introduction = Introduction { station, key, sealing: [6; 32], name, community, seen: NOW };
        assert!(store.introduce(introduction, NOW).await.unwrap());
    }
    store
}

/// A station's next batch; its reports follow one another.
fn arrival(station: u8, from: u64, count: u64, link: &mut [u8; 32]) -> Arrival {
    let reports: Vec<SealedReport> = (from..from + count)
        .map(|seq| {
            let mut record = [station; 16];
            record[..8].copy_from_slice(&seq.to_be_bytes());
            let (before, ciphertext) = (*link, seq.to_be_bytes().to_vec());
            *link = wire::chain(link, &ciphertext);
            let (stream, kid) = (StreamId([station; 16]), health_code::KeyId([4; 8]));
            SealedReport { stream, seq, record: RecordId(record), kid, link: before, ciphertext }
        })
        .collect();
    let batch = wire::Batch {
        station: StationId([station; 16]),
        id: BatchId([5; 16]),
        reports,
        awaits: vec![],
        about: None,
    };
    // The body is dropped before the disk is measured, and nobody opens it.
    Arrival { batch, signed: vec![0; 100], received: NOW }
}

#[tokio::test]
async fn batches_of_many_stations_at_once_are_each_committed_or_refused_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_of(&folder.path().join("office.sqlite"), 40).await;
    let mut sent = tokio::task::JoinSet::new();
    // The last ten are stations that the office does not know.
    for station in 0..50 {
        let store = store.clone();
        sent.spawn(async move { (station, store.accept(arrival(station, 0, 3, &mut [0; 32])).await) });
    }
    for (station, result) in sent.join_all().await {
        assert_eq!(result.is_ok(), station < 40);
        for line in result.into_iter().flat_map(|accepted| accepted.lines) {
            assert_eq!(line.status, RecordStatus::Stored);
        }
    }
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.records, counts.waiting), (120, 120));
}

#[tokio::test]
async fn a_report_takes_at_most_60_bytes_for_ever_at_batches_of_500() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.sqlite");
    let store = store_of(&path, 1).await;
    let bytes = || {
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("DELETE FROM mail; VACUUM").unwrap();
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        pages.unsigned_abs() * 4096
    };
    let empty = bytes();
    let mut link = [0; 32];
    for batch in 0..40 {
        store.accept(arrival(0, batch * 500, 500, &mut link)).await.unwrap();
    }
    assert_eq!(store.counts().await.unwrap().records, 20_000);
    let each = (bytes() - empty) / 20_000;
    assert!(each <= 60, "{each} bytes");
}
