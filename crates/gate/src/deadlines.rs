//! Whole seconds on the screen, and when they change next.

use std::time::Duration;

use crate::window::collector::Countdown;

/// Returns a countdown to `until` that began with `total`.
pub(crate) fn countdown(total: Duration, until: Duration, mono: Duration) -> Countdown {
    Countdown { total: whole_seconds(total), left: whole_seconds(until.saturating_sub(mono)) }
}

/// Returns a duration in seconds, rounded up.
pub(crate) fn whole_seconds(left: Duration) -> u32 {
    let seconds = left.as_secs().saturating_add(u64::from(left.subsec_nanos() > 0));
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

/// Returns when a countdown to `until` shows its next second.
pub(crate) fn next_second(until: Duration, mono: Duration) -> Duration {
    let left = u64::from(whole_seconds(until.saturating_sub(mono)));
    until.saturating_sub(Duration::from_secs(left.saturating_sub(1)))
}
