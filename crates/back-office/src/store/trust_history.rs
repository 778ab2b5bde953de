//! The trust files in force, and those that were in force before.
//!
//! Root, list and revocations are the same for all communities of an office; each community has its file.
//! Whatever comes into force at one moment is an edition.

use std::sync::Arc;

use async_trait::async_trait;
use health_code::{PolicyHash, Region, Timestamp, TrustFiles};

use super::error::StoreError;
use super::roster::{ChangeKey, Considered};

/// Names a set of trust files of one community, by the editions that brought them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetName {
    /// The edition that brought root, list and revocations.
    pub shared: u64,
    /// The edition that brought the community's file.
    pub community: u64,
}

/// The files that all communities share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedFiles {
    /// Version of the root.
    pub root_version: u64,
    /// Version of the list.
    pub list_version: u64,
    /// `root.cose`
    pub root: Vec<u8>,
    /// `trust.cose`
    pub list: Vec<u8>,
    /// `revocations.bin`
    pub revocations: Arc<[u8]>,
    /// The policies that the list names, as far as they are here.
    pub policies: Vec<Vec<u8>>,
}

impl SharedFiles {
    /// Returns a community's set. Its policies are ascending by hash.
    #[must_use]
    pub fn with(self, community: CommunityFiles) -> TrustFiles {
        let Self { root, list, revocations, mut policies, .. } = self;
        policies.extend(community.policies);
        policies.sort_by_key(|file| PolicyHash::of(file));
        TrustFiles { root, list, community: community.file, revocations, policies }
    }
}

/// The file of a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunityFiles {
    /// The community (12 digits).
    pub region: Region,
    /// Version of the file.
    pub version: u64,
    /// `community.cose`
    pub file: Vec<u8>,
    /// The policies that it names, as far as they are here.
    pub policies: Vec<Vec<u8>>,
}

/// Verified files that are to come into force together.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// The shared files, if they change.
    pub shared: Option<SharedFiles>,
    /// The communities that change, each once.
    pub communities: Vec<CommunityFiles>,
    /// The roots that lead to the shared root, each with its version; the last is that root.
    pub roots: Vec<(u64, Vec<u8>)>,
    /// The changes made at stations that were considered for these communities, and what came of each.
    pub entered: Vec<Considered>,
    /// What the communities before held, and these do not.
    pub dropped: Vec<Dropped>,
}

/// A change that had entered the community, or a withdrawal, that the next community does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// The change; for a withdrawal the station, and zeros for the record.
    pub key: ChangeKey,
    /// What was dropped, in English, with its ids.
    pub detail: String,
}

/// Keeps every trust file that was in force, and every policy, for ever. What came last is in force, for
/// all servers.
#[async_trait]
pub trait TrustHistory {
    /// Returns the number of the last edition; 0 before the first.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn edition(&self) -> Result<u64, StoreError>;

    /// Brings the edition that follows `before` into force. Returns false, and changes nothing, if another
    /// server was quicker. What came of the changes that were considered is noted in the same transaction, and
    /// so is an alert for each that it drops.
    async fn bring_into_force(&self, next: Edition, before: u64, now: Timestamp) -> Result<bool, StoreError>;

    /// Returns the shared files in force and the number of their edition, if that is after `edition`.
    async fn shared(&self, edition: u64) -> Result<Option<(u64, SharedFiles)>, StoreError>;

    /// Returns the communities' files in force that came after `edition`, in the order of their coming.
    async fn communities(&self, edition: u64) -> Result<Vec<(u64, CommunityFiles)>, StoreError>;

    /// Returns the community that came first.
    async fn first_community(&self) -> Result<Option<Region>, StoreError>;

    /// Returns a community's set by its name.
    async fn trust(&self, community: &Region, name: SetName) -> Result<Option<TrustFiles>, StoreError>;

    /// Returns the names of a community's sets with the list of this version, the latest first, at most
    /// `limit`.
    async fn sets_of_list(
        &self,
        community: &Region,
        list: u64,
        limit: usize,
    ) -> Result<Vec<SetName>, StoreError>;

    /// Returns for each community and moment the name of the set that was in force, in the same order.
    /// Before the first one it is that; `None` where the community never had a file.
    async fn in_force_at(
        &self,
        moments: Vec<(Region, Timestamp)>,
    ) -> Result<Vec<Option<SetName>>, StoreError>;

    /// Returns the root of this version, if it was in force or led to one that was.
    async fn root(&self, version: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// Returns the policy file of this hash, if it was ever in a set.
    async fn policy(&self, hash: PolicyHash) -> Result<Option<Vec<u8>>, StoreError>;
}
