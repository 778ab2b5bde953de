//! The invariant: whatever is on the screen is what `health_code` says of that code now.
//!
//! Codes, trusts and policies that change within seconds, a clock that is set and doubted, and people
//! who press keys, in any order. After each input, and just before each deadline that the gate names,
//! the screen is held against the oracle.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use health_code::hcert::Kind;
use health_code::trust::{NamedPolicy, Revocations};
use health_code::{Claims, Colour, Hours, PolicyHash, Ruling, Timestamp, Trust, UnverifiedCode};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wire::report::Carried;
use wire::{ClockState, Passage, Report};

use super::driver::Driver;
use super::families::{self, certificate};
use super::oracle;
use super::world::{DAY, START, World, claims, coloured, forged, green, sign};
use crate::action::Action;
use crate::fault::Fault;
use crate::input::{Aim, Input};
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorInput, CollectorScreen, Outcome, ResultView};

/// Seconds from [`START`] to a midnight of the policy's time zone.
const MIDNIGHT: i64 = 12_800;
/// Seconds from [`START`] to the end of a test's hours.
const HOURS_OVER: i64 = 2_000;

/// What is held before the camera. Most of it changes its worth within a minute of [`START`], or of
/// [`MIDNIGHT`].
static CODES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut codes = vec![green(0), green(1), coloured(0, Colour::Red), coloured(1, Colour::Yellow)];
    let from = claims(2, -10);
    for change in [
        // Over in a moment; not yet in force; declared almost too long ago; feverish under one policy.
        Claims { exp: START.plus(5), ..claims(0, -200) },
        Claims { exp: START.plus(21), ..claims(1, -200) },
        Claims { iat: START.plus(129), exp: START.plus(300), ..from.clone() },
        Claims { declared_at: START.plus(-72 * 3600 + 8), ..from.clone() },
        Claims { temperature: Some(370), ..from.clone() },
        // Good at the midnight too.
        Claims { is_static: true, exp: START.plus(DAY), ..from.clone() },
        Claims { iat: START.plus(MIDNIGHT - 100), exp: START.plus(MIDNIGHT + 4), ..from },
    ] {
        codes.push(sign(&change));
    }
    codes.extend([forged(0), "KD1:".to_owned(), "https://pay.example".to_owned()]);
    // Vaccinated 13 and 14 days ago, and tested: the day after decides.
    for day in ["2020-08-30", "2020-08-31"] {
        codes.push(certificate(|new| new.day = day.to_owned()));
    }
    codes.push(certificate(|new| new.doses = [1, 2]));
    codes.push(certificate(|new| (new.kind, new.day) = (Kind::Test, "2020-09-10".to_owned())));
    codes
});

/// The trusts that come into force, each with the same people and checkpoints.
static TRUSTS: LazyLock<Vec<Arc<Trust>>> = LazyLock::new(|| {
    let mut usual = families::world();
    if let Some(row) = &mut usual.policy.certificates {
        row.test = Some(Hours { from: 0, to: 77 });
    }
    let change = |change: &dyn Fn(&mut World)| {
        let mut world = usual.clone();
        change(&mut world);
        world.trust()
    };
    let stricter = |world: &World, from: Timestamp| {
        let mut policy = world.policy.clone();
        policy.table[0].green = Ruling::Stop;
        (policy.version, policy.from) = (9, from);
        policy
    };
    vec![
        usual.trust(),
        change(&|world| world.revoke([Revocations::entry(&[3; 16], "hubei", &[0; 16])])),
        change(&|world| world.policy = stricter(world, world.policy.from)),
        change(&|world| world.policy.fever_tenths = 370),
        // Monday's policy, and today's that ends; with nothing behind it, and with a stricter one.
        change(&|world| world.policy.from = START.plus(7)),
        change(&|world| world.policy.to = Some(START.plus(9))),
        change(&|world| world.policies = vec![stricter(world, START.plus(6))]),
        change(&|world| {
            world.policies = vec![stricter(world, START.plus(12))];
            world.policies[0].region = sample::region("4201");
        }),
        // Old files.
        change(&|world| {
            (world.list.soft_expiry, world.list.hard_expiry) = (START.plus(10), START.plus(11));
        }),
        change(&|world| {
            world.policy.hard_expiry_seconds =
                Some(u32::try_from(START.since(world.list.issued)).unwrap() + 14)
        }),
        change(&|world| {
            world.community.issued = START.plus(-50 * DAY);
            (world.community.soft_expiry, world.community.hard_expiry) = (START.plus(15), START.plus(16));
        }),
        change(&|world| {
            let region = sample::region("42");
            world.list.policies.push(NamedPolicy { region, hash: PolicyHash::of(b"withheld") });
        }),
        // An issuer that is gone, and newer files than the clock may believe.
        change(&|world| world.list.issuers.retain(|issuer| issuer.iss != "hubei")),
        change(&|world| world.list.issued = START.plus(60)),
    ]
});

