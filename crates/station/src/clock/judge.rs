//! Whether the clock can be relied on, decided from readings that the caller takes.

use std::time::Duration;

use health_code::Timestamp;
use health_code::limits::SKEW_SECONDS;
use wire::ClockState;

/// Wall and boot time may drift apart by this, and signed times may be ahead by this.
const CLOCK_SKEW: Duration = Duration::from_secs(SKEW_SECONDS.unsigned_abs());
/// The heartbeat is rounded up to this, and written this often.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(600);

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
        self.wall.0.saturating_sub(i64::try_from(self.boot.as_secs()).unwrap_or(i64::MAX))
    }
}

/// What an earlier run of the program wrote down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Memory {
    /// The last heartbeat, rounded up to ten minutes: no earlier moment was later than this.
    pub heartbeat: Option<Timestamp>,
    /// The trusted start time of the machine, if the machine was not started again since.
    pub started: Option<i64>,
}

/// Decides whether the wall clock can be relied on.
#[derive(Debug, Clone)]
pub(crate) struct ClockJudge {
    state: ClockState,
    /// The start time of the machine that later wall times must agree with.
    started: i64,
}

impl ClockJudge {
    /// Judges the first reading of a run.
    ///
    /// `signed` is the latest moment that a stored signed file names as past.
    pub(crate) fn start(reading: Reading, memory: &Memory, signed: Option<Timestamp>) -> Self {
        // The heartbeat was rounded up, so it may be ahead by one step at most.
        let slack = seconds(HEARTBEAT);
        let before_heartbeat = memory.heartbeat.is_some_and(|beat| reading.wall.plus(slack) < beat);
        let before_signed = signed.is_some_and(|signed| reading.wall.is_behind(signed));
        let started = memory.started.unwrap_or(reading.started());
        let stepped = !agree(reading.started(), started);
        let wrong = before_heartbeat || before_signed || stepped;
        Self { state: if wrong { ClockState::Wrong } else { ClockState::Trusted }, started }
    }

    /// Judges a later reading.
    pub(crate) fn look(&mut self, reading: Reading) -> ClockState {
        if !agree(reading.started(), self.started) {
            self.state = ClockState::Wrong;
        }
        self.state
    }

    /// Hears a moment that a signed file names as past.
    pub(crate) fn hear_past(&mut self, reading: Reading, signed: Timestamp) -> ClockState {
        if reading.wall.is_behind(signed) {
            self.state = ClockState::Wrong;
        }
        self.look(reading)
    }

    /// Hears that a person vouches for the wall clock.
    ///
    /// Later readings are judged against this one. It is remembered for the next run only after the
    /// back office has agreed, so that a slip of a year does not outlive this run.
    pub(crate) fn assert_now(&mut self, reading: Reading) {
        if self.look(reading) == ClockState::Wrong {
            self.started = reading.started();
            self.state = ClockState::Asserted;
        }
    }

    /// Hears the back office's own time, fresh and signed. The clock is trusted if both agree within
    /// [`CLOCK_SKEW`], and wrong if they do not.
    pub(crate) fn hear_now(&mut self, reading: Reading, signed: Timestamp) -> ClockState {
        if agree(reading.wall.0, signed.0) {
            self.started = reading.started();
            self.state = ClockState::Trusted;
        } else {
            self.state = ClockState::Wrong;
        }
        self.state
    }

    /// Returns what to write down for the next run; `None` while the clock is not trusted.
    pub(crate) fn memory(&mut self, reading: Reading) -> Option<Memory> {
        let trusted = self.look(reading) == ClockState::Trusted;
        trusted.then(|| Memory { heartbeat: Some(round_up(reading.wall)), started: Some(self.started) })
    }
}

fn agree(one: i64, other: i64) -> bool {
    one.abs_diff(other) <= CLOCK_SKEW.as_secs()
}

