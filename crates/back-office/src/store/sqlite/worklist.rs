//! What waits to be opened: leases, outcomes, and the way back from the quarantine.

use health_code::{KeyId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result, params};
use wire::{RecordId, SealedReport, StationId, StreamId};

use super::columns::State;
use super::filing::Source;
use super::{chains, columns, filing, reading};
use crate::store::{Outcome, QuarantineReason, ReportKey, Settled, Waiting};

/// Reports that wait and that no worker holds at `?1`.
const FREE: &str = "FROM arrivals WHERE state = 0 AND NOT EXISTS
  (SELECT 1 FROM leases WHERE leases.arrival = arrivals.id AND leases.until > ?1)";

pub(super) fn is_empty(connection: &Connection, now: Timestamp) -> Result<bool> {
    connection
        .prepare_cached(&format!("SELECT NOT EXISTS (SELECT 1 {FREE})"))?
        .query_row([now.0], |row| row.get(0))
}

pub(super) fn claim(
    connection: &Connection,
    limit: usize,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Waiting>> {
    let sql = format!(
        "SELECT id, station, record, hash, received_at, stream, seq, kid, link, ciphertext {FREE}
         ORDER BY id LIMIT ?2"
    );
    let claimed = reading::list(connection, &sql, params![now.0, limit as i64], |row| {
        let id: i64 = row.get("id")?;
        let key = ReportKey {
            station: StationId(row.get("station")?),
            record: RecordId(row.get("record")?),
            hash: row.get("hash")?,
        };
        let report = SealedReport {
            stream: StreamId(row.get("stream")?),
            seq: columns::u64_of(row, "seq")?,
            record: key.record,
            kid: KeyId(row.get("kid")?),
            link: row.get("link")?,
            ciphertext: row.get("ciphertext")?,
        };
        Ok((id, Waiting { key, received: columns::time(row, "received_at")?, report }))
    })?;
    let mut lease =
        connection.prepare_cached("INSERT OR REPLACE INTO leases (arrival, until) VALUES (?1, ?2)")?;
    for (id, _) in &claimed {
        lease.execute(params![id, until.0])?;
    }
    Ok(claimed.into_iter().map(|(_, waiting)| waiting).collect())
}

pub(super) fn settle(connection: &Connection, settled: &[Settled], now: Timestamp) -> Result<()> {
    settled.iter().try_for_each(|settled| settle_one(connection, settled, now))
}

fn settle_one(connection: &Connection, settled: &Settled, now: Timestamp) -> Result<()> {
    let key = settled.key;
    let waiting: Option<(i64, Timestamp)> = connection
        .prepare_cached(
            "SELECT id, received_at FROM arrivals
             WHERE state = 0 AND station = ?1 AND record = ?2 AND hash = ?3",
        )?
        .query_row(params![key.station.0, key.record.0, key.hash], |row| {
            Ok((row.get(0)?, columns::time(row, "received_at")?))
        })
        .optional()?;
    // Settled before: by a worker whose lease had ended, or by this one before it was interrupted.
    let Some((id, received)) = waiting else { return Ok(()) };
    let (state, reason) = match &settled.outcome {
        Outcome::Filed(filing) => {
            filing::file(connection, &Source { key, received }, filing, now)?;
            (State::Filed, None)
        }
        Outcome::Quarantined(reason) => (State::Quarantined, Some(reason.to_string())),
    };
    connection
        .prepare_cached(
            "UPDATE arrivals SET state = ?2, reason = ?3,
               ciphertext = CASE ?2 WHEN 1 THEN NULL ELSE ciphertext END
             WHERE id = ?1",
        )?
        .execute(params![id, state, reason])?;
    connection.prepare_cached("DELETE FROM leases WHERE arrival = ?1")?.execute([id])?;
    for (kind, detail) in &settled.alerts {
        chains::raise(connection, key.station, *kind, key.record, detail, now)?;
    }
    Ok(())
}

pub(super) fn reopen(connection: &Connection, reason: Option<QuarantineReason>) -> Result<usize> {
    connection.execute(
        "UPDATE arrivals SET state = 0 WHERE state = 2 AND reason <> ?1
           AND (reason = ?2 OR (?2 IS NULL AND reason <> ?3))",
        params![
            QuarantineReason::Conflict.to_string(),
            reason.map(|reason| reason.to_string()),
            QuarantineReason::Withdrawn.to_string()
        ],
    )
}
