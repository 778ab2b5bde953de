//! Finding one person's passages.

use std::collections::BTreeSet;
use std::fmt;

use async_trait::async_trait;
use health_code::Region;
use wire::hex;

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
    /// [`StoreError`].
    async fn passages_of(
        &self,
        sought: Sought,
        region: &Region,
        limit: usize,
    ) -> Result<Vec<PassageRow>, StoreError>;
}

/// Joins what several searches found: each passage once, the latest first.
pub(super) fn joined(found: Vec<Vec<PassageRow>>, limit: usize) -> Vec<PassageRow> {
    let mut seen = BTreeSet::new();
    let mut rows: Vec<_> =
        found.into_iter().flatten().filter(|row| seen.insert((row.station, row.record))).collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.at), row.record));
    rows.truncate(limit);
    rows
}
