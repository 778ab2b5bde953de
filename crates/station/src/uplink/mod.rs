//! The uplink: it sends the outbox to the back office and downloads newer trust files.
//!
//! It erases only what a receipt, signed by a receipt key of the root, acknowledges. The gate never
//! waits for it.

pub(crate) mod http;
pub(crate) mod office;
mod parts;
mod tls;
mod trust_download;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use gate::Input;
use gate::sync::{BatchLimits, Outcome, next_batch, retry_delay, settle};
use gate::window::bar::Line;
use health_code::{Timestamp, Trust};
use rand_core::Rng as _;
use tokio::sync::{Notify, watch};
use wire::limits::BATCH_REPORTS;
use wire::receipt::ReceiptError;
use wire::{Batch, BatchId, Receipt};

use crate::limits::ANSWER_BYTES;
use office::{COSE, ExchangeError};
pub(crate) use parts::Parts;

/// With nothing to send, the back office is asked this often for newer trust files.
const POLL: Duration = Duration::from_secs(60);
/// A station that was turned away asks again after this.
const WITHDRAWN_RETRY: Duration = Duration::from_secs(3600);

/// The uplink's state between two attempts.
pub(crate) struct Uplink {
    parts: Parts,
    limits: BatchLimits,
    /// A batch that was sent and has no valid receipt yet. It is sent again unchanged.
    in_flight: Option<Batch>,
    /// Reports that a receipt did not acknowledge. All others go first.
    held: HashSet<wire::RecordId>,
    failures: u32,
    online: Option<bool>,
    trust_download: trust_download::TrustDownload,
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) wait: Duration,
    /// Whether a new report ends the wait.
    wakes: bool,
}

