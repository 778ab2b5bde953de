//! `kadian-issue dgc`: runs a folder of public test data of digital COVID certificates.

mod case;
mod compare;
mod rules;
mod signatures;
mod steps;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use health_code::hcert::ValueSets;
use program::{Failure, say};

use crate::files;
use crate::value_sets;
use case::Case;
use rules::Rule;
use signatures::Totals;
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
/// every expectation is met. It is skipped where it states none, lacks the data for all of them, or expects
/// what only a value set could tell. It contradicts itself where each expectation that is not met
/// contradicts the same file or the specification, by a named rule that looks at the file alone. No trust
/// list is used: the key is the one in the file. A clock without a zone is UTC. With value sets, a file that
/// expects its schema to fail may be right by a code that they do not hold.
#[derive(Args)]
#[command(after_help = "Example:\n  \
    kadian-issue dgc dgc-testdata\n  \
    kadian-issue dgc --value-sets eu-dcc-valuesets dgc-testdata\n\n\
    It prints one line for each file that failed, with its reasons, then how many signatures hold, a\n\
    table of the rules with the number of files for each, and then\n  \
    passed P of T, failed F, contradicts itself C, skipped S\n\n\
    A key identifier (kid) of another key than the file's certificate counts as a failure only\n\
    where the file expects the verification to fail.\n\n\
    Exit status: 0; 1 where a file failed; 2 where nothing could be run.")]
pub struct DgcArgs {
    /// Print a line for each file that passed, contradicts itself or was skipped, too
    #[arg(long)]
    all: bool,
    /// Value sets as the EU publishes them: a file, or a folder; may be given several times
    #[arg(long, value_name = "PATH")]
    value_sets: Vec<PathBuf>,
    /// Checkout of the test data
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// The result of one file.
enum Outcome {
    Passed(usize),
    Failed(Vec<String>),
    Contradicts(Vec<Rule>),
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
    let sets = value_sets::read(&arguments.value_sets)?;
    let mut counts = Counts::default();
    for path in &paths {
        let name = path.strip_prefix(&arguments.folder).unwrap_or(path).display().to_string();
        let read = files::read(path, FILE_BYTES).and_then(|bytes| Case::read(&bytes));
        let outcome = match &read {
            Ok(case) => {
                counts.signatures.add(case);
                outcome(case, &sets, &mut counts.rules)
            }
            Err(sentence) => Outcome::Failed(vec![sentence.clone()]),
        };
        let line = counts.add(&name, outcome);
        if line.is_failure || arguments.all {
            say!("{}", line.text)?;
        }
    }
    say!("{}", counts.signatures.line())?;
    for (rule, count) in &counts.rules {
        say!("{count:>4} {:<21} {}", rule.name(), rule.sentence())?;
    }
    let Counts { passed, failed, contradicts, skipped, .. } = counts;
    say!(
        "passed {passed} of {}, failed {failed}, contradicts itself {contradicts}, skipped {skipped}",
        paths.len()
    )?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What is counted over all files.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    contradicts: usize,
    skipped: usize,
    /// Files for each rule.
    rules: BTreeMap<Rule, usize>,
    signatures: Totals,
}

/// What is said of a file.
struct Line {
    text: String,
    is_failure: bool,
}

impl Counts {
    fn add(&mut self, name: &str, outcome: Outcome) -> Line {
        let (text, is_failure) = match outcome {
            Outcome::Passed(steps) => {
                self.passed += 1;
                (format!("passed {name}: {steps} steps as expected"), false)
            }
            Outcome::Failed(reasons) => {
                self.failed += 1;
                (format!("FAILED {name}: {}", reasons.join("; ")), true)
            }
            Outcome::Contradicts(rules) => {
                self.contradicts += 1;
                let rules: Vec<&str> = rules.into_iter().map(Rule::name).collect();
                (format!("contradicts itself {name}: {}", rules.join(", ")), false)
            }
            Outcome::Skipped(why) => {
                self.skipped += 1;
                (format!("skipped {name}: {why}"), false)
            }
        };
        Line { text, is_failure }
    }
}

fn outcome(case: &Case, sets: &ValueSets, counts: &mut BTreeMap<Rule, usize>) -> Outcome {
    if case.expected.is_empty() {
        return Outcome::Skipped("it states no expectation");
    }
    let (mut met, mut reasons, mut by_rule) = (0, Vec::new(), Vec::new());
    for (name, expected) in &case.expected {
        let reason = match (steps::run(case, name, sets), expected) {
            (Found::NoData, _) => continue,
            (Found::Holds | Found::HoldsForAnotherKid | Found::HoldsOutsideValueSets, true)
            | (Found::Broken(_) | Found::HoldsForAnotherKid | Found::HoldsOutsideValueSets, false) => {
                met += 1;
                continue;
            }
            (Found::Holds, false) => format!("{name} is false, and the step holds"),
            (Found::Broken(why), true) => format!("{name} is true, and {why}"),
        };
        match rules::of(case, name, *expected) {
            Some(rule) => by_rule.push(rule),
            None => reasons.push(reason),
        }
    }
    by_rule.sort();
    by_rule.dedup();
    for rule in &by_rule {
        *counts.entry(*rule).or_default() += 1;
    }
    if !reasons.is_empty() {
        Outcome::Failed(reasons)
    } else if by_rule.iter().any(|rule| rule.is_contradiction()) {
        Outcome::Contradicts(by_rule)
    } else if !by_rule.is_empty() {
        Outcome::Skipped("it expects what only a value set could tell")
    } else if met == 0 {
        Outcome::Skipped("it has no data for what it expects")
    } else {
        Outcome::Passed(met)
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
