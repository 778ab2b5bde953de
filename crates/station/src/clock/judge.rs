//! Whether the clock can be relied on, decided from readings that the caller takes.
//!
//! `docs/clock.md` states the rules. In short: what is remembered of time only grows, and only a fresh
//! signed time that is newer than all before lowers it, to itself.

use std::time::Duration;

use health_code::Timestamp;
use health_code::limits::SKEW_SECONDS;
use wire::ClockState;

use super::memory::Memory;

/// Wall and boot time may drift apart by this, and signed times may be ahead by this.
const CLOCK_SKEW: Duration = Duration::from_secs(SKEW_SECONDS.unsigned_abs());
/// The memory covers so many seconds ahead, so that the disk is not written for each reading.
pub(crate) const LEASE_SECONDS: i64 = SKEW_SECONDS;
/// The memory is written anew this often.
pub(crate) const BEAT: Duration = Duration::from_secs(20);
/// A start so much later than the memory needs somebody: longer than a holiday.
const LONGEST_PAUSE_SECONDS: i64 = 21 * 86_400;

const _: () = assert!(BEAT.as_secs() * 2 < LEASE_SECONDS.unsigned_abs(), "a beat may be late");

/// The readings of both clocks at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The wall clock.
    pub wall: Timestamp,
    /// Time since the machine was started, sleep included.
    pub boot: Duration,
}

impl Reading {
    /// Returns when the machine was started, by the wall clock. It changes only if the clock is set.
    fn started(self) -> i64 {
        self.when_started(self.wall)
    }

    /// Returns when the machine was started, if it is `wall` now.
    fn when_started(self, wall: Timestamp) -> i64 {
        wall.0.saturating_sub(i64::try_from(self.boot.as_secs()).unwrap_or(i64::MAX))
    }
}

/// What the trust files on the disk say of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TrustTimes {
    /// The latest moment that one of them names as past.
    pub issued: Option<Timestamp>,
    /// The moment from which nothing is judged by the list.
    pub hard_expiry: Option<Timestamp>,
}

/// The answer to a look at the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// The moment to go by, and whether it can be relied on.
    Known(Timestamp, ClockState),
    /// The moment is later than what the disk covers: the memory must be written first.
    NotCovered,
}

/// Decides whether the wall clock can be relied on.
#[derive(Debug, Clone)]
pub(crate) struct ClockJudge {
    state: ClockState,
    /// The start time of the machine that later wall times must agree with.
    started: i64,
    /// The latest moment that is surely past: reported as trusted, remembered, or signed.
    floor: Timestamp,
    /// The disk covers trusted moments up to this one.
    upto: Option<Timestamp>,
    /// The latest signed time that was heard, trust files aside.
    signed: Option<Timestamp>,
    /// The latest moment that a trust file names as past.
    issued: Option<Timestamp>,
    /// The start time of the machine that the disk holds.
    kept_start: Option<i64>,
}

impl ClockJudge {
    /// Judges the first reading of a run. `memory` is `None` where it is missing or damaged: then
    /// only a signed time, or a person, makes the clock usable.
    pub(crate) fn start(reading: Reading, memory: Option<&Memory>, trust: TrustTimes) -> Self {
        let upto = memory.map(|memory| memory.upto);
        let signed = memory.and_then(|memory| memory.signed);
        let kept_start = memory.and_then(|memory| memory.started);
        let floor = upto.max(signed).max(trust.issued).unwrap_or(Timestamp(i64::MIN));
        let right = upto.is_some()
            && !reading.wall.is_behind(floor)
            && match kept_start {
                // The clock of the machine's start vouches for a pause, however long.
                Some(started) => agree(reading.started(), started),
                None => !jumped(reading.wall, floor, trust.hard_expiry),
            };
        Self {
            state: if right { ClockState::Trusted } else { ClockState::Wrong },
            started: kept_start.unwrap_or(reading.started()),
            floor,
            upto,
            signed,
            issued: trust.issued,
            kept_start,
        }
    }

    /// Looks at a later reading. A trusted moment is never earlier than one before, and never later
    /// than what the disk covers.
    pub(crate) fn look(&mut self, reading: Reading) -> Look {
        if self.state(reading) != ClockState::Trusted {
            return Look::Known(reading.wall, self.state);
        }
        let at = reading.wall.max(self.floor);
        if self.upto < Some(at) {
            return Look::NotCovered;
        }
        self.floor = at;
        Look::Known(at, ClockState::Trusted)
    }

