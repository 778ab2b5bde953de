//! One exchange: a batch goes out, and what its receipt says is done.

use gate::Input;
use gate::sync::Outcome;
use health_code::{Timestamp, Trust};
use rand_core::Rng as _;
use wire::limits::BATCH_REPORTS;
use wire::receipt::ReceiptError;
use wire::{About, Batch, BatchId, Notice, Receipt, SealedReport};

use super::Uplink;
use super::office::{COSE, ExchangeError};
use crate::limits::ANSWER_BYTES;
use crate::outbox::backlog::Settled;

/// No valid receipt, and nothing that says more.
const FAILED: Outcome = Outcome::Failed { retry_after: None };

impl Uplink {
    /// Sends one batch and settles its answer.
    pub(super) async fn exchange(&mut self) -> Outcome {
        let Some(trust) = self.parts.trust.current() else { return FAILED };
        let repeated = self.in_flight.is_some();
        let Some(batch) = self.batch().await else { return FAILED };
        self.carried = batch.reports.len();
        let body = batch.sign(&self.parts.key).bytes;
        self.in_flight = Some(batch.clone());
        let answer = match self.parts.office.post("/v1/batches", body, COSE, ANSWER_BYTES).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::debug!(%error, reports = batch.reports.len(), "no receipt");
                self.by_the_clock = matches!(error, ExchangeError::Dates);
                let another = matches!(error, ExchangeError::Identity(_) | ExchangeError::OtherContent);
                self.parts.wake.meets_another(another);
                return outcome(&error, batch.reports.len());
            }
        };
        let receipt = match open(&answer, &trust, &batch) {
            Ok(receipt) => receipt,
            Err(error) => {
                tracing::warn!(%error, "an answer that is no receipt of the back office");
                if error == ReceiptError::Signature {
                    self.trust_download.seek_root();
                    self.download().await;
                }
                return FAILED;
            }
        };
        self.in_flight = None;
        self.parts.wake.meets_another(false);
        self.tell_line(gate::window::bar::Line::Online);
        self.pace = receipt.pace;
        self.hear_time(&receipt, repeated);
        self.hear_generation(&receipt);
        self.keep_receipt(&answer, &receipt);
        self.keep_head(&receipt);
        let settled = self.settle(&batch, &receipt).await;
        if !batch.reports.is_empty() {
            self.answers = self.answers.saturating_add(1);
            self.limits = self.limits.after(self.answers);
        }
        self.hear_notices(&batch, &receipt);
        match &receipt.withdrawn {
            Some(word) => self.hear_withdrawal(&word.contact),
            None => {
                self.trust_download.hear(&self.parts, &receipt);
                self.download().await;
            }
        }
        if settled { Outcome::Answered } else { FAILED }
    }

    /// Downloads for one turn, and hears what the files say of this station.
    pub(super) async fn download(&mut self) {
        self.trust_download.turn(&self.parts).await;
        if let Some(contact) = self.parts.trust.withdraws(self.parts.station) {
            self.hear_withdrawal(&contact);
        }
    }

    /// Returns the batch to send: the one without an answer, or the oldest reports with a new id.
    async fn batch(&mut self) -> Option<Batch> {
        if let Some(batch) = self.in_flight.take() {
            self.stuck = 0;
            return Some(batch);
        }
        let waiting = self.parts.wake.waiting();
        let mut reports = self.parts.outbox.pending(BATCH_REPORTS).await?;
        self.stuck = if reports.is_empty() { waiting } else { 0 };
        let sizes: Vec<usize> = reports.iter().map(SealedReport::encoded_len).collect();
        reports.truncate((self.parts.rules.next_batch)(&sizes, self.search.limited(self.limits)));
        let mut id = [0; 16];
        self.parts.rng.fill_bytes(&mut id);
        let id = BatchId(id);
        let about = self.about(waiting);
        Some(Batch { station: self.parts.station, id, reports, awaits: self.parts.wake.awaited(), about })
    }

    /// Returns what people at the office see of this station.
    pub(super) fn about(&self, waiting: u64) -> Option<About> {
        let trust = self.parts.trust.current()?;
        Some(About {
            waiting,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            list_issued: trust.list().issued.0,
            clock: self.parts.clock.read().1,
        })
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

    /// Keeps the head of the office's audit log. Where the disk refuses, the next new head is written with it.
    pub(super) fn keep_head(&mut self, receipt: &Receipt) {
        if self.heads.take(receipt.audit)
            && let Err(error) = self.heads.keep(&self.parts.folder)
        {
            tracing::warn!(%error, "a head of the audit log could not be kept");
        }
    }

    /// Tells the gate what became of the changes that the batch asked about. Of anything else a receipt may
    /// say what it likes.
    pub(super) fn hear_notices(&mut self, batch: &Batch, receipt: &Receipt) {
        let asked = |notice: &&Notice| batch.awaits.contains(&notice.record);
        let notices: Vec<Notice> = receipt.notices.iter().filter(asked).cloned().collect();
        self.asking.answered(batch.awaits.clone(), notices.len());
        if !notices.is_empty() {
            self.parts.inputs.tell(Input::Told { notices, community: receipt.community.version });
        }
    }

    /// Has the outbox settle what the receipt says. Returns `false` if there were reports and nothing
    /// was settled.
    pub(super) async fn settle(&mut self, batch: &Batch, receipt: &Receipt) -> bool {
        let settlement = (self.parts.rules.settle)(batch, receipt);
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
        let some = !settled.acknowledged.is_empty();
        let sent: Vec<_> = batch.reports.iter().map(|report| report.record).collect();
        self.search.answered(&sent, some);
        let durable = self.parts.outbox.settle(settled).await;
        batch.reports.is_empty() || (some && durable)
    }
}

fn outcome(error: &ExchangeError, reports: usize) -> Outcome {
    let ExchangeError::Status { status, code, retry_after, .. } = error else {
        return match error {
            ExchangeError::BrokenOff if reports > 1 => Outcome::TooSlow,
            _ => FAILED,
        };
    };
    match (status, code.as_deref(), retry_after) {
        (400, Some("malformed"), _) if reports > 0 => Outcome::Malformed,
        (401, Some("unknown-station"), _) => Outcome::Unknown,
        (401 | 403, ..) => Outcome::Withdrawn,
        (408, ..) if reports > 1 => Outcome::TooSlow,
        (413, ..) if reports > 1 => Outcome::TooLarge,
        (429 | 503, _, Some(retry_after)) => Outcome::Busy { retry_after: *retry_after },
        _ => Outcome::Failed { retry_after: *retry_after },
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
