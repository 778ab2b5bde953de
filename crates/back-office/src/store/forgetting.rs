//! Forgetting one resident: a journal of erasures, and tombstones, which keep what was erased from coming back.
//!
//! An erasure is in the journal, and in the audit log, before anything of it is done; and each of its steps can be
//! done again. So one that was interrupted anywhere is whole once somebody goes on with it.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use health_code::{PersonId, Region, Timestamp};
use serde::{Deserialize, Serialize};
use wire::erasure::HeldCopy;
use wire::{AuditHead, RecordId, StationId, hex};

use super::audit_log::Note;
use super::error::StoreError;
use super::residents::PersonKey;
use super::waiting::{ReportKey, Waiting};

/// An issuer, or a certificate's country, and its name for somebody.
pub type Pseudonym = (String, [u8; 16]);

/// By what a person's passages are found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Keys of an identity number.
    pub identities: BTreeSet<PersonKey>,
    /// Keys of a phone.
    pub phones: BTreeSet<PersonKey>,
    /// What issuers call them.
    pub pseudonyms: BTreeSet<Pseudonym>,
    /// Identifiers of certificates.
    pub certificates: BTreeSet<String>,
}

/// What is not to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tombstone {
    /// A report: it is not filed again, whatever comes under its id.
    Report(StationId, RecordId),
    /// A report in conflict: under its id somebody else's may be filed, so it alone is not.
    Conflict(ReportKey),
    /// The words of an entry of the audit log, by its number and hash.
    Words(u64, [u8; 32]),
}

/// The erasure of a resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its name, in the audit log too.
    pub id: [u8; 16],
    /// When it began.
    pub begun: Timestamp,
    /// Who began it; `None` at the office's own machine.
    pub by: Option<PersonId>,
    /// Where.
    pub region: Region,
    /// Whom, until it has ended.
    pub names: Option<Names>,
    /// How many passages, reports in quarantine and entries of the audit log it has erased.
    pub done: ErasedResident,
    /// The receipt, once it has ended.
    pub receipt: Option<Vec<u8>>,
}

/// How much was erased of a resident.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ErasedResident {
    /// Passages that name nobody any more.
    pub passages: u64,
    /// Reports in quarantine whose ciphertext is gone.
    pub held: u64,
    /// Entries of the audit log whose words are gone.
    pub entries: u64,
}

/// What one step erases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Passages with any of these names. The journal has them from then on: passages that led from one to the other say
    /// nothing any more.
    pub names: Names,
    /// Reports in quarantine.
    pub held: Vec<ReportKey>,
    /// Words about looks that end with any of these keys.
    pub looks: Vec<PersonKey>,
    /// The same, where no passage has the key as its phone any more: it may be a whole family's.
    pub phones: Vec<PersonKey>,
}

/// Forgets residents.
#[async_trait]
pub trait Forgetting {
    /// Returns all names of the passages in a region that have any of these names. A pseudonym of zeros is nobody's.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn names_beside(&self, names: &Names, region: &Region) -> Result<Names, StoreError>;

    /// Returns what issuers call people, in its order after one, each with a certificate's identifier if it is one.
    async fn pseudonyms(
        &self,
        after: Option<Pseudonym>,
        limit: usize,
    ) -> Result<Vec<(Pseudonym, Option<String>)>, StoreError>;

    /// Returns reports that wait in quarantine or to be opened again, sent by stations of a region, in the order of
    /// their keys after one.
    async fn held(
        &self,
        after: Option<ReportKey>,
        region: &Region,
        limit: usize,
    ) -> Result<Vec<Waiting>, StoreError>;

    /// Writes an erasure down, in the journal and in the audit log.
    async fn begin_erasure(&self, erasure: Erasure, note: Note) -> Result<AuditHead, StoreError>;

    /// Returns the erasures that have not ended, the oldest first.
    async fn open_erasures(&self) -> Result<Vec<Erasure>, StoreError>;

    /// Returns an erasure.
    async fn erasure(&self, id: [u8; 16]) -> Result<Option<Erasure>, StoreError>;

    /// Erases, notes how much in the journal, and leaves a tombstone for each report, in one transaction. That somebody
    /// passed is still told, but no longer with which code.
    async fn erase(&self, id: [u8; 16], what: Forgotten) -> Result<(), StoreError>;

    /// Ends an erasure with its receipt, and forgets whom it was about. Returns false where it had ended before.
    async fn end_erasure(&self, id: [u8; 16], receipt: Vec<u8>) -> Result<bool, StoreError>;

    /// Returns all tombstones.
    async fn tombstones(&self) -> Result<BTreeSet<Tombstone>, StoreError>;

    /// Takes tombstones over and erases what they stand for. Returns how many passages, reports and words that were.
    async fn entomb(&self, tombstones: Vec<Tombstone>) -> Result<ErasedResident, StoreError>;

    /// Notes that somebody keeps a copy of this database; one of the same name is another one now.
    async fn note_copy(&self, copy: HeldCopy) -> Result<(), StoreError>;

