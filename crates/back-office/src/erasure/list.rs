//! The list of tombstones beside the database: one a line, sorted, each once.
//!
//! It is a text, so that the lists of several offices are joined by `sort -u`, and it lies beside the keys: a backup of
//! the data does not have it. A backup that was made before an erasure could not, and one that was made after it has the
//! tombstones in its database already.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use disk::{Access, DiskError};

use crate::config::Layout;
use crate::limits::ERASED_BYTES;
use crate::store::{ErasedResident, Store, StoreError, Tombstone};

/// The list's name in a folder of copies.
pub const NAME: &str = "erased";

/// Where an office keeps its list.
#[derive(Debug, Clone)]
pub struct ErasedList {
    path: PathBuf,
    /// On another disk, for the day on which this one is lost.
    other: Option<PathBuf>,
}

/// Why the list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A line is no tombstone.
    #[error("{}:{line}: not a line of a list of what was erased", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line's number.
        line: usize,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ErasedList {
    /// Names the list of a data folder, and the folder of copies where it is kept too.
    #[must_use]
    pub(crate) fn of(layout: &Layout, copies: Option<&Path>) -> Self {
        Self { path: layout.erased(), other: copies.map(|folder| folder.join(NAME)) }
    }

    /// Brings list and database to the same tombstones: what the database lacks is erased there, and what a file lacks
    /// is written. Returns what was erased.
    ///
    /// # Errors
    /// [`ListError`].
    pub async fn join(&self, store: &dyn Store) -> Result<ErasedResident, ListError> {
        let files: Vec<&PathBuf> = [Some(&self.path), self.other.as_ref()].into_iter().flatten().collect();
        let listed = files.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
        let mut all = store.tombstones().await?;
        let lacks: Vec<_> = listed.iter().flatten().filter(|stone| !all.contains(stone)).copied().collect();
        let mut erased = ErasedResident::default();
        if !lacks.is_empty() {
            all.extend(&lacks);
            erased = store.entomb(lacks).await?;
        }
        for (path, listed) in files.into_iter().zip(&listed) {
            // An entry that is not here, since the log has gone another way, stays in the list for older copies.
            let wanted: BTreeSet<_> = all.union(listed).copied().collect();
            if wanted != *listed {
                write(path, &wanted)?;
            }
        }
        Ok(erased)
    }

    /// Does the same with tombstones from elsewhere, and keeps all of them: what this database never had may be in a
    /// copy that is newer than it.
    ///
    /// # Errors
    /// [`ListError`].
    pub async fn take_over(
        &self,
        store: &dyn Store,
        others: BTreeSet<Tombstone>,
    ) -> Result<ErasedResident, ListError> {
        let own = read(&self.path)?;
        if !others.is_subset(&own) {
            write(&self.path, &own.union(&others).copied().collect())?;
        }
        self.join(store).await
    }
}

/// Reads a list; one that is not there is empty.
///
/// # Errors
/// [`ListError`].
pub fn read(path: &Path) -> Result<BTreeSet<Tombstone>, ListError> {
    let bytes = disk::read_if_there(path, ERASED_BYTES)?.unwrap_or_default();
    let damaged = |line| ListError::Damaged { path: path.to_owned(), line };
    let text = String::from_utf8(bytes).map_err(|_| damaged(1))?;
    let parse = |(number, line): (usize, &str)| line.parse().map_err(|_| damaged(number + 1));
    text.lines().enumerate().map(parse).collect()
}

fn write(path: &Path, tombstones: &BTreeSet<Tombstone>) -> Result<(), DiskError> {
    let text: String = tombstones.iter().map(|stone| format!("{stone}\n")).collect();
    disk::replace(path, text.as_bytes(), Access::Owner)
}
