//! What the outbox's thread does: one job after the other, on the only connection.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use gate::{Fault, Input};
use rand_core::Rng as _;
use tokio::sync::oneshot;
use wire::{RecordId, Report, SealedReport, StationId, StreamId};

use super::backlog::Settled;
use super::{Outbox, OutboxError};
use crate::clock::Clock;
use crate::entropy::Generator;
use crate::inputs::Inputs;
use crate::trust_store::TrustStore;
use crate::wake::Wake;

/// Pause before the next try to open an outbox that could not be opened.
const RETRY: Duration = Duration::from_secs(5);
/// Pause between two slices of upkeep: it leaves most of the time to the gate's reports and to the machine.
const BETWEEN_SLICES: Duration = Duration::from_millis(20);
/// How often a report is tried to be made durable while another program holds the file. Each try waits
/// two seconds, and the gate waits ten for all of them.
const BUSY_TRIES: u32 = 3;

/// What the thread works with.
pub(crate) struct Parts {
    pub path: PathBuf,
    pub station: StationId,
    pub trust: Arc<TrustStore>,
    pub clock: Arc<dyn Clock>,
    pub inputs: Inputs,
    /// Told how many reports wait to be sent.
    pub wake: Arc<Wake>,
    /// Names streams, and seals reports.
    pub rng: Generator,
}

/// Something to do, and where its answer goes.
#[derive(Debug)]
pub(super) enum Job {
    Append { record: RecordId, report: Box<Report> },
    Pending { limit: usize, answer: oneshot::Sender<Vec<SealedReport>> },
    All { limit: usize, answer: oneshot::Sender<Option<Vec<SealedReport>>> },
    Held { records: Vec<RecordId>, answer: oneshot::Sender<Option<Vec<SealedReport>>> },
    Settle { settled: Settled, answer: oneshot::Sender<bool> },
    SetAside { record: RecordId, answer: oneshot::Sender<bool> },
    IsDrained { answer: oneshot::Sender<bool> },
    Check { answer: SyncSender<Result<(), Fault>> },
}

pub(super) struct Worker {
    parts: Parts,
    outbox: Option<Outbox>,
    fault: Option<Fault>,
    /// Deleted rows are still in the write-ahead log.
    unwiped: bool,
    /// The file was found to be damaged: it is salvaged before it is used again.
    damaged: bool,
    /// There is upkeep to do.
    busy: bool,
    /// How many acknowledged reports the policy wants kept, as far as this run knows.
    keep: Option<u32>,
    /// How many reports are set aside, as the gate was told.
    aside: u64,
}

impl Worker {
    pub(super) fn new(parts: Parts) -> Self {
        Self {
            parts,
            outbox: None,
            fault: None,
            unwiped: false,
            damaged: false,
            busy: false,
            keep: None,
            aside: 0,
        }
    }