    /// Returns the state at a reading, whatever the disk covers.
    pub(crate) fn state(&mut self, reading: Reading) -> ClockState {
        if !agree(reading.started(), self.started) {
            self.state = ClockState::Wrong;
        }
        self.state
    }

    /// Returns the latest moment that is surely past, if any is known.
    pub(crate) fn past(&self) -> Option<Timestamp> {
        Some(self.floor).filter(|floor| *floor > Timestamp(i64::MIN))
    }

    /// Hears a signed time that is past, fresh or not.
    pub(crate) fn hear_past(&mut self, reading: Reading, signed: Timestamp) {
        self.signed = self.signed.max(Some(signed));
        self.hear(reading, signed);
    }

    /// Hears a moment that a trust file names as past.
    pub(crate) fn hear_issued(&mut self, reading: Reading, issued: Timestamp) {
        self.issued = self.issued.max(Some(issued));
        self.hear(reading, issued);
    }

    fn hear(&mut self, reading: Reading, past: Timestamp) {
        self.floor = self.floor.max(past);
        if reading.wall.is_behind(past) {
            self.state = ClockState::Wrong;
        }
    }

    /// Hears the back office's own time, fresh and signed. If it is newer than every signed time
    /// before, what is remembered is lowered to it. The clock is trusted if both agree within
    /// [`CLOCK_SKEW`] and no remembered moment is later, and wrong if not.
    pub(crate) fn hear_now(&mut self, reading: Reading, signed: Timestamp) {
        let agrees = agree(reading.wall.0, signed.0);
        if Some(signed) > self.signed {
            self.signed = Some(signed);
            self.floor = Some(signed).max(self.issued).unwrap_or(signed);
            // What a lease of this moment explains stays as it is: the next beat replaces it.
            let explained = |upto| upto <= reading.wall.plus(LEASE_SECONDS);
            if !(agrees && self.upto.is_some_and(explained)) {
                self.upto = Some(self.floor);
            }
            if !agrees {
                self.kept_start = Some(reading.when_started(signed));
            }
        }
        if agrees && self.upto.is_some() && !reading.wall.is_behind(self.floor) {
            self.started = reading.started();
            self.state = ClockState::Trusted;
        } else {
            self.state = ClockState::Wrong;
        }
    }

    /// Hears that a person vouches for the wall clock; returns whether that is taken. A time before
    /// what is remembered, signed or reported is not.
    ///
    /// Later readings are judged against this one. It is not remembered for the next run, so that a
    /// slip of a year does not outlive this one.
    pub(crate) fn assert_now(&mut self, reading: Reading) -> bool {
        let taken = self.state(reading) == ClockState::Wrong && reading.wall >= self.floor;
        if taken {
            self.started = reading.started();
            self.state = ClockState::Asserted;
        }
        taken
    }

    /// Returns what to write down now: while the clock is trusted, a memory that covers the next
    /// [`LEASE_SECONDS`]. `None` where nothing is known.
    pub(crate) fn lease(&mut self, reading: Reading) -> Option<Memory> {
        let trusted = self.state(reading) == ClockState::Trusted;
        let leased = trusted.then(|| self.floor.max(reading.wall.plus(LEASE_SECONDS)));
        Some(Memory { upto: self.upto.max(leased)?, ..self.end_of(trusted) })
    }

    /// Returns what to write down at the end of a run in order: what was reported, and no lease.
    pub(crate) fn end(&mut self, reading: Reading) -> Option<Memory> {
        (self.state(reading) == ClockState::Trusted).then(|| self.end_of(true))
    }

    fn end_of(&self, trusted: bool) -> Memory {
        let started = if trusted { Some(self.started) } else { self.kept_start };
        Memory { upto: self.floor, signed: self.signed, started }
    }

    /// Notes that a memory is durable.
    pub(crate) fn written(&mut self, memory: &Memory) {
        self.upto = Some(memory.upto);
        self.kept_start = memory.started;
    }
}

/// Returns whether a start is so much later than the memory that somebody must vouch for it.
fn jumped(wall: Timestamp, floor: Timestamp, hard_expiry: Option<Timestamp>) -> bool {
    wall > floor.plus(LONGEST_PAUSE_SECONDS) || hard_expiry.is_some_and(|hard| floor < hard && hard <= wall)
}

fn agree(one: i64, other: i64) -> bool {
    one.abs_diff(other) <= CLOCK_SKEW.as_secs()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk;
