//! Accounts, sessions, the names of regions, and the audit log.

use async_trait::async_trait;
use health_code::{PersonId, Timestamp};
use wire::AuditHead;

use super::MemoryStore;
use super::office::Office;
use crate::store::{AccountRow, Accounts, AuditLog, AuditWanted, Entry, Note, SessionRow, StoreError};

impl Office {
    fn audit_head(&self) -> AuditHead {
        self.audit.last().map_or(AuditHead::EMPTY, Entry::head)
    }

    pub(super) fn note(&mut self, notes: Vec<Note>) -> AuditHead {
        for note in notes {
            let entry = note.after(self.audit_head());
            self.audit.push(entry);
        }
        self.audit_head()
    }

    fn find(&self, is: impl Fn(&AccountRow) -> bool) -> Option<AccountRow> {
        self.accounts.values().find(|row| is(row)).cloned()
    }

    /// Keeps one account; false where it cannot be.
    fn put(&mut self, row: AccountRow) -> bool {
        let taken = self.accounts.values().any(|other| {
            other.id != row.id
                && ((other.name.is_some() && other.name == row.name)
                    || (other.invited.is_some() && other.invited == row.invited))
        });
        let rev = self.accounts.get(&row.id).map_or(0, |known| known.rev);
        if taken || rev != row.rev {
            return false;
        }
        self.accounts.insert(row.id, AccountRow { rev: rev + 1, ..row });
        true
    }
}

#[async_trait]
impl Accounts for MemoryStore {
    async fn put_accounts(&self, rows: Vec<AccountRow>, notes: Vec<Note>) -> Result<bool, StoreError> {
        let mut office = self.office();
        let before = office.accounts.clone();
        if rows.into_iter().all(|row| office.put(row)) {
            office.note(notes);
            return Ok(true);
        }
        office.accounts = before;
        Ok(false)
    }

    async fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        Ok(self.office().accounts.values().cloned().collect())
    }

    async fn account(&self, id: PersonId) -> Result<Option<AccountRow>, StoreError> {
        Ok(self.office().accounts.get(&id).cloned())
    }

    async fn account_named(&self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        Ok(self.office().find(|row| row.name.as_deref() == Some(name)))
    }

    async fn account_invited(&self, word: [u8; 32]) -> Result<Option<AccountRow>, StoreError> {
        Ok(self.office().find(|row| row.invited == Some(word)))
    }

    async fn begin_session(&self, session: SessionRow, forget: Timestamp) -> Result<(), StoreError> {
        let sessions = &mut self.office().sessions;
        sessions.retain(|_, other| other.began >= forget);
        sessions.insert(session.word, session);
        Ok(())
    }

    async fn session(&self, word: [u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        Ok(self.office().sessions.get(&word).copied())
    }

    async fn see_session(&self, word: [u8; 32], now: Timestamp) -> Result<(), StoreError> {
        if let Some(session) = self.office().sessions.get_mut(&word) {
            session.seen = now;
        }
        Ok(())
    }

    async fn end_session(&self, word: [u8; 32]) -> Result<(), StoreError> {
        self.office().sessions.remove(&word);
        Ok(())
    }

    async fn end_sessions_of(&self, account: PersonId) -> Result<(), StoreError> {
        self.office().sessions.retain(|_, session| session.account != account);
        Ok(())
    }

    async fn regions(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.office().regions.clone())
    }

    async fn set_regions(&self, csv: Vec<u8>) -> Result<(), StoreError> {
        self.office().regions = Some(csv);
        Ok(())
    }
}

#[async_trait]
impl AuditLog for MemoryStore {
    async fn note(&self, notes: Vec<Note>) -> Result<AuditHead, StoreError> {
        Ok(self.office().note(notes))
    }

    async fn audit_head(&self) -> Result<AuditHead, StoreError> {
        Ok(self.office().audit_head())
    }

    async fn audit_entries(&self, wanted: AuditWanted) -> Result<Vec<Entry>, StoreError> {
        let AuditWanted { before, kind, region, limit } = wanted;
        let office = self.office();
        let found = office.audit.iter().rev().filter(|entry| {
            before.is_none_or(|before| entry.seq < before)
                && kind.as_deref().is_none_or(|kind| entry.kind() == kind)
                && region.contains(&entry.region)
        });
        Ok(found.take(limit).cloned().collect())
    }

    async fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        Ok(self.office().audit.iter().filter(|entry| entry.seq > after).take(limit).cloned().collect())
    }

    async fn acts_since(&self, actor: PersonId, act: &str, since: Timestamp) -> Result<u64, StoreError> {
        let office = self.office();
        let theirs = office.audit.iter().filter(|entry| entry.actor == Some(actor) && entry.at >= since);
        Ok(theirs.filter(|entry| entry.act == act).count() as u64)
    }

    async fn erase_words(&self, object: &str) -> Result<usize, StoreError> {
        let mut erased = 0;
        for entry in self.office().audit.iter_mut().filter(|entry| entry.object == object) {
            erased += usize::from(entry.words.take().is_some());
        }
        Ok(erased)
    }
}