    /// Returns the copies of which no end is known or whose end has not come, those that are kept longest first.
    async fn copies(&self, now: Timestamp) -> Result<Vec<HeldCopy>, StoreError>;

    /// Overwrites what was freed, in all files of the store. Returns false where that is not in its hands.
    async fn overwrite(&self) -> Result<bool, StoreError>;
}

impl Names {
    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }

    /// Adds names; returns whether any is new.
    pub fn add(&mut self, other: Self) -> bool {
        let before = self.count();
        self.identities.extend(other.identities);
        self.phones.extend(other.phones);
        self.pseudonyms.extend(other.pseudonyms);
        self.certificates.extend(other.certificates);
        self.count() > before
    }

    /// Adds the names of one passage.
    pub(super) fn add_passage(
        &mut self,
        pseudonym: Pseudonym,
        identity: Option<PersonKey>,
        phone: Option<PersonKey>,
        certificate: Option<String>,
    ) {
        self.identities.extend(identity);
        self.phones.extend(phone);
        self.certificates.extend(certificate);
        if pseudonym.1 != NOBODY {
            self.pseudonyms.insert(pseudonym);
        }
    }

    fn count(&self) -> usize {
        self.identities.len() + self.phones.len() + self.pseudonyms.len() + self.certificates.len()
    }
}

/// The pseudonym of a passage that was erased.
pub(super) const NOBODY: [u8; 16] = [0; 16];

impl fmt::Display for Tombstone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(station, record) => {
                write!(f, "report {} {}", hex::encode(&station.0), hex::encode(&record.0))
            }
            Self::Conflict(ReportKey { station, record, hash }) => {
                let [station, record] = [station.0, record.0].map(|id| hex::encode(&id));
                write!(f, "conflict {station} {record} {}", hex::encode(hash))
            }
            Self::Words(seq, hash) => write!(f, "words {seq} {}", hex::encode(hash)),
        }
    }
}

/// Why a text is no tombstone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a line of a list of what was erased")]
pub struct BadTombstone;

impl FromStr for Tombstone {
    type Err = BadTombstone;

    fn from_str(text: &str) -> Result<Self, BadTombstone> {
        let parts: Vec<&str> = text.split(' ').collect();
        let read = match parts[..] {
            ["report", station, record] => {
                let ids = hex::decode_array(station).zip(hex::decode_array(record));
                ids.map(|(station, record)| Self::Report(StationId(station), RecordId(record)))
            }
            ["conflict", station, record, hash] => {
                let ids = hex::decode_array(station).zip(hex::decode_array(record));
                ids.zip(hex::decode_array(hash)).map(|((station, record), hash)| {
                    Self::Conflict(ReportKey { station: StationId(station), record: RecordId(record), hash })
                })
            }
            ["words", seq, hash] => {
                let seq = seq.parse().ok();
                seq.zip(hex::decode_array(hash)).map(|(seq, hash)| Self::Words(seq, hash))
            }
            _ => None,
        };
        read.ok_or(BadTombstone)
    }
}

impl Serialize for PersonKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PersonKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no person key"))
    }
}

/// Returns names as a column holds them.
pub(super) fn to_column(names: &Names) -> String {
    // Texts and numbers alone always have an encoding.
    serde_json::to_string(names).unwrap_or_default()
}

/// Reads names from a column.
pub(super) fn from_column(column: &str) -> Result<Names, StoreError> {
    serde_json::from_str(column).map_err(|error| StoreError::Failed(format!("an erasure's names: {error}")))
}

/// Orders copies: those without an end first, then those that are kept longest.
pub(super) fn longest_first(copies: &mut [HeldCopy]) {
    copies.sort_by_key(|copy| {
        let until = copy.until.unwrap_or(i64::MAX);
        (std::cmp::Reverse(until), copy.made, copy.name.clone())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_is_read_as_it_was_written() {
        let report = Tombstone::Report(StationId([1; 16]), RecordId([0xab; 16]));
        let key = ReportKey { station: StationId([1; 16]), record: RecordId([2; 16]), hash: [0xcd; 32] };
        for stone in [report, Tombstone::Conflict(key), Tombstone::Words(u64::MAX, [7; 32])] {
            assert_eq!(stone.to_string().parse(), Ok(stone));
        }
        for bad in ["", "report", "report 01 02", &format!("{report} 1"), "words 7 ab", "other 1 2"] {
            assert_eq!(bad.parse::<Tombstone>(), Err(BadTombstone), "{bad}");
        }
    }

    #[test]
    fn names_come_back_from_their_column() {
        let mut names = Names::default();
        names.add_passage(("样例".into(), [3; 16]), Some(PersonKey([1; 16])), None, Some("URN:1".into()));
        names.add_passage(("x".into(), NOBODY), None, Some(PersonKey([2; 16])), None);
        assert_eq!(names.pseudonyms.len(), 1, "zeros are nobody's");
        assert_eq!(from_column(&to_column(&names)), Ok(names));
    }
}
