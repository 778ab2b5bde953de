//! Policies by name: a list and a community say by hash which policy files must be there.

use std::collections::BTreeMap;

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::reading::{Flaw, ascending, region, some_of};
use crate::hash::sha256;
use crate::limits::NAMED_A_REGION;
use crate::region::Region;

strict_cose::hex_id! {
    /// SHA-256 of a policy file, by which a list or a community names it.
    pub struct PolicyHash([u8; 32]);
}

impl PolicyHash {
    /// Returns the name of a policy file.
    #[must_use]
    pub fn of(file: &[u8]) -> Self {
        Self(sha256(file))
    }
}

/// A policy that must be there, for whoever stands in its region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPolicy {
    /// Whose policy it is.
    pub region: Region,
    /// Its file.
    pub hash: PolicyHash,
}

/// Returns the field; none where nothing is named.
pub(super) fn to_entry(key: i64, named: &[NamedPolicy]) -> Option<(i64, Value)> {
    let value =
        |entry: &NamedPolicy| map([(1, entry.region.as_str().into()), (2, entry.hash.0.to_vec().into())]);
    (!named.is_empty()).then(|| (key, Value::Array(named.iter().map(value).collect())))
}

/// Reads the names, in ascending order; `is_level` says which regions they may be of.
pub(super) fn read(
    fields: &mut Fields,
    key: i64,
    max: usize,
    is_level: impl Fn(&Region) -> bool,
) -> Result<Vec<NamedPolicy>, Flaw> {
    let named = some_of(fields, key, max, "policy", |entry| {
        let region = region(entry, 1)?;
        if !is_level(&region) {
            return Err(FieldError::OutOfRange(1).into());
        }
        Ok(NamedPolicy { region, hash: PolicyHash(entry.array(2)?) })
    })?;
    ascending(&named, |entry| (entry.region.clone(), entry.hash.0), "policies that do not ascend")?;
    let mut a_region = BTreeMap::new();
    for entry in &named {
        let count: &mut usize = a_region.entry(&entry.region).or_default();
        *count += 1;
        if *count > NAMED_A_REGION {
            return Err(Flaw::new("too many policies for one region"));
        }
    }
    Ok(named)
}
