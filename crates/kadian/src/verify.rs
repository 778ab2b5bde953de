//! `kadian verify`: judges one code as a gate would.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use code_reader::{GreyFrame, Reader, Sighting};
use health_code::{Checkpoint, CheckpointId, RootPin, Timestamp, Trust};

use crate::judge::{Judgement, judge, unjudged};
use crate::{TROUBLE, clock, files, hex, trust};

/// More than any QR code can hold; what is longer is refused as too long all the same.
const INPUT_BYTES: u64 = 64 * 1024;
/// Longest picture file that is opened.
const PICTURE_BYTES: u64 = 64 * 1024 * 1024;
/// Longest side at which a picture is read.
const PICTURE_SIDE: usize = 1280;
/// A picture may take longer than a camera's frame.
const PICTURE_TIME: Duration = Duration::from_secs(2);

/// Judge one code by the trust files of a folder, and print one JSON object
///
/// The object has `verdict` (pass, check, stop, invalid, or null where a fault kept the code from
/// being judged), `refusal`, `reason`, `because`, the masked fields where the signature holds,
/// `faults` and a sentence.
///
/// The folder holds root.cose, trust.cose, community.cose and revocations.bin. A station pins the root when it is
/// enrolled; here the root in the folder is taken at its word (pinned by its own hash), so point
/// at a folder whose root you trust.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    kadian verify --trust world/trust world/codes/green.png\n  \
    kadian verify --trust world/trust 'KD1:6BF…'\n  \
    kadian verify --trust world/trust --at 2026-03-01T08:00:00+08:00 - < code.txt\n\n\
    Exit status: 0 for any verdict, 2 for a fault or bad usage.")]
pub struct VerifyArgs {
    /// Folder with root.cose, trust.cose, community.cose and revocations.bin
    #[arg(long, value_name = "DIR")]
    trust: PathBuf,
    /// Judge at this moment instead of now
    #[arg(long, value_name = "RFC3339", value_parser = clock::parse)]
    at: Option<Timestamp>,
    /// Stand at this checkpoint of the community: its id (16 hex digits) or its name
    #[arg(long, value_name = "ID")]
    checkpoint: Option<String>,
    /// The code's text, a picture of it (PNG or JPEG), or - for a text on standard input
    #[arg(value_name = "TEXT|-|PICTURE")]
    code: OsString,
}

/// Runs the command.
pub fn run(arguments: &VerifyArgs) -> Result<ExitCode, String> {
    let now = arguments.at.unwrap_or_else(clock::now);
    let judgement = match judged(arguments, now) {
        Ok(judgement) => judgement,
        Err(Trouble::Usage(sentence)) => return Err(sentence),
        Err(Trouble::Fault(fault, sentence)) => unjudged(fault, &sentence, now),
    };
    let json = serde_json::to_string(&judgement).map_err(|error| error.to_string())?;
    println!("{json}");
    Ok(if judgement.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(TROUBLE) })
}

/// The text of a code as it is given on a command line.
pub fn text(code: &OsString) -> Result<String, String> {
    text_of(code).map_err(|(Trouble::Usage(sentence) | Trouble::Fault(_, sentence))| sentence)
}

enum Trouble {
    /// What was asked for makes no sense.
    Usage(String),
    /// Something needed is not there or cannot be relied on: its code, and a sentence.
    Fault(&'static str, String),
}

fn judged(arguments: &VerifyArgs, now: Timestamp) -> Result<Judgement, Trouble> {
    let trust = open_trust(&arguments.trust)?;
    if let Some(wanted) = &arguments.checkpoint {
        find_checkpoint(&trust, wanted)?;
    }
    let text = text_of(&arguments.code)?;
    Ok(judge(&text, &trust, &trust.community().region, now))
}

/// Opens the three files of a folder, the root pinned by its own hash.
fn open_trust(folder: &Path) -> Result<Trust, Trouble> {
    let files = trust::read(folder).map_err(|sentence| Trouble::Fault("trust-missing", sentence))?;
    let pin = RootPin::of(&files.root);
    Trust::open(files, &pin).map_err(|rejection| Trouble::Fault("trust-rejected", rejection.to_string()))
}

/// Every checkpoint of a community judges alike; one that is not there is a mistake to tell.
fn find_checkpoint<'t>(trust: &'t Trust, wanted: &str) -> Result<&'t Checkpoint, Trouble> {
    let community = trust.community();
    let by_id = hex::decode(wanted).and_then(|id| community.checkpoint(CheckpointId(id)));
    by_id.or_else(|| community.checkpoints.iter().find(|other| other.name == wanted)).ok_or_else(|| {
        let known: Vec<String> = community
            .checkpoints
            .iter()
            .map(|checkpoint| format!("{} {}", hex::encode(&checkpoint.id.0), checkpoint.name))
            .collect();
        Trouble::Usage(format!("no checkpoint {wanted:?} in this community; it has: {}", known.join(", ")))
    })
}

fn text_of(code: &OsString) -> Result<String, Trouble> {
    if code == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(INPUT_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|error| Trouble::Usage(format!("standard input could not be read: {error}")))?;
        return Ok(one_line(&bytes));
    }
    let path = Path::new(code);
    let prefixed =
        health_code::family::PREFIXES.iter().any(|prefix| code.to_string_lossy().starts_with(prefix));
    if prefixed || !path.is_file() {
        return match path.extension().and_then(|extension| extension.to_str()) {
            Some("png" | "jpg" | "jpeg" | "PNG" | "JPG" | "JPEG") if !path.is_file() => {
                Err(Trouble::Usage(format!("there is no picture {}", path.display())))
            }
            _ => Ok(code.to_string_lossy().into_owned()),
        };
    }
    let bytes = files::read(path, PICTURE_BYTES)
        .map_err(|sentence| Trouble::Fault("picture-unreadable", sentence))?;
    if image::guess_format(&bytes).is_err() {
        return Ok(one_line(&bytes));
    }
    text_in_picture(&bytes)
}

/// A text's end of line is not part of it.
fn one_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    text.strip_suffix('\r').unwrap_or(text).to_owned()
}

fn text_in_picture(bytes: &[u8]) -> Result<String, Trouble> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Trouble::Fault("picture-unreadable", format!("the picture cannot be opened: {error}"))
    };
    let picture = image::load_from_memory(bytes).map_err(|error| unreadable(&error))?;
    let frame = GreyFrame::from_image(&picture).map_err(|error| unreadable(&error))?;
    let mut reader = Reader::new().with_budget(PICTURE_TIME);
    match reader.read(&frame.fit(PICTURE_SIDE)) {
        Sighting::Code(code) => Ok(code.text.into_string()),
        Sighting::Unreadable { hint, .. } => Err(Trouble::Fault(
            "code-unreadable",
            format!("a code is there and cannot be read: {}", hint.code()),
        )),
        Sighting::Nothing => Err(Trouble::Fault("no-code", "no code is in the picture".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_end_of_line_is_left_out_and_no_more() {
        assert_eq!(one_line(b"KD1:A\r\n"), "KD1:A");
        assert_eq!(one_line(b"KD1:A\n\n"), "KD1:A\n");
        assert_eq!(one_line(b" KD1:A"), " KD1:A");
        assert_eq!(one_line(b"\xff"), "\u{fffd}");
    }
}
