//! Changes of the roster.

use rusqlite::{Connection, OptionalExtension as _, Result, Row, params, params_from_iter};
use wire::{RecordId, StationId};

use super::{columns, reading};
use crate::store::{Change, ChangeKey, Considered};

const CHANGE: &str = "SELECT roster_changes.*, community FROM roster_changes JOIN stations ON id = station";

pub(super) fn accepted(connection: &Connection, limit: usize) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} WHERE state = 0 ORDER BY received_at, at, seq, record LIMIT ?1");
    reading::list(connection, &sql, [limit as i64], read)
}

/// Returns changes in any state, those that were made last first.
pub(super) fn all(connection: &Connection, limit: usize) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} ORDER BY at DESC, record LIMIT ?1");
    reading::list(connection, &sql, [limit as i64], read)
}

pub(super) fn of(connection: &Connection, station: StationId, records: &[RecordId]) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} WHERE station = ?1 AND record = ?2");
    let mut select = connection.prepare_cached(&sql)?;
    let found = records.iter().map(|record| select.query_row([station.0, record.0], read).optional());
    found.filter_map(Result::transpose).collect()
}

pub(super) fn about(connection: &Connection, ids: &[[u8; 8]], limit: usize) -> Result<Vec<Change>> {
    let among = vec!["?"; ids.len()].join(", ");
    let sql =
        format!("{CHANGE} WHERE subject IN ({among}) ORDER BY received_at, at, seq, record LIMIT {limit}");
    reading::list(connection, &sql, params_from_iter(ids), read)
}

pub(super) fn entered(connection: &Connection, considered: &[Considered]) -> Result<()> {
    let sql = "UPDATE roster_changes SET state = ?3, version = ?4, refusal = ?5
       WHERE station = ?1 AND record = ?2";
    let mut update = connection.prepare(sql)?;
    for Considered { key, state } in considered {
        let (state, version, refusal) = state.numbers();
        let version = version.map(u64::to_be_bytes);
        update.execute(params![key.station.0, key.record.0, state, version, refusal])?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Change> {
    Ok(Change {
        key: ChangeKey { station: StationId(row.get("station")?), record: RecordId(row.get("record")?) },
        community: columns::parsed(row, "community")?,
        at: columns::time(row, "at")?,
        by: row.get("by_person")?,
        change: columns::change(row, "change")?,
        state: columns::change_state(row)?,
    })
}
