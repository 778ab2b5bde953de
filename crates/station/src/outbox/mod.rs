//! The outbox: sealed reports on disk until the back office has acknowledged them.
//!
//! One thread ([`handle`]) owns the only connection. So no reader is open when erased rows are
//! removed from the write-ahead log.

mod aside;
pub(crate) mod backlog;
mod error;
pub(crate) mod handle;
mod reserve;
mod salvage;
mod schema;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row, params};
use wire::seal::ChainPlace;
use wire::{RecordId, SealedReport, StationId, StreamId};

pub(crate) use error::OutboxError;
use salvage::Steps;

/// An open outbox, and the stream that this run of the program writes.
#[derive(Debug)]
pub(crate) struct Outbox {
    db: Connection,
    path: PathBuf,
    station: StationId,
    stream: StreamId,
    next: u64,
    head: [u8; 32],
}

impl Outbox {
    /// Opens or creates the outbox. `stream` names this run; each start draws a new one.
    ///
    /// A damaged file is set aside once its readable rows stand in a new one.
    pub(crate) fn open(path: &Path, station: StationId, stream: StreamId) -> Result<Self, OutboxError> {
        Self::open_stepping(path, station, stream, &mut || Ok(()))
    }

    /// Opens the outbox, and asks before each step of a salvage.
    fn open_stepping(
        path: &Path,
        station: StationId,
        stream: StreamId,
        steps: Steps<'_>,
    ) -> Result<Self, OutboxError> {
        match Self::open_once(path, station, stream, steps) {
            Err(OutboxError::Full) if reserve::release(path) => Self::open_once(path, station, stream, steps),
            other => other,
        }
        .inspect(|_| reserve::keep(path))
    }

    fn open_once(
        path: &Path,
        station: StationId,
        stream: StreamId,
        steps: Steps<'_>,
    ) -> Result<Self, OutboxError> {
        salvage::finish(path, steps)?;
        let db = match schema::open(path) {
            Err(error) if error.is_damage() => {
                salvage::rebuild(path, steps)?;
                schema::open(path)?
            }
            other => other?,
        };
        // What was set aside stays there until a start succeeds with it. Recording need not wait.
        if let Err(error) = salvage::carry_over(&db, path, steps) {
            tracing::error!(%error, "what was set aside could not be carried over yet");
        }
        let head = read_head(&db)?.unwrap_or_default();
        let outbox = Self { db, path: path.to_owned(), station, stream, next: 0, head };
        // A power cut may have happened between deleting rows and truncating the log.
        if let Err(error) = outbox.empty_log() {
            tracing::warn!(%error, "the outbox's log could not be emptied yet");
        }
        Ok(outbox)
    }

    /// Returns the position of the next report, which its seal is bound to.
    pub(crate) fn place(&self, record: RecordId) -> ChainPlace {
        ChainPlace { station: self.station, stream: self.stream, seq: self.next, record, link: self.head }
    }

    /// Appends a report that was sealed for [`Outbox::place`]. It is durable when this returns.
    pub(crate) fn append(&mut self, sealed: &SealedReport) -> Result<(), OutboxError> {
        let place = self.place(sealed.record);
        if (sealed.stream, sealed.seq, sealed.link) != (place.stream, place.seq, place.link) {
            return Err(OutboxError::OutOfPlace);
        }
        if self.holds(sealed.record)? {
            return Ok(());
        }
        let head = wire::chain(&sealed.link, &sealed.ciphertext);
        let transaction = self.db.transaction()?;
        insert(&transaction, sealed)?;
        write_head(&transaction, &head)?;
        transaction.commit()?;
        self.next += 1;
        self.head = head;
        Ok(())
    }

    /// Appends many reports in one transaction, each sealed for its position.
    #[cfg(feature = "bench")]
    pub(crate) fn fill(
        &mut self,
        mut next: impl FnMut(&ChainPlace) -> Option<SealedReport>,
    ) -> Result<(), OutboxError> {
        let mut place = self.place(RecordId([0; 16]));
        let transaction = self.db.transaction()?;
        while let Some(sealed) = next(&place) {
            insert(&transaction, &sealed)?;
            place.link = wire::chain(&sealed.link, &sealed.ciphertext);
            place.seq += 1;
        }
        write_head(&transaction, &place.link)?;
        transaction.commit()?;
        (self.next, self.head) = (place.seq, place.link);
        Ok(())
    }

