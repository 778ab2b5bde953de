//! Changes of the roster that people made at stations.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::report::RosterChange;
use wire::{RecordId, StationId};

use super::error::StoreError;

/// Names a change: the report that told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangeKey {
    /// The station that reported it.
    pub station: StationId,
    /// The report.
    pub record: RecordId,
}

/// What becomes of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr, strum::IntoStaticStr)]
#[repr(u8)]
pub enum ChangeState {
    /// It is to enter the next community file.
    #[strum(serialize = "accepted")]
    Accepted = 0,
    /// It entered one.
    #[strum(serialize = "entered")]
    Entered = 1,
    /// Its author may not make it, or what it says does not hold: it waits for a person to decide.
    #[strum(serialize = "waits")]
    Waits = 2,
}

impl ChangeState {
    /// Returns the stable code that lists show.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// A change that somebody made at a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub key: ChangeKey,
    /// The community of the station that reported it: it enters no other.
    pub community: Region,
    /// When it was made, by the station's clock.
    pub at: Timestamp,
    /// Who made it.
    pub by: [u8; 8],
    /// What changed.
    pub change: RosterChange,
    /// What becomes of it.
    pub state: ChangeState,
}

/// Keeps the changes that people made at stations. [`super::Worklist::settle`] brings them in, and
/// [`super::TrustHistory::bring_into_force`] notes which ones entered a community file.
#[async_trait]
pub trait RosterChanges {
    /// Returns the changes that are to enter the next community file, in the order of their arrival, at
    /// most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn accepted_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError>;
}
