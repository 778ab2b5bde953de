//! `kadian-issue simulate`: many stations send to a back office, with real signatures and seals.

mod figures;
mod limits;
mod link;
mod passages;
mod prepare;
mod send;
mod stations;

use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use program::{Failure, complain, say};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use wire::Ticket;

use self::figures::Figures;
use self::passages::Passages;
use self::prepare::{Share, prepare};
use self::stations::enrol;
use crate::demo::keys::Keys;
use crate::{clock, entropy, files};

/// Send passages to a back office as many stations would, and measure how it takes them
///
/// Each ticket enrols one new station. The stations' passages show a green code of a demo world; they are
/// sealed and signed before the clock starts, which needs about 1 kB of memory for each. Every receipt is
/// verified, and a batch without one is sent again unchanged, as a station does.
///
/// A passage counts once a receipt acknowledges it. `waited` is the time from sending a batch until its
/// answer has arrived; a batch that is sent again counts anew.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    back-office ticket --data office --count 50 |\n    \
      kadian-issue simulate target/demo/world --passages 100000 --batch 500 --at-once\n  \
    kadian-issue simulate world --tickets tickets.txt --stations 1000 --passages 5000 --batch 5 --at-once\n  \
    kadian-issue simulate world --tickets tickets.txt --passages 10000 --json\n\n\
    Exit status: 0; 1 where a passage was not acknowledged, or not as sent; 2 where something is wrong\n\
    before that.")]
pub struct SimulateArgs {
    /// Folder that `kadian-issue demo` has made, with the keys of an issuer whom the office trusts
    #[arg(value_name = "DIR")]
    world: PathBuf,
    /// File with one ticket a line [default: standard input]
    #[arg(long, value_name = "FILE")]
    tickets: Option<PathBuf>,
    /// How many stations [default: as many as there are tickets]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    stations: Option<u16>,
    /// How many passages in all, spread evenly
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=limits::PASSAGES))]
    passages: u32,
    /// Let the passages be of so many people, each with a declaration that the office opens [default: every passage
    /// is of another one, and their declarations stay shut]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=limits::PEOPLE))]
    people: Option<u32>,
    /// How many passages a batch holds at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=wire::limits::BATCH_REPORTS as i64))]
    batch: u16,
    /// Send to this address instead of the tickets'; repeat it to spread the stations over several offices
    #[arg(long = "url", value_name = "URL")]
    urls: Vec<String>,
    /// Let all stations begin at the same moment and wait for nothing; else each keeps the pause that the
    /// receipts name, and begins somewhere in the first
    #[arg(long)]
    at_once: bool,
    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    patience: u32,
    /// Print one JSON object, and no progress
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &SimulateArgs) -> Result<ExitCode, Failure> {
    let keys = Keys::stored(&arguments.world)?.ok_or_else(|| {
        format!("{0} holds no demo world; make one: kadian-issue demo {0}", arguments.world.display())
    })?;
    let tickets = tickets(arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let mut rng = ChaCha20Rng::from_seed(entropy::seed()?);
    let progress = Progress { silent: arguments.json };

    let (stations, trust) = runtime.block_on(enrol(&tickets, &arguments.urls, &mut rng, progress))?;
    let passages = Passages::of(&trust, &keys, clock::now(), arguments.people.unwrap_or(0))?;
    let share = Share { total: arguments.passages, batch: arguments.batch.into() };
    let batches = prepare(&passages, &stations, share, &mut rng, progress)?;
    let plan = send::Plan {
        at_once: arguments.at_once,
        patience: Duration::from_secs(arguments.patience.into()),
        progress,
    };
    let figures = runtime.block_on(send::all(stations, batches, trust, &plan, &mut rng))?;
    print(&figures, arguments)?;
    Ok(if figures.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(figures: &Figures, arguments: &SimulateArgs) -> Result<(), Failure> {
    if arguments.json {
        let line = serde_json::to_string(&figures.summary()).map_err(|error| error.to_string())?;
        return say!("{line}");
    }
    say!("{figures}")
}

/// Reads as many tickets as are wanted.
fn tickets(arguments: &SimulateArgs) -> Result<Vec<Ticket>, String> {
    let text = match &arguments.tickets {
        Some(path) => String::from_utf8_lossy(&files::read(path, limits::TICKETS_BYTES)?).into_owned(),
        None => {
            let mut text = String::new();
            let read = std::io::stdin().take(limits::TICKETS_BYTES).read_to_string(&mut text);
            read.map_err(|error| format!("standard input: {error}"))?;
            text
        }
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let tickets = lines.zip(1..).map(|(line, number)| {
        Ticket::parse(line).map_err(|error| format!("line {number} of the tickets: {error}"))
    });
    let mut tickets = tickets.collect::<Result<Vec<_>, _>>()?;
    if tickets.is_empty() {
        return Err("no tickets; make some: back-office ticket --data DIR --count N".to_owned());
    }
    if let Some(wanted) = arguments.stations.map(usize::from) {
        if tickets.len() < wanted {
            return Err(format!("{wanted} stations need as many tickets, and there are {}", tickets.len()));
        }
        tickets.truncate(wanted);
    }
    Ok(tickets)
}

/// Says on standard error how far the command is.
#[derive(Clone, Copy)]
pub struct Progress {
    silent: bool,
}

impl Progress {
    /// Prints a line.
    pub fn say(self, line: std::fmt::Arguments<'_>) {
        if !self.silent {
            complain(line);
        }
    }
}
