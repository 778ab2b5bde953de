//! Conversions between columns and types, and statements that are prepared once a connection.
//!
//! A `u64` is stored as `bigint` with its first bit turned over: so the order stays, which PostgreSQL's signed
//! numbers would break.

use std::str::FromStr;

use deadpool_postgres::GenericClient;
use health_code::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use wire::report::RosterChange;
use wire::{RecordId, StationId};

use crate::store::{ChangeState, StoreError};

pub(super) type Result<T> = std::result::Result<T, StoreError>;
/// A statement's parameters.
pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Runs a statement and returns its rows.
pub(super) async fn rows(client: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Vec<Row>> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, params).await?)
}

/// Runs a statement and returns its first row.
pub(super) async fn row(client: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Option<Row>> {
    Ok(rows(client, sql, params).await?.into_iter().next())
}

/// Runs a statement and returns how many rows it changed.
pub(super) async fn run(client: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<u64> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute(&statement, params).await?)
}

/// Returns a number as a column holds it.
pub(super) fn stored(number: u64) -> i64 {
    (number ^ (1 << 63)).cast_signed()
}

/// Returns the number that a column holds.
pub(super) fn number(stored: i64) -> u64 {
    stored.cast_unsigned() ^ (1 << 63)
}

/// Reads columns by their name.
pub(super) trait Columns {
    /// Reads bytes of a fixed length.
    fn array<const N: usize>(&self, column: &str) -> Result<[u8; N]>;
    fn time(&self, column: &str) -> Result<Timestamp>;
    fn optional_time(&self, column: &str) -> Result<Option<Timestamp>>;
    fn unsigned(&self, column: &str) -> Result<u64>;
    /// Reads a number of the wire: `read` knows what it means.
    fn wire<T>(&self, column: &str, read: impl FnOnce(u8) -> Option<T>) -> Result<T>;
    /// Reads a column that holds a type's stable code.
    fn parsed<T: FromStr>(&self, column: &str) -> Result<T>;
    fn change(&self, column: &str) -> Result<RosterChange>;

    fn station(&self, column: &str) -> Result<StationId> {
        self.array(column).map(StationId)
    }

    fn record(&self, column: &str) -> Result<RecordId> {
        self.array(column).map(RecordId)
    }
}

impl Columns for Row {
    fn array<const N: usize>(&self, column: &str) -> Result<[u8; N]> {
        self.try_get::<_, &[u8]>(column)?.try_into().map_err(|_| unknown(column))
    }

    fn time(&self, column: &str) -> Result<Timestamp> {
        Ok(Timestamp(self.try_get(column)?))
    }

    fn optional_time(&self, column: &str) -> Result<Option<Timestamp>> {
        Ok(self.try_get::<_, Option<i64>>(column)?.map(Timestamp))
    }

    fn unsigned(&self, column: &str) -> Result<u64> {
        Ok(number(self.try_get(column)?))
    }

    fn wire<T>(&self, column: &str, read: impl FnOnce(u8) -> Option<T>) -> Result<T> {
        let held: i16 = self.try_get(column)?;
        u8::try_from(held).ok().and_then(read).ok_or_else(|| unknown(column))
    }

    fn parsed<T: FromStr>(&self, column: &str) -> Result<T> {
        self.try_get::<_, &str>(column)?.parse().map_err(|_| unknown(column))
    }

    fn change(&self, column: &str) -> Result<RosterChange> {
        RosterChange::parse(self.try_get(column)?).ok_or_else(|| unknown(column))
    }
}

/// Returns how a change's state is stored: its number, the version, the refusal's number.
pub(super) fn change_state(state: ChangeState) -> (i16, Option<i64>, Option<i16>) {
    let (number, version, refusal) = state.numbers();
    (number.into(), version.map(stored), refusal.map(Into::into))
}

/// Reads a change's state.
pub(super) fn read_change_state(row: &Row) -> Result<ChangeState> {
    let version = row.try_get::<_, Option<i64>>("version")?.map(number);
    let refusal =
        row.try_get::<_, Option<i16>>("refusal")?.map(|number| u8::try_from(number).unwrap_or(u8::MAX));
    row.wire("state", |state| ChangeState::of_numbers(state, version, refusal))
}

/// Reads a column that holds ids or hashes, one behind the other.
pub(super) fn arrays<const N: usize>(row: &Row, column: &str) -> Result<Vec<[u8; N]>> {
    let (all, rest) = row.try_get::<_, &[u8]>(column)?.as_chunks::<N>();
    if rest.is_empty() { Ok(all.to_vec()) } else { Err(unknown(column)) }
}

/// Returns a limit of rows as PostgreSQL takes it.
pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn unknown(column: &str) -> StoreError {
    StoreError::Failed(format!("{column}: unknown value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_order() {
        let numbers = [0, 1, u64::MAX / 2, u64::MAX / 2 + 1, u64::MAX];
        assert!(numbers.map(stored).is_sorted());
        assert_eq!(numbers.map(stored).map(number), numbers);
        assert_eq!((stored(0), stored(u64::MAX)), (i64::MIN, i64::MAX));
    }
}
