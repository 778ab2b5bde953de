//! What the passing of time alone does, and when it does it next.

use std::time::Duration;

use super::{Gate, Stage};
use crate::action::Action;
use crate::input::Now;
use crate::limits::CLEAR_ADDRESS;
use crate::window::collector::Countdown;

/// A countdown to `until` that began with `total`.
pub(super) fn countdown(total: Duration, until: Duration, mono: Duration) -> Countdown {
    Countdown { total: whole(total), left: whole(until.saturating_sub(mono)) }
}

pub(super) fn address_countdown(until: Duration, mono: Duration) -> Countdown {
    countdown(CLEAR_ADDRESS, until, mono)
}

/// Seconds, rounded up.
pub(super) fn whole(left: Duration) -> u32 {
    let seconds = left.as_secs().saturating_add(u64::from(left.subsec_nanos() > 0));
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

/// When a countdown to `until` steps next.
fn step(until: Duration, mono: Duration) -> Duration {
    until.saturating_sub(Duration::from_secs(u64::from(whole(until.saturating_sub(mono))).saturating_sub(1)))
}

impl Gate {
    pub(super) fn pass_time(&mut self, now: Now, out: &mut Vec<Action>) {
        match &self.stage {
            Stage::Open(open) if now.mono >= open.until => self.dismiss(false, now.mono),
            Stage::Recorded { until } | Stage::DeclareAgain { until, .. } | Stage::NoCode { until }
                if now.mono >= *until =>
            {
                self.settle_down();
            }
            _ => {}
        }
        self.sign_in.pass_time(now.mono);
        self.hints.pass_time(now.mono);
        if let Some(trust) = &self.trust {
            let window = trust.policy(now.wall).repeat_window_seconds;
            self.repeats.pass_time(Duration::from_secs(window.into()), now.mono);
        }
        if self.counters.due().is_some_and(|due| now.mono >= due) {
            self.report_health(now, out);
        }
        self.reports.pass_time(now.mono, out);
        self.distrust_open(now);
    }

    /// When [`crate::Input::Tick`] is due next, on the monotonic clock.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        let Now { wall, mono } = self.latest;
        let in_minute = u64::try_from(60 - wall.0.rem_euclid(60)).unwrap_or(60);
        let minute = mono.saturating_add(Duration::from_secs(in_minute));
        let stage = match &self.stage {
            Stage::Open(open) => Some(step(open.until, mono)),
            Stage::Recorded { until } => Some(*until),
            Stage::DeclareAgain { until, .. } | Stage::NoCode { until } => Some(step(*until, mono)),
            _ => None,
        };
        let waits = self.sign_in.waits_until().map(|until| step(until, mono));
        let faults = self.fault_on_screen(self.latest).map(|_| self.faults.deadlines(mono));
        [Some(minute), stage, waits, self.sign_in.gives_up(), self.counters.due(), self.reports.due()]
            .into_iter()
            .flatten()
            .chain(self.hints.deadlines())
            .chain(faults.into_iter().flatten())
            .filter(|at| *at > mono)
            .min()
    }
}
