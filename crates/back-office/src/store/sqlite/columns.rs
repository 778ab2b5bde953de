//! Conversions between columns and types. A `u64` is stored as 8 bytes, big-endian, because SQLite's
//! integers are signed.

use std::str::FromStr;

use health_code::Timestamp;
use rusqlite::Row;
use rusqlite::types::{ToSql, ToSqlOutput, Type};
use wire::report::RosterChange;
use wire::{ClockState, Direction, Outcome, Shown};

use crate::store::ChangeState;
use crate::store::chain::Loose;

type Result<T> = std::result::Result<T, rusqlite::Error>;

pub(super) fn time(row: &Row<'_>, column: &str) -> Result<Timestamp> {
    row.get(column).map(Timestamp)
}

pub(super) fn optional_time(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

pub(super) fn u64_of(row: &Row<'_>, column: &str) -> Result<u64> {
    row.get(column).map(u64::from_be_bytes)
}

/// Returns how a place is stored.
pub(super) fn place(seq: u64) -> [u8; 8] {
    seq.to_be_bytes()
}

pub(super) fn loose(row: &Row<'_>, column: &str) -> Result<Loose> {
    Loose::from_repr(row.get(column)?).ok_or_else(|| unknown(column))
}

pub(super) fn clock(row: &Row<'_>, column: &str) -> Result<ClockState> {
    ClockState::from_repr(row.get(column)?).ok_or_else(|| unknown(column))
}

pub(super) fn shown(row: &Row<'_>, column: &str) -> Result<Shown> {
    Shown::from_repr(row.get(column)?).ok_or_else(|| unknown(column))
}

pub(super) fn direction(row: &Row<'_>, column: &str) -> Result<Direction> {
    Direction::from_repr(row.get(column)?).ok_or_else(|| unknown(column))
}

pub(super) fn outcome(row: &Row<'_>, column: &str) -> Result<Outcome> {
    Outcome::from_repr(row.get(column)?).ok_or_else(|| unknown(column))
}

pub(super) fn change(row: &Row<'_>, column: &str) -> Result<RosterChange> {
    RosterChange::parse(&row.get::<_, Vec<u8>>(column)?).ok_or_else(|| unknown(column))
}

pub(super) fn change_state(row: &Row<'_>) -> Result<ChangeState> {
    let version = row.get::<_, Option<[u8; 8]>>("version")?.map(u64::from_be_bytes);
    ChangeState::of_numbers(row.get("state")?, version, row.get("refusal")?).ok_or_else(|| unknown("state"))
}

/// Reads a column that holds a type's stable code.
pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: &str) -> Result<T> {
    row.get::<_, String>(column)?.parse().map_err(|_| unknown(column))
}

/// The state of a row in `quarantine`.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    Filed = 1,
    Quarantined = 2,
}

impl ToSql for State {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok((*self as i64).into())
    }
}

fn unknown(column: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, format!("{column}: unknown value").into())
}
