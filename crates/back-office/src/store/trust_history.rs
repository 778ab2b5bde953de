//! The trust files in force, and those that were in force before.

use async_trait::async_trait;
use health_code::{Timestamp, TrustFiles};

use super::error::StoreError;

/// The versions of the three signed files of a set. They name the set: of two sets that were in
/// force in one deployment, at least one version differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustVersions {
    /// Version of the root.
    pub root: u64,
    /// Version of the trust list.
    pub list: u64,
    /// Version of the community.
    pub community: u64,
}

/// A verified set of trust files that is to come into force.
#[derive(Debug, Clone)]
pub struct TrustSet {
    /// The versions of the files.
    pub versions: TrustVersions,
    /// The files.
    pub files: TrustFiles,
    /// The roots that lead to the set's root, each with its version; the last is the set's own.
    pub roots: Vec<(u64, Vec<u8>)>,
}

/// Keeps every set of trust files that was in force. The latest one is in force, for all servers.
#[async_trait]
pub trait TrustHistory {
    /// Returns the versions of the set in force.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn versions_in_force(&self) -> Result<Option<TrustVersions>, StoreError>;

    /// Brings a set into force if the set in force is still `before`. Returns false, and changes
    /// nothing, if another server was quicker.
    async fn bring_into_force(
        &self,
        set: TrustSet,
        before: Option<TrustVersions>,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Returns the set in force, or the last one whose list has this version.
    async fn trust(&self, list_version: Option<u64>) -> Result<Option<TrustFiles>, StoreError>;

    /// Returns the root of this version, if it was in force or led to one that was.
    async fn root(&self, version: u64) -> Result<Option<Vec<u8>>, StoreError>;
}
