//! The stories' only clocks.

use std::time::{Duration, Instant, SystemTime};

use health_code::Timestamp;

/// For patience.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the stories' one place to read clocks")]
pub fn now() -> Instant {
    Instant::now()
}

/// How long something takes.
pub fn timed(work: impl FnOnce()) -> Duration {
    let start = now();
    work();
    now() - start
}

/// For signing codes that a station judges by the machine's clock.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the stories' one place to read clocks")]
pub fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| since.as_secs() as i64))
}

/// Asks again and again until the answer is there.
///
/// # Panics
/// When `patience` is over first.
pub fn until<T>(what: &str, patience: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = now() + patience;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(now() < end, "no {what} in time");
        std::thread::sleep(Duration::from_millis(100));
    }
}
