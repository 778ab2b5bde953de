//! Giving copied messages to a restored database.

use std::path::Path;

use health_code::{PublicKey, Region};
use sha2::{Digest as _, Sha256};
use wire::{Again, Enrolment, SignedBatch, StationId};

use super::segment::{self, Kind, Record};
use crate::store::{Arrival, Introduction, Store, StoreError};

/// What was replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Replayed {
    /// Segments that were read.
    pub segments: u64,
    /// Batches that were taken, whether or not the database had them.
    pub batches: u64,
    /// Reports in them that the database did not have.
    pub reports: u64,
    /// Stations that the database did not know.
    pub stations: u64,
    /// Messages that do not hold: of an unknown station, or not signed by it.
    pub refused: u64,
    /// Segments that end in the middle of a record. What is cut off was never acknowledged.
    pub torn: u64,
}

/// Why copied messages were not replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A segment cannot be read.
    #[error("the folder of copies: {0}")]
    Io(#[from] std::io::Error),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives every message of a folder to a database, the oldest first. A database knows what it has, so
/// replaying again changes nothing.
///
/// # Errors
/// [`ReplayError`].
pub async fn replay(store: &dyn Store, folder: &Path) -> Result<Replayed, ReplayError> {
    let mut replayed = Replayed::default();
    for path in segment::all(folder)? {
        let read = segment::read(&path)?;
        replayed.segments += 1;
        replayed.torn += u64::from(read.is_torn);
        for record in read.records {
            take(store, record, &mut replayed).await?;
        }
    }
    Ok(replayed)
}

async fn take(store: &dyn Store, record: Record, replayed: &mut Replayed) -> Result<(), StoreError> {
    let received = record.received;
    let introduction = match record.kind {
        Kind::Batch => return take_batch(store, record, replayed).await,
        Kind::Enrolment => Enrolment::open(&record.message).ok().map(|enrolment| {
            let Enrolment { key, sealing, name, secret } = enrolment;
            (key, sealing, name, Some(secret))
        }),
        Kind::Again => {
            Again::open(&record.message).ok().map(|again| (again.key, again.sealing, again.name, None))
        }
    };
    let Some((key, sealing, name, secret)) = introduction else {
        replayed.refused += 1;
        return Ok(());
    };
    let station = StationId::of(&key);
    if store.station(station).await?.is_none() {
        let Some(community) = community_of(store, secret).await? else {
            replayed.refused += 1;
            return Ok(());
        };
        replayed.stations += 1;
        let key = key.to_bytes();
        let introduction = Introduction { station, key, sealing, name, community, seen: received };
        store.introduce(introduction, received).await?;
    }
    Ok(())
}

/// Returns the community of a station's ticket, or the office's first one where the ticket came after the
/// backup.
async fn community_of(store: &dyn Store, secret: Option<[u8; 16]>) -> Result<Option<Region>, StoreError> {
    if let Some(secret) = secret
        && let Some(community) = store.community_of_ticket(Sha256::digest(secret).into()).await?
    {
        return Ok(Some(community));
    }
    store.first_community().await
}

async fn take_batch(store: &dyn Store, record: Record, replayed: &mut Replayed) -> Result<(), StoreError> {
    let Record { received, message, .. } = record;
    let station = match SignedBatch::claimed_station(&message) {
        Ok(claimed) => store.station(claimed).await?,
        Err(_) => None,
    };
    let key = station.and_then(|station| PublicKey::from_bytes(&station.key).ok());
    let Some(batch) = key.and_then(|key| SignedBatch::open(&message, &key).ok()) else {
        replayed.refused += 1;
        return Ok(());
    };
    let accepted = store.accept(Arrival { batch, signed: message, received }).await?;
    let new = accepted.lines.iter().filter(|line| line.status == wire::RecordStatus::Stored);
    replayed.batches += 1;
    replayed.reports += new.count() as u64;
    Ok(())
}
