//! The chains of a station's streams: gaps, forks, and the alerts they raise.
//!
//! Each report names the head before it. A head that two reports follow is a fork (a disk was
//! restored or cloned); one that no report ends in, after a while, is a gap: inside a stream, or
//! where a stream's end never arrived.

use health_code::Timestamp;
use rusqlite::{Connection, Result, params};
use wire::{RecordId, SealedReport, StationId};

use crate::store::types::{AlertKind, Arrival};

/// The link of the first report of the first stream.
const NOTHING: [u8; 32] = [0; 32];

/// Whether what a report follows has arrived.
pub(super) fn is_linked(connection: &Connection, station: StationId, link: &[u8; 32]) -> Result<bool> {
    if *link == NOTHING {
        return Ok(true);
    }
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM arrivals WHERE station = ?1 AND head = ?2)")?
        .query_row(params![station.0, link], |row| row.get(0))
}

/// Whether any report of a station hangs in the air.
pub(super) fn has_gaps(connection: &Connection, station: StationId) -> Result<bool> {
    connection
        // Without the hint all of the station's reports are looked at.
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM arrivals INDEXED BY arrivals_unlinked
               WHERE linked = 0 AND station = ?1)",
        )?
        .query_row([station.0], |row| row.get(0))
}

/// A report has arrived: what follows it hangs in the air no longer.
pub(super) fn joined(connection: &Connection, station: StationId, head: &[u8; 32]) -> Result<()> {
    connection
        .prepare_cached("UPDATE arrivals SET linked = 1 WHERE station = ?1 AND link = ?2 AND linked = 0")?
        .execute(params![station.0, head])?;
    Ok(())
}

/// Raises the alert where another report follows the same one.
pub(super) fn alert_fork(
    connection: &Connection,
    arrival: &Arrival<'_>,
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

/// Raises and clears the alerts of gaps.
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

/// Raises an alert, once for a record.
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