#[derive(Debug, Clone)]
enum Step {
    Wait(u64),
    /// The shell is held up: time passes, and the gate hears of nothing.
    Stall(u64),
    See(usize),
    Enter,
    TurnAway,
    Escape,
    Append(bool),
    Clock(ClockState),
    Set(i64),
    Trust(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let clock = prop::sample::select(vec![ClockState::Trusted, ClockState::Asserted, ClockState::Wrong]);
    let off = vec![0, 0, 1, -1, 60, -300, HOURS_OVER - 3, MIDNIGHT - 3, MIDNIGHT, 3 * DAY, 44 * DAY];
    let step = prop_oneof![
        6 => prop::sample::select(vec![10, 299, 300, 700, 1_000, 2_500, 6_000, 11_000, 25_000]).prop_map(Step::Wait),
        2 => prop::sample::select(vec![400, 1_000, 5_000]).prop_map(Step::Stall),
        8 => (0..CODES.len()).prop_map(Step::See),
        4 => Just(Step::Enter),
        1 => Just(Step::TurnAway),
        2 => Just(Step::Escape),
        4 => prop::bool::weighted(0.8).prop_map(Step::Append),
        2 => prop_oneof![2 => Just(ClockState::Trusted), 1 => clock].prop_map(Step::Clock),
        2 => prop::sample::select(off).prop_map(Step::Set),
        4 => prop_oneof![1 => Just(0), 2 => 0..TRUSTS.len()].prop_map(Step::Trust),
    ];
    prop::collection::vec(step, 1..24)
}

/// A gate, and what an observer outside knows of it.
struct Observer {
    driver: Driver,
    trust: Arc<Trust>,
    clock: ClockState,
    /// The trust and the clock before the input that is being handled.
    before: (Arc<Trust>, ClockState),
    /// The text of the code on the screen.
    text: String,
    /// What was on the screen, and when the keys began to count.
    result: Option<(ResultView, Duration)>,
    unanswered: Vec<wire::RecordId>,
    passages: HashMap<wire::RecordId, Passage>,
}

impl Observer {
    fn new() -> Self {
        let trust = Arc::clone(&TRUSTS[0]);
        Self {
            driver: Driver::ready_by(&trust),
            before: (Arc::clone(&trust), ClockState::Trusted),
            trust,
            clock: ClockState::Trusted,
            text: String::new(),
            result: None,
            unanswered: Vec::new(),
            passages: HashMap::new(),
        }
    }