fn round_up(time: Timestamp) -> Timestamp {
    let step = seconds(HEARTBEAT);
    let past = time.0.rem_euclid(step);
    if past == 0 { time } else { time.plus(step - past) }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ClockState::{Trusted, Wrong};

    const T: i64 = 1_900_000_000;

    fn at(wall: i64, boot: u64) -> Reading {
        Reading { wall: Timestamp(wall), boot: Duration::from_secs(boot) }
    }

    #[test]
    fn a_start_is_judged_by_everything_that_is_known() {
        let beat = round_up(Timestamp(T));
        let cases = [
            // heartbeat, machine's start, signed, wall at boot + 100 s, expected
            (None, None, None, T, Trusted),
            (Some(beat.0), None, None, T, Trusted),
            (Some(beat.0), None, None, beat.0 - 600, Trusted),
            (Some(beat.0), None, None, beat.0 - 601, Wrong),
            (Some(beat.0), None, None, T + 40 * 86_400, Trusted),
            (None, None, Some(T), T - 120, Trusted),
            (None, None, Some(T), T - 121, Wrong),
            (None, Some(T - 100), None, T + 120, Trusted),
            (None, Some(T - 100), None, T + 121, Wrong),
            (None, Some(T - 100), None, T - 121, Wrong),
            (Some(beat.0), Some(T - 100), Some(T - 5), T, Trusted),
        ];
        for (number, (heartbeat, started, signed, wall, expected)) in cases.into_iter().enumerate() {
            let memory = Memory { heartbeat: heartbeat.map(Timestamp), started };
            let mut judge = ClockJudge::start(at(wall, 100), &memory, signed.map(Timestamp));
            assert_eq!(judge.look(at(wall, 100)), expected, "case {number}");
        }
    }

    #[test]
    fn a_step_is_noticed_and_sleep_is_not_a_step() {
        let mut judge = ClockJudge::start(at(T, 100), &Memory::default(), None);
        assert_eq!(judge.look(at(T + 80_000, 80_100)), Trusted);
        assert_eq!(judge.look(at(T + 80_000 + 120, 80_100)), Trusted);
        assert_eq!(judge.look(at(T + 80_000 + 121, 80_100)), Wrong);
        assert_eq!(judge.look(at(T + 80_000, 80_100)), Wrong, "coming back is no proof");
    }

    #[test]
    fn small_steps_add_up() {
        let mut judge = ClockJudge::start(at(T, 0), &Memory::default(), None);
        let states: Vec<_> = (1..=5).map(|step| judge.look(at(T - 50 * step, 0))).collect();
        assert_eq!(states, [Trusted, Trusted, Wrong, Wrong, Wrong]);
    }

    #[test]
    fn drift_is_forgiven_where_the_back_office_is_heard_and_adds_up_where_it_is_not() {
        // Two seconds a day, set right by the machine each day, behind the back of the boot clock.
        let drifted = |day: i64| at(T + day * 86_400 + 2 * day, (day * 86_400).unsigned_abs());
        let mut heard = ClockJudge::start(at(T, 0), &Memory::default(), None);
        for day in 1..=365 {
            assert_eq!(heard.look(drifted(day)), Trusted, "day {day}");
            if day % 30 == 0 {
                assert_eq!(heard.hear_now(drifted(day), drifted(day).wall), Trusted);
            }
        }
        let mut alone = ClockJudge::start(at(T, 0), &Memory::default(), None);
        assert_eq!(alone.look(drifted(60)), Trusted);
        assert_eq!(alone.look(drifted(61)), Wrong);
    }

    #[test]
    fn suspend_is_no_step_however_long_and_a_clock_set_meanwhile_is() {
        let mut judge = ClockJudge::start(at(T, 100), &Memory::default(), None);
        let month = 30 * 86_400;
        assert_eq!(judge.look(at(T + month, 100 + month.unsigned_abs())), Trusted);
        assert_eq!(judge.look(at(T + month - 3600, 100 + month.unsigned_abs())), Wrong);
    }

    #[test]
    fn a_reboot_starts_anew_and_not_before_the_last_heartbeat() {
        let mut before = ClockJudge::start(at(T, 100), &Memory::default(), None);
        let memory = before.memory(at(T + 5000, 5100)).unwrap();
        // The file says of which start of the machine it was; after a reboot that part is left out.
        let rebooted = Memory { started: None, ..memory.clone() };
        let start = |wall, memory: &Memory| ClockJudge::start(at(wall, 7), memory, None).look(at(wall, 7));
        assert_eq!(start(T + 5060, &rebooted), Trusted);
        assert_eq!(start(T + 40 * 86_400, &rebooted), Trusted, "switched off for weeks");
        assert_eq!(start(T - 86_400, &rebooted), Wrong, "an empty battery on the board");
        assert_eq!(start(0, &rebooted), Wrong, "1970");
        assert_eq!(start(T + 5060, &memory), Wrong, "the same start cannot be younger");
    }

    #[test]
    fn set_back_while_the_program_is_off_is_noticed_within_the_same_start() {
        let mut before = ClockJudge::start(at(T, 100), &Memory::default(), None);
        let memory = before.memory(at(T + 60, 160)).unwrap();
        let again = |wall| ClockJudge::start(at(wall, 400), &memory, None).look(at(wall, 400));
        assert_eq!(again(T + 300), Trusted);
        assert_eq!(again(T + 300 - 121), Wrong);
        assert_eq!(again(T + 300 + 121), Wrong);
    }

    #[test]
    fn only_a_signed_time_that_agrees_ends_it() {
        let mut judge = ClockJudge::start(at(T, 100), &Memory::default(), Some(Timestamp(T + 900)));
        assert_eq!(judge.hear_now(at(T, 100), Timestamp(T + 900)), Wrong);
        assert_eq!(judge.look(at(T + 900, 101)), Wrong);
        assert_eq!(judge.hear_now(at(T + 900, 102), Timestamp(T + 780)), Trusted);
        assert_eq!(judge.look(at(T + 1000, 202)), Trusted);
        assert_eq!(judge.hear_now(at(T + 1000, 202), Timestamp(T)), Wrong, "ahead is wrong too");
    }

    #[test]
    fn an_asserted_time_holds_until_a_step_or_a_signed_time_and_is_not_remembered() {
        let asserted = || {
            let mut judge = ClockJudge::start(at(T, 100), &Memory::default(), Some(Timestamp(T + 900)));
            judge.assert_now(at(T + 1000, 110));
            assert_eq!(judge.look(at(T + 1090, 200)), ClockState::Asserted);
            judge
        };
        assert_eq!(asserted().memory(at(T + 1090, 200)), None);
        assert_eq!(asserted().look(at(T + 1090 + 121, 200)), Wrong);
        assert_eq!(asserted().hear_past(at(T + 1090, 200), Timestamp(T + 2000)), Wrong);
        assert_eq!(asserted().hear_now(at(T + 1090, 200), Timestamp(T + 1090)), Trusted);
        assert_eq!(asserted().hear_now(at(T + 1090, 200), Timestamp(T + 9000)), Wrong);
        let mut right = ClockJudge::start(at(T, 100), &Memory::default(), None);
        right.assert_now(at(T, 100));
        assert_eq!(right.look(at(T, 100)), Trusted, "what is known is not made less certain");
    }

    #[test]
    fn a_file_from_the_future_makes_the_clock_wrong() {
        let mut judge = ClockJudge::start(at(T, 100), &Memory::default(), None);
        assert_eq!(judge.hear_past(at(T, 100), Timestamp(T + 120)), Trusted);
        assert_eq!(judge.hear_past(at(T, 100), Timestamp(T + 121)), Wrong);
    }

    #[test]
    fn what_is_remembered_is_rounded_up_and_only_while_right() {
        let mut judge = ClockJudge::start(at(T, 100), &Memory::default(), None);
        let memory = judge.memory(at(T, 100)).unwrap();
        assert_eq!(memory, Memory { heartbeat: Some(round_up(Timestamp(T))), started: Some(T - 100) });
        assert_eq!(round_up(Timestamp(1200)), Timestamp(1200));
        assert_eq!(round_up(Timestamp(1201)), Timestamp(1800));
        assert_eq!(judge.memory(at(T + 500, 100)), None);
    }
}
