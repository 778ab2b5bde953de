//! Recovery from a damaged file: what still reads is carried to a fresh one, and nothing is given up
//! before it stands there, synced.
//!
//! 1. A fresh outbox is built beside the damaged one, row by row, and synced.
//! 2. Renaming it to a numbered name says that it is complete. Every start from here on goes on with 3.
//! 3. The damaged file and its log are renamed to the same number.
//! 4. The fresh outbox gets the outbox's name.
//! 5. What was set aside is carried over once more, if a row is missing, and is marked as carried.
//!
//! Interrupted before 2, the damaged file is where it was. Step 5 is for files that an earlier version
//! set aside without carrying them over. A report that is sent twice does no harm: the back office
//! knows it by its id.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};
use wire::limits::SEALED_BYTES;
use wire::{SealedReport, StationId};

use super::rows::{self, Owner, Table, read_head, write_head};
use super::{OutboxError, aside, foreign, schema};

/// Called before each step that changes the folder; an error ends the salvage there.
pub(super) type Steps<'a> = &'a mut dyn FnMut() -> Result<(), OutboxError>;

/// So many rows are one step.
const ROWS_A_STEP: u64 = 16;

/// Replaces a damaged outbox by a fresh one that holds each row that can still be read.
///
/// The damaged file stays in the folder. Its reports are sealed, so nobody can read them there.
pub(super) fn rebuild(path: &Path, steps: Steps<'_>) -> Result<(), OutboxError> {
    let part = aside::part(path);
    let built = build(path, &part, steps);
    if built.is_err() {
        // On a full disk this makes room for the next try.
        let _ = aside::remove(&part);
    }
    tracing::warn!(rows = built?, "the outbox is damaged; what still reads is carried over");
    let number = aside::next(path)?;
    steps()?;
    std::fs::rename(&part, aside::fresh(path, number))?;
    steps()?;
    aside::sync_folder(path)?;
    finish(path, steps)
}

/// Goes on where an earlier [`rebuild`] was interrupted after its fresh outbox was complete.
pub(super) fn finish(path: &Path, steps: Steps<'_>) -> Result<(), OutboxError> {
    let Some(number) = aside::complete(path)? else { return Ok(()) };
    let damaged = aside::damaged(path, number);
    if path.try_exists()? {
        steps()?;
        aside::remove(&aside::mark(path, number))?;
        for suffix in ["", "-wal", "-shm"] {
            aside::remove(&aside::with_suffix(&damaged, suffix))?;
        }
        steps()?;
        std::fs::rename(path, &damaged)?;
    }
    steps()?;
    aside::remove(&aside::with_suffix(path, "-shm"))?;
    let log = aside::with_suffix(path, "-wal");
    if log.try_exists()? {
        // Under the fresh outbox's name it would be taken for the fresh outbox's log.
        steps()?;
        std::fs::rename(log, aside::with_suffix(&damaged, "-wal"))?;
    }
    steps()?;
    aside::sync_folder(path)?;
    steps()?;
    std::fs::rename(aside::fresh(path, number), path)?;
    steps()?;
    Ok(aside::sync_folder(path)?)
}

/// Adds what was set aside and is not marked as carried over, and marks it. What is another station's
/// stays where it is.
pub(super) fn carry_over(
    db: &Connection,
    path: &Path,
    station: StationId,
    steps: Steps<'_>,
) -> Result<(), OutboxError> {
    for number in aside::not_carried(path)? {
        let damaged = aside::damaged(path, number);
        if foreign::other_owner(&damaged, station).is_some() {
            continue;
        }
        let transaction = db.unchecked_transaction()?;
        let copied = copy(&damaged, &transaction, steps)?;
        if read_head(&transaction)?.is_none()
            && let Some(head) = copied.head
        {
            write_head(&transaction, &head, 0)?;
        }
        rows::count_waiting(&transaction)?;
        steps()?;
        transaction.commit()?;
        steps()?;
        aside::set_mark(path, number)?;
    }
    Ok(())
}

/// Builds a complete and synced outbox from the rows that read; returns how many there are.
fn build(damaged: &Path, part: &Path, steps: Steps<'_>) -> Result<u64, OutboxError> {
    for suffix in ["", "-wal", "-shm"] {
        aside::remove(&aside::with_suffix(part, suffix))?;
    }
    steps()?;
    let fresh = schema::open(part)?;
    // Nobody reads this file before it is whole, so a log would only hold each row twice.
    let _: String = fresh.query_row("PRAGMA journal_mode = MEMORY", [], |row| row.get(0))?;
    let transaction = fresh.unchecked_transaction()?;
    let copied = copy(damaged, &transaction, steps)?;
    if let Some(head) = copied.head {
        write_head(&transaction, &head, 0)?;
    }
    rows::count_waiting(&transaction)?;
    if let Some(owner) = copied.owner {
        owner.write(&transaction)?;
    }
    steps()?;
    transaction.commit()?;
    drop(fresh);
    steps()?;
    disk::sync(part)?;
    Ok(copied.rows)
}

