//! Reports that wait to be opened, and what becomes of them.

use health_code::{Claims, Timestamp};
use wire::report::{Health, Passage, Roster, Shift};
use wire::{RecordId, SealedReport, StationId};

use super::alert_kind::AlertKind;
use super::reason::QuarantineReason;
use super::residents::PersonKeys;
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

impl Waiting {
    /// Names a report by the hash of its ciphertext.
    #[must_use]
    pub fn of(station: StationId, report: SealedReport, received: Timestamp) -> Self {
        let hash = wire::seal::hash(&report.ciphertext);
        Self { key: ReportKey { station, record: report.record, hash }, received, report }
    }
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
        /// By what its holder can be found, where the office could open the declaration.
        person: PersonKeys,
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
