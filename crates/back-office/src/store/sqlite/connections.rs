//! The connections to one SQLite file: one that writes, and a few that read beside it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use super::schema;
use crate::limits::READING_CONNECTIONS;
use crate::store::StoreError;

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

    /// Empties the write-ahead log, which holds what pages were before. Where somebody reads meanwhile, it is
    /// emptied when they are done and the next one asks, or at the next start. This call blocks.
    pub fn forget_log(&self) -> Result<(), StoreError> {
        let connection = self.writer.blocking_lock();
        Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
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
