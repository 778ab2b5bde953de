//! Reading an answer of the back office: its length, its lowest rate, its headers.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, RETRY_AFTER,
};
use serde::Deserialize;

use super::office::ExchangeError;
use crate::limits::{ENTITY_TAG_BYTES, PROBLEM_BYTES};

/// Media type of a refusal's body (RFC 9457).
const PROBLEM: &str = "application/problem+json";
/// The lowest rate holds for each so many bytes.
const WINDOW: usize = 16 * 1024;

/// Longest waits: for a connection, and for the next part of an answer. What is sent in either
/// direction has the time that it needs at the lowest rate besides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub connect: Duration,
    pub read: Duration,
    /// In bytes a second.
    pub rate: u64,
}

impl Patience {
    pub(super) fn at_the_lowest_rate(self, bytes: usize) -> Duration {
        Duration::from_millis((bytes as u64).saturating_mul(1000) / self.rate.max(1))
    }
}

/// Reads an answer's body of at most `limit` bytes. What came is in `out`, also where the rest did not.
pub(super) async fn read(
    mut response: Response,
    patience: Patience,
    limit: usize,
    out: &mut Vec<u8>,
) -> Result<(), ExchangeError> {
    if length(response.headers()).is_some_and(|length| length > limit) {
        return Err(ExchangeError::TooLong);
    }
    loop {
        let window = out.len().saturating_add(WINDOW);
        let all = tokio::time::timeout(
            patience.read + patience.at_the_lowest_rate(WINDOW),
            read_to(&mut response, patience.read, limit, window, out),
        );
        if all.await.map_err(|_| ExchangeError::BrokenOff)?? {
            return Ok(());
        }
    }
}

/// Reads until `window` bytes are here. Returns whether the body has ended.
async fn read_to(
    response: &mut Response,
    pause: Duration,
    limit: usize,
    window: usize,
    out: &mut Vec<u8>,
) -> Result<bool, ExchangeError> {
    while out.len() < window {
        let next = tokio::time::timeout(pause, response.chunk()).await;
        let Some(chunk) = next.ok().and_then(Result::ok).ok_or(ExchangeError::BrokenOff)? else {
            return Ok(true);
        };
        if out.len() + chunk.len() > limit {
            return Err(ExchangeError::TooLong);
        }
        out.extend_from_slice(&chunk);
    }
    Ok(false)
}

/// Reads an answer that refuses the request.
pub(super) async fn refusal(response: Response, patience: Patience) -> ExchangeError {
    #[derive(Deserialize)]
    struct Problem {
        code: String,
        at: Option<i64>,
    }
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let (mut code, mut at) = (None, None);
    if response.headers().get(CONTENT_TYPE).is_some_and(|value| value == PROBLEM) {
        let mut body = Vec::new();
        if read(response, patience, PROBLEM_BYTES, &mut body).await.is_ok() {
            let problem: Option<Problem> = serde_json::from_slice(&body).ok();
            at = problem.as_ref().and_then(|problem| problem.at);
            code = problem.map(|problem| problem.code);
        }
    }
    ExchangeError::Status { status, code, retry_after, at }
}

/// Returns the announced length of a body.
pub(super) fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH).and_then(number)?.try_into().ok()
}

/// Returns the entity tag, if it is a strong one of a sane length: only such a one names bytes.
pub(super) fn strong_tag(headers: &HeaderMap) -> Option<String> {
    let tag = headers.get(ETAG)?.to_str().ok()?;
    (tag.starts_with('"') && tag.ends_with('"') && (2..=ENTITY_TAG_BYTES).contains(&tag.len()))
        .then(|| tag.to_owned())
}

/// Returns where a part begins, and how long the whole file is (RFC 9110 §14.4).
pub(super) fn range(headers: &HeaderMap) -> Option<(usize, usize)> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
    let (place, total) = range.split_once('/')?;
    let (begin, _) = place.split_once('-')?;
    Some((begin.parse().ok()?, total.parse().ok()?))
}

/// Reads the header's form in seconds (RFC 9110 §10.2.3). Its form as a date would need a clock that
/// both sides agree on.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER).and_then(number).map(Duration::from_secs)
}

fn number(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.parse().ok()
}
