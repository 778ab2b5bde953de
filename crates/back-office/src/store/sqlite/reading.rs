//! Lists and counts.

use rusqlite::{Connection, Params, Result, Row};
use wire::{RecordId, StationId};

use super::columns;
use crate::store::{Alert, Counts, PassageRow};

pub(super) fn passages(connection: &Connection, limit: usize) -> Result<Vec<PassageRow>> {
    let sql = "SELECT * FROM passages ORDER BY at DESC, record LIMIT ?1";
    list(connection, sql, [limit as i64], passage)
}

pub(super) fn passage(row: &Row<'_>) -> Result<PassageRow> {
    Ok(PassageRow {
        station: StationId(row.get("station")?),
        record: RecordId(row.get("record")?),
        at: columns::time(row, "at")?,
        judged: columns::time(row, "judged_at")?,
        clock: columns::clock(row, "clock")?,
        checkpoint: row.get("checkpoint")?,
        collector: row.get("collector")?,
        shown: columns::shown(row, "shown")?,
        direction: columns::direction(row, "direction")?,
        outcome: columns::outcome(row, "outcome")?,
        iss: row.get("iss")?,
        masked_name: row.get("masked_name")?,
        masked_id: row.get("masked_id")?,
        colour: row.get("colour")?,
        verified: row.get("verified")?,
        pseudonym: row.get("pseudonym")?,
        received: columns::time(row, "received_at")?,
    })
}

pub(super) fn alerts(connection: &Connection, limit: usize) -> Result<Vec<Alert>> {
    let sql = "SELECT * FROM alerts ORDER BY cleared_at IS NOT NULL, id DESC LIMIT ?1";
    list(connection, sql, [limit as i64], |row| {
        Ok(Alert {
            station: StationId(row.get("station")?),
            kind: columns::parsed(row, "kind")?,
            record: RecordId(row.get("record")?),
            detail: row.get("detail")?,
            raised: columns::time(row, "raised_at")?,
            cleared: columns::optional_time(row, "cleared_at")?,
        })
    })
}

pub(super) fn counts(connection: &Connection) -> Result<Counts> {
    let number = |sql: String| -> Result<u64> {
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
    };
    let count = |what: &str| number(format!("SELECT count(*) FROM {what}"));
    let sum = |what: &str, of: &str| number(format!("SELECT coalesce(sum({what}), 0) FROM {of}"));
    Ok(Counts {
        passages: count("passages")?,
        shifts: count("shifts")?,
        roster_changes: count("roster_changes")?,
        health_reports: count("health_reports")?,
        waiting: sum("waiting", "mail")? + count("quarantine WHERE state = 0")?,
        quarantined: count("quarantine WHERE state = 2")?,
        records: sum("records", "tip")?,
        stations: count("stations")?,
        alerts: count("alerts WHERE cleared_at IS NULL")?,
    })
}

/// Runs a query and reads every row.
pub(super) fn list<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(params, read)?.collect()
}
