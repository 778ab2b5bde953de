//! What was erased, and is not to come back.

use rusqlite::{Connection, Result, params};
use wire::{RecordId, StationId};

use super::reading;
use crate::store::{QuarantineReason, ReportKey, filed_as};

/// Notes that a report was erased.
pub(super) fn bury(connection: &Connection, station: StationId, record: RecordId) -> Result<()> {
    let sql = "INSERT INTO tombstones (station, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![station.0, record.0]).map(drop)
}

/// Notes that a report in conflict was erased. Whatever else is under its id stays.
pub(super) fn bury_conflict(connection: &Connection, key: &ReportKey) -> Result<()> {
    let sql =
        "INSERT INTO conflict_tombstones (station, record, hash) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![key.station.0, key.record.0, key.hash]).map(drop)
}

/// Notes of a passage that was erased that it had been a report in conflict, if a person filed it as one.
pub(super) fn bury_if_filed(connection: &Connection, station: StationId, record: RecordId) -> Result<()> {
    let sql = "SELECT record, hash FROM quarantine WHERE station = ?1 AND state = 1 AND reason = ?2";
    let conflict = QuarantineReason::Conflict.to_string();
    let filed = reading::list(connection, sql, params![station.0, conflict], |row| {
        Ok(ReportKey { station, record: RecordId(row.get(0)?), hash: row.get(1)? })
    })?;
    filed.iter().filter(|key| filed_as(key) == record).try_for_each(|key| bury_conflict(connection, key))
}

/// Returns whether a report was erased.
pub(super) fn is_buried(connection: &Connection, key: &ReportKey) -> Result<bool> {
    // One statement: it is asked for each report that is filed.
    let sql = "SELECT EXISTS (SELECT 1 FROM tombstones WHERE station = ?1 AND record = ?2)
      OR EXISTS (SELECT 1 FROM conflict_tombstones WHERE station = ?1 AND record = ?2 AND hash = ?3)";
    connection
        .prepare_cached(sql)?
        .query_row(params![key.station.0, key.record.0, key.hash], |row| row.get(0))
}

/// Returns whether a report was erased while another one had its id.
pub(super) fn is_conflict_buried(connection: &Connection, key: &ReportKey) -> Result<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM conflict_tombstones WHERE station = ?1 AND record = ?2 AND hash = ?3)";
    connection
        .prepare_cached(sql)?
        .query_row(params![key.station.0, key.record.0, key.hash], |row| row.get(0))
}

/// Returns whether anything was ever erased.
pub(super) fn are_some(connection: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM tombstones) OR EXISTS (SELECT 1 FROM conflict_tombstones)";
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
}