    fn take(&mut self, step: &Step) {
        let scan = self.driver.scan();
        match *step {
            Step::Wait(millis) => self.wait(Duration::from_millis(millis)),
            Step::Stall(millis) => self.driver.mono += Duration::from_millis(millis),
            Step::See(at) => self.send(Input::CodeSeen { text: CODES[at].clone(), aim: Aim::Alone }),
            Step::Enter => self.send(Input::User(CollectorInput::Confirm { scan }.into())),
            Step::TurnAway => self.send(Input::User(CollectorInput::TurnAway { scan }.into())),
            Step::Escape => self.send(Input::User(CollectorInput::Discard { scan }.into())),
            Step::Append(well) => {
                let Some(record) = self.unanswered.pop() else { return };
                self.send(if well {
                    Input::Appended { record }
                } else {
                    Input::AppendFailed { record, fault: Fault::DiskFull }
                });
            }
            Step::Clock(state) => {
                self.clock = state;
                self.send(Input::Clock(state));
            }
            Step::Set(off) => {
                // A clock is set between two seconds, or the gate would have to guess when the next begins.
                self.driver.mono = Duration::from_secs(self.driver.mono.as_secs() + 1);
                self.driver.off = off;
                self.send(Input::Tick);
            }
            Step::Trust(at) => {
                self.trust = Arc::clone(&TRUSTS[at]);
                self.send(Input::Trust(Some(Arc::clone(&self.trust))));
            }
        }
    }

    /// Lets time pass. The gate hears of it only when it asked to.
    fn wait(&mut self, time: Duration) {
        self.send(Input::Tick);
        let end = self.driver.mono + time;
        while let Some(due) = self.driver.gate.next_deadline().filter(|due| *due < end) {
            assert!(due > self.driver.mono);
            self.driver.mono = due - Duration::from_nanos(1);
            self.check();
            self.driver.mono = due;
            self.send(Input::Tick);
        }
        self.driver.mono = end;
        if self.driver.gate.next_deadline().is_none_or(|due| due > end) {
            self.check();
        }
        self.send(Input::Tick);
    }

    fn send(&mut self, input: Input) {
        let before = result(&self.driver.shown());
        let was_over = self.is_over();
        self.driver.taken();
        self.driver.send(input.clone());
        if let Input::CodeSeen { text, .. } = &input
            && (before.is_none() || was_over)
        {
            self.text.clone_from(text);
        }
        let now = self.driver.now();
        for action in self.driver.taken() {
            if let Action::Append { record, report } = action {
                self.unanswered.push(record);
                self.appended(record, &report, &input, before.as_ref());
            }
        }
        let shown = result(&self.driver.shown());
        let begun = match (&self.result, &shown) {
            (Some((was, begun)), Some(is)) if was.scan == is.scan => {
                assert_eq!(was.answer, is.answer, "one scan, one answer");
                // What was not recorded is deaf again.
                if was.not_recorded.is_none() && is.not_recorded.is_some() { now.mono } else { *begun }
            }
            (Some((was, _)), Some(is)) => {
                // After a stall the input may find another answer, and bring back the one before.
                let (trust, clock) = &self.before;
                let between = oracle::answer(&self.text, trust, *clock, now.wall);
                let is_other = was.answer != is.answer || was.answer != between;
                assert!(is_other || was_over, "another scan, for another answer");
                now.mono
            }
            _ => now.mono,
        };
        self.result = shown.map(|shown| (shown, begun));
        self.before = (Arc::clone(&self.trust), self.clock);
        self.check();
    }

    /// Returns whether the time of the open result is over, although the gate may not have heard of it.
    fn is_over(&self) -> bool {
        let is_open = self.driver.shown().open_result().is_some();
        let over = self
            .result
            .as_ref()
            .map(|(result, begun)| *begun + Duration::from_secs(result.countdown.total.into()));
        is_open && over.is_some_and(|over| self.driver.mono >= over)
    }

    /// Holds the screen against the oracle at this moment.
    fn check(&self) {
        let wall = self.driver.now().wall;
        let shown = self.driver.shown();
        match result(&shown) {
            Some(result) => {
                assert_eq!(result.answer, oracle::answer(&self.text, &self.trust, self.clock, wall));
                oracle::check_ends(&result);
            }
            None if matches!(shown, Screen::Collector(CollectorScreen::Ready { .. })) => {
                assert_eq!(oracle::fault(&self.trust, self.clock, wall), None, "it waits for codes");
            }
            None => {}
        }
    }

