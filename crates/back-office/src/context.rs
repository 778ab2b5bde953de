//! What the parts of a running office share.

use std::sync::Arc;

use health_code::Timestamp;
use tokio::sync::watch;
use wire::Generation;

use crate::audit::LatestHead;
use crate::copies::{Copies, CopyError, Kind};
use crate::erasure::list::ErasedList;
use crate::keys::Keyring;
use crate::metrics::Metrics;
use crate::pace::Pacing;
use crate::store::Store;
use crate::system::Clock;
use crate::trust::TrustInForce;

/// The store, the trust, the keys and the clock of one office; endpoints and worker have a copy each.
#[derive(Debug, Clone)]
pub struct Context {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The trust in force, and earlier ones.
    pub trust: Arc<TrustInForce>,
    /// The office's private keys.
    pub keys: Arc<Keyring>,
    /// The state of the database.
    pub generation: Generation,
    /// Where everything is copied before it is acknowledged, if anywhere.
    pub copies: Option<Copies>,
    /// The list of what was erased, beside the database.
    pub erased: Arc<ErasedList>,
    /// The clock.
    pub clock: Clock,
    /// How often stations send.
    pub pacing: Arc<Pacing>,
    /// The head of the audit log, as receipts show it.
    pub audit_head: Arc<LatestHead>,
    /// What the office counts about itself.
    pub metrics: Arc<Metrics>,
    /// Whether the office stops: answers that go on and on end then.
    pub ending: Ending,
}

/// Tells that the office stops.
#[derive(Debug, Clone, Default)]
pub struct Ending(Arc<watch::Sender<bool>>);

impl Ending {
    /// Says so.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Returns once it was said.
    pub async fn begun(&self) {
        // Nobody drops the sender while this holds it.
        let _ = self.0.subscribe().wait_for(|ends| *ends).await;
    }
}

/// What an office is made of. All else is new with each process.
#[derive(Debug)]
pub struct Parts {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The trust in force.
    pub trust: TrustInForce,
    /// The office's private keys.
    pub keys: Keyring,
    /// The state of the database.
    pub generation: Generation,
    /// The list of what was erased.
    pub erased: ErasedList,
    /// The clock.
    pub clock: Clock,
}

impl Context {
    /// Joins what an office is made of; nothing is copied anywhere.
    #[must_use]
    pub fn of(parts: Parts) -> Self {
        let Parts { store, trust, keys, generation, erased, clock } = parts;
        Self {
            store,
            trust: Arc::new(trust),
            keys: Arc::new(keys),
            generation,
            copies: None,
            erased: Arc::new(erased),
            clock,
            pacing: Arc::default(),
            audit_head: Arc::default(),
            metrics: Arc::default(),
            ending: Ending::default(),
        }
    }

    /// Copies a message to where it outlives this machine's disk, if the office does that. Nothing of a
    /// message is acknowledged before.
    ///
    /// # Errors
    /// [`CopyError`].
    pub async fn copy(&self, kind: Kind, message: &[u8], now: Timestamp) -> Result<(), CopyError> {
        match &self.copies {
            Some(copies) => copies.keep(kind, message, now).await,
            None => Ok(()),
        }
    }
}
