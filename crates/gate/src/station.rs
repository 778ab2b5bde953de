//! The station's wing: it speaks of itself.
//!
//! It never is in front. Its screen covers the wing in front while a fault is in force and that
//! wing gives way to it.

use std::time::Duration;

use health_code::TrustFault;
use wire::ClockState;

use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::Withdrawal;
use crate::window::Screen;
use crate::window::station::{StationInput, StationScreen};
use crate::window::stick::SticksSeen;
use crate::wing::{Effects, Known};
use crate::workbench::ANSWERS_WITHIN;

/// A fault's sound is repeated after this, until a person has seen the fault.
const SOUND_AGAIN: Duration = Duration::from_secs(10);
/// A time that was vouched for is the one that was looked at, give or take this many seconds.
const LOOKED_AT: u64 = 120;

/// The state of the station's wing.
#[derive(Default)]
pub(crate) struct Station {
    /// The fault in force, if any. A fault clears itself; when it returns, it sounds anew.
    current: Option<CurrentFault>,
    /// The masked name of whoever vouches for the clock.
    asserted_by: Option<String>,
    /// What came of carrying a stick while out of service.
    stick: Option<Box<SticksSeen>>,
    /// Until when the stick that is being carried may take.
    carrying: Option<Duration>,
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
        Screen::Station(StationScreen::Fault {
            fault,
            seconds,
            seen: current.is_some_and(|current| current.seen),
            may_assert_time: may_assert_time(known),
        })
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
            StationInput::CarryStick => self.carry_stick(known, effects),
            StationInput::AssertTime { shown } => {
                if may_assert_time(known) && shown.since(known.now.wall).unsigned_abs() <= LOOKED_AT {
                    self.asserted_by = person(known);
                    effects.act(Action::AssertTime);
                }
            }
        }
    }

    /// Has what waits written to a stick, if this station is out of service: everybody may, since only the office
    /// can open it.
    pub(crate) fn carry_stick(&mut self, known: &Known, effects: &mut Effects) {
        if !known.is_withdrawn() {
            return effects.count_forbidden();
        }
        if self.carrying.is_none_or(|until| known.now.mono >= until) {
            self.carrying = Some(known.now.mono.saturating_add(ANSWERS_WITHIN));
            effects.act(Action::CarryStick);
        }
    }

    /// The shell has looked for sticks, or has carried one.
    pub(crate) fn sticks_seen(&mut self, seen: Box<SticksSeen>) {
        if self.carrying.take().is_some() {
            self.stick = Some(seen);
        }
    }

    /// Returns the screen that says that this station is out of service.
    pub(crate) fn out_of_service(&self, withdrawal: &Withdrawal, known: &Known) -> Screen {
        let Withdrawal { left, contact } = withdrawal.clone();
        let (waiting, stick) = (known.around.waiting, self.stick.clone());
        let carrying = self.carrying.is_some();
        Screen::Station(StationScreen::OutOfService { left, contact, waiting, stick, carrying })
    }

    /// Returns the masked name of whoever vouches for the clock.
    pub(crate) fn asserted_by(&self) -> Option<String> {
        self.asserted_by.clone()
    }

    /// Nobody has to vouch for a clock that is trusted again, or that is wrong again.
    pub(crate) fn clock_changed(&mut self, state: ClockState) {
        if state != ClockState::Asserted {
            self.asserted_by = None;
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

/// Returns the masked name of whoever is signed in.
fn person(known: &Known) -> Option<String> {
    let (duty, community) = (known.duty?, known.community()?);
    let person = community.people.iter().find(|person| person.id == duty.person)?;
    Some(person.masked_name.clone())
}

/// Returns whether this person may vouch for the time. Only an administrator may, where the
/// station itself could not, and never for a time before one that is remembered or signed.
fn may_assert_time(known: &Known) -> bool {
    known.fault_on_screen == Some(Fault::ClockWrong)
        && known.is_administrator()
        && known.trust.is_some()
        && known.standing.fault != Some(TrustFault::ClockWrong)
        && known.around.past.is_none_or(|past| past <= known.now.wall)
}
