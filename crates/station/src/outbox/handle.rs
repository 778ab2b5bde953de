//! The outbox's thread: it does one job after the other, so that one connection is enough.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use gate::{Fault, Input};
use rand_chacha::ChaCha20Rng;
use rand_core::Rng as _;
use tokio::sync::{Notify, oneshot};
use wire::{RecordId, Report, SealedReport, StationId, StreamId};

use super::backlog::{Backlog, Later};
use super::{Outbox, OutboxError};
use crate::clock::Clock;
use crate::inputs::Inputs;
use crate::trust_store::TrustStore;

/// Pause before the next try to open an outbox that could not be opened.
const RETRY: Duration = Duration::from_secs(5);
/// How often a report is tried to be made durable while another program holds the file. Each try waits
/// two seconds, and the gate waits ten for all of them.
const BUSY_TRIES: u32 = 3;

/// Sends jobs to the outbox's thread. The thread ends when the last handle is dropped.
#[derive(Debug, Clone)]
pub(crate) struct OutboxHandle(Sender<Job>);

#[derive(Debug)]
enum Job {
    Append { record: RecordId, report: Box<Report> },
    Pending { limit: usize, skip: HashSet<RecordId>, answer: oneshot::Sender<Vec<SealedReport>> },
    Erase { records: Vec<RecordId>, answer: oneshot::Sender<bool> },
    IsDrained { answer: oneshot::Sender<bool> },
}

/// What the thread works with.
pub(crate) struct Parts {
    pub path: PathBuf,
    pub station: StationId,
    pub trust: Arc<TrustStore>,
    pub clock: Arc<dyn Clock>,
    pub inputs: Inputs,
    /// Notified when a report waits to be sent.
    pub wake: Arc<Notify>,
    /// Names streams, and seals reports.
    pub rng: ChaCha20Rng,
}

impl OutboxHandle {
    /// Starts the thread. It opens the outbox, and tries again until that succeeds.
    pub(crate) fn start(parts: Parts) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (sender, jobs) = channel();
        let worker = Worker { parts, outbox: None, fault: None, unwiped: false };
        let thread = std::thread::Builder::new().name("outbox".into()).spawn(move || worker.work(&jobs))?;
        Ok((Self(sender), thread))
    }

    /// Has a report sealed and made durable. The gate gets the outcome as an input.
    pub(crate) fn append(&self, record: RecordId, report: Box<Report>) {
        let _ = self.0.send(Job::Append { record, report });
    }
}

impl Backlog for OutboxHandle {
    fn pending(&self, limit: usize, skip: HashSet<RecordId>) -> Later<'_, Option<Vec<SealedReport>>> {
        let (answer, answered) = oneshot::channel();
        let sent = self.0.send(Job::Pending { limit, skip, answer });
        Box::pin(async move {
            sent.ok()?;
            answered.await.ok()
        })
    }

    fn erase(&self, records: Vec<RecordId>) -> Later<'_, bool> {
        let (answer, answered) = oneshot::channel();
        let sent = self.0.send(Job::Erase { records, answer });
        Box::pin(async move { sent.is_ok() && answered.await.unwrap_or(false) })
    }

    fn is_drained(&self) -> Later<'_, bool> {
        let (answer, answered) = oneshot::channel();
        let sent = self.0.send(Job::IsDrained { answer });
        Box::pin(async move { sent.is_ok() && answered.await.unwrap_or(false) })
    }
}

struct Worker {
    parts: Parts,
    outbox: Option<Outbox>,
    fault: Option<Fault>,
    /// Deleted rows are still in the write-ahead log.
    unwiped: bool,
}

