//! Officers: people of a street or wider, or of one community, whom the console opened.

use async_trait::async_trait;
use health_code::{Person, Region};

use super::error::StoreError;

/// Somebody whom the console opened for a region. Every community file below it lists them while they are
/// active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// The id, which is the person's id in each community file.
    pub id: [u8; 8],
    /// The region that they serve.
    pub region: Region,
    /// What the community files say of them: masks, the secret's hash, and the role.
    pub person: Person,
    /// Whether they may act. Who may not is taken out of every file.
    pub active: bool,
}

/// Keeps officers. The office's renewal writes them into the community files.
#[async_trait]
pub trait Officers {
    /// Keeps an officer, in the place of the one with the same id.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn set_officer(&self, officer: Officer) -> Result<(), StoreError>;

    /// Returns all officers, active or not, by their ids.
    async fn officers(&self) -> Result<Vec<Officer>, StoreError>;
}
