//! Counters of what was filed, kept in the transaction that files it: the board and collectors' work read
//! sums of bounded many rows, and count no passages. No counter leads to a resident.

mod batch;
mod kinds;

use std::collections::BTreeMap;

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::report::{Health, Shift};
use wire::{Direction, StationId, hex};

use super::error::StoreError;

#[cfg(any(test, feature = "testing"))]
pub(super) use batch::WorkKey;
pub(super) use batch::{Batch, kept_from};
pub use kinds::Tally;

/// How long one counter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
}

/// Of what something is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// All stations of a region.
    Region(Region),
    /// One checkpoint, as stations of one community name it.
    Checkpoint {
        /// The community.
        community: Region,
        /// The checkpoint's id.
        id: [u8; 8],
    },
    /// One station. It is counted by minutes alone.
    Station(StationId),
}

/// Counters by the second in which their minute or hour begins. Where nothing was counted there is none.
pub type Series = BTreeMap<i64, Tally>;

/// What a collector did within an hour at a checkpoint, in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkHour {
    /// When the hour begins.
    pub at: Timestamp,
    /// Who.
    pub collector: [u8; 8],
    /// Where.
    pub checkpoint: [u8; 8],
    /// In which direction people passed.
    pub direction: Direction,
    /// How many.
    pub tally: Tally,
}

/// What a station reported of who works at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty<R> {
    /// The station.
    pub station: StationId,
    /// What it reported.
    pub report: R,
}

/// Keeps counters. Filing writes them.
#[async_trait]
pub trait Tallies {
    /// Returns the counters of each subject, in their order, that begin at `from` or later and before `until`.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn tallies(
        &self,
        span: Span,
        subjects: Vec<Subject>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Series>, StoreError>;

    /// Returns what collectors did in a community, by the hour; the earliest first, at most `limit` rows.
    async fn work_hours(
        &self,
        community: &Region,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<WorkHour>, StoreError>;

    /// Returns changes of shift that these stations reported, the earliest first, at most `limit`.
    async fn shifts_of(
        &self,
        stations: Vec<StationId>,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Duty<Shift>>, StoreError>;

    /// Returns counts of invalid scans that these stations reported, the earliest first, at most `limit` reports.
    async fn health_of(
        &self,
        stations: Vec<StationId>,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Duty<Health>>, StoreError>;

    /// Deletes counters that are older than the office keeps them; see [`crate::limits`].
    async fn forget_tallies(&self, now: Timestamp) -> Result<(), StoreError>;
}

impl Span {
    /// Returns its length in seconds.
    #[must_use]
    pub fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3600,
        }
    }

    /// Returns the second in which the span begins that a moment is in.
    #[must_use]
    pub fn start(self, moment: Timestamp) -> i64 {
        moment.0.saturating_sub(moment.0.rem_euclid(self.seconds()))
    }
}

impl Subject {
    /// Returns the text by which a database knows it.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Region(region) => region.to_string(),
            Self::Checkpoint { community, id } => format!("{community}/{}", hex::encode(id)),
            Self::Station(station) => format!("s{station}"),
        }
    }
}
