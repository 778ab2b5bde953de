//! What waits to be opened, and what became of it.

use async_trait::async_trait;
use health_code::Timestamp;
use wire::StationId;

use super::error::StoreError;
use super::letter::{Letter, Opened};
use super::reason::QuarantineReason;

/// Hands letters out to the workers that open them.
#[async_trait]
pub trait Worklist {
    /// Leases letters until `until`, the oldest first: together at most `limit` reports, or one letter of
    /// more.
    ///
    /// No other claim returns them before `until`, whichever server makes it. If the worker dies,
    /// they can be claimed again after `until`; `now` decides which leases have ended.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn claim(&self, limit: usize, now: Timestamp, until: Timestamp) -> Result<Vec<Letter>, StoreError>;

    /// Files or quarantines the reports of opened letters in one transaction, and ends their leases.
    ///
    /// A letter that does not wait any more is skipped. So a worker that outlived its lease does no
    /// harm, and neither does one that settles twice. A report whose record id was filed before goes to
    /// quarantine as a conflict, with an alert.
    ///
    /// # Errors
    /// [`StoreError::Failed`] also where a report of a letter is not settled; see [`Opened::pairs`].
    async fn settle(&self, opened: Vec<Opened>, now: Timestamp) -> Result<(), StoreError>;

    /// Lets reports in quarantine wait again and returns how many. `None` means any reason but that of a
    /// withdrawn station, which has to be named; reports in conflict stay in quarantine.
    async fn reopen(&self, reason: Option<QuarantineReason>) -> Result<usize, StoreError>;

    /// Returns whose report has waited for the longest time, and when it arrived.
    async fn oldest_waiting(&self) -> Result<Option<(StationId, Timestamp)>, StoreError>;

    /// Searches for what the runs follow that hang loose and arrived by `before`. Where it is not here, a
    /// gap alert is raised; it is cleared when what was missing arrives.
    async fn check_chains(&self, before: Timestamp, now: Timestamp) -> Result<(), StoreError>;
}
