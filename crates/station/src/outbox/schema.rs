//! Opening the file: settings for durability and for complete erasure, and migrations.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::OutboxError;

/// A file of at most so many pages (8 MiB) is checked before it is used, which takes milliseconds.
pub(super) const CHECKED_AT_ONCE: i64 = 2048;

/// Schema changes in their order; `user_version` counts those that were applied.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../../../migrations/station/01-outbox/up.sql"),
    include_str!("../../../../migrations/station/02-kept/up.sql"),
];

/// Opens the file with all settings and the newest schema, and checks it if it is small.
pub(super) fn open(path: &Path) -> Result<Connection, OutboxError> {
    // SQLite would create the file readable by everybody. Its log gets the mode of the file.
    std::fs::File::options().append(true).create(true).mode(0o600).open(path)?;
    let mut db = connect(path)?;
    migrate(&mut db)?;
    if is_small(&db)? {
        check(&db)?;
    }
    Ok(db)
}

/// Checks the whole file.
pub(super) fn check(db: &Connection) -> Result<(), OutboxError> {
    // Unlike `quick_check`, it finds rows that an index has lost.
    let verdict: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(OutboxError::Damaged(verdict)) }
}

/// Returns whether a file is small enough to be checked whole before it is used.
pub(super) fn is_small(db: &Connection) -> Result<bool, OutboxError> {
    let pages: i64 = db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    Ok(pages <= CHECKED_AT_ONCE)
}

/// Opens the file without reading its contents.
pub(super) fn connect(path: &Path) -> Result<Connection, OutboxError> {
    let db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW,
    )?;
    db.busy_timeout(Duration::from_secs(2))?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    db.pragma_update(None, "mmap_size", 0)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.pragma_update(None, "cell_size_check", true)?;
    let pages: i64 = db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    if pages == 0 {
        // Before the file's first page, or never: what a drain frees can be given back to the disk.
        db.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(OutboxError::Other(format!("journal mode is {mode}")));
    }
    db.pragma_update(None, "synchronous", "FULL")?;
    let _: i64 = db.query_row("PRAGMA secure_delete = ON", [], |row| row.get(0))?;
    Ok(db)
}

fn migrate(db: &mut Connection) -> Result<(), OutboxError> {
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).map_err(|_| OutboxError::Newer(version))?;
    let missing = MIGRATIONS.get(done..).ok_or(OutboxError::Newer(version))?;
    for (number, sql) in (version + 1..).zip(missing) {
        let transaction = db.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_in_force() {
        let dir = tempfile::tempdir().unwrap();
        let db = open(&dir.path().join("outbox.sqlite")).unwrap();
        let number = |name: &str| -> i64 { db.pragma_query_value(None, name, |row| row.get(0)).unwrap() };
        assert_eq!(number("synchronous"), 2);
        assert_eq!(number("secure_delete"), 1);
        assert_eq!(number("temp_store"), 2);
        assert_eq!(number("cell_size_check"), 1);
        assert_eq!(number("trusted_schema"), 0);
        assert_eq!(number("mmap_size"), 0);
        assert_eq!(number("auto_vacuum"), 2);
        assert_eq!(number("user_version"), 2);
        assert!(db.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE).unwrap());
    }

    #[test]
    fn a_later_schema_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox.sqlite");
        open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(open(&path), Err(OutboxError::Newer(99))));
    }
}
