//! Copying the database while others write to it, and examining a copy.

use std::path::Path;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::SqliteStore;
use crate::limits::DATABASE_WAIT;
use crate::store::StoreError;

impl SqliteStore {
    /// Copies a database into a new file, as it is at one moment. Whoever writes meanwhile is not held
    /// up, and is not in the copy. This call blocks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
        let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        source.busy_timeout(DATABASE_WAIT)?;
        let mut copy = Connection::open(to)?;
        // All pages in one step: it reads one moment, and a writer cannot make it begin anew.
        Backup::new(&source, &mut copy)?.run_to_completion(i32::MAX, std::time::Duration::ZERO, None)?;
        // One file, without a log beside it.
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        Ok(())
    }

    /// Examines every page of a database that nobody has opened, and returns the first fault, if there is
    /// one. This call blocks.
    ///
    /// # Errors
    /// [`StoreError`], also for a file that is no database.
    pub fn fault(database: &Path) -> Result<Option<String>, StoreError> {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok((said != "ok").then_some(said))
    }

    /// Returns how many migrations a database has had.
    ///
    /// # Errors
    /// [`StoreError`], also for a file that is no database.
    pub fn schema(database: &Path) -> Result<i64, StoreError> {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
    }
}
