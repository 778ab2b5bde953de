//! A station and its back office in one process, driven by one seed: the gate's rules, the outbox
//! and the uplink's rules, with a clock and a network that misbehave as the seed says.
//!
//! A run that fails names its seed, and repeats with it. Only what the SQLite file is called
//! differs from run to run.

mod office;
mod wrong_rules;

use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gate::sync::Rules;
use gate::window::collector::CollectorInput;
use gate::window::shift::{ShiftInput, ShiftScreen};
use gate::window::station::StationScreen;
use gate::{Action, Aim, Changes, Gate, Input, Now, OUT_OF_VIEW, Screen, UserInput, WrongTries};
use health_code::Timestamp;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use wire::{Carried, ClockState, Report};

use crate::clock::Clock;
use crate::entropy::Generator;
use crate::folder::Folder;
use crate::inputs::{Inputs, Message};
use crate::outbox::handle::{self, InlineOutbox};
use crate::testing::{OWN, PHONE, PIN, SEALING, STATION, World, code, signing_key};
use crate::trust_store::TrustStore;
use crate::uplink::{self, Uplink};
use crate::wake::Wake;
use crate::withdrawal::{Heard, Phase};
use office::{FakeOffice, Seam};

/// Runs, each by its own seed.
const SEEDS: u64 = 4;
/// Steps of one run.
const STEPS: usize = 150;
/// Attempts within which an outbox is empty once the network is well.
const DRAIN: usize = 200;

#[tokio::test]
async fn whatever_the_network_does_nothing_is_lost_and_nothing_is_doubled() {
    for seed in 0..SEEDS {
        let mut run = Run::new(seed);
        for _ in 0..STEPS {
            run.step().await;
        }
        run.drain().await;
        run.check(seed, 40);
    }
}

#[tokio::test]
async fn a_station_that_is_withdrawn_sends_all_that_was_recorded_and_then_erases_itself() {
    for seed in 100..100 + SEEDS {
        let mut run = Run::new(seed);
        for step in 0..STEPS {
            if step == STEPS / 2 {
                run.office.withdraw();
            }
            run.step().await;
        }
        run.office.heal();
        for _ in 0..DRAIN {
            run.attempt().await;
            run.hear();
        }
        run.check(seed, 20);
        assert!(run.over, "seed {seed}: not over");
        assert!(run.is_out_of_service(), "seed {seed}");
        let folder = Folder::new(run.dir.path());
        assert_eq!(Heard::read(&folder).map(|heard| heard.phase), Some(Phase::Erasing));
        assert!(!folder.trust().exists() && !folder.key().exists(), "seed {seed}: something is left");
    }
}

/// A wall clock and a stopwatch that move when the simulation says so.
#[derive(Debug)]
struct FakeClock(Mutex<(Now, ClockState)>);

impl FakeClock {
    fn advance(&self, by: Duration) {
        let now = &mut self.0.lock().unwrap().0;
        now.mono += by;
        now.wall = Timestamp(START.0 + i64::try_from(now.mono.as_secs()).unwrap());
    }
}

const START: Timestamp = Timestamp(1_900_000_000);

impl Clock for FakeClock {
    fn read(&self) -> (Now, ClockState) {
        *self.0.lock().unwrap()
    }

    fn past(&self) -> Option<Timestamp> {
        None
    }

    fn hear_past(&self, _: Timestamp) {}

    fn hear_issued(&self, _: Timestamp) {}

    fn hear_now(&self, signed: Timestamp) {
        assert_eq!(signed, self.wall(), "only a fresh answer tells the time");
        self.0.lock().unwrap().1 = ClockState::Trusted;
    }

    fn assert_now(&self) {}
}

/// One station's life.
struct Run {
    rng: ChaCha20Rng,
    clock: Arc<FakeClock>,
    trust: Arc<TrustStore>,
    office: Arc<FakeOffice>,
    dir: tempfile::TempDir,
    gate: Gate,
    outbox: Arc<InlineOutbox>,
    messages: Receiver<Message>,
    uplink: Uplink,
    /// The codes that were confirmed, each as it was carried, and how often.
    confirmed: BTreeMap<Vec<u8>, u32>,
    scans: u16,
    rules: Rules,
    clock_told: ClockState,
    /// The uplink of a withdrawn station has ended.
    over: bool,
}

