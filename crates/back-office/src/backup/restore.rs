//! Making a data folder of a backup.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use health_code::Timestamp;
use wire::Generation;

use super::archive::{Identities, verify_checksum};
use super::unpacked::{DUMP, sync_all, unpack};
use super::{About, BackupError, Kind, postgres};
use crate::config::Layout;
use crate::copies::{self, Replayed};
use crate::erasure;
use crate::erasure::list::{self, ErasedList};
use crate::limits::{DATABASE_WAIT, ERASED_BYTES};
use crate::store::{self, ErasedResident, PostgresUrl, SqliteStore, Store, StoreError};
use crate::system;

/// What is restored, and where.
#[derive(Debug, Clone, Copy)]
pub struct Restore<'p> {
    /// The data folder to make: it does not exist, or is empty.
    pub into: &'p Path,
    /// The empty PostgreSQL database that takes what had arrived, if one is to.
    pub server: Option<&'p PostgresUrl>,
    /// The copy of the data.
    pub data: &'p Path,
    /// The copy of the keys; without one the keys have to be imported.
    pub keys: Option<&'p Path>,
    /// The file with the identity.
    pub identity: &'p Path,
    /// A folder of copied batches ([`crate::copies`]) that go on where the copy of the data ends.
    pub copies: Option<&'p Path>,
    /// The newest list of what was erased: so nothing of it comes back with the copy.
    pub erased: Option<&'p Path>,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the copy of the data says of itself.
    pub about: About,
    /// Stations that the restored office knows.
    pub stations: u64,
    /// Tickets that were not used yet, and now are good no longer.
    pub tickets: usize,
    /// What came from the copied batches.
    pub replayed: Option<Replayed>,
    /// What the copy still had of people who were erased after it, and what is erased again.
    pub erased: ErasedResident,
    /// Whether a list of what was erased was there.
    pub had_list: bool,
}

/// Versions that the next community file skips: the lost office may have signed as many, and a station
/// takes no older file than it has.
const SKIPPED_VERSIONS: u64 = 1000;

/// Restores an office. The folder appears whole or not at all. Its database begins another generation.
///
/// # Errors
/// [`BackupError`]; nothing is left under the name.
pub async fn restore(what: Restore<'_>, now: Timestamp) -> Result<Restored, BackupError> {
    let Restore { into, server, data, keys, identity, copies, erased } = what;
    check_empty(into)?;
    let identities = Identities::read(identity)?;
    for file in [Some(data), keys].into_iter().flatten() {
        verify_checksum(file)?;
    }
    let parent = parent_of(into);
    let said = |error| BackupError::Io(parent.clone(), error);
    // Beside the folder that it becomes: on the same disk, so that a rename is all that is left to do.
    let scratch = tempfile::Builder::new().prefix(".restoring-").tempdir_in(&parent).map_err(said)?;
    let about = unpack(data, &identities, Kind::Data, scratch.path())?;
    if let Some(keys) = keys {
        unpack(keys, &identities, Kind::Keys, scratch.path())?;
    }
    let layout = Layout::of(scratch.path());
    bring_database(&layout, server, data)?;
    let store = store::open(&layout.database(), server).await?;
    let tickets = begin_generation(&*store, Generation(system::random()?), now).await?;
    let (erased, had_list) = erase_again(&*store, &layout, erased, copies).await?;
    // Whoever is erased later is still in the copy that this office comes from.
    store.note_copy(erasure::copy_of(data, about.made, None)).await?;
    let replayed = match copies {
        Some(folder) => Some(copies::replay(&*store, folder).await?),
        None => None,
    };
    let stations = store.counts().await?.stations;
    // The last connection brings the log into the database and removes it.
    drop(store);
    closed(&layout.database()).await?;
    sync_all(scratch.path())?;
    // Only now: an error before lets the folder vanish.
    let scratch = scratch.keep();
    fs::rename(&scratch, into).map_err(|error| BackupError::Io(into.to_owned(), error))?;
    disk::sync(&parent)?;
    Ok(Restored { about, stations, tickets, replayed, erased, had_list })
}

/// Waits until the last connection has closed the database: whoever committed replayed batches may still have one for a
/// moment, and takes the log away with it.
async fn closed(database: &Path) -> Result<(), BackupError> {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let log = PathBuf::from(log);
    let gone = async {
        while log.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let late = |_| BackupError::Io(log.clone(), std::io::ErrorKind::ResourceBusy.into());
    tokio::time::timeout(DATABASE_WAIT, gone).await.map_err(late)
}

/// Erases in a restored database what was erased after its copy was made, and puts the list beside it.
async fn erase_again(
    store: &dyn Store,
    layout: &Layout,
    named: Option<&Path>,
    copies: Option<&Path>,
) -> Result<(ErasedResident, bool), BackupError> {
    let copied = copies.map(|folder| folder.join(list::NAME)).filter(|path| path.exists());
    let mut all = BTreeSet::new();
    for path in [named, copied.as_deref()].into_iter().flatten() {
        // A list that was named and is not there would be a mistake that nobody sees.
        disk::read(path, ERASED_BYTES)?;
        all.extend(list::read(path)?);
    }
    let had_list = named.is_some() || copied.is_some();
    let erased = ErasedList::of(layout, None).take_over(store, all).await?;
    if erased != ErasedResident::default() {
        store.overwrite().await?;
    }
    Ok((erased, had_list))
}

/// Tells a database that it is a restored one; returns how many tickets are good no longer.
///
/// # Errors
/// [`StoreError`].
pub async fn begin_generation(
    store: &dyn Store,
    drawn: Generation,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let versions = store.communities(0).await?.into_iter().map(|(_, files)| files.version);
    let version = versions.max().unwrap_or(0);
    store.begin_generation(drawn, version.saturating_add(SKIPPED_VERSIONS), now).await
}

/// Examines the database in an unpacked copy, or brings it to its server.
fn bring_database(layout: &Layout, server: Option<&PostgresUrl>, copy: &Path) -> Result<(), BackupError> {
    let dump = layout.root().join(DUMP);
    match server {
        Some(_) if !dump.exists() => {
            Err(BackupError::OtherEngine(copy.to_owned(), "a SQLite database: leave --store out"))
        }
        Some(url) => {
            postgres::restore(url, &dump)?;
            Ok(disk::erase(&dump)?)
        }
        None if dump.exists() => {
            Err(BackupError::OtherEngine(copy.to_owned(), "a PostgreSQL database: say --store"))
        }
        None => match SqliteStore::fault(&layout.database())? {
            Some(fault) => Err(BackupError::DamagedDatabase(fault)),
            None => Ok(()),
        },
    }
}

fn check_empty(folder: &Path) -> Result<(), BackupError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(BackupError::NotEmpty(folder.to_owned())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::Io(folder.to_owned(), error)),
    }
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
