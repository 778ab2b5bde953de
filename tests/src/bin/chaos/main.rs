//! `cargo xtask chaos`: real stations and offices, killed and hindered by faults that are drawn from a
//! seed, and a ledger outside of both of what the screens confirmed.
//!
//! Several checkpoints run beside each other, each with an office, a network and a laptop of its own.
//! The seed draws faults and their moments; how far a program had come when it was killed is the machine's.
//! Exit status: 0 where nothing was lost or doubled, 1 where something was, 2 where the run broke off.

mod accidents;
mod archive;
mod blow;
mod books;
mod checkpoint;
mod laptop;
mod ledger;
mod message;
mod network;
mod outcome;
mod trouble;
mod wear;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use clap::Parser;
use stage::World;

use books::Failure;
use checkpoint::Checkpoint;
use outcome::Outcome;

/// Runs stations and offices through faults, and checks that each confirmed passage arrives once
#[derive(Parser)]
struct Arguments {
    /// Cycles to run, all checkpoints together
    #[arg(long, default_value_t = 100)]
    cycles: u64,
    /// Seed of the faults and their times
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Checkpoints beside each other
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=64))]
    checkpoints: u64,
    /// Folder for everything that the programs write; it stays if something went wrong
    #[arg(long, value_name = "DIR", default_value = "target/chaos")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chaos: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let folder = std::path::absolute(&arguments.folder)?.join(std::process::id().to_string());
    std::fs::create_dir_all(&folder)?;
    let world = World::at(&folder.join("world"))?;
    let common = Common {
        world: &world,
        folder: &folder,
        seed: arguments.seed,
        cycles: arguments.cycles,
        next: AtomicU64::new(0),
        stop: AtomicBool::new(false),
    };
    let mut total = Outcome::default();
    std::thread::scope(|scope| {
        let common = &common;
        let lanes: Vec<_> =
            (0..arguments.checkpoints).map(|number| scope.spawn(move || lane(common, number))).collect();
        for lane in lanes {
            match lane.join() {
                Ok(outcome) => total.add(outcome),
                Err(_) => total.broken.push("a checkpoint panicked".to_owned()),
            }
        }
    });
    print(&total, arguments);
    let passed = total.balance.is_right() && total.broken.is_empty();
    if passed {
        std::fs::remove_dir_all(&folder)?;
    } else {
        println!("everything is kept in {}", folder.display());
    }
    if total.broken.is_empty() || !total.balance.is_right() {
        Ok(passed)
    } else {
        Err(total.broken.join("; ").into())
    }
}

/// What all checkpoints share.
struct Common<'a> {
    world: &'a World,
    folder: &'a Path,
    seed: u64,
    cycles: u64,
    /// The next cycle to be run.
    next: AtomicU64,
    /// One checkpoint has failed.
    stop: AtomicBool,
}

/// Runs cycles at one checkpoint until all are run.
fn lane(common: &Common<'_>, number: u64) -> Outcome {
    let folder = common.folder.join(format!("checkpoint-{number}"));
    let mut checkpoint = match Checkpoint::open(common.world, folder, common.seed, number) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return Outcome::broken(format!("checkpoint {number}: {error}")),
    };
    loop {
        let cycle = common.next.fetch_add(1, Ordering::SeqCst);
        if cycle >= common.cycles || common.stop.load(Ordering::SeqCst) {
            break;
        }
        if let Err(error) = checkpoint.cycle(cycle) {
            common.stop.store(true, Ordering::SeqCst);
            let history = checkpoint.history();
            return checkpoint.end().and_broken(format!("checkpoint {number}: {error}\n{history}"));
        }
    }
    checkpoint.end()
}

fn print(total: &Outcome, arguments: &Arguments) {
    for line in &total.broken {
        println!("broken: {line}");
    }
    let balance = &total.balance;
    let lists = [
        ("lost", &balance.lost),
        ("doubled", &balance.doubled),
        ("destroyed", &balance.destroyed),
        ("quarantined", &total.quarantined),
    ];
    for (what, list) in lists {
        list.iter().for_each(|line| println!("{what}: {line}"));
    }
    let faults: Vec<_> = total.faults.iter().map(|(fault, times)| format!("{fault} {times}")).collect();
    println!("faults: {}", faults.join(", "));
    println!(
        "confirmed {}, delivered {}, lost {}, doubled {}, destroyed {}, quarantined {}, cycles {}, seed {}",
        balance.confirmed,
        balance.delivered,
        balance.lost.len(),
        balance.doubled.len(),
        balance.destroyed.len(),
        total.quarantined.len(),
        total.cycles,
        arguments.seed
    );
}
