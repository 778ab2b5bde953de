//! Finding one person's passages.

use std::collections::BTreeSet;
use std::fmt;

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::{RecordId, StationId, hex};

use super::error::StoreError;
use super::reading::PassageRow;

/// A keyed hash of what names a person: who has the database alone can try no numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonKey(pub [u8; 16]);

/// By what the holder of a code can be found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PersonKeys {
    /// Of the identity number.
    pub identity: Option<PersonKey>,
    /// Of the phone.
    pub phone: Option<PersonKey>,
}

/// Who is looked for: a passage that fits any of these is theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Keys of an identity number, one for each secret that was in use.
    pub identities: Vec<PersonKey>,
    /// Keys of a phone, likewise.
    pub phones: Vec<PersonKey>,
    /// An issuer's name for them.
    pub pseudonym: Option<(String, [u8; 16])>,
    /// A certificate's own identifier.
    pub certificate: Option<String>,
}

impl PersonKey {
    /// Reads what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode_array(text).map(Self)
    }
}

impl fmt::Display for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonKey({self})")
    }
}

/// Finds residents.
#[async_trait]
pub trait Residents {
    /// Returns the passages of one person that stations of a region reported, the latest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn passages_of(
        &self,
        sought: Sought,
        region: &Region,
        limit: usize,
    ) -> Result<Vec<PassageRow>, StoreError>;

    /// Counts the passages that stations of a region confirmed in a span, its end not counted; at most `most`.
    async fn count_between(
        &self,
        region: &Region,
        span: (Timestamp, Timestamp),
        most: usize,
    ) -> Result<usize, StoreError>;

    /// Returns those passages in their order after a place, at most `limit`.
    async fn passages_between(
        &self,
        region: &Region,
        span: (Timestamp, Timestamp),
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<PassageRow>, StoreError>;
}

/// The place of a passage among others: when it was confirmed, and its name.
pub type Place = (Timestamp, StationId, RecordId);

/// Joins what several searches found: each passage once, the latest first.
pub(super) fn joined(found: Vec<Vec<PassageRow>>, limit: usize) -> Vec<PassageRow> {
    let mut seen = BTreeSet::new();
    let mut rows: Vec<_> =
        found.into_iter().flatten().filter(|row| seen.insert((row.station, row.record))).collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.at), row.record));
    rows.truncate(limit);
    rows
}
