//! Reports that could not be filed.

use health_code::{KeyId, Timestamp};
use rusqlite::{Connection, Result, Row, params};
use wire::{RecordId, SealedReport, StationId, StreamId};

use super::columns::State;
use super::{columns, reading, tombstones};
use crate::store::chain::Head;
use crate::store::{QuarantineReason, Quarantined, ReportKey, Waiting};

/// Keeps a report in quarantine. One that is there already stays as it is; one that was erased stays away, and false is
/// returned. A conflict is another one under its id.
pub(super) fn keep(
    connection: &Connection,
    station: StationId,
    report: &SealedReport,
    reason: QuarantineReason,
    received: Timestamp,
) -> Result<bool> {
    let key = ReportKey { station, record: report.record, hash: wire::seal::hash(&report.ciphertext) };
    let buried = match reason {
        QuarantineReason::Conflict => tombstones::is_conflict_buried(connection, &key)?,
        _ => tombstones::is_buried(connection, &key)?,
    };
    if buried {
        return Ok(false);
    }
    connection
        .prepare_cached(
            "INSERT INTO quarantine (station, record, hash, reason, state, stream, seq, kid, link, received_at,
               ciphertext)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            station.0,
            report.record.0,
            key.hash,
            reason.to_string(),
            State::Quarantined,
            report.stream.0,
            columns::place(report.seq),
            report.kid.0,
            report.link,
            received.0,
            report.ciphertext,
        ])?;
    Ok(true)
}

/// Returns link and hash of each of a station's conflicts.
pub(super) fn conflicts(connection: &Connection, station: StationId) -> Result<Vec<(Head, [u8; 32])>> {
    let sql = "SELECT link, hash FROM quarantine WHERE station = ?1 AND reason = ?2";
    let conflict = QuarantineReason::Conflict.to_string();
    reading::list(connection, sql, params![station.0, conflict], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Returns the reports in conflict under a record id.
pub(super) fn in_conflict(
    connection: &Connection,
    station: StationId,
    record: RecordId,
) -> Result<Vec<Waiting>> {
    let sql = "SELECT * FROM quarantine WHERE station = ?1 AND record = ?2 AND state = 2 AND reason = ?3
               ORDER BY received_at, hash";
    let conflict = QuarantineReason::Conflict.to_string();
    reading::list(connection, sql, params![station.0, record.0, conflict], |row| {
        Ok(Waiting::of(station, read_report(row)?, columns::time(row, "received_at")?))
    })
}

pub(super) fn list(connection: &Connection, limit: usize) -> Result<Vec<Quarantined>> {
    let sql = "SELECT station, record, hash, received_at, reason FROM quarantine WHERE state = 2
               ORDER BY received_at DESC, stream DESC, seq DESC LIMIT ?1";
    reading::list(connection, sql, [limit as i64], |row| {
        let ReportKey { station, record, hash } = read_key(row)?;
        let received = columns::time(row, "received_at")?;
        Ok(Quarantined { station, record, hash, received, reason: columns::parsed(row, "reason")? })
    })
}

pub(super) fn reopen(connection: &Connection, reason: Option<QuarantineReason>) -> Result<usize> {
    connection.execute(
        "UPDATE quarantine SET state = 0 WHERE state = 2 AND reason <> ?1
           AND (reason = ?2 OR (?2 IS NULL AND reason <> ?3))",
        params![
            QuarantineReason::Conflict.to_string(),
            reason.map(|reason| reason.to_string()),
            QuarantineReason::Withdrawn.to_string()
        ],
    )
}

pub(super) fn read_key(row: &Row<'_>) -> Result<ReportKey> {
    let (station, record) = (StationId(row.get("station")?), RecordId(row.get("record")?));
    Ok(ReportKey { station, record, hash: row.get("hash")? })
}

pub(super) fn read_report(row: &Row<'_>) -> Result<SealedReport> {
    Ok(SealedReport {
        stream: StreamId(row.get("stream")?),
        seq: columns::u64_of(row, "seq")?,
        record: RecordId(row.get("record")?),
        kid: KeyId(row.get("kid")?),
        link: row.get("link")?,
        ciphertext: row.get("ciphertext")?,
    })
}