/// What [`copy`] found.
#[derive(Default)]
struct Copied {
    rows: u64,
    /// The head of the chain, or what the last row leads to where the head does not read.
    head: Option<[u8; 32]>,
    /// The newest report that waits, and what it leads to.
    last: Option<(i64, [u8; 32])>,
    owner: Option<Owner>,
    /// Up to where the table was read.
    reached: i64,
}

/// Copies each row that reads: from the oldest to the damage, then from the newest to the damage.
///
/// Damage ends reading. Any other error is returned, since the same rows may read later.
fn copy(from: &Path, into: &Connection, steps: Steps<'_>) -> Result<Copied, OutboxError> {
    let mut copied = Copied::default();
    let db = match schema::connect(from) {
        Err(error) if error.is_damage() => return Ok(copied),
        other => other?,
    };
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    for table in Table::ALL {
        copied.reached = i64::MIN;
        if has_table(&db, table.name())? && !copy_rows(&db, table, "ASC", into, &mut copied, steps)? {
            copy_rows(&db, table, "DESC", into, &mut copied, steps)?;
        }
    }
    let head = unless_damaged(read_head(&db))?.flatten();
    copied.head = head.or(copied.last.map(|(_, head)| head));
    if has_table(&db, "owner")? {
        copied.owner = unless_damaged(Owner::read(&db))?.flatten();
    }
    Ok(copied)
}

fn unless_damaged<T>(result: Result<T, OutboxError>) -> Result<Option<T>, OutboxError> {
    match result {
        Err(error) if error.is_damage() => Ok(None),
        other => other.map(Some),
    }
}

/// Returns whether the file has a table: an earlier version made fewer.
fn has_table(db: &Connection, name: &str) -> Result<bool, OutboxError> {
    let found = db
        .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")
        .and_then(|mut statement| statement.exists([name]));
    Ok(unless_damaged(found.map_err(OutboxError::from))?.unwrap_or_default())
}

/// Copies rows in this order, in ascending order from the oldest, in descending order down to where the
/// ascending one ended; returns whether all of them read.
fn copy_rows(
    db: &Connection,
    table: Table,
    order: &str,
    into: &Connection,
    copied: &mut Copied,
    steps: Steps<'_>,
) -> Result<bool, OutboxError> {
    let (columns, name) = (rows::COLUMNS, table.name());
    let sql = format!("SELECT {columns}, place FROM {name} NOT INDEXED ORDER BY place {order}");
    let Some(mut statement) = unless_damaged(db.prepare(&sql).map_err(OutboxError::from))? else {
        return Ok(false);
    };
    let beyond = copied.reached;
    let mut found = statement.query([])?;
    loop {
        let row = match unless_damaged(found.next().map_err(OutboxError::from))? {
            Some(Some(row)) => row,
            Some(None) => return Ok(true),
            None => return Ok(false),
        };
        let (Ok(sealed), Ok(place)) = (rows::read(row), row.get::<_, i64>(6)) else { continue };
        if order == "DESC" && place <= beyond {
            return Ok(true);
        }
        copied.reached = place;
        if sealed.ciphertext.len() != SEALED_BYTES {
            continue;
        }
        if copied.rows.is_multiple_of(ROWS_A_STEP) {
            steps()?;
        }
        add(into, table, place, &sealed)?;
        copied.rows += 1;
        if table == Table::Report && copied.last.is_none_or(|(last, _)| place > last) {
            copied.last = Some((place, wire::chain(&sealed.link, &sealed.ciphertext)));
        }
    }
}

/// Adds a report that is not there yet: at its old place, or as the newest where that is taken.
fn add(into: &Connection, table: Table, place: i64, sealed: &SealedReport) -> Result<(), OutboxError> {
    let Ok(seq) = i64::try_from(sealed.seq) else { return Ok(()) };
    let (columns, name) = (rows::COLUMNS, table.name());
    let sql = format!(
        "INSERT OR IGNORE INTO {name} (place, {columns}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
         WHERE NOT EXISTS (SELECT 1 FROM kept WHERE stream = ?3 AND seq = ?4 AND record = ?2)"
    );
    let mut statement = into.prepare_cached(&sql)?;
    for place in [Some(place), None] {
        let (record, stream, kid) = (sealed.record.0, sealed.stream.0, sealed.kid.0);
        let row = params![place, record, stream, seq, kid, sealed.link, sealed.ciphertext];
        if statement.execute(row)? > 0 {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
