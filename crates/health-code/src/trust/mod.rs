//! The three signed files that a station judges by, with TUF's guarantees.
//!
//! `root.cose` says whose signatures count, `trust.cose` which issuers, `community.cose` which
//! checkpoints and people. A [`Trust`] holds all three, verified together; there is no other way
//! to one than [`Trust::open`] and [`Trust::update`].

mod community;
mod form;
mod list;
mod policy_form;
mod recognition;
mod revocations;
mod root;
mod signer_form;
mod update;
mod verify;

pub use community::AAD as COMMUNITY_AAD;
pub use community::{Checkpoint, CheckpointId, Community, Person, PersonId, Role};
pub use list::AAD as LIST_AAD;
pub use list::{Issuer, Notice, TrustList};
pub use revocations::{RevocationIndex, Revocations, is_chunk};
pub use root::AAD as ROOT_AAD;
pub use root::{ReceiptKey, RegionKey, RoleKeys, Root, RootPin, SealingKey};

use std::sync::Arc;

use strum::VariantNames as _;

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

/// Which of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustFile {
    /// `root.cose`
    Root,
    /// `trust.cose`
    List,
    /// `community.cose`
    Community,
    /// `revocations.bin`
    Revocations,
}

/// Why a trust file is not accepted. The one in force stays in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Rejection {
    /// Not the shape of the file, or larger than its limit.
    #[error("{file:?}: not well formed: {what}")]
    Malformed {
        /// Which file.
        file: TrustFile,
        /// Which part.
        what: String,
    },
    /// Fewer valid signatures by the right role than its threshold.
    #[error("{file:?}: {held} valid signatures, {needed} needed")]
    Threshold {
        /// Which file.
        file: TrustFile,
        /// Valid ones by distinct keys of the role.
        held: usize,
        /// The role's threshold.
        needed: usize,
    },
    /// Not the root that was pinned at enrolment.
    #[error("another root than the one this station was enrolled with")]
    WrongRoot,
    /// A version lower than the one in force.
    #[error("{file:?}: version {offered} is older than {stored}")]
    Rollback {
        /// Which file.
        file: TrustFile,
        /// The one in force.
        stored: u64,
        /// The one offered.
        offered: u64,
    },
    /// The version in force with other bytes.
    #[error("{file:?}: another file with the version in force")]
    SameVersionOtherBytes {
        /// Which file.
        file: TrustFile,
    },
    /// A root that skips a version.
    #[error("root {offered} does not follow {stored}")]
    RootGap {
        /// The one in force.
        stored: u64,
        /// The one offered.
        offered: u64,
    },
    /// Expired when it was offered.
    #[error("{file:?}: expired")]
    Expired {
        /// Which file.
        file: TrustFile,
        /// When.
        at: Timestamp,
    },
    /// Issued later than now, beyond the skew: the clock or the file is wrong.
    #[error("{file:?}: issued in the future")]
    FromTheFuture {
        /// Which file.
        file: TrustFile,
        /// When.
        at: Timestamp,
    },
    /// A trust list made for another root, or a community under no region key.
    #[error("{file:?}: does not belong to this root")]
    OtherRoot {
        /// Which file.
        file: TrustFile,
    },
    /// Other revocations than the trust list names.
    #[error("not the revocations that the trust list names")]
    OtherRevocations,
    /// A community file of another community than the station's.
    #[error("the file of another community")]
    OtherCommunity,
}

impl Rejection {
    /// Every code that [`Rejection::code`] gives.
    pub const CODES: &'static [&'static str] = Self::VARIANTS;

    /// Returns the stable code. Offering the same files again never helps.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// How far the trust list can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// In force.
    Fresh,
    /// Past its soft expiry: warn.
    Old,
    /// Past its hard expiry: nothing is green.
    Expired,
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

    /// Who is revoked.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// The files, to be stored or passed on.
    #[must_use]
    pub fn files(&self) -> &TrustFiles {
        &self.files
    }

    /// The local policy where it is in force, else the national one.
    #[must_use]
    pub fn policy(&self, now: Timestamp) -> &Policy {
        self.community.policy.as_ref().filter(|policy| policy.is_in_force(now)).unwrap_or(&self.list.policy)
    }

    /// The pin of the root in force, to be stored with the files.
    #[must_use]
    pub fn pin(&self) -> RootPin {
        RootPin::of(&self.files.root)
    }

    /// How far the list can be relied on; the policy may shorten both periods.
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

    /// From when on the list counts as old, and from when on nothing is judged by it, under the
    /// policy of this moment.
    #[must_use]
    pub fn expiries(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let policy = self.policy(now);
        let sooner = |own: Timestamp, seconds: Option<u32>| {
            seconds.map_or(own, |seconds| own.min(self.list.issued.plus(i64::from(seconds))))
        };
        let soft = sooner(self.list.soft_expiry, policy.soft_expiry_seconds);
        (soft, sooner(self.list.hard_expiry, policy.hard_expiry_seconds))
    }

    /// The latest moment that any of the three files names as past: a clock below it is wrong.
    #[must_use]
    pub fn latest_signed_time(&self) -> Timestamp {
        self.root.issued.max(self.list.issued).max(self.community.issued)
    }
}
