//! From when on communities are believed: what ends the life of files that a key signed before.

use strict_cose::cbor::map;
use strict_cose::{Fields, Value};

use super::reading::{Flaw, ascending, moment, region, some_of};
use crate::limits;
use crate::region::Region;
use crate::time::Timestamp;

/// Communities of a region are believed only if they were issued at this moment or later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BelievedFrom {
    /// The subtree.
    pub region: Region,
    /// The earliest `issued` that is believed.
    pub from: Timestamp,
}

/// Returns the earliest `issued` of a community that all of these entries believe.
pub(super) fn of<'e>(
    entries: impl IntoIterator<Item = &'e BelievedFrom>,
    community: &Region,
) -> Option<Timestamp> {
    let holding = entries.into_iter().filter(|entry| entry.region.contains(community));
    holding.map(|entry| entry.from).max()
}

/// Returns the field; none where nothing is named.
pub(super) fn to_entry(key: i64, entries: &[BelievedFrom]) -> Option<(i64, Value)> {
    let value = |entry: &BelievedFrom| map([(1, entry.region.as_str().into()), (2, entry.from.0.into())]);
    (!entries.is_empty()).then(|| (key, Value::Array(entries.iter().map(value).collect())))
}

pub(super) fn read(fields: &mut Fields, key: i64) -> Result<Vec<BelievedFrom>, Flaw> {
    let entries = some_of(fields, key, limits::BELIEVED_FROM, "believed from", |entry| {
        Ok(BelievedFrom { region: region(entry, 1)?, from: moment(entry, 2)? })
    })?;
    ascending(&entries, |entry| entry.region.clone(), "believed-from regions that do not ascend")?;
    Ok(entries)
}
