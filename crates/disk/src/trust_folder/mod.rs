//! A folder of trust files: their names, reading them, and writing them.
//!
//! Reading checks sizes and kinds, and nothing of what the files say:
//! [`health_code::Trust::open`] does that. `docs/trust-files.md` describes the files.

mod communities;
mod read;
mod write;

pub use communities::{MOST_COMMUNITIES, community_names, community_path, read_communities};
pub use read::{read, read_pin, root_steps};
pub use write::{recover, replace_each, swap};

/// The root: whose keys count, and for what.
pub const ROOT: &str = "root.cose";
/// The trust list: issuers, and the hashes of policies and revocations.
pub const LIST: &str = "trust.cose";
/// The community: its checkpoints and its people.
pub const COMMUNITY: &str = "community.cose";
/// The folder with the files of further communities, which an office may have.
pub const COMMUNITIES: &str = "communities";
/// All revocations; over the network they travel by chunks.
pub const REVOCATIONS: &str = "revocations.bin";
/// The policy files that list and community name, in one.
pub const POLICIES: &str = "policies.cbor";
/// SHA-256 of the root that a station believes, in hex.
pub const PIN: &str = "pin";
/// The files that make up a trust.
pub const FILES: [&str; 5] = [ROOT, LIST, COMMUNITY, REVOCATIONS, POLICIES];

/// Returns the name of a root that others follow, as in TUF: `7.root.cose`.
#[must_use]
pub fn root_step(version: u64) -> String {
    format!("{version}.{ROOT}")
}
