//! Random walks: whatever happens to a machine, its program and its files, no trusted moment lies
//! before an earlier one, unless a fresh and newer signed time lowered what is remembered to itself.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};

use super::*;

/// Events of one walk.
const STEPS: usize = 60;
const START: i64 = 1_900_000_000;

#[test]
fn no_walk_trusts_a_moment_before_an_earlier_one() {
    walks(0..4_000);
}

#[test]
#[ignore = "long: cargo xtask test --long"]
fn no_walk_trusts_a_moment_before_an_earlier_one_in_100_000_walks() {
    walks(1_000_000..1_150_000);
}

fn walks(seeds: std::ops::Range<u64>) {
    let mut looks = 0;
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let mut machine = Machine::new(seed);
        for _ in 0..STEPS {
            machine.step();
        }
        looks += machine.trusted_looks;
    }
    assert!(looks > count * 3, "too little was trusted to show anything: {looks} in {count}");
}

/// What the disk holds.
#[derive(Clone)]
enum File {
    Missing,
    Damaged,
    Kept { memory: Memory, boot: u64 },
}

/// A machine, its disk, and the program on it.
struct Machine {
    seed: u64,
    rng: ChaCha20Rng,
    /// The true time, and what the wall clock shows besides.
    time: i64,
    off: i64,
    booted: i64,
    boot: u64,
    file: File,
    trust: TrustTimes,
    program: Option<ClockJudge>,
    /// The latest signed time that this disk has heard.
    newest_signed: Option<i64>,
    /// No trusted moment may be earlier than this.
    low: i64,
    trusted_looks: u64,
}

impl Machine {
    fn new(seed: u64) -> Self {
        let memory = Memory { upto: Timestamp(START), signed: Some(Timestamp(START)), started: None };
        let trust = TrustTimes {
            issued: Some(Timestamp(START - 86_400)),
            hard_expiry: Some(Timestamp(START + 30 * 86_400)),
        };
        let mut this = Self {
            seed,
            rng: ChaCha20Rng::seed_from_u64(seed),
            time: START,
            off: 0,
            booted: START - 50,
            boot: 0,
            file: File::Kept { memory, boot: 0 },
            trust,
            program: None,
            newest_signed: Some(START),
            low: i64::MIN,
            trusted_looks: 0,
        };
        this.start();
        this
    }

    fn step(&mut self) {
        match self.rng.next_u32() % 32 {
            0..=4 => self.pass(130),
            5..=8 => self.look(),
            9..=12 => self.beat(),
            13 => self.pass(40 * 86_400),
            14 => self.pass(4_000),
            15 => self.off += self.any(150),
            16 => self.off += self.any(40 * 86_400),
            17 => self.off = 0,
            18 => self.off = -self.time,
            19 | 20 => self.end(),
            21 | 22 => self.program = None,
            23 | 24 => self.reboot(),
            25 if self.any(2) == 0 => self.file = File::Missing,
            25 => self.file = File::Damaged,
            26 | 27 => self.assert(),
            28 | 29 => self.hear_now(),
            30 => self.hear_past(),
            _ => self.hear_issued(),
        }
        if self.program.is_none() && self.any(2) == 0 {
            self.start();
        }
        self.look();
    }

    /// Returns a number in both directions, small ones as often as large ones.
    fn any(&mut self, most: i64) -> i64 {
        let most = if self.rng.next_u32().is_multiple_of(2) { most } else { most.min(121) };
        i64::from(self.rng.next_u32()) % (2 * most + 1) - most
    }

    /// Time passes, awake or asleep: the boot clock counts both.
    fn pass(&mut self, most: i64) {
        self.time += self.any(most).abs();
    }

    fn reading(&self) -> Reading {
        let boot = Duration::from_secs((self.time - self.booted).unsigned_abs());
        Reading { wall: Timestamp(self.time + self.off), boot }
    }

    fn start(&mut self) {
        let memory = match &self.file {
            File::Kept { memory, boot } => {
                Some(Memory { started: memory.started.filter(|_| *boot == self.boot), ..memory.clone() })
            }
            File::Missing | File::Damaged => None,
        };
        let mut program = ClockJudge::start(self.reading(), memory.as_ref(), self.trust);
        let unknown = program.state(self.reading()) == ClockState::Trusted && memory.is_none();
        assert!(!unknown, "seed {}: trusted without a memory", self.seed);
        self.newest_signed = memory.and_then(|memory| memory.signed).map(|signed| signed.0);
        self.program = Some(program);
        self.beat();
    }

    fn reboot(&mut self) {
        self.program = None;
        self.pass(30 * 86_400);
        (self.booted, self.boot) = (self.time - 20, self.boot + 1);
        self.start();
    }

    fn end(&mut self) {
        let reading = self.reading();
        let Some(program) = &mut self.program else { return };
        if let Some(memory) = program.end(reading) {
            self.file = File::Kept { memory, boot: self.boot };
        }
        self.program = None;
    }

    fn beat(&mut self) {
        let reading = self.reading();
        let Some(program) = &mut self.program else { return };
        let Some(memory) = program.lease(reading) else { return };
        // Sometimes the disk is full, and sometimes the power fails before it is noted.
        if self.rng.next_u32().is_multiple_of(16) {
            return;
        }
        self.file = File::Kept { memory: memory.clone(), boot: self.boot };
        program.written(&memory);
    }

    fn look(&mut self) {
        let reading = self.reading();
        let Some(program) = &mut self.program else { return };
        if program.look(reading) == Look::NotCovered {
            self.beat();
        }
        let Some(program) = &mut self.program else { return };
        if let Look::Known(at, ClockState::Trusted) = program.look(reading) {
            assert!(at.0 >= self.low, "seed {}: {} s before an earlier moment", self.seed, self.low - at.0);
            self.low = at.0;
            self.trusted_looks += 1;
        }
    }

    fn assert(&mut self) {
        let reading = self.reading();
        let Some(program) = &mut self.program else { return };
        let known = matches!(self.file, File::Kept { .. });
        if program.assert_now(reading) && known {
            let signed = self.newest_signed.unwrap_or(i64::MIN);
            let floor = self.low.max(signed).max(self.trust.issued.map_or(i64::MIN, |issued| issued.0));
            assert!(reading.wall.0 >= floor, "seed {}: asserted before {floor}", self.seed);
        }
    }

    fn hear_now(&mut self) {
        let signed = self.time + if self.any(3) == 0 { self.any(86_400) } else { 0 };
        let reading = self.reading();
        let Some(program) = &mut self.program else { return };
        program.hear_now(reading, Timestamp(signed));
        if self.newest_signed < Some(signed) {
            self.newest_signed = Some(signed);
            self.low = self.low.min(signed);
        }
        self.beat();
    }

    fn hear_past(&mut self) {
        let signed = self.time - self.any(86_400).abs();
        let reading = self.reading();
        let Some(program) = &mut self.program else { return };
        program.hear_past(reading, Timestamp(signed));
        self.newest_signed = self.newest_signed.max(Some(signed));
        self.beat();
    }

    fn hear_issued(&mut self) {
        let issued = Timestamp(self.time - self.any(86_400).abs());
        let reading = self.reading();
        self.trust.issued = self.trust.issued.max(Some(issued));
        self.trust.hard_expiry = Some(issued.plus(45 * 86_400));
        if let Some(program) = &mut self.program {
            program.hear_issued(reading, issued);
        }
    }
}
