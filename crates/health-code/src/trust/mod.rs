//! The three signed files that a station judges by, with TUF's guarantees.
//!
//! `root.cose` says whose signatures count, `trust.cose` which issuers, `community.cose` which
//! checkpoints and people. A [`Trust`] holds all three, verified together; there is no other way
//! to one than [`Trust::open`] and [`Trust::update`].

mod community;
mod issuer;
mod list;
mod policy_codec;
mod reading;
mod recognition;
mod rejection;
mod revocations;
mod root;
mod signer_codec;
mod update;
mod verify;

pub use community::AAD as COMMUNITY_AAD;
pub use community::{Checkpoint, CheckpointId, Community, Person, PersonId, Role};
pub use issuer::{Issuer, Notice};
pub use list::AAD as LIST_AAD;
pub use list::TrustList;
pub use rejection::{Rejection, TrustFile};
pub use revocations::{RevocationIndex, Revocations, is_chunk};
pub use root::AAD as ROOT_AAD;
pub use root::{ReceiptKey, RegionKey, RoleKeys, Root, RootPin, SealingKey};

use std::sync::Arc;

use crate::policy::Policy;
use crate::time::Timestamp;

/// The bytes of the three files and of the revocations, as they travel and as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustFiles {
    /// `root.cose`.
    pub root: Vec<u8>,
    /// `trust.cose`.
    pub list: Vec<u8>,
    /// `community.cose`.
    pub community: Vec<u8>,
    /// `revocations.bin`: what the list names by hash.
    pub revocations: Arc<[u8]>,
}

/// Files that may replace the ones in force. Absent ones stay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustUpdate {
    /// Roots in order of version, each signed by its predecessor.
    pub roots: Vec<Vec<u8>>,
    /// A newer trust list.
    pub list: Option<Vec<u8>>,
    /// A newer community file.
    pub community: Option<Vec<u8>>,
    /// The revocations of that list, where they are others than those in force.
    pub revocations: Option<Arc<[u8]>>,
}

/// How old the trust list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Neither expiry has passed.
    Fresh,
    /// Past the soft expiry: the bar warns.
    Old,
    /// Past the hard expiry: nothing is judged.
    Expired,
}

/// What keeps a trust from judging anything at a moment. The codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub enum TrustFault {
    /// The moment lies before one that a trust file names as past: the clock is wrong.
    #[strum(serialize = "clock-wrong")]
    ClockWrong,
    /// The trust list is past its hard expiry, or past the policy's where that is sooner.
    #[strum(serialize = "trust-expired")]
    ListExpired,
}

impl TrustFault {
    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// A root, a trust list and a community that were verified together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    root: Root,
    list: TrustList,
    community: Community,
    revocations: Revocations,
    files: TrustFiles,
}

impl Trust {
    /// Root keys and thresholds.
    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Issuers, national policy.
    #[must_use]
    pub fn list(&self) -> &TrustList {
        &self.list
    }

    /// Checkpoints, people, local policy.
    #[must_use]
    pub fn community(&self) -> &Community {
        &self.community
    }

    /// Returns the revocations that the list names.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// Returns the files, to be stored or passed on.
    #[must_use]
    pub fn files(&self) -> &TrustFiles {
        &self.files
    }

    /// Returns the local policy where it is in force, else the national one.
    #[must_use]
    pub fn policy(&self, now: Timestamp) -> &Policy {
        self.community.policy.as_ref().filter(|policy| policy.is_in_force(now)).unwrap_or(&self.list.policy)
    }

    /// Returns the pin of the root in force, to be stored with the files.
    #[must_use]
    pub fn pin(&self) -> RootPin {
        RootPin::of(&self.files.root)
    }

    /// Returns what keeps this trust from judging at `now`, the wrong clock first.
    ///
    /// The gate, `kadian verify` and the back office all ask here.
    #[must_use]
    pub fn fault_at(&self, now: Timestamp) -> Option<TrustFault> {
        if now.is_behind(self.latest_signed_time()) {
            Some(TrustFault::ClockWrong)
        } else if self.freshness(now) == Freshness::Expired {
            Some(TrustFault::ListExpired)
        } else {
            None
        }
    }

    /// Returns how far the list can be relied on. The policy may shorten both periods.
    #[must_use]
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        let (soft, hard) = self.expiries(now);
        if now >= hard {
            Freshness::Expired
        } else if now >= soft {
            Freshness::Old
        } else {
            Freshness::Fresh
        }
    }

    /// Returns the soft and the hard expiry under the policy of this moment: from the first on the
    /// list counts as old, from the second on nothing is judged by it.
    #[must_use]
    pub fn expiries(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let policy = self.policy(now);
        let sooner = |own: Timestamp, seconds: Option<u32>| {
            seconds.map_or(own, |seconds| own.min(self.list.issued.plus(i64::from(seconds))))
        };
        let soft = sooner(self.list.soft_expiry, policy.soft_expiry_seconds);
        (soft, sooner(self.list.hard_expiry, policy.hard_expiry_seconds))
    }

    /// Returns when the newest of the three files was made. A clock behind it is wrong.
    #[must_use]
    pub fn latest_signed_time(&self) -> Timestamp {
        self.root.issued.max(self.list.issued).max(self.community.issued)
    }
}
