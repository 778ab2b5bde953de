//! Which state of its database an office works on.

use async_trait::async_trait;
use wire::Generation;

use super::error::StoreError;

/// Names the database's state.
#[async_trait]
pub trait Identity {
    /// Returns the generation: `drawn`, if there was none yet, and otherwise the one that was there. All
    /// servers of an office get the same one.
    ///
    /// # Errors
    /// [`StoreError`], as for the other method.
    async fn generation(&self, drawn: Generation) -> Result<Generation, StoreError>;

    /// Begins another generation: the database is a restored copy. Stations that see it send again what
    /// they kept.
    async fn begin_generation(&self, drawn: Generation) -> Result<(), StoreError>;
}
