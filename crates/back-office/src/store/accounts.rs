//! Who works at the console: accounts, sessions, and the names of regions.

use async_trait::async_trait;
use health_code::{PersonId, Timestamp};

use super::audit_log::Note;
use super::error::StoreError;

/// An account as the store keeps it. What `body` says is the console's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose it is.
    pub id: PersonId,
    /// How often it was replaced; 0 for one that is not kept yet.
    pub rev: u64,
    /// The name to sign in with. No two accounts have the same.
    pub name: Option<String>,
    /// SHA-256 of the word of an open invitation.
    pub invited: Option<[u8; 32]>,
    /// Everything, as JSON.
    pub body: String,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the word that the browser holds.
    pub word: [u8; 32],
    /// Who.
    pub account: PersonId,
    /// When they signed in.
    pub began: Timestamp,
    /// When they last asked for something.
    pub seen: Timestamp,
}

/// Keeps accounts, sessions and the names of regions.
#[async_trait]
pub trait Accounts {
    /// Keeps accounts, all or none, and notes in the audit log what was done, in one transaction.
    ///
    /// Returns false, and changes nothing, where one was replaced since it was read, or where its name or its
    /// invitation is another account's.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn put_accounts(&self, rows: Vec<AccountRow>, notes: Vec<Note>) -> Result<bool, StoreError>;

    /// Returns all accounts, by their ids.
    async fn accounts(&self) -> Result<Vec<AccountRow>, StoreError>;

    /// Returns an account.
    async fn account(&self, id: PersonId) -> Result<Option<AccountRow>, StoreError>;

    /// Returns the account of this name.
    async fn account_named(&self, name: &str) -> Result<Option<AccountRow>, StoreError>;

    /// Returns the account with the invitation whose word has this hash.
    async fn account_invited(&self, word: [u8; 32]) -> Result<Option<AccountRow>, StoreError>;

    /// Begins a session, and forgets those that began before `forget`.
    async fn begin_session(&self, session: SessionRow, forget: Timestamp) -> Result<(), StoreError>;

    /// Returns a session.
    async fn session(&self, word: [u8; 32]) -> Result<Option<SessionRow>, StoreError>;

    /// Notes that somebody is still there.
    async fn see_session(&self, word: [u8; 32], now: Timestamp) -> Result<(), StoreError>;

    /// Ends a session.
    async fn end_session(&self, word: [u8; 32]) -> Result<(), StoreError>;

    /// Ends all sessions of an account.
    async fn end_sessions_of(&self, account: PersonId) -> Result<(), StoreError>;

    /// Returns the regions' names as they were imported.
    async fn regions(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// Replaces the regions' names.
    async fn set_regions(&self, csv: Vec<u8>) -> Result<(), StoreError>;
}
