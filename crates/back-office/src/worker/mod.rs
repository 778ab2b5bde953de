//! The worker: opens what arrived, so that accepting a batch costs only a write; and keeps the office in order.
//!
//! Each of its duties is a task of its own that goes by time: however much arrives, trust files come into
//! force, gaps are found, and the office notices that it falls behind. A duty whose round fails does it again
//! after its pause. A duty that ends, ends the process: a worker that nobody misses would be worse.

mod comparing;
mod each;
mod known;
mod opener;
mod opening;
mod rights;
mod upkeep;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::{Id, JoinSet};

use crate::context::{Context, Ending};
use crate::limits::WORKER_PAUSE;
use crate::limits::{AUDIT_PAUSE, CHAINS_PAUSE, ERASED_PAUSE, RETENTION_PAUSE, TALLIES_PAUSE, WATCH_PAUSE};
use crate::store::{Settled, StoreError, Waiting};
use crate::trust::TrustError;

/// Wakes the worker: something arrived.
#[derive(Debug, Clone, Default)]
pub struct Waker(Arc<Notify>);

impl Waker {
    /// Tells the worker that something arrived. Never waits.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// Whether the office stops. A duty that runs for long looks at it between its steps.
type Stopping = watch::Receiver<bool>;

/// One round of a duty.
type Round<'a> = Pin<Box<dyn Future<Output = Result<(), TrustError>> + Send + 'a>>;

/// Something that the office does again and again.
struct Duty {
    /// The stable name, in the log and in the metrics.
    name: &'static str,
    /// The time between two rounds.
    pause: Duration,
    round: for<'a> fn(&'a Context, &'a Stopping) -> Round<'a>,
}

/// Without a wake the opener looks by itself: other servers and commands may have changed the store.
const DUTIES: [Duty; 9] = [
    Duty {
        name: "opening",
        pause: WORKER_PAUSE,
        round: |context, stop| Box::pin(opener::open_all(context, stop)),
    },
    Duty {
        name: "trust-files",
        pause: WORKER_PAUSE,
        round: |context, _| Box::pin(upkeep::trust_files(context)),
    },
    Duty { name: "chains", pause: CHAINS_PAUSE, round: |context, _| Box::pin(upkeep::chains(context)) },
    Duty {
        name: "audit-head",
        pause: AUDIT_PAUSE,
        round: |context, _| Box::pin(upkeep::audit_head(context)),
    },
    Duty { name: "tallies", pause: TALLIES_PAUSE, round: |context, _| Box::pin(upkeep::tallies(context)) },
    Duty { name: "erasures", pause: WORKER_PAUSE, round: |context, _| Box::pin(upkeep::erasures(context)) },
    Duty {
        name: "erased-list",
        pause: ERASED_PAUSE,
        round: |context, _| Box::pin(upkeep::erased_list(context)),
    },
    Duty {
        name: "retention",
        pause: RETENTION_PAUSE,
        round: |context, stop| Box::pin(upkeep::retention(context, stop)),
    },
    Duty { name: "watch", pause: WATCH_PAUSE, round: |context, _| Box::pin(upkeep::watch(context)) },
];

/// The worker's duties while they run.
#[derive(Debug)]
pub struct Worker {
    tasks: JoinSet<()>,
    names: Vec<(Id, &'static str)>,
    stop: watch::Sender<bool>,
    ending: Ending,
}

/// Opens reports and says what would become of them. Nothing is filed.
///
/// # Errors
/// [`StoreError`].
pub async fn look(context: &Context, reports: Vec<Waiting>) -> Result<Vec<Settled>, StoreError> {
    opener::look(context, reports).await
}

/// Starts the worker in the current tokio runtime.
#[must_use]
pub fn start(context: &Context) -> (Waker, Worker) {
    let waker = Waker::default();
    let (stop, stopping) = watch::channel(false);
    let mut worker =
        Worker { tasks: JoinSet::new(), names: Vec::new(), stop, ending: context.ending.clone() };
    for duty in DUTIES {
        let wakes = if duty.name == "opening" { waker.0.clone() } else { Arc::default() };
        worker.spawn(duty.name, repeat(duty, context.clone(), wakes, stopping.clone()));
    }
    (waker, worker)
}

impl Worker {
    fn spawn(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let id = self.tasks.spawn(task).id();
        self.names.push((id, name));
    }

    /// Returns when a duty has ended though nobody stopped it, and says which.
    pub async fn ended(&mut self) -> String {
        let (id, how) = match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => (id, "ended"),
            Some(Err(error)) => (error.id(), if error.is_panic() { "panicked" } else { "was cancelled" }),
            None => return "no duty of the worker runs".to_owned(),
        };
        let name = self.names.iter().find(|(known, _)| *known == id).map_or("unknown", |(_, name)| name);
        format!("the worker's duty {name} {how}")
    }

    /// Tells answers that go on and on that the office stops.
    pub fn announce_end(&self) {
        self.ending.begin();
    }

    /// Lets each duty finish the step that it is in, then ends.
    ///
    /// # Errors
    /// A duty had ended badly.
    pub async fn stop(mut self) -> io::Result<()> {
        // Nobody listens where every duty has ended.
        let _ = self.stop.send(true);
        let mut bad = None;
        while let Some(ended) = self.tasks.join_next().await {
            bad = bad.or(ended.err());
        }
        bad.map_or(Ok(()), |error| Err(io::Error::other(format!("the worker ended badly: {error}"))))
    }
}

async fn repeat(duty: Duty, context: Context, wakes: Arc<Notify>, mut stopping: Stopping) {
    while !*stopping.borrow() {
        if let Err(error) = (duty.round)(&context, &stopping).await {
            context.metrics.failed(duty.name);
            tracing::warn!(duty = duty.name, %error, "a round failed and is done again");
        }
        tokio::select! {
            () = wakes.notified() => {}
            () = tokio::time::sleep(duty.pause) => {}
            _ = stopping.wait_for(|stops| *stops) => {}
        }
    }
}

#[cfg(test)]
mod tests;
