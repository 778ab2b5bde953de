//! What was erased, and is not to come back.

use rusqlite::{Connection, Result, params};
use wire::{RecordId, StationId};

/// Notes that a report was erased.
pub(super) fn bury(connection: &Connection, station: StationId, record: RecordId) -> Result<()> {
    let sql = "INSERT INTO tombstones (station, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![station.0, record.0]).map(drop)
}

/// Returns whether a report was erased.
pub(super) fn is_buried(connection: &Connection, station: StationId, record: RecordId) -> Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM tombstones WHERE station = ?1 AND record = ?2)")?
        .query_row(params![station.0, record.0], |row| row.get(0))
}
