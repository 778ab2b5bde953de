//! Who passed a checkpoint at about the same time, and what one passage carried.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::{RecordId, StationId};

use super::error::StoreError;
use super::reading::PassageRow;
use super::residents::PersonKeys;

/// A place and a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// Whose stations reported.
    pub community: Region,
    /// The checkpoint.
    pub checkpoint: [u8; 8],
    /// The moment.
    pub at: Timestamp,
    /// Seconds before and after it.
    pub within: i64,
}

/// A passage, with what tells its holder from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passer {
    /// The passage.
    pub row: PassageRow,
    /// The holder's keys.
    pub person: PersonKeys,
    /// The identifier of a certificate.
    pub certificate: Option<String>,
}

/// A passage with its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithCode {
    /// The passage.
    pub passer: Passer,
    /// The community of its station.
    pub community: Region,
    /// The COSE of its code; empty for a certificate and for whom was erased.
    pub code: Vec<u8>,
}

/// Finds passages near another one.
#[async_trait]
pub trait Nearby {
    /// Returns passages at a place and about a time, the nearest in time first, at most `limit` before the moment
    /// and as many after it.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn passages_around(&self, around: Around, limit: usize) -> Result<Vec<Passer>, StoreError>;

    /// Returns those of the oldest `limit` passages whose holders have a key of their identity number.
    async fn oldest_with_code(&self, limit: usize) -> Result<Vec<WithCode>, StoreError>;

    /// Returns one passage with its code.
    async fn passage_with_code(
        &self,
        station: StationId,
        record: RecordId,
    ) -> Result<Option<WithCode>, StoreError>;
}

/// Puts the nearest first.
pub(super) fn nearest_first(mut found: Vec<Passer>, at: Timestamp) -> Vec<Passer> {
    found.sort_by_key(|passer| ((passer.row.at.0 - at.0).abs(), passer.row.at, passer.row.record));
    found
}
