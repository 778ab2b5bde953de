//! What the back office keeps, behind one trait with one contract suite (`contract.rs`).

#[cfg(test)]
mod contract;
mod reason;
mod sqlite;
mod types;

pub use reason::QuarantineReason;
pub use sqlite::SqliteStore;
pub use types::{
    Alert, AlertKind, Arrival, Counts, Filing, Outcome, PassageRow, Quarantined, Redeemed, RosterRow,
    Settled, Station, Waiting,
};

use health_code::{Timestamp, TrustFiles};
use wire::{ReceiptLine, StationId};

/// Why the store could not do it. Nothing of the call was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the database; later it works.
    #[error("the database is busy")]
    Busy,
    /// No room, or not writable.
    #[error("the database cannot be written: {0}")]
    NotWritable(String),
    /// The database is not what it should be, or the call was not.
    #[error("the database: {0}")]
    Failed(String),
    /// Made by a later version of this program.
    #[error("the database was made by a later version of this program (schema {0})")]
    FromTheFuture(i64),
}

/// Blocking: callers in async code go through a blocking thread.
pub trait Store: std::fmt::Debug + Send + Sync + 'static {
    /// Keeps a ticket by the hash of its secret.
    ///
    /// # Errors
    /// [`StoreError`], here and in all that follow.
    fn add_ticket(
        &self,
        secret_hash: &[u8; 32],
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError>;

    /// Uses up a ticket for a station's key. The same ticket and key again give the same station,
    /// so that an answer that was lost can be asked for again.
    fn redeem(
        &self,
        secret_hash: &[u8; 32],
        key: &[u8; 32],
        name: &str,
        fresh: StationId,
        now: Timestamp,
    ) -> Result<Redeemed, StoreError>;

    /// A station by its id.
    fn station(&self, id: StationId) -> Result<Option<Station>, StoreError>;

    /// All stations, by name.
    fn stations(&self) -> Result<Vec<Station>, StoreError>;

    /// Withdraws a station: what it sends from now on goes to quarantine. False: no such station.
    fn withdraw(&self, id: StationId, now: Timestamp) -> Result<bool, StoreError>;

    /// Commits a batch's ciphertexts; a line for each report, in order. When this returns, they
    /// are durable. Forks and conflicts raise alerts in the same transaction.
    fn accept(&self, arrival: &Arrival<'_>) -> Result<Vec<ReceiptLine>, StoreError>;

    /// The oldest reports that wait to be opened.
    fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, StoreError>;

    /// Files or quarantines opened reports, all in one transaction.
    fn settle(&self, settled: &[Settled], now: Timestamp) -> Result<(), StoreError>;

    /// Lets what is in quarantine for a reason, or for any, be opened again, but what conflicts;
    /// how many.
    fn reopen(&self, reason: Option<QuarantineReason>) -> Result<usize, StoreError>;

    /// Raises an alert for each report whose predecessor has not arrived by `before`, and clears
    /// those that were mended.
    fn check_chains(&self, before: Timestamp, now: Timestamp) -> Result<(), StoreError>;

    /// Keeps a set of trust files that came into force, and the roots that led to it. Revocations
    /// are kept by chunks: what a list shares with the one before is there once.
    fn keep_trust(
        &self,
        files: &TrustFiles,
        list_version: u64,
        roots: &[(u64, Vec<u8>)],
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// The set in force last; or the last one with a version of the trust list.
    fn trust(&self, list_version: Option<u64>) -> Result<Option<TrustFiles>, StoreError>;

    /// A root that was in force, or led to one that was, by its version.
    fn root(&self, version: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// How much there is of everything.
    fn counts(&self) -> Result<Counts, StoreError>;

    /// The latest passages by time.
    fn passages(&self, limit: usize) -> Result<Vec<PassageRow>, StoreError>;

    /// The latest reports in quarantine.
    fn quarantined(&self, limit: usize) -> Result<Vec<Quarantined>, StoreError>;

    /// The latest alerts.
    fn alerts(&self, limit: usize) -> Result<Vec<Alert>, StoreError>;

    /// Checkpoints that stations added.
    fn roster_changes(&self, limit: usize) -> Result<Vec<RosterRow>, StoreError>;
}
