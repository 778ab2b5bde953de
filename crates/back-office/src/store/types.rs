//! What goes into the store and what comes out.

use health_code::Timestamp;
use wire::report::{Health, Passage, Roster, Shift};
use wire::{BatchId, ClockState, RecordId, SealedReport, Shown, StationId};

use super::reason::QuarantineReason;

/// An enrolled station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// Its Ed25519 public key.
    pub key: [u8; 32],
    /// What the technician called it.
    pub name: String,
    /// Since when.
    pub enrolled: Timestamp,
    /// Withdrawn since.
    pub withdrawn: Option<Timestamp>,
    /// When its last batch was committed.
    pub last_seen: Option<Timestamp>,
}

/// What became of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// The station is enrolled under this id, now or by the same request before.
    Enrolled(StationId),
    /// No such ticket.
    Unknown,
    /// Its time is over.
    Expired,
    /// Used by another station.
    Used,
    /// The key belongs to a station that was withdrawn.
    Withdrawn,
}

/// A verified batch.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// From whom.
    pub station: StationId,
    /// Under which name.
    pub batch: BatchId,
    /// Its reports.
    pub reports: &'a [SealedReport],
    /// When.
    pub received: Timestamp,
}

/// A report that waits to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its row.
    pub row: i64,
    /// From whom.
    pub station: StationId,
    /// When it arrived.
    pub received: Timestamp,
    /// The report.
    pub report: SealedReport,
}

/// What the worker made of a waiting report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The row of [`Waiting`].
    pub row: i64,
    /// Where it goes.
    pub outcome: Outcome,
    /// An alert, with its detail.
    pub alert: Option<(AlertKind, String)>,
}

/// Where an opened report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Filed.
    Filed(Box<Filing>),
    /// Kept as it arrived.
    Quarantined(QuarantineReason),
}

/// What is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filing {
    /// A passage, with what its verified code says.
    Passage {
        /// As reported.
        passage: Passage,
        /// Of its code.
        claims: Box<health_code::Claims>,
    },
    /// A passage with a certificate from abroad, of which it says little and this office verifies
    /// nothing again.
    Certificate(Passage),
    /// 打卡.
    Shift(Shift),
    /// A change made at the station.
    Roster(Roster),
    /// Counts.
    Health(Health),
}

/// What an alert is about. The codes are stable: the database holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
pub enum AlertKind {
    /// Two reports of a station follow the same one: a disk was restored or cloned.
    #[strum(serialize = "fork")]
    Fork,
    /// A report's predecessor has not arrived.
    #[strum(serialize = "gap")]
    Gap,
    /// Two ciphertexts under one record id.
    #[strum(serialize = "conflict")]
    Conflict,
    /// A withdrawn station still sends.
    #[strum(serialize = "withdrawn-sends")]
    WithdrawnSends,
    /// The station showed something better than the policy says of the code.
    #[strum(serialize = "shown-better")]
    ShownBetter,
}

impl AlertKind {
    /// Returns the stable code; `str::parse` reads it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Which station.
    pub station: StationId,
    /// What it is about.
    pub kind: AlertKind,
    /// About which record.
    pub record: RecordId,
    /// More, in English.
    pub detail: String,
    /// Since when.
    pub raised: Timestamp,
    /// Over since.
    pub cleared: Option<Timestamp>,
}

/// A filed passage, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageRow {
    /// Which station.
    pub station: StationId,
    /// Which record.
    pub record: RecordId,
    /// When, by the station's clock.
    pub at: Timestamp,
    /// How far that can be relied on.
    pub clock: ClockState,
    /// Checkpoint.
    pub checkpoint: [u8; 8],
    /// Collector.
    pub collector: [u8; 8],
    /// What was shown.
    pub shown: Shown,
    /// The issuer.
    pub iss: String,
    /// Masked name.
    pub masked_name: String,
    /// Masked identity number.
    pub masked_id: String,
    /// Colour, in lower case.
    pub colour: String,
    /// Pseudonym.
    pub pseudonym: [u8; 16],
    /// When it arrived.
    pub received: Timestamp,
}

/// A report in quarantine, unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Which station.
    pub station: StationId,
    /// Which record.
    pub record: RecordId,
    /// When it arrived.
    pub received: Timestamp,
    /// Why it is there.
    pub reason: QuarantineReason,
}

/// A checkpoint that somebody added at a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// The checkpoint.
    pub checkpoint: [u8; 8],
    /// Its name.
    pub name: String,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Passages filed.
    pub passages: u64,
    /// Shift reports filed.
    pub shifts: u64,
    /// Roster changes filed.
    pub roster_changes: u64,
    /// Health reports filed.
    pub health_reports: u64,
    /// Committed and not opened yet.
    pub waiting: u64,
    /// In quarantine.
    pub quarantined: u64,
    /// Records in the ledger.
    pub records: u64,
    /// Stations enrolled.
    pub stations: u64,
    /// Alerts that are not over.
    pub alerts: u64,
}
