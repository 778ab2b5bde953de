//! Committing a batch.

use rusqlite::{Connection, OptionalExtension, Result, params};
use wire::{ReceiptLine, RecordId, RecordStatus, SealedReport, StationId};

use super::chains;
use crate::store::reason::QuarantineReason;
use crate::store::types::{AlertKind, Arrival};

pub(super) fn accept(connection: &Connection, arrival: &Arrival<'_>) -> Result<Vec<ReceiptLine>> {
    let withdrawn: bool = connection.query_row(
        "SELECT withdrawn_at IS NOT NULL FROM stations WHERE id = ?1",
        [arrival.station.0],
        |row| row.get(0),
    )?;
    let mut lines = Vec::with_capacity(arrival.reports.len());
    let mut chain = Chain::begin(connection, arrival.station)?;
    for report in arrival.reports {
        lines.push(accept_one(connection, arrival, report, withdrawn, &mut chain)?);
    }
    connection.execute(
        "UPDATE stations SET last_seen = ?2 WHERE id = ?1",
        params![arrival.station.0, arrival.received.0],
    )?;
    Ok(lines)
}

fn accept_one(
    connection: &Connection,
    arrival: &Arrival<'_>,
    report: &SealedReport,
    withdrawn: bool,
    chain: &mut Chain,
) -> Result<ReceiptLine> {
    let hash = wire::seal::hash(&report.ciphertext);
    let status = match enter(connection, arrival.station, report, &hash)? {
        Entry::Known => RecordStatus::AlreadyStored,
        Entry::New => {
            let quarantine = withdrawn.then_some(QuarantineReason::Withdrawn);
            insert(connection, arrival, report, &hash, quarantine, chain)?;
            if withdrawn {
                let detail = "a withdrawn station still sends; its reports are in quarantine";
                let kind = AlertKind::WithdrawnSends;
                // Once for the station, not for each report.
                let all = RecordId([0; 16]);
                chains::raise(connection, arrival.station, kind, all, detail, arrival.received)?;
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

enum Entry {
    New,
    Known,
    Other,
}

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

/// What one batch need not ask the tables about again: its reports follow one another, as a rule.
struct Chain {
    /// The head after the report that was kept last.
    last: Option<[u8; 32]>,
    /// Whether reports of the station wait for what came before them.
    gaps: bool,
}

impl Chain {
    fn begin(connection: &Connection, station: StationId) -> Result<Self> {
        Ok(Self { last: None, gaps: chains::has_gaps(connection, station)? })
    }
}

/// Whether a ciphertext that conflicts is kept already.
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

/// Keeps the ciphertext, which is not here yet.
fn insert(
    connection: &Connection,
    arrival: &Arrival<'_>,
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
            if quarantine.is_some() { 2 } else { 0 },
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
