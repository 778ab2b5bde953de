//! When to send again: after an answer, a failure, or a word that the back office is busy.

use std::time::Duration;

use crate::limits::RETRY_AFTER;

/// From so many waiting reports on, a station sends at once.
pub const SENDS_AT_ONCE: u64 = 20;
/// The first wait between attempts to send is at most this long; it doubles with each failure.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
/// The longest wait between attempts to send.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);
/// After so many failures in a row the circuit breaker is open.
const BREAKER_FAILURES: u32 = 5;
/// The shortest wait while the breaker is open.
const BREAKER_WAIT: Duration = Duration::from_secs(30);

/// The rest between two exchanges, by the pace of the last receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// How long a report waits for others before they are sent together.
    pub pause: Duration,
    /// Without a report, an exchange asks what is new after this.
    pub poll: Duration,
}

impl Rest {
    /// Returns when the next exchange is due, counted from the beginning of the last one.
    ///
    /// `waiting` reports wait, the first of them `since` a moment that is counted likewise. From
    /// [`SENDS_AT_ONCE`] on they are due now.
    #[must_use]
    pub fn ends(self, waiting: u64, since: Duration) -> Duration {
        let poll = self.poll.max(self.pause);
        match waiting {
            0 => poll,
            1..SENDS_AT_ONCE => since.saturating_add(self.pause).min(poll),
            _ => Duration::ZERO,
        }
    }
}

/// Returns how long to wait before attempt number `failures + 1`.
///
/// The wait is exponential backoff with full jitter: a random share of a ceiling that doubles with
/// each failure, up to 300 s. After five failures in a row the circuit breaker is open, and the wait
/// is at least 30 s. A longer `retry_after` is obeyed, up to an hour.
///
/// `random` must be evenly distributed over all its values.
#[must_use]
pub fn retry_delay(failures: u32, retry_after: Option<Duration>, random: u64) -> Duration {
    let ceiling = if failures == 0 { Duration::ZERO } else { doubled(FIRST_BACKOFF, failures) };
    let floor = if failures >= BREAKER_FAILURES { BREAKER_WAIT } else { Duration::ZERO };
    let jittered = floor.saturating_add(share(ceiling.saturating_sub(floor), random));
    jittered.max(retry_after.unwrap_or_default().min(RETRY_AFTER))
}

/// Returns how long to wait after a back office has said for the `times`th time in a row that it is
/// busy.
///
/// `retry_after` is obeyed, up to an hour, and a random share of as much again is added, so that
/// stations that were turned away together do not come back together. Each further time doubles that
/// share's ceiling, up to 300 s. This is outside the circuit breaker: the back office is there.
///
/// `random` must be evenly distributed over all its values.
#[must_use]
pub fn busy_delay(retry_after: Duration, times: u32, random: u64) -> Duration {
    let obeyed = retry_after.min(RETRY_AFTER);
    let spread = obeyed.clamp(FIRST_BACKOFF, LONGEST_BACKOFF);
    obeyed.saturating_add(share(doubled(spread, times.saturating_sub(1)), random))
}

/// Doubles a wait so many times, up to the longest.
fn doubled(wait: Duration, times: u32) -> Duration {
    wait.saturating_mul(2u32.saturating_pow(times.min(31))).min(LONGEST_BACKOFF)
}

/// Returns a random share of at most 300 s.
fn share(of: Duration, random: u64) -> Duration {
    let spread = of.as_millis();
    // `spread` has fewer than 20 bits, so the product fits, and shifted back it is at most `spread`.
    Duration::from_millis(u64::try_from((u128::from(random) * (spread + 1)) >> 64).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_first_attempt_is_made_at_once_and_the_breaker_holds_back() {
        assert_eq!(retry_delay(0, None, u64::MAX), Duration::ZERO);
        assert_eq!(retry_delay(1, None, u64::MAX), 2 * SECOND);
        assert_eq!(retry_delay(4, None, 0), Duration::ZERO, "full jitter");
        assert_eq!(retry_delay(5, None, 0), BREAKER_WAIT);
        assert_eq!(retry_delay(u32::MAX, None, u64::MAX), LONGEST_BACKOFF);
        assert_eq!(retry_delay(1, Some(86_400 * SECOND), 0), RETRY_AFTER);
        assert_eq!(retry_delay(0, Some(7 * SECOND), 0), 7 * SECOND);
    }

    #[test]
    fn a_busy_office_is_obeyed_outside_the_breaker_and_stations_spread() {
        assert_eq!(busy_delay(5 * SECOND, 1, 0), 5 * SECOND);
        assert_eq!(busy_delay(5 * SECOND, 1, u64::MAX), 10 * SECOND);
        assert_eq!(busy_delay(5 * SECOND, 9, 0), 5 * SECOND, "no floor, however often");
        assert_eq!(busy_delay(5 * SECOND, 3, u64::MAX), 25 * SECOND);
        assert_eq!(busy_delay(Duration::ZERO, 1, u64::MAX), SECOND, "never all at once");
        assert_eq!(busy_delay(86_400 * SECOND, 1, 0), RETRY_AFTER);
    }

    #[test]
    fn a_report_waits_for_others_and_twenty_wait_for_nobody() {
        let rest = Rest { pause: 30 * SECOND, poll: 600 * SECOND };
        assert_eq!(rest.ends(0, Duration::ZERO), 600 * SECOND);
        assert_eq!(rest.ends(1, Duration::ZERO), 30 * SECOND, "what came meanwhile");
        assert_eq!(rest.ends(19, 100 * SECOND), 130 * SECOND, "since the first of them");
        assert_eq!(rest.ends(1, 590 * SECOND), 600 * SECOND, "it goes along with what is due anyway");
        assert_eq!(rest.ends(SENDS_AT_ONCE, 100 * SECOND), Duration::ZERO);
        let slow = Rest { pause: 300 * SECOND, poll: 10 * SECOND };
        assert_eq!(slow.ends(0, Duration::ZERO), 300 * SECOND, "never before the pause");
    }

    proptest! {
        #[test]
        fn delays_stay_in_their_bounds(failures: u32, after: u32, random: u64) {
            let after = Duration::from_secs(after.into());
            for given in [None, Some(after)] {
                let delay = retry_delay(failures, given, random);
                prop_assert!(delay <= LONGEST_BACKOFF.max(given.unwrap_or_default().min(RETRY_AFTER)));
                prop_assert!(failures < BREAKER_FAILURES || delay >= BREAKER_WAIT);
            }
            let busy = busy_delay(after, failures, random);
            prop_assert!(busy >= after.min(RETRY_AFTER) && busy <= after.min(RETRY_AFTER) + LONGEST_BACKOFF);
        }
    }
}
