//! Which state of its database an office works on, and how far that is backed up.

use async_trait::async_trait;
use health_code::Timestamp;
use wire::{Generation, StationId, StreamId};

use super::error::StoreError;

/// The last report of a station that a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainEnd {
    /// The station.
    pub station: StationId,
    /// The stream in which it goes on.
    pub stream: StreamId,
    /// The report's number in its stream.
    pub seq: u64,
}

/// Names the database's state, and what of it outlives this database.
#[async_trait]
pub trait Identity {
    /// Returns the generation: `drawn`, if there was none yet, and otherwise the one that was there. All
    /// servers of an office get the same one.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn generation(&self, drawn: Generation) -> Result<Generation, StoreError>;

    /// Begins another generation: the database is a restored copy. Stations that see it send again what
    /// they kept.
    ///
    /// The next community file that this office signs has the version `community_from` at least: the lost
    /// office may have signed some after the copy, and a station takes no older file than it has. Tickets
    /// that were not used are good no longer, since the lost office may have seen them used. Returns how
    /// many there were.
    async fn begin_generation(
        &self,
        drawn: Generation,
        community_from: u64,
        now: Timestamp,
    ) -> Result<usize, StoreError>;

    /// Returns the version that the next community file has at least; 0 in an office that was never
    /// restored.
    async fn community_from(&self) -> Result<u64, StoreError>;

    /// Returns where each station's chain ends. A station that has a gap or a fork has no end: of what
    /// comes before it something may arrive later.
    async fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError>;

    /// Notes what a finished backup holds. Receipts tell the stations.
    async fn note_backed_up(&self, ends: Vec<ChainEnd>) -> Result<(), StoreError>;

    /// Returns the last report of a station that some backup holds.
    async fn backed_up(&self, station: StationId) -> Result<Option<(StreamId, u64)>, StoreError>;
}