    pub(super) fn work(mut self, jobs: &Receiver<Job>) {
        self.open();
        loop {
            match jobs.recv_timeout(if self.busy { BETWEEN_SLICES } else { RETRY }) {
                Ok(job) => self.take(job),
                Err(RecvTimeoutError::Timeout) => self.idle(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    pub(super) fn take(&mut self, job: Job) {
        match job {
            Job::Append { record, report } => {
                let input = match self.append(record, &report) {
                    Ok(()) => Input::Appended { record },
                    Err(fault) => Input::AppendFailed { record, fault },
                };
                self.parts.inputs.tell(input);
                self.tell_counts();
            }
            Job::Pending { limit, answer } => {
                let rows =
                    self.outbox.as_mut().map_or_else(|| Ok(Vec::new()), |outbox| outbox.pending(limit));
                let _ = answer.send(self.noting_trouble(rows).unwrap_or_default());
            }
            Job::All { limit, answer } => {
                let rows = self.with_outbox(|outbox| outbox.all(limit));
                let _ = answer.send(self.noting_trouble(rows));
            }
            Job::Held { records, answer } => {
                let rows = self.with_outbox(|outbox| outbox.held(&records));
                let _ = answer.send(self.noting_trouble(rows));
            }
            Job::Settle { settled, answer } => {
                let keep = self.keep();
                let done = self.with_outbox(|outbox| outbox.settle(&settled, keep));
                self.unwiped |= matches!(done, Err(OutboxError::Busy));
                let done = self.noting_trouble(done);
                self.busy |= done.is_some();
                if let Some(again) = done.map(|done| done.again).filter(|again| *again > 0) {
                    tracing::warn!(reports = again, "the office was restored: what was kept is sent again");
                }
                // Whoever goes on after the answer knows what waits then.
                self.tell_counts();
                let _ = answer.send(done.is_some());
            }
            Job::SetAside { record, answer } => {
                let done = self.with_outbox(|outbox| outbox.set_aside(record));
                let done = self.noting_trouble(done).is_some();
                self.tell_counts();
                let _ = answer.send(done);
            }
            Job::IsDrained { answer } => {
                let drained = self.with_outbox(|outbox| outbox.is_drained());
                let _ = answer.send(self.noting_trouble(drained) == Some(true));
            }
            Job::Check { answer } => {
                let checked = self.with_outbox(|outbox| outbox.check_now());
                let fault = checked.as_ref().err().map(|error| match self.fault {
                    // It is not open, and that is why.
                    Some(fault) if self.outbox.is_none() => fault,
                    _ => error.fault(),
                });
                self.noting_trouble(checked);
                let _ = answer.send(fault.map_or(Ok(()), Err));
            }
        }
    }

    fn with_outbox<T>(
        &mut self,
        job: impl FnOnce(&mut Outbox) -> Result<T, OutboxError>,
    ) -> Result<T, OutboxError> {
        self.outbox.as_mut().map_or(Err(OutboxError::Busy), job)
    }

    /// Returns how many acknowledged reports the policy wants kept. Where none is in force, the last word
    /// counts.
    fn keep(&mut self) -> Option<u32> {
        let trust = self.parts.trust.current();
        if let Some(Ok(in_force)) = trust.map(|trust| trust.policy(self.parts.clock.wall())) {
            self.keep = Some(in_force.policy.kept_reports.unwrap_or_default());
        }
        self.keep
    }

    pub(super) fn idle(&mut self) {
        if self.outbox.is_none() {
            self.open();
        }
        if self.unwiped && self.outbox.as_ref().is_some_and(|outbox| outbox.empty_log().is_ok()) {
            self.unwiped = false;
        }
        if let Some(more) = self.outbox.as_mut().map(Outbox::upkeep) {
            self.busy = self.noting_trouble(more) == Some(true);
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
        self.reopen(&error);
        let found = self
            .outbox
            .as_ref()
            .is_some_and(|outbox| outbox.holds(record).unwrap_or(false) && outbox.empty_log().is_ok());
        if found { Ok(()) } else { Err(error.fault()) }
    }

    fn reopen(&mut self, after: &OutboxError) {
        self.outbox = None;
        self.damaged |= after.is_damage();
        self.open();
    }

    pub(super) fn open(&mut self) {
        let mut stream = [0; 16];
        self.parts.rng.fill_bytes(&mut stream);
        let open = if self.damaged { Outbox::open_damaged } else { Outbox::open };
        let opened = open(&self.parts.path, self.parts.station, StreamId(stream));
        self.damaged &= opened.is_err();
        self.busy = opened.is_ok();
        let fault = opened.as_ref().err().map(OutboxError::fault);
        if let Err(error) = &opened {
            tracing::error!(%error, code = error.code(), "the outbox could not be opened");
        }
        self.outbox = opened.ok();
        if fault != self.fault {
            self.fault = fault;
            self.parts.inputs.tell(Input::Outbox(fault));
        }
        self.tell_counts();
    }

    fn tell_counts(&mut self) {
        let Some(outbox) = &self.outbox else { return };
        self.parts.inputs.tell(Input::Waiting(outbox.waiting()));
        self.parts.wake.tell(outbox.waiting());
        if outbox.aside() != self.aside {
            self.aside = outbox.aside();
            self.parts.inputs.tell(Input::SetAside(self.aside));
        }
    }

    fn noting_trouble<T>(&mut self, result: Result<T, OutboxError>) -> Option<T> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        tracing::warn!(%error, code = error.code(), "outbox");
        if !error.leaves_open() {
            self.reopen(&error);
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
