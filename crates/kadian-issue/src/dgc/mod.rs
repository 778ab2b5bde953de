//! `kadian-issue dgc`: runs a folder of public test data of digital COVID certificates.

mod case;
mod compare;
mod steps;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use program::{Failure, say};

use crate::files;
use case::Case;
use steps::Found;

/// Longest test file that is read, in bytes.
const FILE_BYTES: u64 = 4 * 1024 * 1024;
/// Deepest nesting of folders.
const DEPTH: usize = 6;
/// Most test files in one run.
const FILES: usize = 100_000;

/// Run the EU's public test data of HC1 certificates, and compare each result
///
/// FOLDER is a checkout in the layout `COUNTRY/2DCode/raw/NAME.json`. Each file has the steps of one
/// certificate (JSON, CBOR, COSE, COMPRESSED, BASE45, PREFIX, 2DCODE), its own clock and signer's
/// certificate (TESTCTX), and the expected result of each step (EXPECTEDRESULTS). A file passes where
/// every expectation is met. It is skipped where it states none, or lacks the data for all of them.
/// No trust list is used: the key is the one in the file.
#[derive(Args)]
#[command(after_help = "Example:\n  \
    kadian-issue dgc dgc-testdata\n\n\
    It prints one line for each file that failed, with its reasons, and then\n  \
    passed P of T, failed F, skipped S\n\n\
    A key identifier (kid) of another key than the file's certificate counts as a failure only\n\
    where the file expects the verification to fail.\n\n\
    Exit status: 0; 1 where a file failed; 2 where nothing could be run.")]
pub struct DgcArgs {
    /// Print a line for each file that passed or was skipped, too
    #[arg(long)]
    all: bool,
    /// Checkout of the test data
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// The result of one file.
enum Outcome {
    Passed(usize),
    Failed(Vec<String>),
    Skipped(&'static str),
}

/// Runs the command.
pub fn run(arguments: &DgcArgs) -> Result<ExitCode, Failure> {
    let mut paths = Vec::new();
    walk(&arguments.folder, DEPTH, &mut paths)?;
    if paths.is_empty() {
        return Err(format!("no COUNTRY/2DCode/raw/*.json in {}", arguments.folder.display()).into());
    }
    paths.sort();
    let (mut passed, mut failed, mut skipped) = (0_usize, 0_usize, 0_usize);
    for path in &paths {
        let name = path.strip_prefix(&arguments.folder).unwrap_or(path).display();
        match outcome(path) {
            Outcome::Passed(steps) => {
                passed += 1;
                if arguments.all {
                    say!("passed {name}: {steps} steps as expected")?;
                }
            }
            Outcome::Failed(reasons) => {
                failed += 1;
                say!("FAILED {name}: {}", reasons.join("; "))?;
            }
            Outcome::Skipped(why) => {
                skipped += 1;
                if arguments.all {
                    say!("skipped {name}: {why}")?;
                }
            }
        }
    }
    say!("passed {passed} of {}, failed {failed}, skipped {skipped}", paths.len())?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn outcome(path: &Path) -> Outcome {
    let case = match files::read(path, FILE_BYTES).and_then(|bytes| Case::read(&bytes)) {
        Ok(case) => case,
        Err(sentence) => return Outcome::Failed(vec![sentence]),
    };
    if case.expected.is_empty() {
        return Outcome::Skipped("it states no expectation");
    }
    let (mut met, mut reasons) = (0, Vec::new());
    for (name, expected) in &case.expected {
        match (steps::run(&case, name), expected) {
            (Found::NoData, _) => {}
            (Found::Holds | Found::HoldsForAnotherKid, true) => met += 1,
            (Found::Broken(_) | Found::HoldsForAnotherKid, false) => met += 1,
            (Found::Holds, false) => reasons.push(format!("{name} is false, and the step holds")),
            (Found::Broken(why), true) => reasons.push(format!("{name} is true, and {why}")),
        }
    }
    match (reasons.is_empty(), met) {
        (false, _) => Outcome::Failed(reasons),
        (true, 0) => Outcome::Skipped("it has no data for what it expects"),
        (true, met) => Outcome::Passed(met),
    }
}

/// Finds the files `…/2DCode/raw/*.json`, at most `depth` folders down. Links are not followed.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{} could not be read: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(said)? {
        let entry = entry.map_err(said)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(said)?);
        if kind.is_dir() && depth > 0 {
            walk(&path, depth - 1, found)?;
        } else if kind.is_file() && is_case(&path) {
            if found.len() >= FILES {
                return Err(format!("more than {FILES} test files"));
            }
            found.push(path);
        }
    }
    Ok(())
}

fn is_case(path: &Path) -> bool {
    let named = |path: Option<&Path>, name: &str| {
        path.and_then(Path::file_name).is_some_and(|last| last.eq_ignore_ascii_case(name))
    };
    let raw = path.parent();
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
        && named(raw, "raw")
        && named(raw.and_then(Path::parent), "2DCode")
}
