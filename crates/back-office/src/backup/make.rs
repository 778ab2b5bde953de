//! Making a backup, while the office serves or not.

use std::fs;
use std::path::Path;

use health_code::Timestamp;

use super::archive::{self, Entries};
use super::unpacked::{DATABASE, DUMP};
use super::{About, BackupError, Kind, postgres, recipient};
use crate::config::Layout;
use crate::erasure;
use crate::store::{self, PostgresUrl, SqliteStore};

const DAY: i64 = 24 * 3600;

/// The files of a backup. Each is left out where it is `None`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Targets<'p> {
    /// Where the copy of the data goes.
    pub data: Option<&'p Path>,
    /// Where the copy of the keys goes.
    pub keys: Option<&'p Path>,
    /// How many days the copy of the data is kept; `None` where nobody says. Receipts for erasures name it until then.
    pub kept_days: Option<i64>,
}

/// The SHA-256 of what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    /// Of the copy of the data.
    pub data: Option<[u8; 32]>,
    /// Of the copy of the keys.
    pub keys: Option<[u8; 32]>,
}

/// Writes a backup of an office, encrypted to the recipient that it chose. A file that is there already
/// is not replaced. `server` names the PostgreSQL database that holds what arrived, if one does.
///
/// # Errors
/// [`BackupError`]; no half file is left under a name.
pub async fn backup(
    data: &Path,
    server: Option<&PostgresUrl>,
    targets: Targets<'_>,
    now: Timestamp,
) -> Result<Made, BackupError> {
    let layout = Layout::of(data);
    let recipient = recipient::chosen(&layout)?.ok_or(BackupError::NoRecipient)?;
    let mut made = Made::default();
    if let Some(path) = targets.keys {
        let about = About::of(Kind::Keys, now.0);
        let hash = archive::make(path, &recipient, &about, |entries| {
            put_folder(entries, "keys", &layout.keys())?;
            put_folder(entries, "tls", &layout.tls())
        })?;
        made.keys = Some(hash);
    }
    if let Some(path) = targets.data {
        let about = About::of(Kind::Data, now.0);
        if server.is_none() && !layout.database().exists() {
            return Err(BackupError::NeverServed(data.to_owned()));
        }
        let store = store::open(&layout.database(), server).await?;
        // Before the copying: what the chains reach now is in the copy.
        let ends = store.chain_ends().await?;
        let hash = archive::make(path, &recipient, &about, |entries| put_data(entries, &layout, server))?;
        made.data = Some(hash);
        let until = targets.kept_days.map(|days| now.0.saturating_add(days.saturating_mul(DAY)));
        store.note_copy(erasure::copy_of(path, now.0, until)).await?;
        // Only now, since the file has its name: stations forget what they kept up to here.
        store.note_backed_up(ends).await?;
    }
    Ok(made)
}

fn put_data(
    entries: &mut Entries<'_>,
    layout: &Layout,
    server: Option<&PostgresUrl>,
) -> Result<(), BackupError> {
    for (name, path) in [("address", layout.address()), ("backup-to", layout.recipient())] {
        if path.try_exists().is_ok_and(|there| there) {
            entries.copy(name, &path)?;
        }
    }
    put_folder(entries, "trust", &layout.trust())?;
    // Beside the database, since it is as secret; in a folder that is removed whatever happens.
    let said = |error| BackupError::Io(layout.root().to_owned(), error);
    let scratch = tempfile::Builder::new().prefix(".backup-").tempdir_in(layout.root()).map_err(said)?;
    let name = if server.is_some() { DUMP } else { DATABASE };
    let copy = scratch.path().join(name);
    // A copy of a damaged database would take the place of good ones, so each is examined.
    match server {
        Some(url) => {
            postgres::dump(url, &copy)?;
            postgres::check(&copy)?;
        }
        None => {
            SqliteStore::copy(&layout.database(), &copy)?;
            if let Some(fault) = SqliteStore::fault(&copy)? {
                return Err(BackupError::DamagedDatabase(fault));
            }
        }
    }
    entries.copy(name, &copy)
}

/// Puts each file of a folder into an archive; a folder that is not there has none.
fn put_folder(entries: &mut Entries<'_>, name: &str, folder: &Path) -> Result<(), BackupError> {
    let said = |error| BackupError::Io(folder.to_owned(), error);
    if !folder.try_exists().map_err(said)? {
        return Ok(());
    }
    let mut files: Vec<_> = fs::read_dir(folder).map_err(said)?.collect::<Result<_, _>>().map_err(said)?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let (file_name, path) = (file.file_name(), file.path());
        // What begins with a point is half written by somebody.
        let plain = file_name.to_str().filter(|name| !name.starts_with('.') && path.is_file());
        if let Some(plain) = plain {
            entries.copy(&format!("{name}/{plain}"), &path)?;
        }
    }
    Ok(())
}
