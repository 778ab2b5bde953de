//! The stage's only clocks, and waits that end.

use std::time::{Duration, Instant, SystemTime};

use health_code::Timestamp;

use crate::problem::{Problem, Result};

/// How long anything may take that a busy machine can hold up. Two minutes are enough with eight
/// busy processes a core, and short enough to notice that something hangs.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// Pause between two questions.
const BETWEEN: Duration = Duration::from_millis(100);

/// Reads the monotonic clock.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the stage's one place to read clocks")]
pub fn now() -> Instant {
    Instant::now()
}

/// Measures how long something takes.
pub fn timed(work: impl FnOnce()) -> Duration {
    let start = now();
    work();
    now() - start
}

/// Reads the wall clock, to sign codes that a station judges by the same clock.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the stage's one place to read clocks")]
pub fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX)))
}

/// Asks again and again until there is an answer.
///
/// # Errors
/// [`Problem::TooLate`], or whatever the question ends with.
pub fn until<T>(what: &str, patience: Duration, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let end = now() + patience;
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if now() >= end {
            let instead = "it is not there".to_owned();
            return Err(Problem::TooLate { what: what.to_owned(), patience, instead });
        }
        std::thread::sleep(BETWEEN);
    }
}
