//! `kadian verify`: judges one code as a gate would.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use disk::trust_folder;
use health_code::{Checkpoint, RootPin, Timestamp, Trust};
use program::{FAILED, Failure, say};

use crate::judge::{Judgement, judge, unjudged};
use crate::problem::Problem;
use crate::{clock, code_text};

/// Judge one code by the trust files of a folder, and print one JSON object
///
/// The object has `verdict` (pass, check, stop, invalid, or null where a fault prevented one),
/// `refusal`, `reason`, `because`, the masked fields where the signature holds, `faults` and a
/// sentence.
///
/// The folder holds root.cose, trust.cose, community.cose, policies.cbor and revocations.bin. An enrolled station
/// has pinned its root. This command believes the root in the folder, so name a folder whose root
/// you trust.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    kadian verify --trust world/trust world/codes/green.png\n  \
    kadian verify --trust world/trust 'KD1:6BF…'\n  \
    kadian verify --trust world/trust --at 2026-03-01T08:00:00+08:00 - < code.txt\n\n\
    Exit status: 0 for any verdict, 2 for a fault or bad usage.")]
pub struct VerifyArgs {
    /// Folder with root.cose, trust.cose, community.cose, policies.cbor and revocations.bin
    #[arg(long, value_name = "DIR")]
    trust: PathBuf,
    /// Judge at this moment instead of now
    #[arg(long, value_name = "RFC3339", value_parser = clock::parse)]
    at: Option<Timestamp>,
    /// Checkpoint of the community: its id (16 hex digits) or its name
    #[arg(long, value_name = "ID")]
    checkpoint: Option<String>,
    /// The code's text, which begins with KD1: or HC1:; or a file that holds it: a picture (PNG, JPEG, WebP,
    /// GIF, BMP, TIFF), a PDF, a text; or - to read any text from standard input
    #[arg(value_name = "TEXT|-|FILE")]
    code: OsString,
}

/// Runs the command.
pub fn run(arguments: &VerifyArgs) -> Result<ExitCode, Failure> {
    let now = arguments.at.unwrap_or_else(clock::now);
    let judgement = match judged(arguments, now) {
        Ok(judgement) => judgement,
        Err(Problem { fault: None, sentence }) => return Err(sentence.into()),
        Err(Problem { fault: Some(fault), sentence }) => unjudged(fault, &sentence, now),
    };
    let json = serde_json::to_string(&judgement).map_err(|error| error.to_string())?;
    say!("{json}")?;
    Ok(if judgement.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn judged(arguments: &VerifyArgs, now: Timestamp) -> Result<Judgement, Problem> {
    let trust = open_trust(&arguments.trust)?;
    // A community that nobody vouches for has no checkpoints: then the fault is the answer.
    if let Some(wanted) = arguments.checkpoint.as_ref().filter(|_| trust.unvouched().is_none()) {
        check_checkpoint(&trust, wanted)?;
    }
    let text = code_text::read(&arguments.code)?;
    Ok(judge(&text, &trust, &trust.community().region, now))
}

/// Opens the trust files of a folder, its root pinned by the root's own hash.
fn open_trust(folder: &Path) -> Result<Trust, Problem> {
    let files =
        trust_folder::read(folder).map_err(|error| Problem::fault("trust-missing", error.to_string()))?;
    let pin = RootPin::of(&files.root);
    Trust::open(files, &pin).map_err(|rejection| Problem::fault("trust-rejected", rejection.to_string()))
}

/// Refuses a checkpoint that the community does not have. All that it has judge alike.
fn check_checkpoint(trust: &Trust, wanted: &str) -> Result<(), Problem> {
    let id = |checkpoint: &Checkpoint| checkpoint.id.to_string();
    let checkpoints = &trust.community().checkpoints;
    if checkpoints.iter().any(|other| other.name == wanted || id(other).eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    let known: Vec<String> =
        checkpoints.iter().map(|other| format!("{} {}", id(other), other.name)).collect();
    Err(Problem::usage(format!("no checkpoint {wanted:?} in this community; it has: {}", known.join(", "))))
}