    /// Returns whether a report is in the outbox.
    pub(crate) fn holds(&self, record: RecordId) -> Result<bool, OutboxError> {
        let mut statement = self.db.prepare_cached("SELECT 1 FROM report WHERE record = ?1")?;
        Ok(statement.exists([record.0])?)
    }

    /// Returns the oldest reports but those to skip, at most `limit`.
    pub(crate) fn pending(
        &self,
        limit: usize,
        skip: &HashSet<RecordId>,
    ) -> Result<Vec<SealedReport>, OutboxError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT record, stream, seq, kid, link, ciphertext FROM report ORDER BY place")?;
        let rows = statement.query_map([], read_row)?;
        let wanted = rows.filter(|row| !row.as_ref().is_ok_and(|row| skip.contains(&row.record)));
        Ok(wanted.take(limit).collect::<Result<_, _>>()?)
    }

    /// Returns the number of reports that wait.
    pub(crate) fn count(&self) -> Result<u64, OutboxError> {
        let count: i64 = self.db.query_row("SELECT count(*) FROM report", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Erases acknowledged reports, so that no byte of them stays in the files.
    pub(crate) fn erase(&mut self, records: &[RecordId]) -> Result<(), OutboxError> {
        if records.is_empty() {
            return Ok(());
        }
        match self.delete(records) {
            // Deleting writes to the log first. The reserve makes space for that on a full disk.
            Err(OutboxError::Full) if reserve::release(&self.path) => self.delete(records)?,
            other => other?,
        }
        self.empty_log()?;
        reserve::keep(&self.path);
        Ok(())
    }

    fn delete(&mut self, records: &[RecordId]) -> Result<(), OutboxError> {
        let transaction = self.db.transaction()?;
        {
            let mut statement = transaction.prepare_cached("DELETE FROM report WHERE record = ?1")?;
            for record in records {
                statement.execute([record.0])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Copies the write-ahead log into the database and truncates it. After a `PASSIVE` checkpoint
    /// the log would still hold most of the deleted rows.
    fn empty_log(&self) -> Result<(), OutboxError> {
        let busy: i64 = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(OutboxError::Busy) }
    }
}

/// Returns how many reports a file holds that no station has open; `None` where it cannot be read.
pub(crate) fn count_in(path: &Path) -> Option<u64> {
    let db = schema::connect(path).ok()?;
    let count = db.query_row("SELECT count(*) FROM report", [], |row| row.get(0));
    count.map(i64::unsigned_abs).ok()
}

fn insert(db: &Connection, sealed: &SealedReport) -> Result<(), OutboxError> {
    let seq = i64::try_from(sealed.seq).map_err(|_| OutboxError::OutOfPlace)?;
    let mut statement = db.prepare_cached(
        "INSERT INTO report (record, stream, seq, kid, link, ciphertext) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        sealed.record.0,
        sealed.stream.0,
        seq,
        sealed.kid.0,
        sealed.link,
        sealed.ciphertext
    ])?;
    Ok(())
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<SealedReport> {
    Ok(SealedReport {
        record: RecordId(row.get(0)?),
        stream: StreamId(row.get(1)?),
        seq: row.get::<_, i64>(2)?.unsigned_abs(),
        kid: health_code::KeyId(row.get(3)?),
        link: row.get(4)?,
        ciphertext: row.get(5)?,
    })
}

fn read_head(db: &Connection) -> Result<Option<[u8; 32]>, OutboxError> {
    Ok(db.query_row("SELECT hash FROM head WHERE one = 1", [], |row| row.get(0)).optional()?)
}

fn write_head(db: &Connection, head: &[u8; 32]) -> Result<(), OutboxError> {
    let mut statement = db.prepare_cached(
        "INSERT INTO head (one, hash) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET hash = excluded.hash",
    )?;
    statement.execute([head])?;
    Ok(())
}

#[cfg(test)]
mod tests;