impl Uplink {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            parts,
            limits: BatchLimits::FULL,
            in_flight: None,
            held: HashSet::new(),
            failures: 0,
            online: None,
            trust_download: trust_download::TrustDownload::default(),
        }
    }

    /// Runs until `network` is closed.
    pub(crate) async fn run(mut self, mut network: watch::Receiver<bool>, wake: Arc<Notify>) {
        while network.wait_for(|on| *on).await.is_ok() {
            let next = tokio::select! {
                next = self.attempt() => next,
                _ = network.wait_for(|on| !*on) => {
                    self.tell_online(false);
                    self.failures = 0;
                    continue;
                }
            };
            tokio::select! {
                () = tokio::time::sleep(next.wait) => {}
                () = wake.notified(), if next.wakes => {}
                _ = network.wait_for(|on| !*on) => {}
            }
        }
        self.tell_online(false);
    }

    /// Sends once, and returns what to do next.
    pub(crate) async fn attempt(&mut self) -> Next {
        let (outcome, more) = self.exchange().await;
        if outcome != Outcome::TooLarge {
            self.tell_online(outcome == Outcome::Answered);
        }
        match outcome {
            Outcome::Answered => {
                self.failures = 0;
                let wait = if more { Duration::ZERO } else { POLL };
                Next { wait, wakes: true }
            }
            Outcome::TooLarge => {
                self.limits = self.limits.halved();
                self.in_flight = None;
                self.fail(None)
            }
            Outcome::Failed { retry_after } => self.fail(retry_after),
            Outcome::Withdrawn => {
                tracing::error!("the back office turns this station away: enrol it again, or ask there");
                Next { wait: WITHDRAWN_RETRY, wakes: false }
            }
        }
    }

    fn fail(&mut self, retry_after: Option<Duration>) -> Next {
        self.failures = self.failures.saturating_add(1);
        let random = self.parts.rng.next_u64();
        Next { wait: retry_delay(self.failures, retry_after, random), wakes: false }
    }

    /// Sends one batch and settles its answer. Also returns whether more can be sent at once.
    async fn exchange(&mut self) -> (Outcome, bool) {
        const FAILED: (Outcome, bool) = (Outcome::Failed { retry_after: None }, false);
        let Some(trust) = self.parts.trust.current() else { return FAILED };
        let repeated = self.in_flight.is_some();
        let Some(batch) = self.batch().await else { return FAILED };
        let body = batch.sign(&self.parts.key).bytes;
        self.in_flight = Some(batch.clone());
        let answer = match self.parts.office.post("/v1/batches", body, COSE, ANSWER_BYTES).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::debug!(%error, reports = batch.reports.len(), "no receipt");
                return (failed(&error, batch.reports.len()), false);
            }
        };
        let receipt = match open(&answer, &trust, &batch) {
            Ok(receipt) => receipt,
            Err(error) => {
                tracing::warn!(%error, "an answer that is no receipt of the back office");
                if error == ReceiptError::Signature {
                    self.trust_download.seek_root(&self.parts).await;
                }
                return FAILED;
            }
        };
        self.in_flight = None;
        self.tell_online(true);
        self.hear_time(&receipt, repeated);
        let more = self.settle(&batch, &receipt).await;
        self.limits = self.limits.doubled();
        self.trust_download.fetch(&self.parts, &trust, &receipt).await;
        match more {
            Some(more) => (Outcome::Answered, more),
            None => FAILED,
        }
    }

    /// Returns the batch to send: the one without an answer, or the oldest reports with a new id.
    async fn batch(&mut self) -> Option<Batch> {
        if let Some(batch) = self.in_flight.take() {
            return Some(batch);
        }
        let mut reports = self.parts.outbox.pending(BATCH_REPORTS, self.held.clone()).await?;
        if reports.is_empty() && !self.held.is_empty() {
            self.held.clear();
            reports = self.parts.outbox.pending(BATCH_REPORTS, HashSet::new()).await?;
        }
        let sizes: Vec<usize> = reports.iter().map(wire::SealedReport::encoded_len).collect();
        reports.truncate(next_batch(&sizes, self.limits));
        let mut id = [0; 16];
        self.parts.rng.fill_bytes(&mut id);
        let id = BatchId(id);
        Some(Batch { station: self.parts.station, id, reports })
    }

    /// Tells the clock the receipt's time. Only the answer to a first sending is certainly fresh:
    /// somebody could have kept the answer to an earlier one.
    fn hear_time(&self, receipt: &Receipt, repeated: bool) {
        if repeated {
            self.parts.clock.hear_past(Timestamp(receipt.time));
        } else {
            self.parts.clock.hear_now(Timestamp(receipt.time));
        }
    }

    /// Erases what was acknowledged. Returns whether to go on at once; `None` if nothing was settled.
    async fn settle(&mut self, batch: &Batch, receipt: &Receipt) -> Option<bool> {
        if batch.reports.is_empty() {
            return Some(false);
        }
        let settlement = settle(batch, receipt);
        if !settlement.conflicts.is_empty() {
            tracing::warn!(
                count = settlement.conflicts.len(),
                "the back office keeps other reports by the same ids"
            );
        }
        self.held.extend(&settlement.missing);
        let done = [settlement.erase, settlement.conflicts].concat();
        let any = !done.is_empty();
        let erased = self.parts.outbox.erase(done).await;
        (any && erased).then_some(true)
    }

    fn tell_online(&mut self, online: bool) {
        if self.online != Some(online) {
            self.online = Some(online);
            // Once per change: without a network, each attempt fails.
            if online {
                tracing::info!("the back office answers");
            } else {
                tracing::info!("the back office is not reached; reports wait on this laptop");
            }
            self.parts.inputs.tell(Input::Line(if online { Line::Online } else { Line::Offline }));
        }
    }
}

fn failed(error: &ExchangeError, reports: usize) -> Outcome {
    match error {
        ExchangeError::Status { status: 413, .. } if reports > 1 => Outcome::TooLarge,
        ExchangeError::Status { status: 401 | 403, .. } => Outcome::Withdrawn,
        ExchangeError::Status { retry_after, .. } => Outcome::Failed { retry_after: *retry_after },
        _ => Outcome::Failed { retry_after: None },
    }
}

/// Opens a receipt with a key that was in force at the time that the receipt names.
fn open(answer: &[u8], trust: &Trust, batch: &Batch) -> Result<Receipt, ReceiptError> {
    let mut problem = ReceiptError::Signature;
    for key in &trust.root().receipts {
        match Receipt::open(answer, [(key.kid, &key.key)], batch.station, batch.id) {
            Ok(receipt) if key.is_in_force(Timestamp(receipt.time)) => {
                return Ok(receipt);
            }
            Ok(_) | Err(ReceiptError::Signature) => {}
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

#[cfg(test)]
mod tests;
