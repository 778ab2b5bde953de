//! Changes of the roster.

use rusqlite::{Connection, Result, Row, params};
use wire::{RecordId, StationId};

use super::{columns, reading};
use crate::store::{Change, ChangeKey, ChangeState};

const CHANGE: &str = "SELECT roster_changes.*, community FROM roster_changes JOIN stations ON id = station";

pub(super) fn accepted(connection: &Connection, limit: usize) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} WHERE state = 0 ORDER BY received_at, at, record LIMIT ?1");
    reading::list(connection, &sql, [limit as i64], read)
}

/// Returns changes in any state, those that were made last first.
pub(super) fn all(connection: &Connection, limit: usize) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} ORDER BY at DESC, record LIMIT ?1");
    reading::list(connection, &sql, [limit as i64], read)
}

pub(super) fn entered(connection: &Connection, keys: &[ChangeKey]) -> Result<()> {
    let mut update =
        connection.prepare("UPDATE roster_changes SET state = ?3 WHERE station = ?1 AND record = ?2")?;
    for key in keys {
        update.execute(params![key.station.0, key.record.0, ChangeState::Entered as u8])?;
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
        state: columns::change_state(row, "state")?,
    })
}