impl Worker {
    fn work(mut self, jobs: &Receiver<Job>) {
        self.open();
        loop {
            match jobs.recv_timeout(RETRY) {
                Ok(job) => self.take(job),
                Err(RecvTimeoutError::Timeout) => self.idle(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn take(&mut self, job: Job) {
        match job {
            Job::Append { record, report } => {
                let input = match self.append(record, &report) {
                    Ok(()) => Input::Appended { record },
                    Err(fault) => Input::AppendFailed { record, fault },
                };
                self.parts.inputs.tell(input);
                self.parts.wake.notify_one();
                self.tell_waiting();
            }
            Job::Pending { limit, skip, answer } => {
                let rows = self.outbox.as_ref().map(|outbox| outbox.pending(limit, &skip));
                let rows = rows.unwrap_or_else(|| Ok(Vec::new()));
                let _ = answer.send(self.noting_trouble(rows).unwrap_or_default());
            }
            Job::Erase { records, answer } => {
                let erased = match self.outbox.as_mut() {
                    Some(outbox) => outbox.erase(&records),
                    None => Err(OutboxError::Busy),
                };
                self.unwiped |= matches!(erased, Err(OutboxError::Busy));
                let _ = answer.send(self.noting_trouble(erased).is_some());
                self.tell_waiting();
            }
            Job::IsDrained { answer } => {
                let count = self.outbox.as_ref().map_or(Err(OutboxError::Busy), Outbox::count);
                let _ = answer.send(self.noting_trouble(count) == Some(0));
            }
        }
    }

    fn idle(&mut self) {
        if self.outbox.is_none() {
            self.open();
        }
        if self.unwiped && self.outbox.as_ref().is_some_and(|outbox| outbox.empty_log().is_ok()) {
            self.unwiped = false;
        }
    }

    fn append(&mut self, record: RecordId, report: &Report) -> Result<(), Fault> {
        if self.outbox.is_none() {
            self.open();
        }
        let Some(outbox) = self.outbox.as_mut() else {
            return Err(self.fault.unwrap_or(Fault::OutboxDamaged));
        };
        let sealed = seal(&mut self.parts, outbox, record, report)?;
        let mut tries = 1;
        let error = loop {
            match outbox.append(&sealed) {
                Ok(()) => return Ok(()),
                Err(OutboxError::Busy) if tries < BUSY_TRIES => tries += 1,
                Err(error) => break error,
            }
        };
        tracing::error!(%error, code = error.code(), "a report could not be made durable");
        if error.leaves_open() {
            return Err(error.fault());
        }
        // Only opening the file again tells what is on the disk.
        self.outbox = None;
        self.open();
        let found = self
            .outbox
            .as_ref()
            .is_some_and(|outbox| outbox.holds(record).unwrap_or(false) && outbox.empty_log().is_ok());
        if found { Ok(()) } else { Err(error.fault()) }
    }

    fn open(&mut self) {
        let mut stream = [0; 16];
        self.parts.rng.fill_bytes(&mut stream);
        let opened = Outbox::open(&self.parts.path, self.parts.station, StreamId(stream));
        let fault = opened.as_ref().err().map(OutboxError::fault);
        if let Err(error) = &opened {
            tracing::error!(%error, code = error.code(), "the outbox could not be opened");
        }
        self.outbox = opened.ok();
        if fault != self.fault {
            self.fault = fault;
            self.parts.inputs.tell(Input::Outbox(fault));
        }
        self.tell_waiting();
    }

    fn tell_waiting(&self) {
        if let Some(Ok(count)) = self.outbox.as_ref().map(Outbox::count) {
            self.parts.inputs.tell(Input::Waiting(count));
        }
    }

    fn noting_trouble<T>(&mut self, result: Result<T, OutboxError>) -> Option<T> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        tracing::warn!(%error, code = error.code(), "outbox");
        if !error.leaves_open() {
            self.outbox = None;
            self.open();
        }
        None
    }
}

/// Seals a report for its position, to the key that the root names for this moment.
fn seal(
    parts: &mut Parts,
    outbox: &Outbox,
    record: RecordId,
    report: &Report,
) -> Result<SealedReport, Fault> {
    let trust = parts.trust.current().ok_or(Fault::TrustMissing)?;
    let key = trust.root().sealing_key(parts.clock.wall()).ok_or(Fault::TrustMissing)?;
    wire::seal::seal(report, &outbox.place(record), key.kid, &key.key, &mut parts.rng).map_err(|error| {
        tracing::error!(%error, "a report could not be sealed");
        Fault::OutboxDamaged
    })
}

/// An outbox without a thread of its own, for simulations: each job is done by who asks.
#[cfg(test)]
pub(crate) struct InlineOutbox(std::sync::Mutex<Worker>);

#[cfg(test)]
impl InlineOutbox {
    pub(crate) fn new(parts: Parts) -> Self {
        let mut worker = Worker { parts, outbox: None, fault: None, unwiped: false };
        worker.open();
        Self(std::sync::Mutex::new(worker))
    }

    pub(crate) fn append(&self, record: RecordId, report: Box<Report>) {
        self.0.lock().unwrap().take(Job::Append { record, report });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.lock().unwrap().outbox.as_ref().is_some_and(|outbox| outbox.count().unwrap() == 0)
    }
}

#[cfg(test)]
impl Backlog for Arc<InlineOutbox> {
    fn pending(&self, limit: usize, skip: HashSet<RecordId>) -> Later<'_, Option<Vec<SealedReport>>> {
        let (answer, mut answered) = oneshot::channel();
        self.0.lock().unwrap().take(Job::Pending { limit, skip, answer });
        Box::pin(async move { answered.try_recv().ok() })
    }

    fn erase(&self, records: Vec<RecordId>) -> Later<'_, bool> {
        let (answer, mut answered) = oneshot::channel();
        self.0.lock().unwrap().take(Job::Erase { records, answer });
        Box::pin(async move { answered.try_recv().unwrap_or(false) })
    }

    fn is_drained(&self) -> Later<'_, bool> {
        let (answer, mut answered) = oneshot::channel();
        self.0.lock().unwrap().take(Job::IsDrained { answer });
        Box::pin(async move { answered.try_recv().unwrap_or(false) })
    }
}

#[cfg(test)]
mod tests;
