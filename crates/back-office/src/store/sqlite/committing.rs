//! Committing together what several stations sent at the same time.
//!
//! Nearly all that a small batch costs is the sync of its commit. So whoever finds nobody committing
//! commits for all: while one commit goes to the disk, the batches that arrive gather for the next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::accept::{self, Prepared};
use super::connections::Connections;
use crate::store::{Accepted, StoreError};

/// Most bytes of batches in one commit. What is beyond waits for the next; one batch always goes.
const COMMIT_BYTES: usize = 4 * 1024 * 1024;

/// Batches that wait to be committed.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    /// Whether somebody is committing.
    busy: bool,
}

/// A batch, and where its result goes.
#[derive(Debug)]
struct Job {
    prepared: Box<Prepared>,
    answer: oneshot::Sender<Result<Accepted, StoreError>>,
}

impl Queue {
    /// Commits a batch, with whatever else waits.
    pub async fn commit(
        &self,
        prepared: Prepared,
        connections: &Connections,
    ) -> Result<Accepted, StoreError> {
        let (answer, done) = oneshot::channel();
        if self.push(Job { prepared: Box::new(prepared), answer }) {
            let (queue, connections) = (self.clone(), connections.clone());
            tokio::task::spawn_blocking(move || queue.commit_all(&connections));
        }
        // Nobody answers if the one who commits has panicked; nothing was kept then.
        done.await.unwrap_or_else(|_| Err(StoreError::Failed("a commit was interrupted".to_owned())))
    }

    /// Adds a batch. Returns true to whoever has to commit now.
    fn push(&self, job: Job) -> bool {
        let mut waiting = self.lock();
        waiting.jobs.push_back(job);
        !std::mem::replace(&mut waiting.busy, true)
    }

    fn commit_all(&self, connections: &Connections) {
        let _ends = Ends(self);
        loop {
            let group = self.take();
            if group.is_empty() {
                return;
            }
            let results = connections.write(|connection| accept_each(connection, &group));
            for (at, job) in group.into_iter().enumerate() {
                let result = match &results {
                    Ok(results) => results[at].clone(),
                    Err(error) => Err(error.clone()),
                };
                // Nobody listens any more if the station has hung up.
                let _ = job.answer.send(result);
            }
        }
    }

    /// Takes what goes into the next commit. Where nothing waits, nobody is committing from now on.
    fn take(&self) -> Vec<Job> {
        let mut waiting = self.lock();
        let mut bytes = 0;
        let mut group = Vec::new();
        while let Some(job) = waiting.jobs.front() {
            bytes += job.prepared.bytes();
            if bytes > COMMIT_BYTES && !group.is_empty() {
                break;
            }
            group.extend(waiting.jobs.pop_front());
        }
        waiting.busy = !group.is_empty();
        group
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the next batch begin anew if the one who commits panics. What waits with it is not answered.
struct Ends<'a>(&'a Queue);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *self.0.lock() = Waiting::default();
        }
    }
}

/// Accepts batches in one transaction. One that fails leaves nothing, and does not keep the others out.
fn accept_each(
    connection: &Connection,
    group: &[Job],
) -> Result<Vec<Result<Accepted, StoreError>>, StoreError> {
    let mut results = Vec::with_capacity(group.len());
    for job in group {
        let result = accept::accept(connection, &job.prepared).map_err(StoreError::from);
        // A full disk ends the whole transaction: then nothing of the others is kept either.
        if connection.is_autocommit() {
            return Err(result.err().unwrap_or(StoreError::Busy));
        }
        results.push(result);
    }
    Ok(results)
}
