//! The station's wing: it speaks of itself.
//!
//! It never is in front. Its screen covers the wing in front while a fault is in force and that
//! wing gives way to it.

use std::time::Duration;

use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::surroundings::is_before_signed;
use crate::window::Screen;
use crate::window::station::{StationInput, StationScreen};
use crate::wing::{Effects, Known};

/// A fault's sound is repeated after this, until a person has seen the fault.
const SOUND_AGAIN: Duration = Duration::from_secs(10);

/// The fault in force, if any. A fault clears itself; when it returns, it sounds anew.
#[derive(Default)]
pub(crate) struct Station {
    current: Option<CurrentFault>,
}

struct CurrentFault {
    fault: Fault,
    since: Duration,
    seen: bool,
    /// When the sound is due.
    sound: Duration,
}

impl Station {
    pub(crate) fn screen(&self, fault: Fault, known: &Known) -> Screen {
        let current = self.current.as_ref().filter(|current| current.fault == fault);
        let age = current.map_or(Duration::ZERO, |current| known.now.mono.saturating_sub(current.since));
        let seconds = u32::try_from(age.as_secs()).unwrap_or(u32::MAX);
        Screen::Station(StationScreen::Fault { fault, seconds, may_assert_time: may_assert_time(known) })
    }

    pub(crate) fn user(&mut self, input: StationInput, known: &Known, effects: &mut Effects) {
        match input {
            StationInput::FaultSeen => {
                if known.fault_on_screen.is_some()
                    && let Some(current) = &mut self.current
                {
                    current.seen = true;
                }
            }
            StationInput::AssertTime => {
                if may_assert_time(known) {
                    effects.act(Action::AssertTime);
                }
            }
        }
    }

    /// Takes note of the fault in force, and sounds it while it is on the screen. Runs after every
    /// input.
    pub(crate) fn watch(&mut self, known: &Known, effects: &mut Effects) {
        let mono = known.now.mono;
        if self.current.as_ref().map(|current| current.fault) != known.fault {
            self.current =
                known.fault.map(|fault| CurrentFault { fault, since: mono, seen: false, sound: mono });
        }
        if let Some(current) = &mut self.current
            && known.fault_on_screen.is_some()
            && !current.seen
            && mono >= current.sound
        {
            current.sound = mono.saturating_add(SOUND_AGAIN);
            effects.play(Sound::Fault);
        }
    }

    /// Returns when the screen shows its next second and when the sound is due, while a fault is
    /// on the screen.
    pub(crate) fn deadlines(&self, known: &Known) -> Vec<Duration> {
        let Some(current) = self.current.as_ref().filter(|_| known.fault_on_screen.is_some()) else {
            return Vec::new();
        };
        let age = known.now.mono.saturating_sub(current.since).as_secs();
        let second = current.since.saturating_add(Duration::from_secs(age.saturating_add(1)));
        let sound = Some(current.sound).filter(|_| !current.seen);
        [Some(second), sound].into_iter().flatten().collect()
    }
}

/// Returns whether this person may vouch for the time. Only an administrator may, where the
/// station itself could not, and never for a time before one that somebody signed.
fn may_assert_time(known: &Known) -> bool {
    known.fault_on_screen == Some(Fault::ClockWrong)
        && known.is_administrator()
        && known.trust.is_some_and(|trust| !is_before_signed(trust, known.now.wall))
}
