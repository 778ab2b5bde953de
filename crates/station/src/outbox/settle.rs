//! What becomes of reports that were sent: erased, kept until they are backed up, or set aside.

use rusqlite::{Connection, OptionalExtension, params};
use wire::{RecordId, StreamId};

use super::backlog::Settled;
use super::rows::{self, Table};
use super::{Outbox, OutboxError, reserve};

/// What [`Outbox::settle`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Outcome {
    /// Kept reports that wait again, because the office was restored.
    pub again: u64,
}

impl Outbox {
    /// Settles what an answer says, in one transaction. No byte of what is erased stays in the files.
    ///
    /// `keep` is how many acknowledged reports the policy wants kept; `None` where no policy tells. Then
    /// none is added to those that are kept, and none is given up.
    pub(crate) fn settle(&mut self, settled: &Settled, keep: Option<u32>) -> Result<Outcome, OutboxError> {
        self.pass_over(&settled.missing)?;
        let done = match self.write_settled(settled, keep) {
            // Deleting writes to the log first. The reserve makes space for that on a full disk.
            Err(OutboxError::Full) if reserve::release(&self.path) => self.write_settled(settled, keep)?,
            other => other?,
        };
        if let Some(outcome) = done {
            self.empty_log()?;
            reserve::keep(&self.path);
            self.shrinks = self.is_mostly_free()?;
            return Ok(outcome);
        }
        Ok(Outcome::default())
    }

    /// Sets a report aside that the office cannot read. One that does not wait is none.
    pub(crate) fn set_aside(&mut self, record: RecordId) -> Result<(), OutboxError> {
        let transaction = self.db.transaction()?;
        if take(&transaction, Table::Aside, record)? {
            let waiting = self.waiting.saturating_sub(1);
            rows::write_waiting(&transaction, waiting)?;
            transaction.commit()?;
            self.waiting = waiting;
            self.aside += 1;
        }
        Ok(())
    }

    /// Has all other reports sent before these. They are the oldest that were sent, so everything up to the
    /// newest of them is either one of them or gone.
    fn pass_over(&mut self, records: &[RecordId]) -> Result<(), OutboxError> {
        let mut statement = self.db.prepare_cached("SELECT place FROM report WHERE record = ?1")?;
        for record in records {
            let place: Option<i64> = statement.query_row([record.0], |row| row.get(0)).optional()?;
            self.passed = self.passed.max(place.unwrap_or(i64::MIN));
        }
        Ok(())
    }

    /// Returns what was done; `None` where there was nothing to do.
    fn write_settled(
        &mut self,
        settled: &Settled,
        keep: Option<u32>,
    ) -> Result<Option<Outcome>, OutboxError> {
        let transaction = self.db.transaction()?;
        let mut owner = self.owner;
        let mut outcome = Outcome::default();
        if settled.generation.is_some() && settled.generation != owner.generation {
            // An office that was never heard of has none of what is kept, either.
            outcome.again = wait_again(&transaction)?;
            owner.generation = settled.generation;
            owner.write(&transaction)?;
        }
        let mut waiting = self.waiting.saturating_add(outcome.again);
        for record in &settled.acknowledged {
            let taken = if keep.is_some_and(|keep| keep > 0) {
                take(&transaction, Table::Kept, *record)?
            } else {
                erase(&transaction, *record)?
            };
            waiting = waiting.saturating_sub(u64::from(taken));
        }
        let mut forgotten = 0;
        if let Some(last) = settled.backed_up {
            forgotten += forget(&transaction, last)?;
        }
        if let Some(keep) = keep {
            forgotten += give_up_beyond(&transaction, keep)?;
        }
        if owner == self.owner && waiting == self.waiting && forgotten == 0 {
            return Ok(None);
        }
        // Whatever else was done to the file: nothing waits where there is no row.
        let waiting = if rows::is_empty(&transaction, Table::Report)? { 0 } else { waiting.max(1) };
        rows::write_waiting(&transaction, waiting)?;
        transaction.commit()?;
        if outcome.again > 0 {
            self.passed = i64::MIN;
        }
        (self.owner, self.waiting) = (owner, waiting);
        Ok(Some(outcome))
    }
}

/// Erases a report that waits; returns whether there was one.
fn erase(db: &Connection, record: RecordId) -> Result<bool, OutboxError> {
    Ok(rows::change(db, "DELETE FROM report WHERE record = ?1", &[&record.0])? > 0)
}

/// Moves a report that waits into another table, as its newest; returns whether there was one.
fn take(db: &Connection, into: Table, record: RecordId) -> Result<bool, OutboxError> {
    let (name, columns) = (into.name(), rows::COLUMNS);
    let sql =
        format!("INSERT OR IGNORE INTO {name} ({columns}) SELECT {columns} FROM report WHERE record = ?1");
    rows::change(db, &sql, &[&record.0])?;
    erase(db, record)
}

/// Has all that is kept wait again, before everything that waits; returns how many these are.
fn wait_again(db: &Connection) -> Result<u64, OutboxError> {
    let first: i64 =
        db.query_row("SELECT min(coalesce(min(place), 1), 1) FROM report", [], |row| row.get(0))?;
    let last: i64 = db.query_row("SELECT coalesce(max(place), 0) FROM kept", [], |row| row.get(0))?;
    let columns = rows::COLUMNS;
    let sql = format!(
        "INSERT OR IGNORE INTO report (place, {columns}) SELECT ?1 + place, {columns} FROM kept ORDER BY place"
    );
    let again = rows::change(db, &sql, &[&(first - 1 - last)])?;
    rows::change(db, "DELETE FROM kept", &[])?;
    Ok(again)
}

/// Forgets what was acknowledged up to a report; returns how many these are.
///
/// What was acknowledged before it was at the office before it. That is not so for what stands before it in
/// the chain: a report that the office did not acknowledge at first comes later.
fn forget(db: &Connection, (stream, seq): (StreamId, u64)) -> Result<u64, OutboxError> {
    let Ok(seq) = i64::try_from(seq) else { return Ok(0) };
    let mut statement = db.prepare_cached("SELECT max(place) FROM kept WHERE stream = ?1 AND seq = ?2")?;
    let last: Option<i64> = statement.query_row(params![stream.0, seq], |row| row.get(0))?;
    let Some(last) = last else { return Ok(0) };
    rows::change(db, "DELETE FROM kept WHERE place <= ?1", &[&last])
}

/// Gives up the oldest kept reports beyond a number. Kept reports follow one another without a gap.
fn give_up_beyond(db: &Connection, keep: u32) -> Result<u64, OutboxError> {
    rows::change(db, "DELETE FROM kept WHERE place <= (SELECT max(place) FROM kept) - ?1", &[&keep])
}

#[cfg(test)]
mod tests;
