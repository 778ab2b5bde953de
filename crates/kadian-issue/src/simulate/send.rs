//! Sending: one task a station, in its order, until every batch has its receipt.

use std::sync::Arc;
use std::time::Duration;

use health_code::{Timestamp, Trust};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::time::Instant;
use wire::receipt::ReceiptError;
use wire::{Receipt, RecordStatus};

use super::Progress;
use super::figures::{Event, Figures};
use super::link::LinkError;
use super::prepare::Ready;
use super::stations::Station;

/// The pause of a station that no receipt has told another.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// Wait before the first repetition where the office names none; it doubles.
const BACKOFF: Duration = Duration::from_millis(250);
/// Longest wait before a repetition where the office names none.
const LONGEST_BACKOFF: Duration = Duration::from_secs(15);
/// How often progress is said.
const SAID_EACH: Duration = Duration::from_secs(1);

/// How stations send.
pub struct Plan {
    /// Whether nobody waits for anything.
    pub at_once: bool,
    /// After this everybody gives up.
    pub patience: Duration,
    /// Where progress is said.
    pub progress: Progress,
}

/// Sends every batch, and returns what was measured.
///
/// # Errors
/// A sentence where a task ended by itself.
pub async fn all(
    stations: Vec<Station>,
    batches: Vec<Vec<Ready>>,
    trust: Arc<Trust>,
    plan: &Plan,
    rng: &mut ChaCha20Rng,
) -> Result<Figures, String> {
    let passages = batches.iter().flatten().map(|batch| batch.reports.len()).sum();
    let mut figures = Figures::new(stations.len(), passages);
    let (events, mut happened) = mpsc::unbounded_channel();
    let begun = Instant::now();
    for (station, batches) in stations.into_iter().zip(batches) {
        let sender = Sender {
            station,
            trust: Arc::clone(&trust),
            pause: (!plan.at_once).then_some(FIRST_PAUSE),
            rng: ChaCha20Rng::from_rng(rng),
            events: events.clone(),
        };
        tokio::spawn(sender.send(batches));
    }
    // The channel closes when the last station is done.
    drop(events);
    let end = tokio::time::sleep(plan.patience);
    tokio::pin!(end);
    let mut due = tokio::time::interval_at(begun + SAID_EACH, SAID_EACH);
    let mut before = 0;
    loop {
        tokio::select! {
            event = happened.recv() => match event {
                Some((event, at)) => figures.add(event, at.saturating_duration_since(begun)),
                None => break,
            },
            _ = due.tick() => {
                let now = figures.acknowledged();
                let rate = now - before;
                before = now;
                let errors = figures.errors();
                plan.progress.say(format_args!("{now} of {passages} acknowledged, {rate} in this second, {errors} errors"));
            }
            () = &mut end => break,
        }
    }
    Ok(figures)
}

/// One station that sends.
struct Sender {
    station: Station,
    trust: Arc<Trust>,
    /// How long to wait between two batches; `None` waits for nothing.
    pause: Option<Duration>,
    rng: ChaCha20Rng,
    events: UnboundedSender<(Event, Instant)>,
}

impl Sender {
    async fn send(mut self, batches: Vec<Ready>) {
        if let Some(pause) = self.pause {
            tokio::time::sleep(self.share_of(pause)).await;
        }
        let count = batches.len();
        for (number, batch) in batches.into_iter().enumerate() {
            let begun = Instant::now();
            if !self.acknowledge(&batch).await {
                return;
            }
            if let Some(pause) = self.pause.filter(|_| number + 1 < count) {
                tokio::time::sleep_until(begun + pause).await;
            }
        }
    }

    /// Sends a batch until it has a receipt. Returns false where it will never have one.
    async fn acknowledge(&mut self, batch: &Ready) -> bool {
        let mut failures = 0;
        loop {
            let sent = Instant::now();
            let answer = self.station.link.send(batch.bytes.clone()).await;
            let arrived = Instant::now();
            let problem = match answer {
                Ok(answer) => match self.open(&answer, batch) {
                    Ok(receipt) => {
                        self.pause = self.pause.map(|_| Duration::from_secs(receipt.pace.pause.into()));
                        let event = read(&receipt, batch, arrived - sent);
                        self.tell(event, arrived);
                        return true;
                    }
                    Err(error) => LinkError::Answer(error.to_string()),
                },
                Err(error) => error,
            };
            let (code, retry, after) = match problem {
                LinkError::Refused { code, retry, after } => (code, retry, after),
                LinkError::NoAnswer(code) => (code.to_owned(), true, None),
                LinkError::Answer(why) => (why, true, None),
            };
            if !retry {
                self.tell(Event::Lost { passages: batch.reports.len(), why: code }, arrived);
                return false;
            }
            self.tell(Event::Failed(code), arrived);
            failures += 1;
            let wait = after.unwrap_or_else(|| backoff(failures));
            let jitter = self.share_of(wait / 2);
            tokio::time::sleep(wait + jitter).await;
        }
    }

    /// Opens a receipt with a key that was in force at the time that it names.
    fn open(&self, answer: &[u8], batch: &Ready) -> Result<Receipt, ReceiptError> {
        let mut problem = ReceiptError::Signature;
        for key in &self.trust.root().receipts {
            match Receipt::open(answer, [(key.kid, &key.key)], self.station.id, batch.id) {
                Ok(receipt) if key.is_in_force(Timestamp(receipt.time)) => return Ok(receipt),
                Ok(_) | Err(ReceiptError::Signature) => {}
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    fn tell(&self, event: Event, at: Instant) {
        // Nobody listens once the patience is over.
        let _ = self.events.send((event, at));
    }

    /// Returns some part of a time, evenly spread.
    fn share_of(&mut self, time: Duration) -> Duration {
        time.mul_f64(f64::from(self.rng.next_u32()) / f64::from(u32::MAX))
    }
}

fn backoff(failures: u32) -> Duration {
    BACKOFF.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_BACKOFF)
}

/// Reads what a receipt says of a batch.
fn read(receipt: &Receipt, batch: &Ready, waited: Duration) -> Event {
    let passages = batch.reports.len();
    let lines = receipt.lines.iter().map(|line| (line.record, line.hash));
    if !lines.eq(batch.reports.iter().copied()) {
        return Event::Lost { passages, why: "a receipt for other reports".to_owned() };
    }
    let count = |status| receipt.lines.iter().filter(|line| line.status == status).count();
    if count(RecordStatus::Conflict) > 0 {
        return Event::Lost { passages, why: "conflict".to_owned() };
    }
    if receipt.withdrawn.is_some() {
        return Event::Lost { passages, why: "withdrawn".to_owned() };
    }
    Event::Acknowledged { passages, before: count(RecordStatus::AlreadyStored), waited }
}
