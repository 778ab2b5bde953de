//! `cargo xtask camera-soak`: the station's camera code at 30 pictures a second for a long time,
//! with a fault every few seconds, drawn from a seed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a check that cannot go on says where and stops")]

use std::fs;
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use clap::Parser;
use stage::programs::command;
use stage::shim::{Damage, Mode};
use stage::{JsonLines, Photo, Running, Shim, clock};
use stories::dice::Dice;

const FORMATS: &[&str] = &["MJPG 1280 720 30"];
const NAME: &str = "Sample HD";
/// Longest time for any state; after it the camera counts as stuck.
const STUCK: Duration = Duration::from_secs(30);
/// Goal for the 95th percentile of recoveries.
const RECOVERY: Duration = Duration::from_secs(2);
/// Growth of the resident memory after the first minute that counts as a leak, in KiB.
const LEAK_KIB: u64 = 24 * 1024;

/// Runs a station's camera through faults, and reports memory, threads and recovery times
#[derive(Parser)]
struct Arguments {
    /// Minutes to run
    #[arg(long, default_value_t = 60)]
    minutes: u64,
    /// Seed of the faults and their times
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A fault of the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Pulled,
    MovedToAnotherPlug,
    Stalled,
    Hung,
    CutShort,
    Held,
    Forbidden,
}

const FAULTS: [Fault; 7] = [
    Fault::Pulled,
    Fault::MovedToAnotherPlug,
    Fault::Stalled,
    Fault::Hung,
    Fault::CutShort,
    Fault::Held,
    Fault::Forbidden,
];

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let shim = Shim::new().unwrap();
    shim.plug(0, NAME, "2", FORMATS).unwrap();
    shim.show(0, &Photo::Code("KD1:SOAK".to_owned()), FORMATS).unwrap();
    let mut program = command("kadian").unwrap();
    shim.lend(program.args(["camera", "watch"]));
    let mut program = Running::start(program.stdin(Stdio::null()).stdout(Stdio::piped())).unwrap();
    let lines = program.stdout_lines().unwrap();
    let soak = Soak { shim, lines, dice: Dice::new(arguments.seed), times: Vec::new() };
    let passed = soak.run(&program, Duration::from_secs(60 * arguments.minutes));
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Soak {
    shim: Shim,
    lines: JsonLines,
    dice: Dice,
    /// Each fault, and the time from its end to the next picture.
    times: Vec<(Fault, Duration)>,
}

impl Soak {
    fn run(mut self, program: &Running, length: Duration) -> bool {
        self.wait("live");
        let start = clock::now();
        let mut first = None;
        let mut minute = 0;
        while clock::now() - start < length {
            std::thread::sleep(Duration::from_millis(self.dice.draw(1500..5000)));
            let fault = *self.dice.pick(&FAULTS).unwrap();
            self.suffer(fault);
            let now = (clock::now() - start).as_secs() / 60;
            if now > minute {
                minute = now;
                let cost = Cost::of(program);
                first = first.or(Some(cost));
                println!(
                    "{minute:>4} min: {} faults, {cost}, {} frames",
                    self.times.len(),
                    self.shim.frames(0).unwrap()
                );
            }
        }
        std::thread::sleep(Duration::from_secs(3));
        self.judge(first.unwrap_or_else(|| Cost::of(program)), Cost::of(program))
    }

    fn suffer(&mut self, fault: Fault) {
        let shim = &self.shim;
        let code = match fault {
            Fault::Pulled | Fault::MovedToAnotherPlug => {
                shim.pull(0).unwrap();
                "camera-lost"
            }
            Fault::Stalled => {
                shim.be(0, Mode::Stall).unwrap();
                "camera-stalled"
            }
            Fault::Hung => {
                shim.hang(0).unwrap();
                "camera-stalled"
            }
            Fault::CutShort => {
                shim.damage(0, Damage::Cut).unwrap();
                "camera-unusable"
            }
            Fault::Held | Fault::Forbidden => {
                shim.pull(0).unwrap();
                shim.be(0, if fault == Fault::Held { Mode::Busy } else { Mode::Denied }).unwrap();
                shim.plug(0, NAME, "2", FORMATS).unwrap();
                if fault == Fault::Held { "camera-busy" } else { "camera-no-permission" }
            }
        };
        self.wait(code);
        let lasts = Duration::from_millis(self.dice.draw(0..3000));
        std::thread::sleep(if fault == Fault::Hung { Duration::ZERO } else { lasts });
        let over = clock::now();
        match fault {
            Fault::Pulled => self.shim.plug(0, NAME, "2", FORMATS).unwrap(),
            Fault::MovedToAnotherPlug => self.shim.plug(0, NAME, "1.4", FORMATS).unwrap(),
            Fault::CutShort => self.shim.damage(0, Damage::None).unwrap(),
            // The camera recovers beside the thread that hangs; that thread is let go afterwards.
            Fault::Hung => {}
            Fault::Stalled | Fault::Held | Fault::Forbidden => self.shim.be(0, Mode::Well).unwrap(),
        }
        self.wait("live");
        self.times.push((fault, clock::now() - over));
        if fault == Fault::Hung {
            self.shim.let_go(0).unwrap();
        }
    }

    /// Waits for a state or a fault; panics where it does not come.
    fn wait(&self, what: &str) {
        self.lines
            .wait(what, STUCK, |line| (line["state"] == what || line["fault"] == what).then_some(()))
            .unwrap();
    }

    fn judge(mut self, first: Cost, last: Cost) -> bool {
        println!("from the fault's end to the first picture, in ms:");
        for fault in FAULTS {
            let of = self.times.iter().filter(|(other, _)| *other == fault).map(|(_, time)| *time);
            report(&format!("{fault:?}"), of.collect());
        }
        let all: Vec<Duration> = self.times.drain(..).map(|(_, time)| time).collect();
        let p95 = report("all", all);
        println!("after the first minute: {first}\nat the end:             {last}");
        let leak = last.memory_kib.saturating_sub(first.memory_kib) > LEAK_KIB;
        let piles_up = last.threads > first.threads + 1 || last.files > first.files + 2;
        if leak || piles_up {
            println!("camera-soak: something piles up");
        }
        if p95 >= RECOVERY {
            println!("camera-soak: recovery takes too long");
        }
        !leak && !piles_up && p95 < RECOVERY
    }
}

/// Prints statistics of some times, and returns their 95th percentile.
fn report(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    let [half, p95, most] = [50, 95, 100].map(|share| at(share).copied().unwrap_or_default());
    let count = times.len();
    println!(
        "   {what:<20}{count:>5} times, median {:>5}, p95 {:>5}, most {:>5}",
        half.as_millis(),
        p95.as_millis(),
        most.as_millis()
    );
    p95
}

/// Resources that a program holds.
#[derive(Debug, Clone, Copy)]
struct Cost {
    memory_kib: u64,
    threads: u64,
    files: usize,
}

impl Cost {
    fn of(program: &Running) -> Self {
        let folder = format!("/proc/{}", program.id());
        let status = fs::read_to_string(format!("{folder}/status")).unwrap();
        let number = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        let files = fs::read_dir(format!("{folder}/fd")).unwrap().count();
        Self { memory_kib: number("VmRSS:"), threads: number("Threads:"), files }
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} KiB resident, {} threads, {} files", self.memory_kib, self.threads, self.files)
    }
}
