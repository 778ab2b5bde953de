//! The chains of a station's reports: gaps, forks, and the alerts that they raise.
//!
//! Each report names the head that it follows (its link) and makes a new head. Where two reports
//! follow the same head, there is a fork: a disk was restored or cloned. Where the head that a report
//! follows does not arrive for some time, there is a gap: reports between the two are missing.

use health_code::Timestamp;
use rusqlite::{Connection, Result, params};
use wire::{RecordId, SealedReport, StationId};

use crate::store::{AlertKind, Arrival};

/// The link of a station's very first report, which follows nothing.
const NOTHING: [u8; 32] = [0; 32];

/// Returns whether the head that a report follows has arrived.
pub(super) fn is_linked(connection: &Connection, station: StationId, link: &[u8; 32]) -> Result<bool> {
    if *link == NOTHING {
        return Ok(true);
    }
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM arrivals WHERE station = ?1 AND head = ?2)")?
        .query_row(params![station.0, link], |row| row.get(0))
}

/// Returns whether some report of a station has no predecessor here.
pub(super) fn has_gaps(connection: &Connection, station: StationId) -> Result<bool> {
    connection
        // Without the hint, SQLite looks at all of the station's reports.
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM arrivals INDEXED BY arrivals_unlinked
               WHERE linked = 0 AND station = ?1)",
        )?
        .query_row([station.0], |row| row.get(0))
}

/// Marks the reports that follow this head: their predecessor has arrived.
pub(super) fn joined(connection: &Connection, station: StationId, head: &[u8; 32]) -> Result<()> {
    connection
        .prepare_cached("UPDATE arrivals SET linked = 1 WHERE station = ?1 AND link = ?2 AND linked = 0")?
        .execute(params![station.0, head])?;
    Ok(())
}

/// Raises an alert if another report follows the same head.
pub(super) fn alert_fork(
    connection: &Connection,
    arrival: &Arrival,
    report: &SealedReport,
    hash: &[u8; 32],
) -> Result<()> {
    let forked: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM arrivals
               WHERE station = ?1 AND link = ?2 AND NOT (record = ?3 AND hash = ?4))",
        )?
        .query_row(params![arrival.station.0, report.link, report.record.0, hash], |row| row.get(0))?;
    if forked {
        let detail = if report.link == NOTHING {
            "a second stream without a predecessor: the station's outbox was replaced or cloned".to_owned()
        } else {
            format!(
                "stream {} #{} follows what another report follows: a restored or cloned disk",
                report.stream, report.seq
            )
        };
        raise(connection, arrival.station, AlertKind::Fork, report.record, &detail, arrival.received)?;
    }
    Ok(())
}

/// Raises gap alerts for reports that arrived by `before`, and clears those of filled gaps.
pub(super) fn check(connection: &Connection, before: Timestamp, now: Timestamp) -> Result<()> {
    connection.execute(
        "INSERT INTO alerts (station, kind, record, detail, raised_at)
         SELECT station, ?1, record, 'stream ' || lower(hex(stream)) || ': what came before #'
           || lower(hex(seq)) || ' has not arrived', ?2
         FROM arrivals WHERE linked = 0 AND received_at <= ?3
         ON CONFLICT DO NOTHING",
        params![AlertKind::Gap.code(), now.0, before.0],
    )?;
    connection.execute(
        "UPDATE alerts SET cleared_at = ?2 WHERE kind = ?1 AND cleared_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM arrivals WHERE arrivals.station = alerts.station
             AND arrivals.record = alerts.record AND arrivals.linked = 0)",
        params![AlertKind::Gap.code(), now.0],
    )?;
    Ok(())
}

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
