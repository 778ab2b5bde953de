//! Region keys: who may sign for which subtree, and what.

use std::collections::BTreeMap;

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, KeyId, PublicKey, Value};

use super::reading::{Flaw, kid, public_key, region};
use crate::region::Region;

/// A key that signs for a region's subtree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionKey {
    /// The subtree.
    pub region: Region,
    /// Names the key.
    pub kid: KeyId,
    /// The key.
    pub key: PublicKey,
    /// What it may sign there.
    pub grants: Grants,
}

/// What a region key may sign, as bits. At least one is set, and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grants(u8);

impl Grants {
    /// Community files.
    pub const COMMUNITIES: Self = Self(1);
    /// Policies of one community (12 digits).
    pub const COMMUNITY_POLICIES: Self = Self(2);
    /// Policies of every level.
    pub const POLICIES: Self = Self(4);
    /// An office's delegated key: community files and the policies of one community, nothing wider.
    pub const OFFICE: Self = Self(1 | 2);
    /// Everything that there is.
    pub const ALL: Self = Self(1 | 2 | 4);

    /// Reads bits. `None` for other bits, or without any.
    #[must_use]
    pub fn from_bits(bits: u8) -> Option<Self> {
        (1..=Self::ALL.0).contains(&bits).then_some(Self(bits))
    }

    /// Returns the bits.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Returns whether every bit of `other` is set.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl RegionKey {
    /// Returns whether it may sign the file of this community.
    #[must_use]
    pub fn may_sign_community(&self, community: &Region) -> bool {
        self.grants.has(Grants::COMMUNITIES) && self.region.contains(community)
    }

    /// Returns whether it may sign a policy of this region.
    #[must_use]
    pub fn may_sign_policy(&self, policy: &Region) -> bool {
        let of_one_community = policy.as_str().len() == 12 && self.grants.has(Grants::COMMUNITY_POLICIES);
        (of_one_community || self.grants.has(Grants::POLICIES)) && self.region.contains(policy)
    }
}

pub(super) fn to_value(key: &RegionKey) -> Value {
    map([
        (1, key.region.as_str().into()),
        (2, key.kid.0.to_vec().into()),
        (3, key.key.to_bytes().to_vec().into()),
        (4, key.grants.bits().into()),
    ])
}

pub(super) fn read(fields: &mut Fields) -> Result<RegionKey, Flaw> {
    Ok(RegionKey {
        region: region(fields, 1)?,
        kid: kid(fields, 2)?,
        key: public_key(fields, 3)?,
        grants: Grants::from_bits(fields.int(4)?).ok_or(FieldError::OutOfRange(4))?,
    })
}

/// Refuses a kid that stands for two keys. One key may have several regions.
pub(super) fn one_key_a_kid(regions: &[RegionKey]) -> Result<(), Flaw> {
    let mut keys = BTreeMap::new();
    for entry in regions {
        if *keys.entry(entry.kid).or_insert(&entry.key) != &entry.key {
            return Err(Flaw::new("a kid for two region keys"));
        }
    }
    Ok(())
}
