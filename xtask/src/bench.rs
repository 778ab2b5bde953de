//! `cargo xtask bench`: what steps cost, and how well and how fast codes are read.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::steps;

/// The arguments of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    part: Option<Part>,
    /// Run fewer rounds: shows whether it works, not what it costs.
    #[arg(long, global = true)]
    quick: bool,
}

#[derive(Subcommand)]
enum Part {
    /// Count how many photographs each decoder reads, and how fast.
    ///
    /// Writes the table and the picture in docs/measurements/reading.md, except with --quick.
    Read {
        /// A folder with a `manifest.tsv`, as `reader-bench read --manifest` takes it.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Also list the views that the ladder missed.
        #[arg(long, value_name = "FILE")]
        missed: Option<PathBuf>,
        /// Further arguments, after `--`: `--decoders`, `--budget`.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Find where readers fail on rendered codes: size, blur, noise, glare and more.
    ///
    /// Writes docs/measurements/reading.md, its pictures, and the advice in docs/code-format.md, except
    /// with --quick. Takes a quarter of an hour.
    Stress {
        /// Further arguments, after `--`: `--placements`, `--only`, `--decoders`, `--budget`.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Compare single frames of half a second with the video path on the same frames.
    ///
    /// Writes docs/measurements/reading.md, except with --quick.
    Sequences {
        /// Further arguments, after `--`: `--seeds`, `--decoders`, `--budget`.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Measure a station's outbox while a thousand reports wait, and a million.
    Outbox,
    /// Measure how fast an office takes reports in and opens them, beside the bare database and bare HPKE.
    ///
    /// Writes docs/measurements/ingest.md and its pictures, except with --quick or with further arguments.
    Ingest {
        /// Further arguments, after `--`: `--engines`, `--rows`, `--connections`, `--batches`, `--commits`.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Measure how long an office looks for one resident's passages among ten million, beside the bare index.
    ///
    /// Simulated stations send 100,000 of them to an office, the rest is filled in directly.
    ///
    /// Writes docs/measurements/residents.md, except with --quick or with further arguments. Needs 15 GB of disk.
    Residents {
        /// Further arguments, after `--`: `--rows`, `--through`, `--folder`.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Measure what an office's board reads once ten million passages are counted, on SQLite and on PostgreSQL.
    ///
    /// Prints the table of docs/measurements/board.md.
    Board,
    /// Measure each stage of a camera's frame on its way to the reader and the screen.
    Path,
    /// Run simulated camera, reader, gate and preview together at 30 frames a second.
    Live {
        /// Seconds to run.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Run the same beside busy processes, eight for each core.
    ///
    /// Prints the times from a code being held out to its verdict, and how many frames it took.
    Busy {
        /// Seconds to run.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Busy processes for each core.
        #[arg(long, default_value_t = 8)]
        processes: u32,
    },
}

pub(crate) fn run(args: BenchArgs) -> Result<(), String> {
    let BenchArgs { part, quick } = args;
    match part {
        None => costs(quick),
        Some(Part::Read { folder, missed, rest }) => {
            // Relative to where the command was given, which is not where it runs.
            let full = |path: PathBuf| std::path::absolute(path).map_err(|error| error.to_string());
            let mut arguments = vec![text(full(folder)?)?];
            if let Some(missed) = missed {
                arguments.extend(["--missed".to_owned(), text(full(missed)?)?]);
            }
            reader_bench("photos", arguments.into_iter().chain(rest), quick)
        }
        Some(Part::Stress { rest }) => reader_bench("stress", rest, quick),
        Some(Part::Sequences { rest }) => reader_bench("sequences", rest, quick),
        Some(Part::Outbox) => outbox(quick),
        Some(Part::Ingest { rest }) => ingest(&rest, quick),
        Some(Part::Residents { rest }) => residents(&rest, quick),
        Some(Part::Board) => board(quick),
        Some(Part::Path) => path(quick),
        Some(Part::Live { seconds }) => live(if quick { 10 } else { seconds }, None),
        Some(Part::Busy { seconds, processes }) => live(if quick { 10 } else { seconds }, Some(processes)),
    }
}

/// Chooses the order of the reading ladder.
pub(crate) fn ladder(folder: PathBuf, write: bool) -> Result<(), String> {
    let folder = text(std::path::absolute(folder).map_err(|error| error.to_string())?)?;
    let mut arguments =
        vec!["run", "--locked", "--release", "-p", "code-reader", "--example", "tune", "--", &folder];
    arguments.extend(write.then_some("--write"));
    steps::cargo("the ladder", &arguments)
}

fn text(path: PathBuf) -> Result<String, String> {
    path.into_os_string().into_string().map_err(|path| format!("{} is not UTF-8", path.display()))
}

fn costs(quick: bool) -> Result<(), String> {
    programs()?;
    let mut arguments =
        vec!["bench", "--locked", "-p", "stories", "--features", "bench", "--bench", "costs", "--"];
    arguments.extend(quick.then_some("--quick"));
    steps::cargo("costs", &arguments)
}

fn outbox(quick: bool) -> Result<(), String> {
    programs()?;
    let bench = ["bench", "--locked", "-p", "stories", "--features", "bench", "--bench", "outbox", "--"];
    let quick: &[&str] = if quick { &["--quick"] } else { &[] };
    steps::cargo("the outbox", &[&bench[..], quick].concat())
}

fn board(quick: bool) -> Result<(), String> {
    let run = ["run", "--locked", "--release", "-p", "back-office", "--example", "board", "--"];
    let quick: &[&str] = if quick { &["--quick"] } else { &[] };
    steps::cargo("the board", &[&run[..], quick].concat())
}

fn path(quick: bool) -> Result<(), String> {
    let bench = ["bench", "--locked", "-p", "stories", "--features", "bench", "--bench", "path", "--"];
    let quick: &[&str] = if quick { &["--quick"] } else { &[] };
    steps::cargo("the camera's path", &[&bench[..], quick].concat())
}

/// Measures taking in and opening. What was measured in part is shown, and not written.
fn ingest(rest: &[String], quick: bool) -> Result<(), String> {
    office_programs()?;
    let docs = text(steps::root().join("docs"))?;
    let bench =
        ["bench", "--locked", "-p", "stories", "--features", "bench-office", "--bench", "ingest", "--"];
    let how: Vec<&str> = match (quick, rest.is_empty()) {
        (true, _) => vec!["--rows", "20000", "--commits", "80", "--opened", "2000"],
        (false, true) => vec!["--docs", &docs],
        (false, false) => Vec::new(),
    };
    let rest = rest.iter().map(String::as_str);
    steps::cargo("taking in and opening", &bench.into_iter().chain(how).chain(rest).collect::<Vec<_>>())
}

/// Measures looking for a resident. What was measured in part is shown, and not written.
fn residents(rest: &[String], quick: bool) -> Result<(), String> {
    office_programs()?;
    let docs = text(steps::root().join("docs"))?;
    let bench =
        ["bench", "--locked", "-p", "stories", "--features", "bench-office", "--bench", "residents", "--"];
    let how: Vec<&str> = match (quick, rest.is_empty()) {
        (true, _) => vec!["--rows", "102000", "--through", "2000"],
        (false, true) => vec!["--docs", &docs],
        (false, false) => Vec::new(),
    };
    let rest = rest.iter().map(String::as_str);
    steps::cargo("looking for residents", &bench.into_iter().chain(how).chain(rest).collect::<Vec<_>>())
}

/// Builds the programs that a bench starts.
fn programs() -> Result<(), String> {
    build(&["-p", "kadian", "-p", "kadian-issue", "-p", "back-office"])
}

/// Builds those that the benches of an office start.
fn office_programs() -> Result<(), String> {
    build(&["-p", "kadian-issue", "-p", "back-office"])
}

fn build(programs: &[&str]) -> Result<(), String> {
    let build = [&["build", "--locked", "--release"], programs].concat();
    steps::cargo("the programs that benches start", &build)
}

/// Runs the live path beside a number of busy processes for each core.
fn live(seconds: u32, busy: Option<u32>) -> Result<(), String> {
    programs()?;
    let bench = ["bench", "--locked", "-p", "stories", "--features", "bench", "--bench", "live", "--"];
    let seconds = seconds.to_string();
    let mut arguments = [&bench[..], &["--seconds", &seconds]].concat();
    let busy = busy.map(|processes| processes.to_string());
    if let Some(processes) = &busy {
        arguments.extend(["--busy", processes]);
    }
    steps::cargo("the live path", &arguments)
}

fn reader_bench(part: &str, rest: impl IntoIterator<Item = String>, quick: bool) -> Result<(), String> {
    let rest: Vec<String> = rest.into_iter().collect();
    let mut arguments =
        vec!["run", "--locked", "--release", "-p", "reader-bench", "--", part, "--docs", "docs"];
    arguments.extend(quick.then_some("--quick"));
    arguments.extend(rest.iter().map(String::as_str));
    steps::cargo(part, &arguments)
}
