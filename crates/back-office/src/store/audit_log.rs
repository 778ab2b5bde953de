//! What was done and looked at, chained. `docs/audit-log.md` has the format.

use async_trait::async_trait;
use health_code::{PersonId, Region, Timestamp};
use sha2::{Digest, Sha256};
use wire::AuditHead;

use super::error::StoreError;

/// Sets the hashes of entries apart from all others.
const ENTRY: &[u8] = b"kadian-audit-entry-v1";
/// Sets commitments apart from all other hashes.
const COMMITMENT: &[u8] = b"kadian-audit-words-v1";

/// What is to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who did it; `None` for the program itself and for strangers.
    pub actor: Option<PersonId>,
    /// What was done, as a code: `person-added`.
    pub act: String,
    /// What it was done to: an id.
    pub object: String,
    /// Where that is.
    pub region: Region,
    /// What names people. Erasing it leaves the chain whole.
    pub words: String,
    /// Fresh random bytes: without them nobody can guess erased words by trying.
    pub salt: [u8; 16],
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number; the first is 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Option<PersonId>,
    /// What was done.
    pub act: String,
    /// What it was done to.
    pub object: String,
    /// Where that is.
    pub region: Region,
    /// What the words were held to.
    pub committed: [u8; 32],
    /// The chain's hash up to here.
    pub hash: [u8; 32],
    /// Salt and words, unless they were erased.
    pub words: Option<([u8; 16], String)>,
}

impl Note {
    /// Chains the note to the log's head.
    #[must_use]
    pub fn after(self, head: AuditHead) -> Entry {
        let committed = commitment(&self.salt, &self.words);
        let mut entry = Entry {
            seq: head.count + 1,
            at: self.at,
            actor: self.actor,
            act: self.act,
            object: self.object,
            region: self.region,
            committed,
            hash: [0; 32],
            words: Some((self.salt, self.words)),
        };
        entry.hash = entry.hash_after(head.hash);
        entry
    }
}

impl Entry {
    /// Returns the log's head after this entry.
    #[must_use]
    pub fn head(&self) -> AuditHead {
        AuditHead { count: self.seq, hash: self.hash }
    }

    /// Returns what kind of act it is: `people`, `looks`, `roster`, `session` or `office`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.act.split('-').next().unwrap_or_default() {
            "person" | "people" | "rights" | "invitation" | "reset" | "erased" | "work" => "people",
            "resident" | "residents" | "consent" => "looks",
            "roster" | "community" | "station" | "stations" | "ticket" => "roster",
            "sign" | "words" => "session",
            _ => "office",
        }
    }

    /// Returns whether the entry follows `head`, and its words are what they were.
    #[must_use]
    pub fn follows(&self, head: AuditHead) -> bool {
        let words = self.words.as_ref();
        self.seq == head.count + 1
            && self.hash == self.hash_after(head.hash)
            && words.is_none_or(|(salt, words)| commitment(salt, words) == self.committed)
    }

    fn hash_after(&self, before: [u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(ENTRY);
        hash.update(before);
        hash.update(self.seq.to_be_bytes());
        hash.update(self.at.0.to_be_bytes());
        let actor = self.actor.map(|PersonId(id)| id);
        let actor = actor.as_ref().map_or(&[][..], |id| id.as_slice());
        for field in [actor, self.act.as_bytes(), self.object.as_bytes(), self.region.as_str().as_bytes()] {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field);
        }
        hash.update(self.committed);
        hash.finalize().into()
    }
}

fn commitment(salt: &[u8; 16], words: &str) -> [u8; 32] {
    Sha256::new().chain_update(COMMITMENT).chain_update(salt).chain_update(words).finalize().into()
}

/// Which entries are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Entries with smaller numbers only.
    pub before: Option<u64>,
    /// Entries of this kind only.
    pub kind: Option<String>,
    /// Entries about this subtree only.
    pub region: Region,
    /// So many at most.
    pub limit: usize,
}

/// Keeps what was done.
#[async_trait]
pub trait AuditLog {
    /// Adds entries and returns the head.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn note(&self, notes: Vec<Note>) -> Result<AuditHead, StoreError>;

    /// Returns the head.
    async fn audit_head(&self) -> Result<AuditHead, StoreError>;

    /// Returns entries, the newest first.
    async fn audit_entries(&self, wanted: Wanted) -> Result<Vec<Entry>, StoreError>;

    /// Returns the entries that follow number `after`, in their order, at most `limit`.
    async fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// Counts how often somebody did something since a moment.
    async fn acts_since(&self, actor: PersonId, act: &str, since: Timestamp) -> Result<u64, StoreError>;

    /// Deletes the words and salts of all entries about an object, and returns how many there were.
    async fn erase_words(&self, object: &str) -> Result<usize, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(words: &str) -> Note {
        Note {
            at: Timestamp(5),
            actor: Some(PersonId([1; 8])),
            act: "person-added".into(),
            object: "02".repeat(8),
            region: "420106".parse().unwrap(),
            words: words.into(),
            salt: [9; 16],
        }
    }

    #[test]
    fn every_field_is_held_and_erased_words_leave_the_chain_whole() {
        let first = note("样例甲").after(AuditHead::EMPTY);
        let second = note("样例乙").after(first.head());
        assert!(first.follows(AuditHead::EMPTY) && second.follows(first.head()));
        assert_eq!((second.seq, second.kind()), (2, "people"));
        let erased = Entry { words: None, ..second.clone() };
        assert!(erased.follows(first.head()));
        let changes: [fn(&mut Entry); 8] = [
            |entry| entry.seq = 3,
            |entry| entry.at = Timestamp(6),
            |entry| entry.actor = None,
            |entry| entry.act = "person-removed".into(),
            |entry| entry.object = "x".into(),
            |entry| entry.region = Region::country(),
            |entry| entry.committed = [0; 32],
            |entry| entry.words = Some(([9; 16], "样例丙".into())),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = second.clone();
            change(&mut changed);
            assert!(!changed.follows(first.head()), "{number}");
        }
        assert!(!second.follows(AuditHead::EMPTY));
    }
}
