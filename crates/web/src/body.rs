//! Reading a request's body.

use std::ops::Deref;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use futures_util::StreamExt as _;
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::time::{Duration, Instant, timeout_at};

use crate::limits::BODY_RATE;
use crate::problem::Problem;
use crate::request_error::RequestError;
use crate::room::Room;

/// What an endpoint accepts as a body.
#[derive(Debug, Clone, Copy)]
pub struct Accepts {
    /// The media type, compared byte for byte: no parameters, no other letter case.
    pub media: &'static str,
    /// The longest body, in bytes.
    pub limit: usize,
}

/// A body that has not been read yet. An endpoint that takes one has it as its last argument.
#[derive(Debug)]
pub struct Incoming {
    headers: HeaderMap,
    body: Body,
    admission: Admission,
}

/// What [`crate::bounded`] hands to the endpoint of a request.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    pub room: Room,
    /// Told when the work begins: from then on its time counts.
    pub begun: Arc<Notify>,
}

/// A body that has been read. While it lives, its bytes count, and its request is worked on.
#[derive(Debug)]
pub struct Received {
    bytes: Bytes,
    _held: (Option<OwnedSemaphorePermit>, OwnedSemaphorePermit),
}

impl Received {
    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}

impl Deref for Received {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl<S: Sync> FromRequest<S> for Incoming {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let unbounded = Problem {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: "internal",
            detail: "The program failed; its log says why.",
            retry: true,
        };
        let admission = parts.extensions.get::<Admission>().cloned().ok_or(unbounded)?;
        Ok(Self { headers: parts.headers, body, admission })
    }
}

impl Incoming {
    /// Reads a body that `accepts` admits, then waits until the request may be worked on.
    ///
    /// While a body arrives it takes nobody's turn. It counts byte by byte as it comes: who announces much
    /// and sends little holds little.
    ///
    /// # Errors
    /// [`RequestError::MediaType`]; [`RequestError::TooLarge`], also for a body that ends early;
    /// [`RequestError::TooSlow`] for one that falls behind the lowest rate; [`RequestError::Busy`].
    pub async fn read(self, accepts: Accepts) -> Result<Received, RequestError> {
        let Self { headers, body, admission: Admission { room, begun } } = self;
        if headers.get(CONTENT_TYPE).is_none_or(|given| given != accepts.media) {
            return Err(RequestError::MediaType);
        }
        if announced_length(&headers).is_some_and(|length| length > accepts.limit as u64) {
            return Err(RequestError::TooLarge);
        }
        let (bytes, held) = collect(body, accepts.limit, &room).await?;
        let turn = room.request().await?;
        begun.notify_one();
        Ok(Received { bytes, _held: (held, turn) })
    }
}

async fn collect(
    body: Body,
    limit: usize,
    room: &Room,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), RequestError> {
    let mut arriving = body.into_data_stream();
    let mut held: Option<OwnedSemaphorePermit> = None;
    let mut bytes = Vec::new();
    // Waiting for room is not the client's slowness, and moves the deadline.
    let mut deadline = Instant::now() + room.bounds.body_grace;
    loop {
        let next = timeout_at(deadline, arriving.next()).await.map_err(|_| RequestError::TooSlow)?;
        let Some(chunk) = next else { return Ok((bytes.into(), held)) };
        let chunk = chunk.map_err(|_| RequestError::TooLarge)?;
        if bytes.len() + chunk.len() > limit {
            return Err(RequestError::TooLarge);
        }
        let asked = Instant::now();
        let more = room.body(chunk.len()).await?;
        deadline += asked.elapsed() + Duration::from_secs(1) * chunk.len() as u32 / BODY_RATE;
        match &mut held {
            Some(held) => held.merge(more),
            None => held = Some(more),
        }
        bytes.extend_from_slice(&chunk);
    }
}

fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