    /// A passage says what was on the screen at that moment, and the office finds the same.
    fn appended(
        &mut self,
        record: wire::RecordId,
        report: &Report,
        input: &Input,
        before: Option<&ResultView>,
    ) {
        let Report::Passage(passage) = report else { return };
        if let Some(first) = self.passages.get(&record) {
            assert_eq!(first, passage, "one name, one passage");
            return;
        }
        let turned_away = matches!(input, Input::User(user) if matches!(user, crate::UserInput::Collector(CollectorInput::TurnAway { .. })));
        let (result, wall) = (before.expect("a result that was confirmed"), self.driver.now().wall);
        let (_, begun) = self.result.as_ref().unwrap();
        assert!(self.driver.mono >= *begun + crate::IGNORES_KEYS, "a key that was meant for something else");
        let now = oracle::answer(&self.text, &self.trust, self.clock, wall);
        assert_eq!(result.answer, now);
        assert_eq!(Some(passage.shown), oracle::shown(&now));
        assert_eq!((passage.at, passage.judged_at), (wall.0, wall.0));
        let outcome = match now {
            Answer::Pass { .. } => Outcome::LetThrough,
            Answer::Stop { .. } => Outcome::TurnedAway,
            _ if turned_away => Outcome::TurnedAway,
            _ => Outcome::LetThrough,
        };
        assert_eq!(passage.outcome, outcome.into());
        assert_eq!(passage.trust, self.trust.list().version);
        if let Carried::Whole(cose) = &passage.code {
            assert_eq!(UnverifiedCode::from_cose(cose), UnverifiedCode::parse(&self.text));
        }
        if let Ok(in_force) = self.trust.policy(wall) {
            assert_eq!(passage.policies, in_force.set.0);
        }
        self.passages.insert(record, passage.clone());
    }
}

fn result(screen: &Screen) -> Option<ResultView> {
    match screen {
        Screen::Collector(CollectorScreen::Result { result } | CollectorScreen::Recording { result }) => {
            Some((**result).clone())
        }
        _ => None,
    }
}

/// Runs so many random sequences.
fn run(sequences: u32) {
    let config =
        Config { cases: sequences, max_shrink_iters: 20_000, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |steps| {
        let mut observer = Observer::new();
        for step in &steps {
            observer.take(step);
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn what_is_on_the_screen_is_what_health_code_says_now() {
    run(2_000);
}

#[test]
#[ignore = "long: cargo xtask test --long"]
fn the_screen_shows_what_health_code_says_now_in_100_000_sequences() {
    run(100_000);
}

#[test]
fn each_kind_of_answer_and_fault_comes_about() {
    let clock = |wall: i64| START.plus(wall);
    let mut kinds: Vec<String> = Vec::new();
    for trust in TRUSTS.iter() {
        for text in CODES.iter() {
            for wall in
                [0, 5, 8, 10, 17, 30, HOURS_OVER, HOURS_OVER + 1, MIDNIGHT - 1, MIDNIGHT, 44 * DAY, -300]
            {
                let answer = oracle::answer(text, trust, ClockState::Trusted, clock(wall));
                let json = serde_json::to_value(answer).unwrap();
                let (reason, refusal) = (&json["reason"]["kind"], &json["refusal"]["kind"]);
                kinds.push(format!("{} {reason}{refusal}{}", json["kind"], json["fault"]));
            }
        }
    }
    kinds.sort();
    kinds.dedup();
    for kind in [
        r#""pass" "colour""#,
        r#""check" "fever""#,
        r#""check" "old-declaration""#,
        r#""check" "paper-code""#,
        r#""check" "certificate""#,
        r#""stop" "colour""#,
        r#""stop" "certificate""#,
        r#""revoked""#,
        r#""expired""#,
        r#""not-yet-valid""#,
        r#""unknown-issuer""#,
        r#""clock-wrong""#,
        r#""trust-expired""#,
        r#""community-expired""#,
        r#""policy-missing""#,
        r#""no-policy""#,
    ] {
        assert!(kinds.iter().any(|known| known.contains(kind)), "{kind} in {kinds:#?}");
    }
}
