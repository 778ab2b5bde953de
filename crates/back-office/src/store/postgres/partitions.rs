//! Partitions by time: made when the first row of their time comes, and dropped as a whole.

use deadpool_postgres::Client;
use health_code::Timestamp;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::columns::{Params, Result, row, rows};
use super::error;

/// A table whose partitions hold what arrived within spans of time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spans {
    pub table: &'static str,
    /// Seconds of a partition.
    pub seconds: i64,
}

/// One partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partition {
    /// Its table.
    pub name: String,
    /// The first second that it holds, and the first that it does not.
    pub from: i64,
    pub until: i64,
}

impl Spans {
    fn partition(self, span: i64) -> Partition {
        Partition {
            name: format!("{}_{span}", self.table),
            from: span.saturating_mul(self.seconds),
            until: span.saturating_add(1).saturating_mul(self.seconds),
        }
    }

    /// Returns the partition for what arrives at this moment, whether or not it is there.
    pub fn of(self, received: Timestamp) -> Partition {
        self.partition(received.0.div_euclid(self.seconds))
    }

    /// Makes the partition for what arrives at this moment, unless another server did.
    pub async fn make(self, client: &Client, received: Timestamp) -> Result<()> {
        let Partition { name, from, until } = self.of(received);
        let sql = format!(
            "CREATE TABLE IF NOT EXISTS \"{name}\" PARTITION OF {} FOR VALUES FROM ({from}) TO ({until})",
            self.table
        );
        match client.batch_execute(&sql).await {
            Err(error) if error::is_made_meanwhile(&error) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Makes the partitions for what arrived at these moments, where they are missing.
    pub async fn make_all(
        self,
        client: &Client,
        received: impl IntoIterator<Item = Timestamp>,
    ) -> Result<()> {
        let mut wanted: Vec<i64> = received.into_iter().map(|at| at.0.div_euclid(self.seconds)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        for span in wanted {
            let is_there = "SELECT to_regclass($1) IS NOT NULL";
            let found = row(client, is_there, &[&self.partition(span).name]).await?;
            if !found.is_some_and(|row| row.try_get(0).unwrap_or(false)) {
                self.make(client, Timestamp(span.saturating_mul(self.seconds))).await?;
            }
        }
        Ok(())
    }

    /// Returns the partitions that hold nothing of `before` or later, the oldest first.
    pub async fn ended(self, client: &Client, before: Timestamp) -> Result<Vec<Partition>> {
        let sql = format!(
            "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = '{}'::regclass",
            self.table
        );
        let mut ended = Vec::new();
        for found in rows(client, &sql, &[]).await? {
            let name: &str = found.try_get(0)?;
            let span = name.strip_prefix(self.table).and_then(|rest| rest.strip_prefix('_')?.parse().ok());
            ended.extend(span.map(|span| self.partition(span)).filter(|one| one.until <= before.0));
        }
        ended.sort_by_key(|partition| partition.from);
        Ok(ended)
    }

    /// Drops a partition in which a query finds no row that somebody still needs.
    pub async fn drop_unless(
        self,
        client: &mut Client,
        partition: &Partition,
        (needed, params): (&str, Params<'_>),
    ) -> Result<()> {
        if row(&*client, needed, params).await?.is_some() {
            return Ok(());
        }
        let transaction = client.transaction().await?;
        // Nobody may put a row into it between the look and the drop. The parent's lock comes first, as it does for
        // whoever inserts.
        transaction.batch_execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", self.table)).await?;
        if transaction.query_opt(needed, params).await?.is_none() {
            transaction.batch_execute(&format!("DROP TABLE IF EXISTS \"{}\"", partition.name)).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Returns whether a row was refused because the partition of its time is not there.
pub(super) fn is_missing(error: &Error) -> bool {
    // PostgreSQL has no code of its own for it; no partitioned table has another constraint that a row could break.
    error.code() == Some(&SqlState::CHECK_VIOLATION)
}
