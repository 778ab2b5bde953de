//! How much a server holds and works on at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::limits;
use crate::request_error::RequestError;

/// The bounds of a server. [`Bounds::default`] takes them from [`crate::limits`].
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many connections are open at once.
    pub connections: usize,
    /// How many requests are worked on at once.
    pub requests: usize,
    /// How many bytes of bodies are held at once.
    pub body_bytes: usize,
    /// How long a connection, a body or a request waits for room.
    pub wait: Duration,
    /// How long a body may fall short of [`limits::BODY_RATE`].
    pub body_grace: Duration,
    /// How long a request may take once it is worked on.
    pub work_time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: limits::CONNECTIONS,
            requests: limits::REQUESTS,
            body_bytes: limits::BODIES_BYTES,
            wait: limits::WAIT,
            body_grace: limits::BODY_GRACE,
            work_time: limits::WORK_TIME,
        }
    }
}

/// The room that the requests of one server share.
///
/// Whoever finds it full waits in line for [`Bounds::wait`], and only then is refused. So a thousand
/// stations that send at once are served one after the other, and none has to come again.
#[derive(Debug, Clone)]
pub struct Room {
    pub(crate) bounds: Bounds,
    connections: Arc<Semaphore>,
    requests: Arc<Semaphore>,
    body_bytes: Arc<Semaphore>,
}

impl Room {
    /// Returns empty room.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            bounds,
            connections: semaphore(bounds.connections),
            requests: semaphore(bounds.requests),
            body_bytes: semaphore(bounds.body_bytes),
        }
    }

    /// Returns how many connections are open.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.bounds.connections.saturating_sub(self.connections.available_permits())
    }

    /// Returns how many requests are worked on.
    #[must_use]
    pub fn requests_at_work(&self) -> usize {
        self.bounds.requests.saturating_sub(self.requests.available_permits())
    }

    /// Returns how many bytes of bodies are held.
    #[must_use]
    pub fn held_body_bytes(&self) -> usize {
        self.bounds.body_bytes.saturating_sub(self.body_bytes.available_permits())
    }

    pub(crate) async fn connection(&self) -> Result<OwnedSemaphorePermit, RequestError> {
        self.take(&self.connections, 1).await
    }

    pub(crate) async fn request(&self) -> Result<OwnedSemaphorePermit, RequestError> {
        self.take(&self.requests, 1).await
    }

    pub(crate) async fn body(&self, bytes: usize) -> Result<OwnedSemaphorePermit, RequestError> {
        self.take(&self.body_bytes, bytes).await
    }

    async fn take(&self, room: &Arc<Semaphore>, count: usize) -> Result<OwnedSemaphorePermit, RequestError> {
        let count = u32::try_from(count).map_err(|_| RequestError::Busy)?;
        match timeout(self.bounds.wait, room.clone().acquire_many_owned(count)).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(RequestError::Busy),
        }
    }
}
