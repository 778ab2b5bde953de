//! Why a trust file is not accepted.

use strum::VariantNames as _;

use crate::time::Timestamp;

/// One of the files.
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
    /// A policy file
    Policy,
    /// `policies.cbor`
    Policies,
}

/// Why a trust file is not accepted. The file in force stays in force.
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
    /// Issued later than now and the skew: the clock or the file is wrong.
    #[error("{file:?}: issued in the future")]
    FromTheFuture {
        /// Which file.
        file: TrustFile,
        /// When.
        at: Timestamp,
    },
    /// A community that was issued earlier than root or list still believe.
    #[error("the community: only files issued from {from:?} on are believed")]
    NotBelieved {
        /// From when on.
        from: Timestamp,
    },
    /// A trust list made for another root, or a community or a policy that no region key may sign.
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
