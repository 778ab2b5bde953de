//! The reports that wait, as the uplink sees them.

use std::future::Future;
use std::pin::Pin;

use wire::{Generation, RecordId, SealedReport, StreamId};

/// An answer that another thread may have to find.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a receipt settles. All of it becomes durable at once, or nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settled {
    /// Durable at the back office, in the batch's order. They wait no more: they are erased, or kept where
    /// the policy asks for it.
    pub acknowledged: Vec<RecordId>,
    /// Sent and not acknowledged: all others are sent before them.
    pub missing: Vec<RecordId>,
    /// The state of the office's database. Where it is another one than before, the office was restored,
    /// and all that is kept waits again, before everything else.
    pub generation: Option<Generation>,
    /// The last report that the office's backup holds. What was acknowledged up to it is kept no longer.
    pub backed_up: Option<(StreamId, u64)>,
}

/// Sealed reports that wait for the back office.
pub(crate) trait Backlog: Send + Sync {
    /// Returns the oldest reports that wait, `limit` at most; `None` where the outbox is gone. What is
    /// [`Settled::missing`] comes when nothing else waits any more.
    fn pending(&self, limit: usize) -> Later<'_, Option<Vec<SealedReport>>>;

    /// Returns the oldest reports that wait, those that were not acknowledged among them; `None` where the outbox
    /// cannot be read.
    fn all(&self, limit: usize) -> Later<'_, Option<Vec<SealedReport>>>;

    /// Returns which of these reports wait; `None` where the outbox cannot be read.
    fn held(&self, records: Vec<RecordId>) -> Later<'_, Option<Vec<SealedReport>>>;

    /// Settles a batch, or what an answer without reports says. `false`: that is not durable, and the
    /// reports will be sent again, which does no harm.
    fn settle(&self, settled: Settled) -> Later<'_, bool>;

    /// Sets a report aside that the office cannot read: it stays in the file, and waits no more. `false`:
    /// that is not durable, and it is sent again.
    #[allow(dead_code, reason = "the uplink calls it when it finds such a report")]
    fn set_aside(&self, record: RecordId) -> Later<'_, bool>;

    /// Returns whether the outbox is open and nothing waits.
    fn is_drained(&self) -> Later<'_, bool>;
}
