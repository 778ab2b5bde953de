//! The policy files of a trust: those that are named for its community, and those that are missing.

use std::collections::BTreeMap;

use strict_cose::Value;
use strict_cose::cbor::{self, Limits};

use super::held::HeldCommunity;
use super::policy_file::PolicyFile;
use super::reading::{Flaw, in_file};
use super::{Community, NamedPolicy, PolicyHash, Rejection, Root, TrustFile, TrustList};
use crate::limits::{POLICIES, POLICY_BYTES};

/// The policies that are named for one community.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Policies {
    /// The files that are here, ascending by hash.
    held: Vec<PolicyFile>,
    /// Those that are named and not here.
    missing: Vec<NamedPolicy>,
    /// The files here that only a community names for which nobody vouches. They do not count, and are
    /// kept for the community that comes next.
    kept: Vec<PolicyFile>,
}

impl Policies {
    /// Chooses among files those that are named for the community, and checks each. One that fails its
    /// check counts as missing, and keeps out no other.
    pub(super) fn gather<'f>(
        files: impl IntoIterator<Item = &'f Vec<u8>>,
        root: &Root,
        list: &TrustList,
        community: &HeldCommunity,
    ) -> Self {
        let by_name: BTreeMap<PolicyHash, &Vec<u8>> =
            files.into_iter().map(|file| (PolicyHash::of(file), file)).collect();
        let here = |named: &NamedPolicy| {
            let file = by_name.get(&named.hash).and_then(|bytes| PolicyFile::open(bytes, root).ok());
            file.filter(|file| file.policy().region == named.region)
        };
        let Community { region, policies, .. } = community.counts();
        let mut held = BTreeMap::new();
        let mut missing = Vec::new();
        for named in list.policies.iter().chain(policies).filter(|named| named.region.contains(region)) {
            match here(named) {
                Some(file) => _ = held.insert(named.hash, file),
                None => missing.push(named.clone()),
            }
        }
        let kept = community.named_by_nobody().iter().filter_map(here).collect();
        Self { held: held.into_values().collect(), missing, kept }
    }

    pub(super) fn held(&self) -> &[PolicyFile] {
        &self.held
    }

    pub(super) fn missing(&self) -> &[NamedPolicy] {
        &self.missing
    }

    /// Returns the files to be stored, ascending by hash.
    pub(super) fn bytes(&self) -> Vec<Vec<u8>> {
        let mut files: Vec<&PolicyFile> = self.held.iter().chain(&self.kept).collect();
        files.sort_by_key(|file| file.hash());
        files.into_iter().map(|file| file.bytes().to_vec()).collect()
    }
}

/// Returns `policies.cbor`: the files one after the other, ascending by their hashes, none twice.
#[must_use]
pub fn bundle(files: &[Vec<u8>]) -> Vec<u8> {
    let files: BTreeMap<PolicyHash, &Vec<u8>> =
        files.iter().map(|file| (PolicyHash::of(file), file)).collect();
    cbor::encode(&Value::Array(files.into_values().map(|file| file.clone().into()).collect()))
}

/// Reads `policies.cbor`. Nothing in it may be believed yet.
///
/// # Errors
/// [`Rejection::Malformed`].
pub fn unbundle(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Rejection> {
    let malformed = in_file(TrustFile::Policies);
    let limits = Limits { bytes: BUNDLE_BYTES, depth: 2 };
    let value = cbor::decode(bytes, limits).map_err(in_file(TrustFile::Policies))?;
    let Value::Array(items) = value else { return Err(malformed(Flaw::new("not an array"))) };
    let file = |item| match item {
        Value::Bytes(file) if file.len() <= POLICY_BYTES => Some(file),
        _ => None,
    };
    let files: Option<Vec<Vec<u8>>> = items.into_iter().map(file).collect();
    files
        .filter(|files| files.len() <= POLICIES)
        .filter(|files| files.is_sorted_by(|a, b| PolicyHash::of(a) < PolicyHash::of(b)))
        .ok_or_else(|| malformed(Flaw::new("not policy files in ascending order")))
}

/// Longest `policies.cbor`: as many files as there may be, each with five bytes before it.
pub const BUNDLE_BYTES: usize = POLICIES * (POLICY_BYTES + 5) + 5;
