//! Withdrawal: a station that was put out of service sends what it has, and then erases itself.
//!
//! The file `withdrawn` in the station's folder says how far that is:
//!
//! 1. `sending`: written before the gate hears of it. The station judges nothing, and sends its outbox.
//! 2. `erasing`: written once the outbox is empty. From here on only erasing can follow, and whoever
//!    opens the folder goes on with it.
//!
//! What is left is a folder with that file, which says whom to ask. Each step can be repeated, so a
//! process that is killed between two of them leaves nothing that the next start doesn't complete.
//!
//! An administrator here may have spoken the word, and not the office ([`Heard::left`]). Where the office
//! cannot be reached they may have the reports written to files instead: those are durable before the second
//! step, which names them and takes the outbox with the rest.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use disk::{Access, DiskError};
use serde::{Deserialize, Serialize};
use wire::StationId;

use crate::folder::Folder;
use crate::limits::WITHDRAWAL_BYTES;
use crate::trust_store::TrustStore;

/// First word of the file.
const FORMAT: &str = "kadian-withdrawn-1";
/// Follows the phase where an administrator here took the laptop out of service.
const LEFT: &str = " left";
/// Begins the line that says where reports were written to.
const EXPORTED: &str = "exported";

/// How far a withdrawal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The outbox is being sent.
    Sending,
    /// Nothing waits any more: trust and keys go.
    Erasing,
}

impl Phase {
    fn word(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Erasing => "erasing",
        }
    }
}

/// A withdrawal that this folder has heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub phase: Phase,
    /// Whether an administrator here took the laptop out of service, and not the office: once it is erased,
    /// it can be enrolled again as if it had never been a station.
    pub left: bool,
    /// Whom to ask; may be empty.
    pub contact: String,
    /// The files to which the reports were written that could not be sent.
    pub exported: Option<ExportedReports>,
}

/// Sealed reports that a laptop wrote to files when it left service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct ExportedReports {
    /// How many.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub reports: u64,
    /// The folder of the files.
    pub folder: String,
}

impl Heard {
    /// Reads what a folder has heard. A file that cannot be read or parsed was written by nobody but
    /// this program, in one piece: it counts as heard, and the safe phase is the first.
    pub(crate) fn read(folder: &Folder) -> Option<Self> {
        let bytes = match disk::read_if_there(&folder.withdrawn(), WITHDRAWAL_BYTES) {
            Ok(None) => return None,
            Ok(Some(bytes)) => bytes,
            Err(error) => {
                tracing::error!(%error, "the word that this station is withdrawn");
                Vec::new()
            }
        };
        let unclear = Self { phase: Phase::Sending, left: false, contact: String::new(), exported: None };
        Some(Self::parse(&bytes).unwrap_or(unclear))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
        let (contact, rest) = rest.split_once('\n')?;
        let exported = match rest.trim_end_matches('\n') {
            "" => None,
            line => Some(ExportedReports::parse(line)?),
        };
        let words = head.strip_prefix(FORMAT)?.strip_prefix(' ')?;
        let (word, left) = words.strip_suffix(LEFT).map_or((words, false), |word| (word, true));
        let phase = [Phase::Sending, Phase::Erasing].into_iter().find(|phase| phase.word() == word)?;
        Some(Self { phase, left, contact: contact.to_owned(), exported })
    }

    /// Writes it down. It is durable when this returns.
    pub(crate) fn keep(&self, folder: &Folder) -> Result<(), DiskError> {
        let left = if self.left { LEFT } else { "" };
        let mut text = format!("{FORMAT} {}{left}\n{}\n", self.phase.word(), self.contact);
        if let Some(ExportedReports { reports, folder }) = &self.exported {
            let _ = writeln!(text, "{EXPORTED} {reports} {folder}");
        }
        disk::replace(&folder.withdrawn(), text.as_bytes(), Access::Owner)
    }
}

impl ExportedReports {
    fn parse(line: &str) -> Option<Self> {
        let (reports, folder) = line.strip_prefix(EXPORTED)?.strip_prefix(' ')?.split_once(' ')?;
        Some(Self { reports: reports.parse().ok()?, folder: folder.to_owned() })
    }
}

/// Hears what the community's file on the disk says of a station, where no run has heard it before.
pub(crate) fn by_the_community(folder: &Folder, trust: &TrustStore, station: StationId) -> Option<Heard> {
    let contact = trust.withdraws(station)?;
    let heard = Heard { phase: Phase::Sending, left: false, contact, exported: None };
    if let Err(error) = heard.keep(folder) {
        // The file says it again at the next start.
        tracing::error!(%error, "the word that this station is withdrawn could not be kept");
    }
    Some(heard)
}

/// Erases the trust files and the station's key: nobody can judge or sign with this folder again. For
/// a running station, whose other files are in use.
pub(crate) fn erase_secrets(folder: &Folder) -> Result<(), DiskError> {
    disk::erase(&folder.key())?;
    erase_trust(folder)
}

/// Erases everything but the word that the station is withdrawn. For a folder that no station runs on.
///
/// An outbox that still holds sealed reports stays, as damaged ones do, unless they were exported: only the
/// office can open them. The key goes first and the settings last. So a key without settings was made to enrol this folder again:
/// it stays, because a ticket is good for the key of the first try alone.
pub(crate) fn erase_rest(folder: &Folder, heard: &Heard) -> Result<(), DiskError> {
    if folder.settings().exists() {
        disk::erase(&folder.key())?;
    }
    erase_trust(folder)?;
    if heard.exported.is_some() || !holds_reports(&folder.outbox()) {
        for part in ["", "-wal", "-shm"] {
            let mut name = folder.outbox().into_os_string();
            name.push(part);
            disk::erase(&PathBuf::from(name))?;
        }
    }
    for path in folder.next().files() {
        disk::erase(&path)?;
    }
    // What an interrupted write left beside a file.
    let mut others = unfinished(folder.path());
    others.extend(folder.small_files());
    others.iter().try_for_each(|path| disk::erase(path))
}

/// Returns whether [`erase_rest`] has nothing left to do.
pub(crate) fn is_erased(folder: &Folder, heard: &Heard) -> bool {
    if heard.exported.is_some() && fs::symlink_metadata(folder.outbox()).is_ok() {
        return false;
    }
    let mut left = folder.small_files().to_vec();
    left.extend(trust_folders(folder));
    left.iter().all(|path| fs::symlink_metadata(path).is_err()) && unfinished(folder.path()).is_empty()
}

fn erase_trust(folder: &Folder) -> Result<(), DiskError> {
    trust_folders(folder).iter().try_for_each(|dir| disk::erase_folder(dir))
}

/// Returns the trust folder, the two that a swap leaves where it was interrupted, and those of an enrolment
/// that was to take its place.
fn trust_folders(folder: &Folder) -> Vec<PathBuf> {
    let trust = folder.trust();
    let mut folders = vec![trust.with_extension("new"), trust.with_extension("old"), trust];
    folders.extend(folder.next().folders());
    folders
}

fn unfinished(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with('.') && name.ends_with(".new") && path.is_file()
        })
        .collect()
}

/// Returns whether an outbox holds a report, or cannot be asked.
fn holds_reports(outbox: &Path) -> bool {
    outbox.exists() && crate::outbox::count_in(outbox).is_none_or(|count| count > 0)
}

#[cfg(test)]
mod tests;
