//! The store on one SQLite file.

mod accept;
mod chains;
mod columns;
mod filing;
mod reading;
mod schema;
mod stations;
mod trust;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use health_code::{Timestamp, TrustFiles};
use rusqlite::{Connection, TransactionBehavior};
use wire::{ReceiptLine, StationId};

use super::reason::QuarantineReason;
use super::types::{
    Alert, Arrival, Counts, PassageRow, Quarantined, Redeemed, RosterRow, Settled, Station, Waiting,
};
use super::{Store, StoreError};

/// SQLite in WAL mode with full synchronisation: what was committed survives a power cut.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Mutex<Connection>,
}

impl SqliteStore {
    /// Opens or makes the database, and brings it up to the present schema.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        schema::prepare(&mut connection)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolled it back; the connection itself is sound.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>) -> Result<T, StoreError> {
        Ok(work(&self.lock())?)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied,
            ) => Self::NotWritable(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl Store for SqliteStore {
    fn add_ticket(
        &self,
        secret_hash: &[u8; 32],
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|connection| stations::add_ticket(connection, secret_hash, now, expires))
    }

    fn redeem(
        &self,
        secret_hash: &[u8; 32],
        key: &[u8; 32],
        name: &str,
        fresh: StationId,
        now: Timestamp,
    ) -> Result<Redeemed, StoreError> {
        self.write(|connection| stations::redeem(connection, secret_hash, key, name, fresh, now))
    }

    fn station(&self, id: StationId) -> Result<Option<Station>, StoreError> {
        self.read(|connection| stations::station(connection, id))
    }

    fn stations(&self) -> Result<Vec<Station>, StoreError> {
        self.read(stations::stations)
    }

    fn withdraw(&self, id: StationId, now: Timestamp) -> Result<bool, StoreError> {
        self.write(|connection| stations::withdraw(connection, id, now))
    }

    fn accept(&self, arrival: &Arrival<'_>) -> Result<Vec<ReceiptLine>, StoreError> {
        self.write(|connection| accept::accept(connection, arrival))
    }

    fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, StoreError> {
        self.read(|connection| reading::waiting(connection, limit))
    }

    fn settle(&self, settled: &[Settled], now: Timestamp) -> Result<(), StoreError> {
        self.write(|connection| filing::settle(connection, settled, now))
    }

    fn reopen(&self, reason: Option<QuarantineReason>) -> Result<usize, StoreError> {
        self.write(|connection| filing::reopen(connection, reason))
    }

    fn check_chains(&self, before: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        self.write(|connection| chains::check(connection, before, now))
    }

    fn keep_trust(
        &self,
        files: &TrustFiles,
        list_version: u64,
        roots: &[(u64, Vec<u8>)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|connection| trust::keep(connection, files, list_version, roots, now))
    }

    fn trust(&self, list_version: Option<u64>) -> Result<Option<TrustFiles>, StoreError> {
        self.read(|connection| trust::find(connection, list_version))
    }

    fn root(&self, version: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|connection| trust::root(connection, version))
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        self.read(reading::counts)
    }

    fn passages(&self, limit: usize) -> Result<Vec<PassageRow>, StoreError> {
        self.read(|connection| reading::passages(connection, limit))
    }

    fn quarantined(&self, limit: usize) -> Result<Vec<Quarantined>, StoreError> {
        self.read(|connection| reading::quarantined(connection, limit))
    }

    fn alerts(&self, limit: usize) -> Result<Vec<Alert>, StoreError> {
        self.read(|connection| reading::alerts(connection, limit))
    }

    fn roster_changes(&self, limit: usize) -> Result<Vec<RosterRow>, StoreError> {
        self.read(|connection| reading::roster_changes(connection, limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_contract() {
        crate::store::contract::holds(|folder| {
            Box::new(SqliteStore::open(&folder.join("office.sqlite")).unwrap())
        });
    }
}
