//! What waits to be opened, and what became of it.

use async_trait::async_trait;
use health_code::{Claims, Timestamp};
use wire::report::{Health, Passage, Roster, Shift};
use wire::{RecordId, SealedReport, StationId};

use super::alert_kind::AlertKind;
use super::error::StoreError;
use super::reason::QuarantineReason;
use super::roster::ChangeState;

/// Names a report: by what the wire names it by, and so the same in every store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportKey {
    /// The station that sent the report.
    pub station: StationId,
    /// The record's id.
    pub record: RecordId,
    /// SHA-256 of the ciphertext.
    pub hash: [u8; 32],
}

/// A report that waits to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The report's name.
    pub key: ReportKey,
    /// When the report arrived.
    pub received: Timestamp,
    /// The report.
    pub report: SealedReport,
}

/// What a worker made of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The report's name.
    pub key: ReportKey,
    /// Where the report goes.
    pub outcome: Outcome,
    /// Alerts to raise, each with its detail in English.
    pub alerts: Vec<(AlertKind, String)>,
}

/// Where an opened report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is filed, and its ciphertext is erased.
    Filed(Box<Filing>),
    /// It is kept as it arrived.
    Quarantined(QuarantineReason),
}

/// What is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filing {
    /// A passage, with what its verified code says.
    Passage {
        /// The passage as reported.
        passage: Passage,
        /// The claims of the code in it.
        claims: Box<Claims>,
    },
    /// A passage with a certificate from abroad. The office has only its summary: it is filed as one
    /// that nobody can verify again.
    Certificate(Passage),
    /// A collector signed in, signed out or moved (打卡).
    Shift(Shift),
    /// A change of the roster that was made at the station.
    Roster {
        /// The change as reported.
        roster: Roster,
        /// What becomes of it.
        state: ChangeState,
    },
    /// Counts of refusals.
    Health(Health),
}

/// Hands reports out to the workers that open them.
#[async_trait]
pub trait Worklist {
    /// Leases at most `limit` waiting reports until `until`, the oldest first.
    ///
    /// No other claim returns them before `until`, whichever server makes it. If the worker dies,
    /// they can be claimed again after `until`; `now` decides which leases have ended.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn claim(&self, limit: usize, now: Timestamp, until: Timestamp)
    -> Result<Vec<Waiting>, StoreError>;

    /// Files or quarantines opened reports in one transaction, and ends their leases.
    ///
    /// A report that does not wait any more is skipped. So a worker that outlived its lease does no
    /// harm, and neither does one that settles twice.
    async fn settle(&self, settled: Vec<Settled>, now: Timestamp) -> Result<(), StoreError>;

    /// Lets reports in quarantine wait again and returns how many. `None` means any reason but that of a
    /// withdrawn station, which has to be named; reports in conflict stay in quarantine.
    async fn reopen(&self, reason: Option<QuarantineReason>) -> Result<usize, StoreError>;

    /// Raises a gap alert for each report that arrived by `before` and whose predecessor has not
    /// arrived yet; clears the alerts of gaps that were filled.
    async fn check_chains(&self, before: Timestamp, now: Timestamp) -> Result<(), StoreError>;
}
