//! Between columns and types. Numbers of 64 bits without sign are 8 bytes, big-endian: SQLite's
//! integers have a sign.

use std::str::FromStr;

use health_code::Timestamp;
use rusqlite::Row;
use rusqlite::types::Type;
use wire::{ClockState, Shown};

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

pub(super) fn clock(row: &Row<'_>, column: &str) -> Result<ClockState> {
    ClockState::from_repr(row.get(column)?).ok_or_else(|| unknown(column))
}

pub(super) fn shown(row: &Row<'_>, column: &str) -> Result<Shown> {
    Shown::from_repr(row.get(column)?).ok_or_else(|| unknown(column))
}

/// Reads a text by the type's own table.
pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: &str) -> Result<T> {
    row.get::<_, String>(column)?.parse().map_err(|_| unknown(column))
}

fn unknown(column: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, format!("{column}: unknown value").into())
}
