//! Between columns and types. Numbers of 64 bits without sign are 8 bytes, big-endian: SQLite's
//! integers have a sign.

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

pub(super) fn clock_number(clock: ClockState) -> i64 {
    match clock {
        ClockState::Trusted => 0,
        ClockState::Asserted => 1,
        ClockState::Wrong => 2,
    }
}

pub(super) fn clock(row: &Row<'_>, column: &str) -> Result<ClockState> {
    match row.get::<_, i64>(column)? {
        0 => Ok(ClockState::Trusted),
        1 => Ok(ClockState::Asserted),
        2 => Ok(ClockState::Wrong),
        _ => Err(unknown(column)),
    }
}

pub(super) fn shown_number(shown: Shown) -> i64 {
    match shown {
        Shown::Pass => 0,
        Shown::Check => 1,
        Shown::Stop => 2,
        Shown::UnjudgedTrust => 3,
        Shown::UnjudgedClock => 4,
    }
}

pub(super) fn shown(row: &Row<'_>, column: &str) -> Result<Shown> {
    match row.get::<_, i64>(column)? {
        0 => Ok(Shown::Pass),
        1 => Ok(Shown::Check),
        2 => Ok(Shown::Stop),
        3 => Ok(Shown::UnjudgedTrust),
        4 => Ok(Shown::UnjudgedClock),
        _ => Err(unknown(column)),
    }
}

fn unknown(column: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, format!("{column}: unknown number").into())
}
