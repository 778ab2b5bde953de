//! What leaves an office once its days are over.
//!
//! A purge is in a journal, and in the audit log with what it takes, before anything of it is done; and each of its
//! steps can be done again. So one that was interrupted anywhere is whole once somebody goes on with it, and two
//! servers that do it at once do it once.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::AuditHead;

use super::alert_kind::AlertKind;
use super::audit_log::Note;
use super::error::StoreError;

/// The act under which purges are in the audit log.
pub const PURGED: &str = "passages-purged";

/// What leaves a community: passages and reports in quarantine that arrived before a moment, and alerts of before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// The community: its stations'.
    pub community: Region,
    /// The moment.
    pub before: Timestamp,
}

/// How much a purge takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Passages.
    pub passages: u64,
    /// Reports in quarantine, and what is left of those that were.
    pub held: u64,
    /// Alerts.
    pub alerts: u64,
}

/// Deletes what is past its days. When something arrived is what the office itself noted: no station moves it.
#[async_trait]
pub trait Retention {
    /// Returns the latest moment by which purges went; `None` before the first one.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn relied_on(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Notes a moment by which purges go. An earlier one than before changes nothing.
    async fn rely_on(&self, moment: Timestamp) -> Result<(), StoreError>;

    /// Notes that somebody vouches for a moment, whether it is earlier or later than before.
    async fn vouch_for(&self, moment: Timestamp, note: Note) -> Result<AuditHead, StoreError>;

    /// Writes a purge down, in the journal and in the audit log, with how much it takes. Returns `None`, and writes
    /// nothing, where it would take nothing, and where another one of the community has not ended.
    async fn begin_purge(
        &self,
        purge: &Purge,
        now: Timestamp,
        salt: [u8; 16],
    ) -> Result<Option<Purged>, StoreError>;

    /// Returns the purges that have not ended, by their communities.
    async fn open_purges(&self) -> Result<Vec<Purge>, StoreError>;

    /// Deletes some of what a purge takes, at most `limit` rows of each kind, and returns how many rows that were; none
    /// where nothing is left.
    async fn purge_some(&self, purge: &Purge, limit: usize) -> Result<usize, StoreError>;

    /// Drops whole spans of time in which nobody keeps anything but what purges in the journal take, where a store keeps
    /// them apart.
    async fn drop_whole(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Takes a purge out of the journal.
    async fn end_purge(&self, purge: &Purge) -> Result<(), StoreError>;
}

impl Purge {
    /// Returns what the audit log says of it.
    pub(super) fn note(&self, purged: Purged, now: Timestamp, salt: [u8; 16]) -> Note {
        let Purged { passages, held, alerts } = purged;
        let before = program::moment::rfc3339(self.before);
        Note {
            at: now,
            actor: None,
            act: PURGED.to_owned(),
            object: self.community.to_string(),
            region: self.community.clone(),
            words: format!("{before}\n{passages} passages, {held} in quarantine, {alerts} alerts"),
            salt,
        }
    }
}

impl Purged {
    /// Returns whether it takes nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Returns, as a list in SQL, the kinds of alerts that stay until somebody has seen to them: they are about a station.
pub(super) fn staying() -> String {
    let quoted = AlertKind::OF_STATIONS.map(|kind| format!("'{}'", kind.code()));
    quoted.join(", ")
}
