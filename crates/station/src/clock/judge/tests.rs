use super::*;
use ClockState::{Asserted, Trusted, Wrong};

const T: i64 = 1_900_000_000;
const DAY: i64 = 86_400;

fn at(wall: i64, boot: u64) -> Reading {
    Reading { wall: Timestamp(wall), boot: Duration::from_secs(boot) }
}

fn upto(upto: i64) -> Memory {
    Memory { upto: Timestamp(upto), signed: None, started: None }
}

fn issued(issued: i64) -> TrustTimes {
    TrustTimes { issued: Some(Timestamp(issued)), hard_expiry: None }
}

/// A run that remembers this very moment.
fn usual(reading: Reading) -> ClockJudge {
    ClockJudge::start(reading, Some(&upto(reading.wall.0)), TrustTimes::default())
}

/// Writes what is to be written, as the shell does.
fn beat(judge: &mut ClockJudge, reading: Reading) -> Memory {
    let memory = judge.lease(reading).unwrap();
    judge.written(&memory);
    memory
}

fn known(judge: &mut ClockJudge, reading: Reading) -> (i64, ClockState) {
    let Look::Known(at, state) = judge.look(reading) else { panic!("not covered") };
    (at.0, state)
}

#[test]
fn a_start_is_judged_by_everything_that_is_known() {
    let hard = |hard| TrustTimes { issued: None, hard_expiry: Some(Timestamp(hard)) };
    let since = |started| Memory { started: Some(started), ..upto(T) };
    let signed = |signed| Memory { signed: Some(Timestamp(signed)), ..upto(T - DAY) };
    let none = TrustTimes::default();
    let cases = [
        // memory, trust files, wall at boot + 100 s, expected
        (None, none, T, Wrong),
        (Some(upto(T)), none, T, Trusted),
        (Some(upto(T)), none, T - 120, Trusted),
        (Some(upto(T)), none, T - 121, Wrong),
        (Some(upto(T)), none, 0, Wrong),
        (Some(upto(T)), none, T + 21 * DAY, Trusted),
        (Some(upto(T)), none, T + 21 * DAY + 1, Wrong),
        (Some(upto(T - 30 * DAY)), issued(T - DAY), T, Trusted),
        (Some(upto(T)), hard(T + DAY), T + DAY - 1, Trusted),
        (Some(upto(T)), hard(T + DAY), T + DAY, Wrong),
        (Some(upto(T)), hard(T - DAY), T + 60, Trusted),
        (Some(upto(T - DAY)), issued(T), T - 120, Trusted),
        (Some(upto(T - DAY)), issued(T), T - 121, Wrong),
        (Some(signed(T)), none, T - 120, Trusted),
        (Some(signed(T)), none, T - 121, Wrong),
        (Some(since(T - 100)), none, T + 120, Trusted),
        (Some(since(T - 100)), none, T + 121, Wrong),
        (Some(since(T - 100)), none, T - 121, Wrong),
        (Some(since(T + 90 * DAY - 100)), hard(T + DAY), T + 90 * DAY, Trusted),
    ];
    for (number, (memory, trust, wall, expected)) in cases.into_iter().enumerate() {
        let mut judge = ClockJudge::start(at(wall, 100), memory.as_ref(), trust);
        assert_eq!(judge.state(at(wall, 100)), expected, "case {number}");
    }
}

#[test]
fn a_step_is_noticed_and_sleep_is_not_a_step() {
    let mut judge = usual(at(T, 100));
    assert_eq!(judge.state(at(T + 80_000, 80_100)), Trusted);
    assert_eq!(judge.state(at(T + 80_000 + 120, 80_100)), Trusted);
    assert_eq!(judge.state(at(T + 80_000 + 121, 80_100)), Wrong);
    assert_eq!(judge.state(at(T + 80_000, 80_100)), Wrong, "coming back is no proof");
}

#[test]
fn small_steps_back_add_up_and_no_trusted_moment_lies_before_another() {
    let mut judge = usual(at(T, 0));
    beat(&mut judge, at(T, 0));
    let seen: Vec<_> = (0..=3).map(|step| known(&mut judge, at(T - 50 * step, 0))).collect();
    assert_eq!(seen, [(T, Trusted), (T, Trusted), (T, Trusted), (T - 150, Wrong)]);
}

#[test]
fn a_reboot_has_no_slack_that_another_could_use_again() {
    let mut memory = upto(T);
    for reboot in 0..50 {
        let now = at(memory.upto.0 - 120, 7);
        let mut judge = ClockJudge::start(now, Some(&memory), TrustTimes::default());
        memory = Memory { started: None, ..beat(&mut judge, now) };
        assert_eq!(known(&mut judge, now), (T, Trusted), "reboot {reboot}");
        assert_eq!(memory, upto(T));
    }
}

