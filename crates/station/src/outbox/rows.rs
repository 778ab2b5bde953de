//! The rows of the outbox's tables.

use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use wire::{Generation, RecordId, SealedReport, StationId, StreamId};

use super::OutboxError;

/// What a table of sealed reports holds, beside its `place`.
pub(super) const COLUMNS: &str = "record, stream, seq, kid, link, ciphertext";

/// A table of sealed reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Those that wait.
    Report,
    /// Those that are acknowledged and kept until they are backed up.
    Kept,
    /// Those that the office cannot read.
    Aside,
}

impl Table {
    pub(super) const ALL: [Self; 3] = [Self::Report, Self::Kept, Self::Aside];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Kept => "kept",
            Self::Aside => "aside",
        }
    }
}

/// Whose outbox a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub station: StationId,
    /// The state of the office's database that it heard of last.
    pub generation: Option<Generation>,
}

impl Owner {
    /// Reads the owner; `None` where the file was made by a version that wrote none.
    pub(super) fn read(db: &Connection) -> Result<Option<Self>, OutboxError> {
        let mut statement = db.prepare_cached("SELECT station, generation FROM owner WHERE one = 1")?;
        let read = |row: &Row<'_>| {
            let generation: Option<[u8; 16]> = row.get(1)?;
            Ok(Self { station: StationId(row.get(0)?), generation: generation.map(Generation) })
        };
        Ok(statement.query_row([], read).optional()?)
    }

    pub(super) fn write(&self, db: &Connection) -> Result<(), OutboxError> {
        let mut statement = db.prepare_cached(
            "INSERT INTO owner (one, station, generation) VALUES (1, ?1, ?2)
             ON CONFLICT (one) DO UPDATE SET station = excluded.station, generation = excluded.generation",
        )?;
        statement.execute(params![self.station.0, self.generation.map(|generation| generation.0)])?;
        Ok(())
    }
}

/// Inserts a report that waits, as the newest.
pub(super) fn insert(db: &Connection, sealed: &SealedReport) -> Result<(), OutboxError> {
    let seq = i64::try_from(sealed.seq).map_err(|_| OutboxError::OutOfPlace)?;
    let mut statement = db.prepare_cached(
        "INSERT INTO report (record, stream, seq, kid, link, ciphertext) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let (record, stream, kid) = (sealed.record.0, sealed.stream.0, sealed.kid.0);
    statement.execute(params![record, stream, seq, kid, sealed.link, sealed.ciphertext])?;
    Ok(())
}

/// Reads [`COLUMNS`].
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<SealedReport> {
    Ok(SealedReport {
        record: RecordId(row.get(0)?),
        stream: StreamId(row.get(1)?),
        seq: row.get::<_, i64>(2)?.unsigned_abs(),
        kid: health_code::KeyId(row.get(3)?),
        link: row.get(4)?,
        ciphertext: row.get(5)?,
    })
}

/// Returns the first rows beyond a place, each with its own place.
pub(super) fn after(
    db: &Connection,
    table: Table,
    place: i64,
    limit: usize,
) -> Result<Vec<(i64, SealedReport)>, OutboxError> {
    let name = table.name();
    let sql = format!("SELECT {COLUMNS}, place FROM {name} WHERE place > ?1 ORDER BY place LIMIT ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map([place, limit], |row| Ok((row.get(6)?, read(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns a report that waits, by its id.
pub(super) fn waiting_one(db: &Connection, record: RecordId) -> Result<Option<SealedReport>, OutboxError> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM report WHERE record = ?1"))?;
    Ok(statement.query_row([record.0], read).optional()?)
}

/// Sees that a report that waits is found by its id, too. In a damaged file it may not be; then no receipt
/// could ever settle it.
pub(super) fn see_listed(db: &Connection, record: RecordId, place: i64) -> Result<(), OutboxError> {
    let mut statement = db.prepare_cached("SELECT place FROM report WHERE record = ?1")?;
    let listed: Option<i64> = statement.query_row([record.0], |row| row.get(0)).optional()?;
    if listed == Some(place) {
        return Ok(());
    }
    Err(OutboxError::Damaged("a report that is not found by its id".to_owned()))
}

/// Reads the chain's head; `None` before the first report.
pub(super) fn read_head(db: &Connection) -> Result<Option<[u8; 32]>, OutboxError> {
    Ok(db.query_row("SELECT hash FROM head WHERE one = 1", [], |row| row.get(0)).optional()?)
}

/// Writes the chain's head; so many more reports wait than before.
pub(super) fn write_head(db: &Connection, head: &[u8; 32], more: u64) -> Result<(), OutboxError> {
    let more = i64::try_from(more).unwrap_or_default();
    let mut statement = db.prepare_cached(
        "INSERT INTO head (one, hash, waiting) VALUES (1, ?1, ?2) ON CONFLICT (one)
         DO UPDATE SET hash = excluded.hash, waiting = waiting + excluded.waiting",
    )?;
    statement.execute(params![head, more])?;
    Ok(())
}

/// Returns how many reports wait, as it is written down. A figure that cannot be right is counted anew.
pub(super) fn waiting(db: &Connection) -> Result<u64, OutboxError> {
    let written: Option<i64> =
        db.query_row("SELECT waiting FROM head WHERE one = 1", [], |row| row.get(0)).optional()?;
    let is_empty = is_empty(db, Table::Report)?;
    match u64::try_from(written.unwrap_or_default()) {
        Ok(written) if (written == 0) == is_empty => Ok(written),
        _ => count_waiting(db),
    }
}

/// Counts the reports that wait, and writes it down.
pub(super) fn count_waiting(db: &Connection) -> Result<u64, OutboxError> {
    let count = count(db, Table::Report)?;
    write_waiting(db, count)?;
    Ok(count)
}

/// Writes down how many reports wait.
pub(super) fn write_waiting(db: &Connection, waiting: u64) -> Result<(), OutboxError> {
    let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
    let mut statement = db.prepare_cached("UPDATE head SET waiting = ?1 WHERE one = 1")?;
    statement.execute([waiting])?;
    Ok(())
}

/// Returns whether a table has no row.
pub(super) fn is_empty(db: &Connection, table: Table) -> Result<bool, OutboxError> {
    let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM {})", table.name());
    Ok(db.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
}

/// Counts the rows of a table, one by one.
pub(super) fn count(db: &Connection, table: Table) -> Result<u64, OutboxError> {
    let sql = format!("SELECT count(*) FROM {}", table.name());
    let count: i64 = db.query_row(&sql, [], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Runs a prepared statement, and returns how many rows it changed.
pub(super) fn change(db: &Connection, sql: &str, params: &[&dyn ToSql]) -> Result<u64, OutboxError> {
    Ok(db.prepare_cached(sql)?.execute(params)? as u64)
}
