//! What waits for the consent of a second person.

use async_trait::async_trait;
use health_code::{Region, Timestamp};

use super::audit_log::Note;
use super::error::StoreError;

/// A request. What it says is the console's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// Random.
    pub id: [u8; 16],
    /// How often the store has replaced it; 0 for a new one.
    pub rev: u64,
    /// The region of whoever asks.
    pub region: Region,
    /// When they asked.
    pub asked: Timestamp,
    /// The key of the resident whom it is about, as [`super::PersonKey`] writes it; may be empty. Erasing them
    /// erases the request.
    pub person: String,
    /// JSON.
    pub body: String,
}

/// Keeps requests for consent.
#[async_trait]
pub trait Consents {
    /// Keeps a request, if it is still what its `rev` was read from, and adds to the audit log. Returns false, and
    /// changes nothing, where somebody was quicker.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn put_consent(&self, row: ConsentRow, notes: Vec<Note>) -> Result<bool, StoreError>;

    /// Returns a request.
    async fn consent(&self, id: [u8; 16]) -> Result<Option<ConsentRow>, StoreError>;

    /// Returns the requests of a region that were asked after a moment, the latest first, at most `limit`.
    async fn consents(
        &self,
        region: &Region,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<ConsentRow>, StoreError>;
}