#[test]
fn drift_is_forgiven_where_the_back_office_is_heard_and_adds_up_where_it_is_not() {
    // Two seconds a day, set right by the machine each day, behind the back of the boot clock.
    let drifted = |day: i64| at(T + day * DAY + 2 * day, (day * DAY).unsigned_abs());
    let mut heard = usual(at(T, 0));
    for day in 1..=365 {
        assert_eq!(heard.state(drifted(day)), Trusted, "day {day}");
        if day % 30 == 0 {
            heard.hear_now(drifted(day), drifted(day).wall);
        }
    }
    let mut alone = usual(at(T, 0));
    assert_eq!(alone.state(drifted(60)), Trusted);
    assert_eq!(alone.state(drifted(61)), Wrong);
}

#[test]
fn suspend_is_no_step_however_long_and_a_clock_set_meanwhile_is() {
    let mut judge = usual(at(T, 100));
    beat(&mut judge, at(T, 100));
    let month = 30 * DAY;
    let awake = at(T + month, 100 + month.unsigned_abs());
    assert_eq!(judge.look(awake), Look::NotCovered, "nothing is trusted before the disk covers it");
    beat(&mut judge, awake);
    assert_eq!(known(&mut judge, awake), (T + month, Trusted));
    assert_eq!(judge.state(at(T + month - 3600, 100 + month.unsigned_abs())), Wrong);
}

#[test]
fn a_reboot_starts_anew_and_not_before_what_was_reported() {
    let mut before = usual(at(T, 100));
    let memory = beat(&mut before, at(T + 5000, 5100));
    // The file says of which start of the machine it was; after a reboot that part is left out.
    let rebooted = Memory { started: None, ..memory.clone() };
    let start = |wall, memory: &Memory| {
        ClockJudge::start(at(wall, 7), Some(memory), TrustTimes::default()).state(at(wall, 7))
    };
    assert_eq!(start(T + 5000, &rebooted), Trusted);
    assert_eq!(start(T + 14 * DAY, &rebooted), Trusted, "switched off over a holiday");
    assert_eq!(start(T + 40 * DAY, &rebooted), Wrong, "switched off for longer");
    assert_eq!(start(T - DAY, &rebooted), Wrong, "an empty battery on the board");
    assert_eq!(start(0, &rebooted), Wrong, "1970");
    assert_eq!(start(T + 5060, &memory), Wrong, "the same start cannot be younger");
}

#[test]
fn set_back_while_the_program_is_off_is_noticed_within_the_same_start() {
    let mut before = usual(at(T, 100));
    before.look(at(T + 60, 160));
    let memory = before.end(at(T + 60, 160)).unwrap();
    let again =
        |wall| ClockJudge::start(at(wall, 400), Some(&memory), TrustTimes::default()).state(at(wall, 400));
    assert_eq!(again(T + 300), Trusted);
    assert_eq!(again(T + 300 - 121), Wrong);
    assert_eq!(again(T + 300 + 121), Wrong);
}

#[test]
fn only_a_signed_time_that_agrees_ends_it() {
    let mut judge = ClockJudge::start(at(T, 100), Some(&upto(T)), issued(T + 900));
    judge.hear_now(at(T, 100), Timestamp(T + 900));
    assert_eq!(judge.state(at(T, 100)), Wrong);
    assert_eq!(judge.state(at(T + 900, 101)), Wrong);
    judge.hear_now(at(T + 900, 102), Timestamp(T + 780));
    assert_eq!(judge.state(at(T + 900, 102)), Trusted);
    assert_eq!(judge.state(at(T + 1000, 202)), Trusted);
    judge.hear_now(at(T + 1000, 202), Timestamp(T));
    assert_eq!(judge.state(at(T + 1000, 202)), Wrong, "ahead is wrong too");
}

#[test]
fn only_a_newer_signed_time_lowers_the_memory_and_only_to_itself() {
    let ahead = Memory { signed: Some(Timestamp(T - 50)), ..upto(T + DAY) };
    let heard = |signed: i64, wall: i64| {
        let mut judge = ClockJudge::start(at(wall, 9), Some(&ahead), TrustTimes::default());
        judge.hear_now(at(wall, 9), Timestamp(signed));
        (judge.state(at(wall, 9)), judge.lease(at(wall, 9)).unwrap())
    };
    let (state, memory) = heard(T, T);
    assert_eq!((state, memory.upto, memory.signed), (Trusted, Timestamp(T + 120), Some(Timestamp(T))));
    let (state, memory) = heard(T, T + DAY);
    assert_eq!((state, memory.upto, memory.signed), (Wrong, Timestamp(T), Some(Timestamp(T))));
    for old in [T - 50, T - 51, T - 10 * DAY] {
        let (state, memory) = heard(old, old);
        assert_eq!((state, memory), (Wrong, ahead.clone()), "an office that went back");
    }
    // Not fresh: it may be an answer that somebody kept.
    let mut judge = ClockJudge::start(at(T, 9), Some(&ahead), TrustTimes::default());
    judge.hear_past(at(T, 9), Timestamp(T));
    assert_eq!(judge.lease(at(T, 9)).unwrap().upto, ahead.upto);
    // Without a memory an answer that is older than another signed time is no reason to trust.
    let mut judge = ClockJudge::start(at(T, 9), None, TrustTimes::default());
    judge.hear_past(at(T, 9), Timestamp(T + 60));
    judge.hear_now(at(T, 9), Timestamp(T));
    assert_eq!(judge.state(at(T, 9)), Wrong);
    // Trust files are a floor of their own.
    let mut judge = ClockJudge::start(at(T, 9), Some(&ahead), issued(T + 500));
    judge.hear_now(at(T, 9), Timestamp(T));
    assert_eq!(judge.state(at(T, 9)), Wrong);
    assert_eq!(judge.lease(at(T, 9)).unwrap().upto, Timestamp(T + 500));
}

