//! `cargo xtask voices`: the clips that say what the resident's side shows, from recordings or as drafts.
//!
//! A clip belongs to its words by a sum over both, which a test of the user interface checks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::setup;
use crate::steps::{root, run};

/// The Debian packages that speak a draft and encode a clip.
const PACKAGES: [&str; 2] = ["espeak-ng", "sox"];
const LIST: &str = "ui/apps/station/src/voice/clips.json";
const FOLDER: &str = "ui/apps/station/src/voice/clips";
/// Words a minute of a draft; 175 is the usual pace.
const PACE: &str = "150";

/// Which clips.
#[derive(clap::Args)]
pub(crate) struct VoicesArgs {
    /// A folder of recordings, such as zh/pass.wav, in any format that sox reads from WAV.
    ///
    /// Each takes the place of the clip of that name. Words without a recording keep their clip.
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
}

/// One clip, and the words that it says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Its file without an ending: language and view.
    clip: String,
    /// What the resident's side shows.
    text: String,
    /// What a draft is made from: pinyin for Chinese, of which espeak-ng knows too few characters.
    reads: String,
    /// Who speaks.
    source: Source,
    /// SHA-256 of both lines of words and of the file, in hex.
    sum: String,
}

/// Who speaks a clip.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    Draft,
    Recording,
}

/// Makes the clips that recordings are given for, and those that do not belong to their words.
pub(crate) fn make(arguments: &VoicesArgs) -> Result<(), String> {
    setup::install(&PACKAGES)?;
    let list = root().join(LIST);
    let text = fs::read_to_string(&list).map_err(|error| format!("{LIST}: {error}"))?;
    let mut entries: Vec<Entry> = serde_json::from_str(&text).map_err(|error| format!("{LIST}: {error}"))?;
    let recordings = arguments.recordings.as_deref();
    if let Some(folder) = recordings {
        every_name_is_known(folder, &entries)?;
    }
    let scratch = root().join("target/voices");
    fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let mut made = 0;
    for entry in &mut entries {
        let before = entry.sum.clone();
        let clip = root().join(FOLDER).join(&entry.clip).with_extension("wav");
        let recording = recordings.map(|folder| folder.join(&entry.clip).with_extension("wav"));
        if let Some(recording) = recording.filter(|recording| recording.exists()) {
            encode(&recording, &clip)?;
            entry.source = Source::Recording;
        } else if sum(entry, &clip).as_ref() != Some(&entry.sum) {
            encode(&draft(entry, &scratch)?, &clip)?;
            entry.source = Source::Draft;
        }
        entry.sum = sum(entry, &clip).ok_or_else(|| format!("{}: cannot be read", clip.display()))?;
        made += usize::from(entry.sum != before);
    }
    let text = serde_json::to_string_pretty(&entries).map_err(|error| error.to_string())?;
    fs::write(&list, format!("{text}\n")).map_err(|error| format!("{LIST}: {error}"))?;
    let drafts = entries.iter().filter(|entry| entry.source == Source::Draft).count();
    println!("{} clips, {drafts} of them drafts; {made} are others than before", entries.len());
    Ok(())
}

/// Fails on a recording that says nothing: its name would be a slip of the pen.
fn every_name_is_known(folder: &Path, entries: &[Entry]) -> Result<(), String> {
    let read = |path: &Path| fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()));
    for language in read(folder)?.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()) {
        for recording in read(&language)?.flatten().map(|entry| entry.path()) {
            let name = recording.strip_prefix(folder).unwrap_or(&recording);
            if !entries.iter().any(|entry| Path::new(&entry.clip).with_extension("wav") == name) {
                return Err(format!("{}: no words have this name; {LIST} has them all", name.display()));
            }
        }
    }
    Ok(())
}

/// Lets espeak-ng speak a draft, and returns where it is.
fn draft(entry: &Entry, scratch: &Path) -> Result<PathBuf, String> {
    let voice = if entry.clip.starts_with("zh/") { "cmn-latn-pinyin" } else { "en-gb" };
    let spoken = scratch.join("draft.wav");
    let mut speak = Command::new("espeak-ng");
    speak.args(["-b", "1", "-v", voice, "-s", PACE, "-w"]).arg(&spoken).arg(&entry.reads);
    run(&format!("draft of {}: {}", entry.clip, entry.text), &mut speak)?;
    Ok(spoken)
}

/// Writes a clip: silence cut off at both ends, loud enough for a hall, one channel of µ-law at 16 kHz. The same
/// recording makes the same bytes.
fn encode(recording: &Path, clip: &Path) -> Result<(), String> {
    const CUT: [&str; 4] = ["silence", "1", "0.01", "0.5%"];
    if let Some(folder) = clip.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut sox = Command::new("sox");
    sox.args(["-D", "-R", "-V1"]).arg(recording);
    sox.args(["-r", "16000", "-c", "1", "-e", "mu-law", "-b", "8"]).arg(clip);
    sox.args(["gain", "-n", "-6", "highpass", "120"]);
    sox.args(CUT).args(["fade", "0.004", "reverse"]).args(CUT).args(["fade", "0.02", "reverse"]);
    sox.args(["compand", "0.005,0.08", "6:-70,-60,-24,-12,0,-6", "0", "-90", "0.005"]);
    sox.args(["rate", "16000", "gain", "-n", "-1"]);
    run(&format!("clip {}", clip.display()), &mut sox)
}

/// Returns the sum that ties a clip to its words; `None` where there is none.
fn sum(entry: &Entry, clip: &Path) -> Option<String> {
    let bytes = fs::read(clip).ok()?;
    let words = format!("{}\n{}\n", entry.text, entry.reads);
    let sum = Sha256::new().chain_update(words).chain_update(bytes).finalize();
    Some(sum.iter().map(|byte| format!("{byte:02x}")).collect())
}
