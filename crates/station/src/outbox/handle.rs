//! The outbox's thread: it does one job after the other, so that one connection is enough.

use std::sync::mpsc::{Sender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use gate::Fault;
use tokio::sync::oneshot;
use wire::{RecordId, Report, SealedReport};

use super::backlog::{Backlog, Later, Settled};
pub(crate) use super::worker::Parts;
use super::worker::{Job, Worker};

/// An outbox that was not checked by then is silent.
const CHECKED_WITHIN: Duration = Duration::from_secs(10);

/// Sends jobs to the outbox's thread. The thread ends when the last handle is dropped.
#[derive(Debug, Clone)]
pub(crate) struct OutboxHandle(Sender<Job>);

impl OutboxHandle {
    /// Starts the thread. It opens the outbox, and tries again until that succeeds.
    pub(crate) fn start(parts: Parts) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (sender, jobs) = channel();
        let worker = Worker::new(parts);
        let thread = std::thread::Builder::new().name("outbox".into()).spawn(move || worker.work(&jobs))?;
        Ok((Self(sender), thread))
    }

    /// Has a report sealed and made durable. The gate gets the outcome as an input.
    pub(crate) fn append(&self, record: RecordId, report: Box<Report>) {
        let _ = self.0.send(Job::Append { record, report });
    }
}

impl OutboxHandle {
    /// Has the file checked as far as that takes no time that anybody would notice.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let (answer, checked) = sync_channel(1);
        let sent = self.0.send(Job::Check { answer }).ok();
        sent.and_then(|()| checked.recv_timeout(CHECKED_WITHIN).ok()).unwrap_or(Err(Fault::OutboxSilent))
    }

    /// Sends a job, and returns its answer; `None` where the thread is gone.
    fn ask<T: Send + 'static>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Later<'_, Option<T>> {
        let (answer, answered) = oneshot::channel();
        let sent = self.0.send(job(answer));
        Box::pin(async move {
            sent.ok()?;
            answered.await.ok()
        })
    }
}

impl Backlog for OutboxHandle {
    fn pending(&self, limit: usize) -> Later<'_, Option<Vec<SealedReport>>> {
        self.ask(|answer| Job::Pending { limit, answer })
    }

    fn all(&self, limit: usize) -> Later<'_, Option<Vec<SealedReport>>> {
        let answer = self.ask(|answer| Job::All { limit, answer });
        Box::pin(async { answer.await.flatten() })
    }

    fn held(&self, records: Vec<RecordId>) -> Later<'_, Option<Vec<SealedReport>>> {
        let answer = self.ask(|answer| Job::Held { records, answer });
        Box::pin(async { answer.await.flatten() })
    }

    fn settle(&self, settled: Settled) -> Later<'_, bool> {
        let answer = self.ask(|answer| Job::Settle { settled, answer });
        Box::pin(async { answer.await.unwrap_or(false) })
    }

    fn set_aside(&self, record: RecordId) -> Later<'_, bool> {
        let answer = self.ask(|answer| Job::SetAside { record, answer });
        Box::pin(async { answer.await.unwrap_or(false) })
    }

    fn is_drained(&self) -> Later<'_, bool> {
        let answer = self.ask(|answer| Job::IsDrained { answer });
        Box::pin(async { answer.await.unwrap_or(false) })
    }
}

/// An outbox without a thread of its own, for simulations: each job is done by who asks.
#[cfg(test)]
pub(crate) struct InlineOutbox(std::sync::Mutex<Worker>);

#[cfg(test)]
impl InlineOutbox {
    pub(crate) fn new(parts: Parts) -> Self {
        let mut worker = Worker::new(parts);
        worker.open();
        Self(std::sync::Mutex::new(worker))
    }

    pub(crate) fn append(&self, record: RecordId, report: Box<Report>) {
        self.0.lock().unwrap().take(Job::Append { record, report });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ask(|answer| Job::IsDrained { answer }) == Some(true)
    }

    fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Option<T> {
        let (answer, mut answered) = oneshot::channel();
        self.0.lock().unwrap().take(job(answer));
        answered.try_recv().ok()
    }
}

#[cfg(test)]
impl Backlog for std::sync::Arc<InlineOutbox> {
    fn pending(&self, limit: usize) -> Later<'_, Option<Vec<SealedReport>>> {
        let answer = self.ask(|answer| Job::Pending { limit, answer });
        Box::pin(async { answer })
    }

    fn all(&self, limit: usize) -> Later<'_, Option<Vec<SealedReport>>> {
        let answer = self.ask(|answer| Job::All { limit, answer });
        Box::pin(async { answer.flatten() })
    }

    fn held(&self, records: Vec<RecordId>) -> Later<'_, Option<Vec<SealedReport>>> {
        let answer = self.ask(|answer| Job::Held { records, answer });
        Box::pin(async { answer.flatten() })
    }

    fn settle(&self, settled: Settled) -> Later<'_, bool> {
        let answer = self.ask(|answer| Job::Settle { settled, answer });
        Box::pin(async move { answer.unwrap_or(false) })
    }

    fn set_aside(&self, record: RecordId) -> Later<'_, bool> {
        let answer = self.ask(|answer| Job::SetAside { record, answer });
        Box::pin(async move { answer.unwrap_or(false) })
    }

    fn is_drained(&self) -> Later<'_, bool> {
        let answer = self.ask(|answer| Job::IsDrained { answer });
        Box::pin(async move { answer.unwrap_or(false) })
    }
}

#[cfg(test)]
mod tests;
