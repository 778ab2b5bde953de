//! What the parts of a running office share.

use std::sync::Arc;

use wire::Generation;

use crate::keys::Keyring;
use crate::metrics::Metrics;
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
    /// The clock.
    pub clock: Clock,
    /// What the office counts about itself.
    pub metrics: Arc<Metrics>,
}