#[test]
fn after_a_signed_time_the_same_start_of_the_machine_is_known_whatever_its_clock_says() {
    let mut judge = usual(at(T + 3600, 9));
    judge.hear_now(at(T + 3600, 9), Timestamp(T));
    let memory = beat(&mut judge, at(T + 3600, 9));
    let again = |wall| ClockJudge::start(at(wall, 69), Some(&memory), TrustTimes::default());
    assert_eq!(again(T + 3660).state(at(T + 3660, 69)), Wrong, "not set right");
    assert_eq!(again(T + 60).state(at(T + 60, 69)), Trusted, "set right");
}

#[test]
fn nobody_asserts_a_time_before_what_is_remembered_or_signed() {
    let signed = Memory { signed: Some(Timestamp(T)), ..upto(T - DAY) };
    let cases = [
        (Some(upto(T)), TrustTimes::default()),
        (Some(upto(T - DAY)), issued(T)),
        (Some(signed), TrustTimes::default()),
        (None, issued(T)),
    ];
    for (number, (memory, trust)) in cases.into_iter().enumerate() {
        // In 1970, and set by hand after the start.
        let mut judge = ClockJudge::start(at(0, 9), memory.as_ref(), trust);
        assert!(!judge.assert_now(at(T - 30 * DAY, 9)), "case {number}");
        assert!(!judge.assert_now(at(T - 1, 9)), "case {number}");
        assert_eq!(judge.state(at(T - 1, 9)), Wrong, "case {number}");
        assert!(judge.assert_now(at(T, 9)), "case {number}");
        assert_eq!(judge.state(at(T, 9)), Asserted, "case {number}");
    }
}

#[test]
fn an_asserted_time_holds_until_a_step_or_a_signed_time_and_is_not_remembered() {
    let asserted = || {
        let mut judge = ClockJudge::start(at(T, 100), Some(&upto(T)), issued(T + 900));
        judge.assert_now(at(T + 1000, 110));
        assert_eq!(known(&mut judge, at(T + 1090, 200)), (T + 1090, Asserted));
        judge
    };
    let after = |hear: fn(&mut ClockJudge, Reading)| {
        let mut judge = asserted();
        hear(&mut judge, at(T + 1090, 200));
        judge.state(at(T + 1090, 200))
    };
    assert_eq!(asserted().lease(at(T + 1090, 200)).unwrap(), upto(T));
    assert_eq!(asserted().end(at(T + 1090, 200)), None);
    assert_eq!(asserted().state(at(T + 1090 + 121, 200)), Wrong);
    assert_eq!(after(|judge, reading| judge.hear_past(reading, Timestamp(T + 2000))), Wrong);
    assert_eq!(after(|judge, reading| judge.hear_issued(reading, Timestamp(T + 2000))), Wrong);
    assert_eq!(after(|judge, reading| judge.hear_now(reading, Timestamp(T + 1090))), Trusted);
    assert_eq!(after(|judge, reading| judge.hear_now(reading, Timestamp(T + 9000))), Wrong);
    let mut right = usual(at(T, 100));
    assert!(!right.assert_now(at(T, 100)));
    assert_eq!(right.state(at(T, 100)), Trusted, "what is known is not made less certain");
}

#[test]
fn a_file_from_the_future_makes_the_clock_wrong() {
    let mut judge = usual(at(T, 100));
    judge.hear_issued(at(T, 100), Timestamp(T + 120));
    assert_eq!(judge.state(at(T, 100)), Trusted);
    judge.hear_issued(at(T, 100), Timestamp(T + 121));
    assert_eq!(judge.state(at(T, 100)), Wrong);
}

#[test]
fn the_memory_covers_what_comes_and_at_an_end_in_order_only_what_was() {
    let mut judge = usual(at(T, 100));
    let covered = Memory { upto: Timestamp(T + 120), signed: None, started: Some(T - 100) };
    assert_eq!(beat(&mut judge, at(T, 100)), covered);
    assert_eq!(known(&mut judge, at(T + 30, 130)), (T + 30, Trusted));
    assert_eq!(judge.end(at(T + 50, 150)), Some(Memory { upto: Timestamp(T + 30), ..covered }));
    assert_eq!(judge.end(at(T + 500, 100)), None, "stepped: what is on the disk stays");
}
