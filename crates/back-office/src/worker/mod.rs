//! The worker: opens what arrived, so that accepting a batch costs only a write.

mod opening;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use health_code::Trust;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::context::Context;
use crate::limits::{GAP_SECONDS, LEASE_SECONDS, OPENED_AT_ONCE, WORKER_PAUSE};
use crate::store::{QuarantineReason, Settled, StoreError, Waiting};
use crate::trust::TrustInForce;
use opening::{Unsealed, settle, unseal};

/// Wakes the worker. When the last waker is dropped, the worker ends.
#[derive(Debug, Clone)]
pub struct Waker(Sender<()>);

impl Waker {
    /// Returns a waker, and the receiver at which the worker waits.
    #[must_use]
    pub fn new() -> (Self, Receiver<()>) {
        let (sender, receiver) = channel(1);
        (Self(sender), receiver)
    }

    /// Tells the worker that something arrived. Never waits.
    pub fn wake(&self) {
        // If the channel is full, the worker is woken already; if it is closed, the office stops.
        let _ = self.0.try_send(());
    }
}

/// Starts the worker in the current tokio runtime.
#[must_use]
pub fn start(context: Context) -> (Waker, JoinHandle<()>) {
    let (waker, receiver) = Waker::new();
    (waker, tokio::spawn(run(context, receiver)))
}

async fn run(context: Context, mut wakes: Receiver<()>) {
    loop {
        if let Err(error) = round(&context).await {
            tracing::warn!(%error, "could not open what arrived; trying again");
        }
        // Without a wake the worker looks by itself: other servers and commands may have changed
        // the store, and the trust files in the folder may have changed.
        if let Ok(None) = tokio::time::timeout(WORKER_PAUSE, wakes.recv()).await {
            return;
        }
    }
}

/// Does one round: takes over changed trust files, opens everything that waits, checks the chains.
///
/// # Errors
/// [`StoreError`]. Reports that were claimed and not settled wait until their lease ends.
pub async fn round(context: &Context) -> Result<(), StoreError> {
    let now = context.clock.now();
    match context.trust.refresh(now).await {
        Ok(true) => {
            tracing::info!(offers = ?context.trust.both().1, "other trust files are in force");
            context.store.reopen(Some(QuarantineReason::UnknownTrust)).await?;
        }
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "the trust files in the folder are not in force"),
    }
    loop {
        let now = context.clock.now();
        let waiting = context.store.claim(OPENED_AT_ONCE, now, now.plus(LEASE_SECONDS)).await?;
        if waiting.is_empty() {
            break;
        }
        let settled = open(context, waiting).await?;
        context.store.settle(settled, context.clock.now()).await?;
    }
    context.store.check_chains(now.plus(-GAP_SECONDS), now).await
}

/// Opens claimed reports on a thread for blocking work. The trusts that their passages name are
/// fetched in between, since opening itself only computes.
async fn open(context: &Context, waiting: Vec<Waiting>) -> Result<Vec<Settled>, StoreError> {
    let keys = context.keys.clone();
    let unsealed: Vec<Unsealed> =
        compute(move || waiting.iter().map(|waiting| unseal(waiting, &keys)).collect()).await;
    let versions: BTreeSet<u64> = unsealed.iter().filter_map(Unsealed::trust_version).collect();
    let mut trusts = BTreeMap::new();
    for version in versions {
        if let Some(trust) = trust_for(&context.trust, version).await? {
            trusts.insert(version, trust);
        }
    }
    Ok(compute(move || unsealed.into_iter().map(|unsealed| settle(unsealed, &trusts)).collect()).await)
}

/// Returns the trust for passages that were judged by the list of this version.
///
/// A version that is older than everything kept here is replaced by the trust in force. A version
/// that is still to come gives `None`: those passages wait in quarantine.
async fn trust_for(trust: &TrustInForce, version: u64) -> Result<Option<Arc<Trust>>, StoreError> {
    if let Some(found) = trust.by_version(version).await? {
        return Ok(Some(found));
    }
    let current = trust.trust();
    Ok((version < current.list().version).then_some(current))
}

async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}
