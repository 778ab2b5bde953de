//! Committing a batch.

use health_code::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, params};
use wire::{ReceiptLine, RecordId, RecordStatus, SealedReport, StationId};

use super::chains;
use super::columns::State;
use crate::store::{Accepted, AlertKind, Arrival, QuarantineReason};

/// Commits a batch.
pub(super) fn accept(connection: &Connection, arrival: &Arrival) -> Result<Accepted> {
    let (withdrawn, told): (Option<i64>, bool) = connection.query_row(
        "SELECT withdrawn_at, told_at IS NOT NULL FROM stations WHERE id = ?1",
        [arrival.station.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut lines = Vec::with_capacity(arrival.reports.len());
    let mut chain = Chain::begin(connection, arrival.station)?;
    for report in &arrival.reports {
        lines.push(accept_one(connection, arrival, report, told, &mut chain)?);
    }
    connection.execute(
        "UPDATE stations SET last_seen = ?2,
           told_at = CASE WHEN withdrawn_at IS NULL THEN NULL ELSE coalesce(told_at, ?2) END
         WHERE id = ?1",
        params![arrival.station.0, arrival.received.0],
    )?;
    Ok(Accepted { lines, withdrawn: withdrawn.map(Timestamp) })
}

fn accept_one(
    connection: &Connection,
    arrival: &Arrival,
    report: &SealedReport,
    told: bool,
    chain: &mut Chain,
) -> Result<ReceiptLine> {
    let hash = wire::seal::hash(&report.ciphertext);
    let status = match enter(connection, arrival.station, report, &hash)? {
        Entry::Known => RecordStatus::AlreadyStored,
        Entry::New => {
            let quarantine = told.then_some(QuarantineReason::Withdrawn);
            insert(connection, arrival, report, &hash, quarantine, chain)?;
            if told {
                let detail = "reports came after the answer that said that the station is withdrawn; they are in quarantine";
                let kind = AlertKind::WithdrawnSends;
                // Zeros for the record: one alert for the station, not one for each report.
                let none = RecordId([0; 16]);
                chains::raise(connection, arrival.station, kind, none, detail, arrival.received)?;
            }
            RecordStatus::Stored
        }
        Entry::Other => {
            if !is_kept(connection, arrival.station, report, &hash)? {
                insert(connection, arrival, report, &hash, Some(QuarantineReason::Conflict), chain)?;
                let detail = "another ciphertext came under a known record id; both are kept";
                let kind = AlertKind::Conflict;
                chains::raise(connection, arrival.station, kind, report.record, detail, arrival.received)?;
            }
            RecordStatus::Conflict
        }
    };
    Ok(ReceiptLine { record: report.record, hash, status })
}

/// What the ledger says about a report.
enum Entry {
    /// The record is new, and entered now.
    New,
    /// This ciphertext came before.
    Known,
    /// Another ciphertext came under this record id.
    Other,
}

/// Enters a report into the ledger if its record is new.
fn enter(
    connection: &Connection,
    station: StationId,
    report: &SealedReport,
    hash: &[u8; 32],
) -> Result<Entry> {
    let new = connection
        .prepare_cached(
            "INSERT INTO ledger (station, record, hash) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![station.0, report.record.0, hash])?;
    if new == 1 {
        return Ok(Entry::New);
    }
    let known: Option<[u8; 32]> = connection
        .prepare_cached("SELECT hash FROM ledger WHERE station = ?1 AND record = ?2")?
        .query_row(params![station.0, report.record.0], |row| row.get(0))
        .optional()?;
    Ok(if known.as_ref() == Some(hash) { Entry::Known } else { Entry::Other })
}

/// What is known about the station's chain while a batch is committed. The reports of a batch mostly
/// follow one another, so this saves most look-ups.
struct Chain {
    /// The head after the report that was kept last.
    last: Option<[u8; 32]>,
    /// Whether some report of the station has no predecessor here.
    gaps: bool,
}

impl Chain {
    fn begin(connection: &Connection, station: StationId) -> Result<Self> {
        Ok(Self { last: None, gaps: chains::has_gaps(connection, station)? })
    }
}

/// Returns whether this ciphertext is kept as a conflict already.
fn is_kept(
    connection: &Connection,
    station: StationId,
    report: &SealedReport,
    hash: &[u8; 32],
) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM arrivals
               WHERE conflict = 1 AND station = ?1 AND record = ?2 AND hash = ?3)",
        )?
        .query_row(params![station.0, report.record.0, hash], |row| row.get(0))
}

/// Keeps a ciphertext that is not here yet, and updates the chain.
fn insert(
    connection: &Connection,
    arrival: &Arrival,
    report: &SealedReport,
    hash: &[u8; 32],
    quarantine: Option<QuarantineReason>,
    chain: &mut Chain,
) -> Result<()> {
    let head = wire::seal::head_after(&report.link, hash);
    let linked =
        chain.last == Some(report.link) || chains::is_linked(connection, arrival.station, &report.link)?;
    connection
        .prepare_cached(
            "INSERT INTO arrivals (station, record, hash, batch, stream, seq, kid, link, head, linked,
               conflict, received_at, state, reason, ciphertext)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            arrival.station.0,
            report.record.0,
            hash,
            arrival.batch.0,
            report.stream.0,
            report.seq.to_be_bytes(),
            report.kid.0,
            report.link,
            head,
            linked,
            quarantine == Some(QuarantineReason::Conflict),
            arrival.received.0,
            if quarantine.is_some() { State::Quarantined } else { State::Waiting },
            quarantine.map(|reason| reason.to_string()),
            report.ciphertext,
        ])?;
    if chain.gaps {
        chains::joined(connection, arrival.station, &head)?;
    }
    chain.gaps |= !linked;
    chain.last = Some(head);
    chains::alert_fork(connection, arrival, report, hash)
}
