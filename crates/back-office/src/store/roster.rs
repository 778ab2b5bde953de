//! Changes of the roster that people made at stations.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::report::RosterChange;
use wire::{NoticeCode, RecordId, StationId};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// It is to enter the next community file.
    Accepted,
    /// It entered one.
    Entered {
        /// The version of that file.
        version: u64,
    },
    /// A person has to publish something first.
    Waits,
    /// It enters none, for good.
    Refused(ChangeRefusal),
}

impl ChangeState {
    /// Returns the stable code that lists show.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Entered { .. } => "entered",
            Self::Waits => "waits",
            Self::Refused(refusal) => refusal.code(),
        }
    }

    /// Returns what a receipt says of it that offers this version of the community file.
    #[must_use]
    pub fn notice(self, offered: u64) -> NoticeCode {
        match self {
            Self::Entered { version } if version <= offered => NoticeCode::Entered,
            Self::Accepted | Self::Entered { .. } | Self::Waits => NoticeCode::Waits,
            Self::Refused(refusal) => NoticeCode::of(refusal.code()),
        }
    }

    /// Returns the numbers that databases hold: of the state, the version, the refusal.
    #[must_use]
    pub fn numbers(self) -> (u8, Option<u64>, Option<u8>) {
        match self {
            Self::Accepted => (0, None, None),
            Self::Entered { version } => (1, Some(version), None),
            Self::Waits => (2, None, None),
            Self::Refused(refusal) => (3, None, Some(refusal as u8)),
        }
    }

    /// Reads [`ChangeState::numbers`]; `None` for others.
    #[must_use]
    pub fn of_numbers(state: u8, version: Option<u64>, refusal: Option<u8>) -> Option<Self> {
        match (state, version, refusal) {
            (0, None, None) => Some(Self::Accepted),
            (1, Some(version), None) => Some(Self::Entered { version }),
            (2, None, None) => Some(Self::Waits),
            (3, None, Some(refusal)) => ChangeRefusal::from_repr(refusal).map(Self::Refused),
            _ => None,
        }
    }

    /// Returns whether the change counts: it entered a community file, or is to.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Self::Accepted | Self::Entered { .. })
    }
}

/// Why a change enters no community file. The codes are those of the notices in receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[repr(u8)]
pub enum ChangeRefusal {
    /// Whoever made it had no right to it.
    NotAllowed = 0,
    /// The checkpoint or person is not there.
    NotThere = 1,
    /// Another checkpoint has the name, or the person who was added is there under another id.
    Taken = 2,
    /// The community has as many checkpoints or people as a file takes.
    Full = 3,
    /// Nobody would be left who may change anything.
    LastAdministrator = 4,
    /// The code of the person who was added does not verify.
    Unverified = 5,
    /// It was made in the future.
    Future = 6,
    /// No reader would take what it says.
    Unusable = 7,
}

impl ChangeRefusal {
    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// A change that was considered for a community file, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Considered {
    /// The change.
    pub key: ChangeKey,
    /// What becomes of it.
    pub state: ChangeState,
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
    /// Returns the changes that are to enter the next community file, at most `limit`, in the order of their
    /// arrival: of those that came in one second by when they were made, and then as their station sent them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn accepted_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// Returns those of a station's changes that these records reported, in any order.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn changes_of(&self, station: StationId, records: Vec<RecordId>)
    -> Result<Vec<Change>, StoreError>;

    /// Returns the changes of these checkpoints and people, whoever reported them and in any state, in the
    /// order of their arrival, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn changes_about(&self, ids: Vec<[u8; 8]>, limit: usize) -> Result<Vec<Change>, StoreError>;
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn each_state_has_its_numbers_and_its_notice() {
        let refused = ChangeRefusal::VARIANTS.iter().map(|refusal| ChangeState::Refused(*refusal));
        let others = [ChangeState::Accepted, ChangeState::Entered { version: 7 }, ChangeState::Waits];
        for state in others.into_iter().chain(refused) {
            let (number, version, refusal) = state.numbers();
            assert_eq!(ChangeState::of_numbers(number, version, refusal), Some(state));
            assert!(!matches!(state.notice(7), NoticeCode::Other(_)), "{state:?}");
            assert_eq!(state.notice(7).is_refusal(), matches!(state, ChangeState::Refused(_)));
        }
        // Not before the receipt that offers the file.
        let entered = ChangeState::Entered { version: 7 };
        let notices = [6, 7, 8].map(|offered| entered.notice(offered));
        assert_eq!(notices, [NoticeCode::Waits, NoticeCode::Entered, NoticeCode::Entered]);
        assert_eq!(ChangeState::of_numbers(1, None, None), None);
        assert_eq!(ChangeState::of_numbers(3, None, Some(99)), None);
    }
}
