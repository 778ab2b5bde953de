//! The uplink: it sends the outbox to the back office and downloads newer trust files.
//!
//! It erases only what a receipt, signed by a receipt key of the root, acknowledges. The gate never
//! waits for it.

pub(crate) mod bad_office;
pub(crate) mod http;
pub(crate) mod office;
mod parts;
mod tls;
mod trust_download;
mod withdrawn;

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
use wire::{Batch, BatchId, Pace, Receipt};

use crate::limits::ANSWER_BYTES;
use crate::outbox::backlog::Settled;
use office::{COSE, ExchangeError};
pub(crate) use parts::Parts;

/// How often a station sends before a receipt has told it.
const FIRST_PACE: Pace = Pace { pause: 2, poll: 60 };
/// A station that was turned away asks again after this.
const WITHDRAWN_RETRY: Duration = Duration::from_secs(3600);

/// The uplink's state between two attempts.
pub(crate) struct Uplink {
    parts: Parts,
    limits: BatchLimits,
    /// Batches with an answer since the limits shrank or grew last.
    answers: u32,
    /// A batch that was sent and has no valid receipt yet. It is sent again unchanged.
    in_flight: Option<Batch>,
    failures: u32,
    line: Option<Line>,
    /// Whether the last attempt failed because of this machine's clock.
    by_the_clock: bool,
    /// What the last receipt said of how often to send.
    pace: Pace,
    withdrawal: Option<withdrawn::Known>,
    trust_download: trust_download::TrustDownload,
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next {
    /// Nothing is sent before it is over.
    pub(crate) pause: Duration,
    /// The next attempt is made after it at the latest; it is never shorter than the pause.
    pub(crate) wait: Duration,
    /// Whether a new report ends the wait.
    wakes: bool,
    /// Whether there is nothing left to do, ever.
    pub(crate) over: bool,
}

impl Next {
    fn after(wait: Duration) -> Self {
        Self { pause: wait, wait, wakes: false, over: false }
    }
}

impl Uplink {
    pub(crate) fn new(mut parts: Parts) -> Self {
        let withdrawal = parts.heard.take().map(withdrawn::Known::from_disk);
        Self {
            parts,
            limits: BatchLimits::FULL,
            answers: 0,
            in_flight: None,
            failures: 0,
            line: None,
            by_the_clock: false,
            pace: FIRST_PACE,
            withdrawal,
            trust_download: trust_download::TrustDownload::default(),
        }
    }

    /// Runs until `network` is closed.
    pub(crate) async fn run(mut self, mut network: watch::Receiver<bool>, wake: Arc<Notify>) {
        while network.wait_for(|on| *on).await.is_ok() {
            let next = tokio::select! {
                next = self.attempt() => next,
                _ = network.wait_for(|on| !*on) => {
                    self.tell_line(Line::Offline);
                    self.failures = 0;
                    continue;
                }
            };
            if next.over {
                break;
            }
            let rest = async {
                tokio::time::sleep(next.pause).await;
                tokio::select! {
                    () = tokio::time::sleep(next.wait.saturating_sub(next.pause)) => {}
                    () = wake.notified(), if next.wakes => {}
                }
            };
            tokio::select! {
                () = rest => {}
                _ = network.wait_for(|on| !*on) => {}
            }
        }
        self.tell_line(Line::Offline);
    }

