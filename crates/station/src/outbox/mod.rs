//! The outbox: sealed reports on disk until the back office has acknowledged them.
//!
//! One thread ([`handle`]) owns the only connection. So no reader is open when erased rows are
//! removed from the write-ahead log.

mod aside;
pub(crate) mod backlog;
mod error;
pub(crate) mod export;
mod foreign;
pub(crate) mod handle;
mod reserve;
mod rows;
mod salvage;
mod schema;
mod settle;
mod upkeep;
mod worker;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use wire::seal::ChainPlace;
use wire::{RecordId, SealedReport, StationId, StreamId};

pub(crate) use error::OutboxError;
use rows::{Owner, Table};
use salvage::Steps;
use upkeep::Check;

/// An open outbox, and the stream that this run of the program writes.
#[derive(Debug)]
pub(crate) struct Outbox {
    db: Connection,
    path: PathBuf,
    owner: Owner,
    stream: StreamId,
    next: u64,
    head: [u8; 32],
    /// How many reports wait.
    waiting: u64,
    /// How many the office cannot read.
    aside: u64,
    /// Reports up to this place were not acknowledged; all others are sent before them.
    passed: i64,
    /// What is left of the check of a large file.
    check: Option<Check>,
    /// Whether the file has pages to give back.
    shrinks: bool,
}

impl Outbox {
    /// Opens or creates the outbox. `stream` names this run; each start draws a new one.
    ///
    /// A damaged file is set aside once its readable rows stand in a new one. What opening costs does not
    /// depend on how many reports wait: a large file is checked later, by [`Outbox::upkeep`].
    pub(crate) fn open(path: &Path, station: StationId, stream: StreamId) -> Result<Self, OutboxError> {
        Self::open_stepping(path, station, stream, &mut || Ok(()))
    }

    /// Opens an outbox in whose file damage was met, and salvages it first.
    pub(crate) fn open_damaged(
        path: &Path,
        station: StationId,
        stream: StreamId,
    ) -> Result<Self, OutboxError> {
        let steps: Steps<'_> = &mut || Ok(());
        salvage::finish(path, steps)?;
        match salvage::rebuild(path, steps) {
            Err(OutboxError::Full) if reserve::release(path) => salvage::rebuild(path, steps)?,
            other => other?,
        }
        Self::open(path, station, stream)
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
        let (db, owner) = foreign::claim(db, path, station)?;
        // What was set aside stays there until a start succeeds with it. Recording need not wait.
        if let Err(error) = salvage::carry_over(&db, path, station, steps) {
            tracing::error!(%error, "what was set aside could not be carried over yet");
        }
        let head = rows::read_head(&db)?.unwrap_or_default();
        let (waiting, aside) = (rows::waiting(&db)?, rows::count(&db, Table::Aside)?);
        let path = path.to_owned();
        let check = (!schema::is_small(&db)?).then_some(Check::BEGIN);
        let passed = i64::MIN;
        let mut outbox =
            Self { db, path, owner, stream, next: 0, head, waiting, aside, passed, check, shrinks: false };
        outbox.shrinks = outbox.is_mostly_free()?;
        // A power cut may have happened between deleting rows and truncating the log.
        if let Err(error) = outbox.empty_log() {
            tracing::warn!(%error, "the outbox's log could not be emptied yet");
        }
        Ok(outbox)
    }

    /// Returns the position of the next report, which its seal is bound to.
    pub(crate) fn place(&self, record: RecordId) -> ChainPlace {
        ChainPlace {
            station: self.owner.station,
            stream: self.stream,
            seq: self.next,
            record,
            link: self.head,
        }
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
        rows::insert(&transaction, sealed)?;
        rows::write_head(&transaction, &head, 1)?;
        transaction.commit()?;
        self.next += 1;
        self.waiting += 1;
        self.head = head;
        Ok(())
    }

    /// Appends many reports in one transaction, each sealed for its position.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn fill(
        &mut self,
        mut next: impl FnMut(&ChainPlace) -> Option<SealedReport>,
    ) -> Result<(), OutboxError> {
        let mut place = self.place(RecordId([0; 16]));
        let transaction = self.db.transaction()?;
        while let Some(sealed) = next(&place) {
            rows::insert(&transaction, &sealed)?;
            place.link = wire::chain(&sealed.link, &sealed.ciphertext);
            place.seq += 1;
        }
        let more = place.seq - self.next;
        rows::write_head(&transaction, &place.link, more)?;
        transaction.commit()?;
        (self.next, self.head) = (place.seq, place.link);
        self.waiting += more;
        Ok(())
    }

    /// Returns whether a report waits.
    pub(crate) fn holds(&self, record: RecordId) -> Result<bool, OutboxError> {
        let mut statement = self.db.prepare_cached("SELECT 1 FROM report WHERE record = ?1")?;
        Ok(statement.exists([record.0])?)
    }

    /// Returns the oldest reports that wait, at most `limit`; those that were not acknowledged come when
    /// nothing else waits.
    ///
    /// # Errors
    /// [`OutboxError::Damaged`] among others, also for a report that could be read and never erased.
    pub(crate) fn pending(&mut self, limit: usize) -> Result<Vec<SealedReport>, OutboxError> {
        let rows = self.waiting_beyond(self.passed, limit)?;
        if !rows.is_empty() || self.passed == i64::MIN {
            return Ok(rows);
        }
        self.passed = i64::MIN;
        self.waiting_beyond(self.passed, limit)
    }

    /// Returns the oldest reports that wait, at most `limit`, those that were not acknowledged among them.
    ///
    /// # Errors
    /// [`OutboxError`], as for [`Outbox::pending`].
    pub(crate) fn all(&self, limit: usize) -> Result<Vec<SealedReport>, OutboxError> {
        self.waiting_beyond(i64::MIN, limit)
    }

    /// Returns which of these reports wait.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub(crate) fn held(&self, records: &[RecordId]) -> Result<Vec<SealedReport>, OutboxError> {
        let found = records.iter().map(|record| rows::waiting_one(&self.db, *record));
        found.filter_map(Result::transpose).collect()
    }

    fn waiting_beyond(&self, place: i64, limit: usize) -> Result<Vec<SealedReport>, OutboxError> {
        let found = rows::after(&self.db, Table::Report, place, limit)?;
        let listed = |(place, report): (i64, SealedReport)| {
            rows::see_listed(&self.db, report.record, place)?;
            Ok(report)
        };
        found.into_iter().map(listed).collect()
    }

    /// Returns the number of reports that wait. It costs nothing.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting
    }

    /// Returns the number of reports that are set aside.
    pub(crate) fn aside(&self) -> u64 {
        self.aside
    }

    /// Returns whether nothing waits: by the rows themselves, since keys are erased by it.
    pub(crate) fn is_drained(&self) -> Result<bool, OutboxError> {
        rows::is_empty(&self.db, Table::Report)
    }

    /// Copies the write-ahead log into the database and truncates it. After a `PASSIVE` checkpoint
    /// the log would still hold most of the deleted rows.
    fn empty_log(&self) -> Result<(), OutboxError> {
        let busy: i64 = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(OutboxError::Busy) }
    }
}

/// Returns how many reports a file holds that no station has open, kept ones and those that the office
/// cannot read among them; `None` where it cannot be read.
pub(crate) fn count_in(path: &Path) -> Option<u64> {
    let db = schema::open(path).ok()?;
    Table::ALL.into_iter().try_fold(0, |sum, table| Some(sum + rows::count(&db, table).ok()?))
}

#[cfg(test)]
mod tests;
