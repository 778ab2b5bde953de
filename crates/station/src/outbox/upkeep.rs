//! What an outbox does while nobody asks anything of it: slice by slice it checks a file that was too large
//! to be checked at the start, and gives the disk back what a drain has freed.

use super::rows::{self, Table};
use super::{Outbox, OutboxError, schema};

/// Rows that one slice checks: some milliseconds.
const ROWS_A_SLICE: usize = 250;
/// Slices of a large file that are checked when a person asks.
const SLICES_AT_ONCE: u32 = 20;
/// Free pages (1 MiB) below which a file is not worth shrinking.
const WORTH_SHRINKING: i64 = 256;
/// A file is shrunk once so many times as many pages are free as are used. Shrinking may move each used page,
/// so it costs at most a fraction of what was erased.
const FREE_TO_USED: i64 = 4;
/// Pages (4 MiB) by which one slice shrinks the file at most.
const PAGES_A_SLICE: i64 = 1024;

/// Where the check of a file stands. It reads each row, and looks it up by its id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check {
    table: Table,
    /// Rows up to this place were read.
    reached: i64,
}

impl Check {
    pub(super) const BEGIN: Self = Self { table: Table::Report, reached: i64::MIN };
}

impl Outbox {
    /// Does one slice of what there is to do; returns whether there is more.
    ///
    /// # Errors
    /// [`OutboxError::Damaged`] among others: then the file must be salvaged, since the rows that read are
    /// the ones that can be saved.
    pub(crate) fn upkeep(&mut self) -> Result<bool, OutboxError> {
        if let Some(check) = self.check {
            self.check = self.check_slice(check)?;
            return Ok(true);
        }
        if self.shrinks {
            self.shrinks = self.shrink_slice()?;
        }
        Ok(self.shrinks)
    }

    /// Checks the file now: all of a small one, and the first reports of a large one.
    ///
    /// # Errors
    /// [`OutboxError::Damaged`] among others.
    pub(crate) fn check_now(&self) -> Result<(), OutboxError> {
        if schema::is_small(&self.db)? {
            return schema::check(&self.db);
        }
        let mut check = Some(Check::BEGIN);
        for _ in 0..SLICES_AT_ONCE {
            let Some(next) = check else { break };
            check = self.check_slice(next)?;
        }
        Ok(())
    }

    /// Returns where the check goes on; `None` at its end.
    fn check_slice(&self, check: Check) -> Result<Option<Check>, OutboxError> {
        let Check { table, reached } = check;
        let mut last = None;
        for (place, report) in rows::after(&self.db, table, reached, ROWS_A_SLICE)? {
            if table == Table::Report {
                rows::see_listed(&self.db, report.record, place)?;
            }
            last = Some(place);
        }
        let next = Table::ALL.into_iter().skip_while(|other| *other != table).nth(1);
        Ok(match last {
            Some(reached) => Some(Check { table, reached }),
            None => next.map(|table| Check { table, reached: i64::MIN }),
        })
    }

    /// Returns the free and the used pages of the file.
    fn pages(&self) -> Result<(i64, i64), OutboxError> {
        let number = |pragma: &str| self.db.query_row(pragma, [], |row| row.get::<_, i64>(0));
        let free = number("PRAGMA freelist_count")?;
        Ok((free, number("PRAGMA page_count")? - free))
    }

    /// Returns whether the file is worth shrinking.
    pub(super) fn is_mostly_free(&self) -> Result<bool, OutboxError> {
        let (free, used) = self.pages()?;
        Ok(free >= WORTH_SHRINKING.max(used.saturating_mul(FREE_TO_USED)))
    }

    /// Gives some free pages back; returns whether more are to follow.
    fn shrink_slice(&self) -> Result<bool, OutboxError> {
        let (before, _) = self.pages()?;
        {
            // Each step of the statement frees one page.
            let mut shrink = self.db.prepare(&format!("PRAGMA incremental_vacuum({PAGES_A_SLICE})"))?;
            let mut steps = shrink.query([])?;
            while steps.next()?.is_some() {}
        }
        // What was moved stands in the log, too.
        self.empty_log()?;
        let (free, _) = self.pages()?;
        Ok(free >= WORTH_SHRINKING && free < before)
    }
}

#[cfg(test)]
mod tests;
