//! Which fault is on the screen, for how long, and how often it sounds.

use std::time::Duration;

use super::{Gate, Stage, bar};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::Now;
use crate::limits::FAULT_SOUND;

/// The fault in force. A fault clears itself, and then its sound is due anew.
#[derive(Default)]
pub(super) struct FaultWatch {
    current: Option<Watched>,
}

#[derive(Clone, Copy)]
struct Watched {
    fault: Fault,
    since: Duration,
    seen: bool,
    sound: Duration,
}

impl FaultWatch {
    /// For how long it has been in force.
    pub(super) fn seconds(&self, fault: Fault, mono: Duration) -> u32 {
        let since = self.current.filter(|watched| watched.fault == fault).map(|watched| watched.since);
        let age = since.map_or(Duration::ZERO, |since| mono.saturating_sub(since));
        u32::try_from(age.as_secs()).unwrap_or(u32::MAX)
    }

    /// The next second on the screen, and the next sound.
    pub(super) fn deadlines(&self, mono: Duration) -> impl Iterator<Item = Duration> {
        let second = self.current.map(|watched| {
            let whole = mono.saturating_sub(watched.since).as_secs();
            watched.since.saturating_add(Duration::from_secs(whole.saturating_add(1)))
        });
        let sound = self.current.filter(|watched| !watched.seen).map(|watched| watched.sound);
        second.into_iter().chain(sound)
    }
}

impl Gate {
    /// The fault that the screen shows. It covers only the wait for a code: an open result is
    /// finished first, and signing in needs no camera. Without trust nobody can sign in at all.
    pub(super) fn fault_on_screen(&self, now: Now) -> Option<Fault> {
        match self.stage {
            Stage::Ready => self.fault(now),
            Stage::SignedOut => self.fault(now).filter(|fault| *fault == Fault::TrustMissing),
            _ => None,
        }
    }

    pub(super) fn watch_faults(&mut self, now: Now, out: &mut Vec<Action>) {
        let fault = self.fault(now);
        if self.faults.current.map(|watched| watched.fault) != fault {
            self.faults.current =
                fault.map(|fault| Watched { fault, since: now.mono, seen: false, sound: now.mono });
        }
        let on_screen = self.fault_on_screen(now).is_some();
        if let Some(watched) = &mut self.faults.current
            && on_screen
            && !watched.seen
            && now.mono >= watched.sound
        {
            watched.sound = now.mono.saturating_add(FAULT_SOUND);
            out.push(Action::Play(Sound::Fault));
        }
    }

    pub(super) fn fault_seen(&mut self, now: Now) {
        if self.fault_on_screen(now).is_some()
            && let Some(watched) = &mut self.faults.current
        {
            watched.seen = true;
        }
    }

    /// An administrator may vouch for the time where the station could not, but never for one below
    /// a moment that somebody signed.
    pub(super) fn may_assert_time(&self, now: Now) -> bool {
        self.fault_on_screen(now) == Some(Fault::ClockWrong)
            && self.is_administrator()
            && self.trust.as_deref().is_some_and(|trust| !bar::is_below_signed(trust, now.wall))
    }

    /// The gravest first: those that stop everything, then those that leave codes unjudged.
    fn fault(&self, now: Now) -> Option<Fault> {
        if self.trust.is_none() {
            return Some(Fault::TrustMissing);
        }
        self.around.outbox.or(self.around.camera).or_else(|| self.distrust(now.wall))
    }
}
