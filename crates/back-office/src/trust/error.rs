//! Why trust files are not in force.

use std::path::PathBuf;

use disk::DiskError;
use health_code::{Region, Rejection};

use crate::store::StoreError;

/// Why trust files cannot be served, or do not come into force.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The office has no trust files yet.
    #[error(
        "no trust files: put root.cose, trust.cose, community.cose, policies.cbor and revocations.bin into {0}, or use --import-trust"
    )]
    Missing(PathBuf),
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The files are refused; those in force stay in force.
    #[error("trust files refused: {0}")]
    Rejected(#[from] Rejection),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another server brought files into force at the same moment.
    #[error("another server has just brought other trust files into force; try again")]
    Overtaken,
    /// There are as many communities as one office serves.
    #[error("{0}: this office serves no more communities")]
    TooMany(Region),
}

/// Why a file in the folder is not in force, though others beside it are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{region}: {why}")]
pub(super) struct LeftOut {
    /// The community whose file it is.
    pub region: Region,
    /// Why it is refused.
    pub why: Rejection,
}
