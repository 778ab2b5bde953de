//! The signed files that a station judges by, with TUF's guarantees.
//!
//! `root.cose` says whose signatures count, `trust.cose` which issuers, `community.cose` which
//! checkpoints and people; policies are files of their own, which the latter two name by hash. A
//! [`Trust`] holds all of them, verified together; there is no other way to one than [`Trust::open`]
//! and [`Trust::update`].

mod believed_from;
mod checkpoint;
mod community;
mod held;
mod in_force;
mod issuer;
mod list;
mod named;
mod person;
mod policies;
mod policy_codec;
mod policy_file;
mod reading;
mod recognition;
mod region_key;
mod rejection;
mod revocations;
mod role;
mod root;
mod row_codec;
mod signer_codec;
mod update;
mod value_set_codec;
mod verify;

pub use believed_from::BelievedFrom;
pub use checkpoint::{Checkpoint, CheckpointId, Directions, Place};
pub use community::AAD as COMMUNITY_AAD;
pub use community::Community;
pub use in_force::{Freshness, PolicyInForce, PolicySet, TrustFault};
pub use issuer::{Issuer, Notice};
pub use list::AAD as LIST_AAD;
pub use list::TrustList;
pub use named::{NamedPolicy, PolicyHash};
pub use person::{Person, PersonId};
pub use policies::{BUNDLE_BYTES, bundle, unbundle};
pub use policy_file::AAD as POLICY_AAD;
pub use policy_file::PolicyFile;
pub use region_key::{Grants, RegionKey};
pub use rejection::{Rejection, TrustFile};
pub use revocations::{RevocationIndex, Revocations, is_chunk};
pub use role::Role;
pub use root::AAD as ROOT_AAD;
pub use root::{ReceiptKey, RoleKeys, Root, RootPin, SealingKey};

use std::sync::Arc;

use held::HeldCommunity;
use policies::Policies;

/// The bytes of the files and of the revocations, as they travel and as they are stored.
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
    /// The policy files that list and community name for this community, ascending by hash; together
    /// they are `policies.cbor` ([`bundle`]).
    pub policies: Vec<Vec<u8>>,
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
    /// Policy files. Those that are not named, or fail their check, are left out.
    pub policies: Vec<Vec<u8>>,
}

/// A root, a trust list and a community that were verified together.
///
/// A root may leave the community that is in force without anybody who vouches for it
/// ([`Trust::unvouched`]): nothing is judged until the next one comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    // Shared, since an office holds a trust for each of its communities.
    root: Arc<Root>,
    list: Arc<TrustList>,
    community: HeldCommunity,
    revocations: Revocations,
    policies: Policies,
    files: TrustFiles,
}

impl Trust {
    /// Root keys and thresholds.
    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Issuers, revocations, the names of the wider policies.
    #[must_use]
    pub fn list(&self) -> &TrustList {
        &self.list
    }

    /// Checkpoints, people, the names of the narrower policies. One that nobody vouches for
    /// ([`Trust::unvouched`]) has none of them, and withdraws no station.
    #[must_use]
    pub fn community(&self) -> &Community {
        self.community.counts()
    }

    /// Returns why no key of the root vouches for the community's file any more, where that is so.
    #[must_use]
    pub fn unvouched(&self) -> Option<&Rejection> {
        self.community.rejection()
    }

    /// Returns this trust, if a key of the root vouches for its community: whoever starts with files, or
    /// passes them on, takes no others.
    ///
    /// # Errors
    /// [`Rejection`]: why none does.
    pub fn vouched_for(self) -> Result<Self, Rejection> {
        match self.unvouched() {
            Some(rejection) => Err(rejection.clone()),
            None => Ok(self),
        }
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

    /// Returns the policy files that are here, ascending by hash, whether they are in force or not.
    #[must_use]
    pub fn policy_files(&self) -> &[PolicyFile] {
        self.policies.held()
    }

    /// Returns the policies that are named for this community and not here. While there are any,
    /// nothing is judged.
    #[must_use]
    pub fn missing_policies(&self) -> &[NamedPolicy] {
        self.policies.missing()
    }

    /// Returns the pin of the root in force, to be stored with the files.
    #[must_use]
    pub fn pin(&self) -> RootPin {
        RootPin::of(&self.files.root)
    }
}
