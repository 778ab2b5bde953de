//! Pragmas and migrations. `PRAGMA user_version` counts the migrations that a database has had.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::limits::DATABASE_WAIT;
use crate::store::StoreError;

/// The migrations in their order. One that was released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../../../migrations/back-office/sqlite/01-first/up.sql"),
    include_str!("../../../../../migrations/back-office/sqlite/02-console/up.sql"),
    include_str!("../../../../../migrations/back-office/sqlite/03-tallies/up.sql"),
    include_str!("../../../../../migrations/back-office/sqlite/05-trace/up.sql"),
    include_str!("../../../../../migrations/back-office/sqlite/05-erasing/up.sql"),
    include_str!("../../../../../migrations/back-office/sqlite/06-conflicts/up.sql"),
    include_str!("../../../../../migrations/back-office/sqlite/07-retention/up.sql"),
];

/// Sets the connection's pragmas and migrates the database to the present schema.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    connection.busy_timeout(DATABASE_WAIT)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 16384;",
    )?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).map_err(|_| StoreError::FromTheFuture(version))?;
    let missing = MIGRATIONS.get(done..).ok_or(StoreError::FromTheFuture(version))?;
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    transaction.commit()?;
    Ok(())
}

/// Opens a database that exists to read what is committed.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    // A log in shared memory wants to be written to, even by those who read.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(DATABASE_WAIT)?;
    connection.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -16384;",
    )?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_survives_a_power_cut() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(folder.path().join("office.sqlite")).unwrap();
        prepare(&mut connection).unwrap();
        let pragma = |name: &str| -> String {
            connection
                .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0))
                .map(|value| format!("{value:?}"))
                .unwrap()
        };
        assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
        assert_eq!(pragma("synchronous"), "Integer(2)");
        assert_eq!(pragma("foreign_keys"), "Integer(1)");
        assert_eq!(pragma("user_version"), format!("Integer({})", MIGRATIONS.len()));
    }

    #[test]
    fn migrating_again_changes_nothing_and_a_later_schema_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        prepare(&mut connection).unwrap();
        prepare(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert_eq!(prepare(&mut connection), Err(StoreError::FromTheFuture(99)));
    }
}
