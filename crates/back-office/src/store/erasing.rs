//! Erasing what names somebody.

use async_trait::async_trait;
use health_code::PersonId;

use super::error::StoreError;

/// What was erased of somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Entries of the audit log whose words are gone.
    pub entries: usize,
    /// Changes made at stations that say no more of them than their id.
    pub changes: usize,
    /// Whether they had an account, which is gone with its sessions.
    pub account: bool,
}

/// Erases people.
#[async_trait]
pub trait Erasing {
    /// Erases what names somebody in the audit log, in changes that are settled, among the officers and the
    /// accounts, in one transaction. Their id stays where something refers to it. The store leaves no copy of what
    /// it erased in files of its own, as far as that is in its hands.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn erase_person(&self, id: PersonId) -> Result<Erased, StoreError>;
}