impl Run {
    fn new(seed: u64) -> Self {
        Self::by(seed, Rules::default())
    }

    fn by(seed: u64, rules: Rules) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let dir = tempfile::tempdir().unwrap();
        let clock =
            Arc::new(FakeClock(Mutex::new((Now { wall: START, mono: Duration::ZERO }, ClockState::Trusted))));
        let world = World::new(START);
        let trust = world.store(dir.path());
        let office = Arc::new(FakeOffice::new(world, Arc::clone(&clock), rng.next_u64()));
        let gate_seed = std::array::from_fn(|_| rng.next_u32().to_le_bytes()[0]);
        let setup = gate::Setup {
            trust: trust.current(),
            last: None,
            changes: Changes::default(),
            tries: WrongTries::default(),
            withdrawn: None,
            enrolment: gate::window::workbench::Enrolment::default(),
            seed: gate_seed,
        };
        let gate = Gate::new(setup, clock.read().0);
        let (outbox, messages, uplink) = power_on(&dir, &clock, &trust, (&office, rules), &mut rng);
        disk::replace(&Folder::new(dir.path()).key(), b"a key", disk::Access::Owner).unwrap();
        let mut run = Self {
            rng,
            clock,
            trust,
            office,
            dir,
            gate,
            outbox,
            messages,
            uplink,
            confirmed: BTreeMap::new(),
            scans: 0,
            rules,
            clock_told: ClockState::Wrong,
            over: false,
        };
        run.feed(Input::Camera { fault: None, simulated: true });
        run.sign_in();
        run
    }

    async fn step(&mut self) {
        match self.rng.next_u32() % 10 {
            0..=4 if !self.is_out_of_service() => self.scan_and_confirm(),
            0..=8 => self.attempt().await,
            _ => self.lose_power(),
        }
        self.hear();
    }

    fn is_out_of_service(&self) -> bool {
        let screen = self.gate.view(self.clock.read().0).screen;
        matches!(screen, Screen::Station(StationScreen::OutOfService { .. }))
    }

    /// The outbox and the uplink begin again from the disk. The gate only waits for neither. Now and
    /// then the clock comes back wrong, until the office tells the time.
    fn lose_power(&mut self) {
        if self.over {
            return;
        }
        if self.rng.next_u32().is_multiple_of(3) {
            self.clock.0.lock().unwrap().1 = ClockState::Wrong;
        }
        let (outbox, messages, uplink) =
            power_on(&self.dir, &self.clock, &self.trust, (&self.office, self.rules), &mut self.rng);
        (self.outbox, self.messages, self.uplink) = (outbox, messages, uplink);
    }

    async fn attempt(&mut self) {
        if self.over {
            return;
        }
        let mut heard = Vec::new();
        let next = {
            let mut attempt = std::pin::pin!(self.uplink.attempt());
            loop {
                tokio::select! {
                    biased;
                    next = &mut attempt => break next,
                    () = tokio::task::yield_now() => {}
                }
                for message in self.messages.try_iter() {
                    match message {
                        Message::OwesReports(answer) => _ = answer.send(self.gate.owes_reports()),
                        Message::Input(input) => heard.push(input),
                        Message::Step(_) | Message::Stop => {}
                    }
                }
            }
        };
        heard.into_iter().for_each(|input| self.feed(input));
        self.over = next.over;
        self.clock.advance(next.wait.min(Duration::from_secs(60)));
        self.feed(Input::Tick);
    }

    fn scan_and_confirm(&mut self) {
        self.clock.advance(OUT_OF_VIEW + Duration::from_secs(1));
        self.feed(Input::NothingSeen);
        self.feed(Input::Tick);
        let text = code(self.scans, self.clock.wall());
        self.scans += 1;
        self.feed(Input::CodeSeen { text: text.clone(), aim: Aim::Alone });
        self.clock.advance(Duration::from_secs(1));
        let screen = self.gate.view(self.clock.read().0).screen;
        let scan = screen.open_result().unwrap_or_else(|| panic!("a result, not {screen:?}")).scan;
        self.feed(Input::User(UserInput::Collector(CollectorInput::Confirm { scan })));
        self.hear();
        let code = health_code::UnverifiedCode::parse(&text).unwrap().cose().to_vec();
        *self.confirmed.entry(code).or_default() += 1;
    }

    fn sign_in(&mut self) {
        let (digits, secret) = (PHONE[PHONE.len() - 4..].to_owned(), PIN.to_owned());
        self.feed(Input::User(UserInput::Shift(ShiftInput::SignIn { digits, person: None, secret })));
        let Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, .. }) =
            self.gate.view(self.clock.read().0).screen
        else {
            panic!("nobody is signed in")
        };
        let (id, direction) = (rows[0].id.clone(), rows[0].direction);
        self.feed(Input::User(UserInput::Shift(ShiftInput::ChooseCheckpoint { id, direction })));
        self.hear();
    }

    /// Hands one input to the gate and does at once what the gate wants done.
    fn feed(&mut self, input: Input) {
        let (_, clock) = self.clock.read();
        if clock != self.clock_told {
            self.clock_told = clock;
            self.feed(Input::Clock(clock));
        }
        let actions = self.gate.handle(input, self.clock.read().0);
        for action in actions {
            match action {
                Action::Append { record, report } => self.outbox.append(record, report),
                Action::CheckPin { attempt, .. } => self.feed(Input::PinChecked { attempt, right: true }),
                _ => {}
            }
        }
    }

    /// Hands the gate what the outbox and the uplink told it.
    fn hear(&mut self) {
        while let Ok(message) = self.messages.try_recv() {
            if let Message::Input(input) = message {
                self.feed(input);
            }
        }
    }

    /// The network is well again: everything arrives.
    async fn drain(&mut self) {
        self.office.heal();
        for _ in 0..DRAIN {
            self.attempt().await;
            self.hear();
            if self.outbox.is_empty() {
                return;
            }
        }
        panic!("the outbox is not empty after {DRAIN} attempts");
    }

    fn check(&self, seed: u64, least: usize) {
        let arrived = self.arrived();
        assert!(self.confirmed.len() > least, "seed {seed}: too little happened");
        let doubled = arrived.values().filter(|count| **count > 1).count();
        assert_eq!((self.lost(), doubled), (0, 0), "seed {seed}: lost and doubled");
        assert!(arrived == self.confirmed, "seed {seed}: a passage that nobody confirmed");
    }

    fn lost(&self) -> usize {
        let arrived = self.arrived();
        self.confirmed.keys().filter(|code| !arrived.contains_key(*code)).count()
    }

    /// Returns how often each code arrived.
    fn arrived(&self) -> BTreeMap<Vec<u8>, u32> {
        let mut arrived = BTreeMap::<Vec<u8>, u32>::new();
        for sealed in self.office.stored() {
            if let Report::Passage(passage) = wire::seal::open(&sealed, STATION, &SEALING).unwrap()
                && let Carried::Whole(code) = passage.code
            {
                *arrived.entry(code).or_default() += 1;
            }
        }
        arrived
    }
}

