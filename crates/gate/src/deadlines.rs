//! Whole seconds on the screen, and when they change next.

use std::time::Duration;

use health_code::Timestamp;

use crate::input::Now;
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

/// When seconds of the wall clock begin on the monotonic one.
///
/// The wall clock comes in whole seconds. A second begins when it is first seen; each one that is
/// seen earlier than expected tells it better, and a clock that was set tells it anew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SecondHand {
    wall: Timestamp,
    mono: Duration,
}

impl SecondHand {
    pub(crate) fn new(now: Now) -> Self {
        Self { wall: now.wall, mono: now.mono }
    }

    pub(crate) fn pass_time(&mut self, now: Now) {
        let is_as_expected = self.begins(now.wall).is_some_and(|begins| {
            begins <= now.mono && now.mono < begins.saturating_add(Duration::from_secs(1))
        });
        if !is_as_expected {
            *self = Self::new(now);
        }
    }

    /// Returns when a moment of the wall clock begins; `None` if that was before the monotonic clock
    /// began.
    pub(crate) fn begins(&self, moment: Timestamp) -> Option<Duration> {
        let away = Duration::from_secs(moment.since(self.wall).unsigned_abs());
        if moment >= self.wall { self.mono.checked_add(away) } else { self.mono.checked_sub(away) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: i64, millis: u64) -> Now {
        Now { wall: Timestamp(wall), mono: Duration::from_millis(millis) }
    }

    #[test]
    fn a_second_that_is_seen_earlier_tells_it_better() {
        let mut hand = SecondHand::new(at(100, 5_700));
        assert_eq!(hand.begins(Timestamp(103)), Some(Duration::from_millis(8_700)));
        hand.pass_time(at(101, 6_200));
        assert_eq!(hand.begins(Timestamp(103)), Some(Duration::from_millis(8_200)));
        hand.pass_time(at(102, 7_900));
        assert_eq!(hand.begins(Timestamp(103)), Some(Duration::from_millis(8_200)), "seen late");
        assert_eq!(hand.begins(Timestamp(90)), None);
    }

    #[test]
    fn a_clock_that_was_set_tells_it_anew() {
        for set in [50, 1_000_000] {
            let mut hand = SecondHand::new(at(100, 5_000));
            hand.pass_time(at(set, 6_300));
            assert_eq!(hand.begins(Timestamp(set + 1)), Some(Duration::from_millis(7_300)));
        }
    }
}
