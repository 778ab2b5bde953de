//! The reports that wait, as the uplink sees them.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;

use wire::{RecordId, SealedReport};

/// An answer that another thread may have to find.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sealed reports that wait for the back office.
pub(crate) trait Backlog: Send + Sync {
    /// Returns the oldest reports but those to skip, `limit` at most; `None` where the outbox is
    /// gone.
    fn pending(&self, limit: usize, skip: HashSet<RecordId>) -> Later<'_, Option<Vec<SealedReport>>>;

    /// Erases acknowledged reports. `false`: that did not work, and they will be sent again, which
    /// does no harm.
    fn erase(&self, records: Vec<RecordId>) -> Later<'_, bool>;

    /// Returns whether the outbox is open and holds nothing.
    fn is_drained(&self) -> Later<'_, bool>;
}
