//! Alerts: raising them and clearing them.

use health_code::Timestamp;
use rusqlite::{Connection, Result, params};
use wire::{RecordId, StationId};

use crate::store::chain::Raised;
use crate::store::{AlertKind, QuarantineReason};

/// Raises an alert; a second one of the same kind for the same record changes nothing.
pub(super) fn raise(
    connection: &Connection,
    station: StationId,
    kind: AlertKind,
    record: RecordId,
    detail: &str,
    now: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO alerts (station, kind, record, detail, raised_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![station.0, kind.code(), record.0, detail, now.0])?;
    Ok(())
}

/// Raises an alert about a station as a whole, again if it was cleared.
pub(super) fn raise_about(
    connection: &Connection,
    station: StationId,
    kind: AlertKind,
    detail: &str,
    now: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO alerts (station, kind, record, detail, raised_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (station, kind, record)
             DO UPDATE SET detail = excluded.detail, raised_at = excluded.raised_at, cleared_at = NULL
             WHERE cleared_at IS NOT NULL",
        )?
        .execute(params![station.0, kind.code(), RecordId([0; 16]).0, detail, now.0])?;
    Ok(())
}

/// Clears the alerts of one kind.
pub(super) fn clear(connection: &Connection, kind: AlertKind, now: Timestamp) -> Result<()> {
    connection
        .prepare_cached("UPDATE alerts SET cleared_at = ?2 WHERE kind = ?1 AND cleared_at IS NULL")?
        .execute(params![kind.code(), now.0])?;
    Ok(())
}

pub(super) fn raise_all(
    connection: &Connection,
    station: StationId,
    alerts: &[Raised],
    now: Timestamp,
) -> Result<()> {
    alerts.iter().try_for_each(|Raised { kind, record, detail }| {
        raise(connection, station, *kind, *record, detail, now)
    })
}

/// Clears the alert of the gap before a report.
pub(super) fn clear_gap(
    connection: &Connection,
    station: StationId,
    record: RecordId,
    now: Timestamp,
) -> Result<()> {
    clear_one(connection, station, AlertKind::Gap, record, now)
}

/// Clears the alert of a conflict of which nothing waits for a person any more, as one that needed nobody.
pub(super) fn clear_settled_conflict(
    connection: &Connection,
    station: StationId,
    record: RecordId,
) -> Result<()> {
    let kind = AlertKind::Conflict.code();
    connection
        .prepare_cached(
            "UPDATE alerts SET cleared_at = raised_at
             WHERE station = ?1 AND kind = ?2 AND record = ?3 AND cleared_at IS NULL AND NOT EXISTS
               (SELECT 1 FROM quarantine AS q WHERE q.station = ?1 AND q.record = ?3 AND q.state = 2 AND q.reason = ?4)",
        )?
        .execute(params![station.0, kind, record.0, QuarantineReason::Conflict.to_string()])?;
    Ok(())
}

/// Clears an alert whose cause is gone.
pub(super) fn clear_one(
    connection: &Connection,
    station: StationId,
    kind: AlertKind,
    record: RecordId,
    now: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE alerts SET cleared_at = ?4
             WHERE station = ?1 AND kind = ?2 AND record = ?3 AND cleared_at IS NULL",
        )?
        .execute(params![station.0, kind.code(), record.0, now.0])?;
    Ok(())
}