/// Starts the outbox and the uplink on a folder.
fn power_on(
    dir: &tempfile::TempDir,
    clock: &Arc<FakeClock>,
    trust: &Arc<TrustStore>,
    (office, rules): (&Arc<FakeOffice>, Rules),
    rng: &mut ChaCha20Rng,
) -> (Arc<InlineOutbox>, Receiver<Message>, Uplink) {
    let (inputs, messages) = Inputs::channel();
    let wake = Arc::new(Wake::default());
    let outbox = Arc::new(InlineOutbox::new(handle::Parts {
        path: dir.path().join("outbox.sqlite"),
        station: STATION,
        trust: Arc::clone(trust),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        inputs: inputs.clone(),
        wake: Arc::clone(&wake),
        rng: Generator::seeded(rng.next_u64()),
    }));
    let uplink = Uplink::new(uplink::Parts {
        office: Box::new(Seam(Arc::clone(office))),
        station: STATION,
        name: "一号".to_owned(),
        key: signing_key(OWN),
        folder: Folder::new(dir.path()),
        heard: Heard::read(&Folder::new(dir.path())),
        outbox: Box::new(Arc::clone(&outbox)),
        trust: Arc::clone(trust),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        inputs,
        wake,
        rules,
        rng: Generator::seeded(rng.next_u64()),
    });
    (outbox, messages, uplink)
}
