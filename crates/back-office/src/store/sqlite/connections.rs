//! The connections to one SQLite file: one that writes, and a few that read beside it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use super::schema;
use crate::limits::READING_CONNECTIONS;
use crate::store::StoreError;

/// Pages of 4 KiB that are copied in memory where the whole database is written anew: 256 MiB.
const REWRITTEN_IN_MEMORY: i64 = 65_536;

/// The connections. SQLite lets one transaction write at a time, and any number read what was committed
/// before. So nobody who reads waits for a disk.
#[derive(Debug, Clone)]
pub(super) struct Connections {
    /// A lock that serves in turn: neither a worker nor a batch waits for ever. Only threads for blocking
    /// work wait for it.
    writer: Arc<tokio::sync::Mutex<Connection>>,
    readers: Arc<Readers>,
}

#[derive(Debug)]
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    /// Opens or makes the database and migrates it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        schema::prepare(&mut connection)?;
        let readers = Readers { path: path.to_owned(), idle: Mutex::new(Vec::new()) };
        Ok(Self { writer: Arc::new(tokio::sync::Mutex::new(connection)), readers: Arc::new(readers) })
    }

    /// Runs `work` in a transaction that takes the write lock at its start, so that it never has to
    /// be repeated because another process wrote in between. This call blocks.
    pub fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut connection = self.writer.blocking_lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // A panic in here rolls back; the connection itself stays sound.
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    /// Empties the write-ahead log, which holds what pages were before. Returns false where somebody reads
    /// meanwhile: it is emptied when they are done and the next one asks, or at the next start. This call blocks.
    pub fn forget_log(&self) -> Result<bool, StoreError> {
        empty_log(&self.writer.blocking_lock())
    }

    /// Writes the whole database anew, without what its pages still have of earlier rows, and empties the log:
    /// `secure_delete` overwrites a row, but not what was left of it where a full page was once split. Returns false
    /// where somebody still reads the log. This call blocks, and whoever writes waits for it.
    pub fn rewrite(&self) -> Result<bool, StoreError> {
        let connection = self.writer.blocking_lock();
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let in_memory = pages <= REWRITTEN_IN_MEMORY;
        // A large database is copied by way of a file that has no name.
        let written =
            connection.execute_batch(if in_memory { "VACUUM" } else { "PRAGMA temp_store = FILE; VACUUM" });
        connection.execute_batch("PRAGMA temp_store = MEMORY")?;
        written?;
        empty_log(&connection)
    }

    /// Runs `work` on what is committed at one moment. This call blocks.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let idle = self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => schema::open_to_read(&self.readers.path)?,
        };
        let result = {
            let transaction = connection.transaction()?;
            work(&transaction)?
        };
        let mut idle = self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < READING_CONNECTIONS {
            idle.push(connection);
        }
        Ok(result)
    }
}

fn empty_log(connection: &Connection) -> Result<bool, StoreError> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
