//! Lists and counts, for people.

use async_trait::async_trait;
use health_code::Timestamp;
use wire::{ClockState, Direction, Outcome, RecordId, Shown, StationId};

use super::alert_kind::AlertKind;
use super::error::StoreError;
use super::reason::QuarantineReason;
use super::roster::Change;

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The station it concerns.
    pub station: StationId,
    /// What it is about.
    pub kind: AlertKind,
    /// The record it concerns; zeros where it concerns the whole station.
    pub record: RecordId,
    /// More, in English.
    pub detail: String,
    /// When it was raised.
    pub raised: Timestamp,
    /// When its cause was gone.
    pub cleared: Option<Timestamp>,
}

/// A filed passage, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageRow {
    /// The station that reported it.
    pub station: StationId,
    /// The record's id.
    pub record: RecordId,
    /// When it was confirmed, by the station's clock.
    pub at: Timestamp,
    /// When it was judged, by the station's clock.
    pub judged: Timestamp,
    /// How reliable that clock was.
    pub clock: ClockState,
    /// The checkpoint's id.
    pub checkpoint: [u8; 8],
    /// The collector's id.
    pub collector: [u8; 8],
    /// What the station showed.
    pub shown: Shown,
    /// In which direction the person passed.
    pub direction: Direction,
    /// What the collector did.
    pub outcome: Outcome,
    /// The issuer, or the country of a certificate.
    pub iss: String,
    /// The masked name.
    pub masked_name: String,
    /// The masked identity number; empty for a certificate.
    pub masked_id: String,
    /// The colour's code, or `certificate`.
    pub colour: String,
    /// Whether the office verified the code again. It cannot for a certificate.
    pub verified: bool,
    /// The person's pseudonym.
    pub pseudonym: [u8; 16],
    /// When the report arrived.
    pub received: Timestamp,
}

/// A report in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The station that sent it.
    pub station: StationId,
    /// The record's id.
    pub record: RecordId,
    /// SHA-256 of the ciphertext.
    pub hash: [u8; 32],
    /// When it arrived.
    pub received: Timestamp,
    /// Why it is in quarantine.
    pub reason: QuarantineReason,
}

/// How many rows there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Filed passages.
    pub passages: u64,
    /// Filed shift reports.
    pub shifts: u64,
    /// Filed roster changes.
    pub roster_changes: u64,
    /// Filed health reports.
    pub health_reports: u64,
    /// Reports that are committed and not opened yet.
    pub waiting: u64,
    /// Reports in quarantine.
    pub quarantined: u64,
    /// Records that ever arrived.
    pub records: u64,
    /// Enrolled stations.
    pub stations: u64,
    /// Alerts that are not cleared.
    pub alerts: u64,
}

/// Lists what arrived. Every list has at most `limit` rows.
#[async_trait]
pub trait Reading {
    /// Counts the rows of each kind.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn counts(&self) -> Result<Counts, StoreError>;

    /// Returns passages, the latest first.
    async fn passages(&self, limit: usize) -> Result<Vec<PassageRow>, StoreError>;

    /// Returns reports in quarantine: the latest first, and of those that arrived together by stream and
    /// place, the highest first.
    async fn quarantined(&self, limit: usize) -> Result<Vec<Quarantined>, StoreError>;

    /// Returns alerts: those that are not cleared first, then the latest first.
    async fn alerts(&self, limit: usize) -> Result<Vec<Alert>, StoreError>;

    /// Returns the changes that were made at stations, in any state, the latest first.
    async fn roster_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError>;
}
