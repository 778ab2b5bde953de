//! The trust files in force, and those that were in force before.

use async_trait::async_trait;
use health_code::{PolicyHash, Timestamp, TrustFiles};

use super::error::StoreError;
use super::roster::{ChangeKey, Considered};

/// What names a set: of two sets that were in force in one deployment, at least one of these differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrustVersions {
    /// Version of the root.
    pub root: u64,
    /// Version of the trust list.
    pub list: u64,
    /// Version of the community.
    pub community: u64,
    /// How many policy files there are: one that was missing may come later.
    pub policies: u32,
}

/// A verified set of trust files that is to come into force.
#[derive(Debug, Clone)]
pub struct TrustSet {
    /// The set's name.
    pub versions: TrustVersions,
    /// The files.
    pub files: TrustFiles,
    /// The roots that lead to the set's root, each with its version; the last is the set's own.
    pub roots: Vec<(u64, Vec<u8>)>,
    /// The changes made at stations that were considered for the set's community, and what came of each.
    pub entered: Vec<Considered>,
    /// What the community of the set before held, and this one's does not.
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

/// Keeps every set of trust files that was in force, and every policy, for ever. The latest set is in
/// force, for all servers.
#[async_trait]
pub trait TrustHistory {
    /// Returns the name of the set in force.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn versions_in_force(&self) -> Result<Option<TrustVersions>, StoreError>;

    /// Brings a set into force if the set in force is still `before`. Returns false, and changes
    /// nothing, if another server was quicker. What came of the changes that were considered for it is noted in the same transaction, and
    /// so is an alert for each that it drops.
    async fn bring_into_force(
        &self,
        set: TrustSet,
        before: Option<TrustVersions>,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Returns the set of this name, or the set in force.
    async fn trust(&self, versions: Option<TrustVersions>) -> Result<Option<TrustFiles>, StoreError>;

    /// Returns the names of the sets with the list of this version, the latest first, at most `limit`.
    async fn sets_of_list(&self, list: u64, limit: usize) -> Result<Vec<TrustVersions>, StoreError>;

    /// Returns for each moment the name of the set that was in force, in the same order. Before the first
    /// set it is the first one; `None` where there was never any.
    async fn in_force_at(&self, moments: Vec<Timestamp>) -> Result<Vec<Option<TrustVersions>>, StoreError>;

    /// Returns the root of this version, if it was in force or led to one that was.
    async fn root(&self, version: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// Returns the policy file of this hash, if it was ever in a set.
    async fn policy(&self, hash: PolicyHash) -> Result<Option<Vec<u8>>, StoreError>;
}