    /// Sends once, and returns what to do next.
    pub(crate) async fn attempt(&mut self) -> Next {
        let begun = self.parts.clock.read().0.mono;
        // What the gate still reports when it hears of it is sent before the end.
        let ending = self.withdrawal.is_some();
        self.by_the_clock = false;
        let (outcome, more) = self.exchange().await;
        match outcome {
            Outcome::TooLarge => {}
            Outcome::Answered => self.tell_line(Line::Online),
            _ if self.by_the_clock => self.tell_line(Line::OfflineClock),
            _ => self.tell_line(Line::Offline),
        }
        match outcome {
            Outcome::Answered => {
                self.failures = 0;
                let taken = self.parts.clock.read().0.mono.saturating_sub(begun);
                let pause = Duration::from_secs(self.pace.pause.into()).saturating_sub(taken);
                let over = ending && !more && self.end_if_drained().await;
                let just_heard = self.withdrawal.is_some() && !ending;
                let poll = Duration::from_secs(self.pace.poll.into());
                let poll = if self.waits_for_the_gate() { poll.min(withdrawn::ASKS_AGAIN) } else { poll };
                let wait = if more || just_heard { pause } else { poll.max(pause) };
                Next { pause, wait, wakes: true, over }
            }
            Outcome::TooLarge | Outcome::TooSlow => {
                // What the back office took of it all the same, it knows by each report's id.
                let sent = self.in_flight.take().map_or(1, |batch| batch.reports.len());
                self.limits = self.limits.below(sent);
                self.answers = 0;
                self.fail(None)
            }
            Outcome::Failed { retry_after } => self.fail(retry_after),
            Outcome::Withdrawn => {
                tracing::error!("the back office turns this station away: enrol it again, or ask there");
                Next::after(WITHDRAWN_RETRY)
            }
        }
    }

    fn fail(&mut self, retry_after: Option<Duration>) -> Next {
        self.failures = self.failures.saturating_add(1);
        let random = self.parts.rng.next_u64();
        Next::after(retry_delay(self.failures, retry_after, random))
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
                self.by_the_clock = matches!(error, ExchangeError::Dates);
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
        self.tell_line(Line::Online);
        self.pace = receipt.pace;
        self.hear_time(&receipt, repeated);
        let more = self.settle(&batch, &receipt).await;
        if !batch.reports.is_empty() {
            self.answers = self.answers.saturating_add(1);
            self.limits = self.limits.after(self.answers);
        }
        match &receipt.withdrawn {
            Some(word) => self.hear_withdrawal(&word.contact),
            None => self.trust_download.fetch(&self.parts, &trust, &receipt).await,
        }
        if let Some(contact) = self.parts.trust.withdraws(self.parts.station) {
            self.hear_withdrawal(&contact);
        }
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
        let mut reports = self.parts.outbox.pending(BATCH_REPORTS).await?;
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

    /// Has the outbox settle what the receipt says. Returns whether to go on at once; `None` if nothing
    /// was settled.
    async fn settle(&mut self, batch: &Batch, receipt: &Receipt) -> Option<bool> {
        let settlement = settle(batch, receipt);
        if !settlement.conflicts.is_empty() {
            tracing::warn!(
                count = settlement.conflicts.len(),
                "the back office keeps other reports by the same ids"
            );
        }
        let settled = Settled {
            acknowledged: [settlement.erase, settlement.conflicts].concat(),
            missing: settlement.missing,
            generation: Some(receipt.generation),
            backed_up: receipt.backed_up,
        };
        let any = !settled.acknowledged.is_empty();
        let durable = self.parts.outbox.settle(settled).await;
        if batch.reports.is_empty() {
            return Some(false);
        }
        (any && durable).then_some(true)
    }

    fn tell_line(&mut self, line: Line) {
        if self.line != Some(line) {
            self.line = Some(line);
            // Once per change: without a network, each attempt fails.
            match line {
                Line::Online => tracing::info!("the back office answers"),
                Line::Offline => {
                    tracing::info!("the back office is not reached; reports wait on this laptop");
                }
                Line::OfflineClock => {
                    tracing::warn!("this clock is outside the dates of the back office's certificate");
                }
            }
            self.parts.inputs.tell(Input::Line(line));
        }
    }
}

fn failed(error: &ExchangeError, reports: usize) -> Outcome {
    match error {
        ExchangeError::Status { status: 413, .. } if reports > 1 => Outcome::TooLarge,
        ExchangeError::Status { status: 408, .. } | ExchangeError::BrokenOff if reports > 1 => {
            Outcome::TooSlow
        }
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
