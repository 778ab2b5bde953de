//! The sealed reports of a folder that no station sends: those of a station whose key is not here, and those
//! that the office cannot read. They are written to files for people to carry, as `docs/wire.md` describes.

use std::path::{Path, PathBuf};

use disk::Access;
use ed25519_dalek::SigningKey;
use rand_core::Rng as _;
use wire::limits::BATCH_REPORTS;
use wire::stick::{self, Unsigned};
use wire::{Batch, BatchId, SealedReport, StationId};

use super::rows::{self, Owner, Table};
use super::{OutboxError, aside, foreign, schema};
use crate::entropy;
use crate::folder::Folder;
use crate::keys::{self, KeyError};
use crate::settings::{SettingsError, StationFile};

/// Name of the file with the reports that the office cannot read.
const REFUSED: &str = "refused.cbor";

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file.
    pub file: PathBuf,
    /// The station that sealed its reports.
    pub station: StationId,
    /// How many reports it holds.
    pub reports: usize,
    /// What they are.
    pub kind: ExportKind,
}

/// What the reports of an exported file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// Batches signed by their station's key: an office takes them as if they had been sent.
    Signed,
    /// Nobody signs them, since their station's key is gone.
    Unsigned,
    /// The office cannot read them.
    Refused,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// An outbox cannot be read.
    #[error(transparent)]
    Outbox(#[from] OutboxProblem),
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// The folder cannot be read.
    #[error("the folder: {0}")]
    Io(#[from] std::io::Error),
    /// A station runs on the folder.
    #[error("another process uses this folder")]
    InUse,
    /// The key that is to sign cannot be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The station's settings cannot be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoEntropy(#[from] entropy::NoEntropy),
}

/// An outbox that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {error}", file = .file.display())]
pub struct OutboxProblem {
    file: PathBuf,
    error: OutboxError,
}

/// What an outbox's file gives to an export.
struct Source {
    file: PathBuf,
    station: StationId,
    /// Whether a station still sends what waits there.
    is_sent: bool,
}

/// Exports what no station sends of a folder's outboxes, a folder for each station that sealed it.
///
/// A key signs the reports of its own station; without one they are exported unsigned. With `remove`, the
/// reports are erased from the folder once all files are durable.
///
/// # Errors
/// [`ExportError`]; nothing is erased then that was not exported.
pub fn export(dir: &Path, to: &Path, key: Option<&Path>, remove: bool) -> Result<Vec<Exported>, ExportError> {
    let folder = Folder::new(dir);
    let _lock = folder.lock()?.ok_or(ExportError::InUse)?;
    let key = key.map(keys::load).transpose()?;
    let sources = sources(&folder, true)?;
    let exported = write_all(&sources, key.as_ref(), to)?;
    if remove {
        for source in &sources {
            forget(source).map_err(|error| problem(&source.file, error))?;
        }
    }
    Ok(exported)
}

/// Exports all that waits in the folder of a station that leaves service, signed by its key. Nothing is
/// erased.
///
/// # Errors
/// [`ExportError`]; some files may be written by then.
pub(crate) fn export_of_leaving(folder: &Folder, to: &Path) -> Result<Vec<Exported>, ExportError> {
    let _lock = folder.lock()?.ok_or(ExportError::InUse)?;
    let key = keys::load(&folder.key())?;
    write_all(&sources(folder, false)?, Some(&key), to)
}

fn write_all(sources: &[Source], key: Option<&SigningKey>, to: &Path) -> Result<Vec<Exported>, ExportError> {
    let mut exported = Vec::new();
    for source in sources {
        let key = key.filter(|key| keys::check_owner(key, source.station).is_ok());
        let tables: &[Table] = if source.is_sent { &[Table::Aside] } else { &Table::ALL };
        for table in tables {
            write(source, *table, key, to, &mut exported)?;
        }
    }
    Ok(exported)
}

fn problem(file: &Path, error: OutboxError) -> OutboxProblem {
    OutboxProblem { file: file.to_owned(), error }
}

/// Returns the outboxes of a folder, each with its owner. Where the folder is an enrolled station that goes
/// on, it sends what waits in its own.
fn sources(folder: &Folder, goes_on: bool) -> Result<Vec<Source>, ExportError> {
    let outbox = &folder.outbox();
    let running = match folder.settings().try_exists()? {
        true => Some(StationFile::load(&folder.settings())?.station()?),
        false => None,
    };
    let mut sources = Vec::new();
    for (station, file) in foreign::all(outbox)? {
        sources.push(Source { file, station, is_sent: false });
    }
    if outbox.try_exists()? {
        let owner = schema::open(outbox).and_then(|db| Owner::read(&db));
        let owner = owner.map_err(|error| problem(outbox, error))?;
        if let Some(station) = owner.map(|owner| owner.station).or(running) {
            sources.push(Source {
                file: outbox.to_owned(),
                station,
                is_sent: goes_on && running == Some(station),
            });
        }
    }
    Ok(sources)
}

/// Writes a table's reports into as many files as they need.
fn write(
    source: &Source,
    table: Table,
    key: Option<&SigningKey>,
    to: &Path,
    exported: &mut Vec<Exported>,
) -> Result<(), ExportError> {
    let Source { file, station, .. } = source;
    let said = |error| problem(file, error);
    let db = schema::open(file).map_err(said)?;
    let mut reached = i64::MIN;
    loop {
        let mut reports = Vec::new();
        while reports.len() < Unsigned::MOST {
            let rows = rows::after(&db, table, reached, BATCH_REPORTS).map_err(said)?;
            let Some((last, _)) = rows.last() else { break };
            reached = *last;
            reports.extend(rows.into_iter().map(|(_, report)| report));
        }
        if reports.is_empty() {
            return Ok(());
        }
        let (station, count) = (*station, reports.len());
        let (kind, name, bytes) = match key {
            _ if table == Table::Aside => (ExportKind::Refused, REFUSED, unsigned(station, reports)),
            None => (ExportKind::Unsigned, stick::UNSIGNED, unsigned(station, reports)),
            Some(key) => (ExportKind::Signed, stick::REPORTS, signed(station, &reports, key)?),
        };
        let file = free_name(&to.join(station.to_string()), name)?;
        disk::replace(&file, &bytes, Access::Owner)?;
        exported.push(Exported { file, station, reports: count, kind });
    }
}

fn unsigned(station: StationId, reports: Vec<SealedReport>) -> Vec<u8> {
    Unsigned { station, reports }.to_bytes()
}

fn signed(station: StationId, reports: &[SealedReport], key: &SigningKey) -> Result<Vec<u8>, ExportError> {
    let mut rng = entropy::rng()?;
    let batches = reports.chunks(BATCH_REPORTS).map(|reports| {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        Batch { station, id: BatchId(id), reports: reports.to_vec(), awaits: Vec::new(), about: None }
            .sign(key)
    });
    Ok(stick::Export { station, batches: batches.collect() }.to_bytes())
}

/// Returns a name that no file has yet, by a number if need be. Nothing is written over.
fn free_name(folder: &Path, name: &str) -> Result<PathBuf, ExportError> {
    disk::private_folder(folder)?;
    let mut file = folder.join(name);
    let mut number = 1_u32;
    while file.try_exists()? {
        number = number.saturating_add(1);
        file.set_file_name(name.replacen('.', &format!("-{number}."), 1));
    }
    Ok(file)
}

/// Erases what was exported.
fn forget(source: &Source) -> Result<(), OutboxError> {
    if !source.is_sent {
        for suffix in ["", "-wal", "-shm"] {
            disk::erase(&aside::with_suffix(&source.file, suffix))?;
        }
        return Ok(());
    }
    let db = schema::open(&source.file)?;
    rows::change(&db, "DELETE FROM aside", &[])?;
    let _busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(())
}

#[cfg(test)]
mod tests;
