//! What waits to be opened: leases, outcomes, and the way back from the quarantine.

use health_code::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use wire::StationId;

use super::columns::State;
use super::filing::Source;
use super::{alerts, columns, filing, quarantine, reading, tally, tombstones};
use crate::store::tally::Batch;
use crate::store::{
    AlertKind, Content, Letter, LetterKey, Opened, Outcome, QuarantineReason, ReportKey, Settled, Skip,
    StoreError, Waiting,
};

/// Letters that wait and that no worker holds at `?1`.
const FREE: &str = "FROM mail WHERE NOT EXISTS
  (SELECT 1 FROM lease WHERE lease.mail = mail.id AND lease.until > ?1)";
/// Reports that were let out of quarantine and that no worker holds at `?1`.
const REOPENED: &str = "FROM quarantine WHERE state = 0 AND (until IS NULL OR until <= ?1)";

pub(super) fn is_empty(connection: &Connection, now: Timestamp) -> Result<bool> {
    connection
        .prepare_cached(&format!("SELECT NOT EXISTS (SELECT 1 {FREE}) AND NOT EXISTS (SELECT 1 {REOPENED})"))?
        .query_row([now.0], |row| row.get(0))
}

pub(super) fn oldest(connection: &Connection) -> Result<Option<(StationId, Timestamp)>> {
    let sql = "SELECT station, received_at FROM (SELECT * FROM (SELECT station, received_at FROM mail ORDER BY id LIMIT 1)
               UNION ALL SELECT * FROM (SELECT station, received_at FROM quarantine WHERE state = 0
                 ORDER BY received_at LIMIT 1))
               ORDER BY received_at LIMIT 1";
    let read = |row: &Row<'_>| Ok((StationId(row.get("station")?), columns::time(row, "received_at")?));
    connection.prepare_cached(sql)?.query_row([], read).optional()
}

pub(super) fn claim(
    connection: &Connection,
    limit: usize,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Letter>> {
    let mut left = limit;
    let mut letters = claim_reopened(connection, &mut left, now, until)?;
    let mut select = connection.prepare_cached(&format!("SELECT * {FREE} ORDER BY id"))?;
    let mut lease =
        connection.prepare_cached("INSERT OR REPLACE INTO lease (mail, until) VALUES (?1, ?2)")?;
    let mut rows = select.query([now.0])?;
    let mut claimed = Vec::new();
    while left > 0
        && let Some(row) = rows.next()?
    {
        let waiting = row.get::<_, i64>("waiting")?.unsigned_abs() as usize;
        if waiting > left && !letters.is_empty() {
            break;
        }
        left = left.saturating_sub(waiting);
        let station = StationId(row.get("station")?);
        let skip = row.get::<_, Option<Vec<u8>>>("skip")?.map(Skip::from_bits);
        claimed.push(row.get::<_, i64>("id")?);
        letters.push(Letter {
            key: LetterKey::Mail { station, n: row.get::<_, i64>("n")?.unsigned_abs() },
            received: columns::time(row, "received_at")?,
            content: Content::Batch { signed: row.get("body")?, skip },
        });
    }
    for id in claimed {
        lease.execute(params![id, until.0])?;
    }
    Ok(letters)
}

fn claim_reopened(
    connection: &Connection,
    left: &mut usize,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Letter>> {
    let sql = format!("SELECT * {REOPENED} ORDER BY received_at, id LIMIT ?2");
    let found = reading::list(connection, &sql, params![now.0, *left as i64], |row| {
        let letter = Letter {
            key: LetterKey::Reopened(quarantine::read_key(row)?),
            received: columns::time(row, "received_at")?,
            content: Content::Report(Box::new(quarantine::read_report(row)?)),
        };
        Ok((row.get::<_, i64>("id")?, letter))
    })?;
    let mut lease = connection.prepare_cached("UPDATE quarantine SET until = ?2 WHERE id = ?1")?;
    for (id, _) in &found {
        lease.execute(params![id, until.0])?;
    }
    *left -= found.len();
    Ok(found.into_iter().map(|(_, letter)| letter).collect())
}

/// Letters with each report and what became of it.
pub(super) type Pairs = Vec<(LetterKey, Vec<(Waiting, Settled)>)>;

/// Unfolds opened letters, before the database is held.
pub(super) fn pairs(opened: &[Opened]) -> std::result::Result<Pairs, StoreError> {
    let own = |opened: &Opened| {
        let pairs = opened.pairs()?.into_iter().map(|(waiting, settled)| (waiting, settled.clone()));
        Ok((opened.letter.key, pairs.collect()))
    };
    opened.iter().map(own).collect()
}

/// Returns whether letters bring something that was here before.
pub(super) fn bring_again(opened: &[Opened]) -> bool {
    let known = |opened: &Opened| matches!(opened.letter.content, Content::Batch { skip: Some(_), .. });
    opened.iter().any(known)
}

/// Settles letters. Returns whether anything was dropped because it had been erased.
pub(super) fn settle(connection: &Connection, letters: &Pairs, now: Timestamp) -> Result<bool> {
    let mut counted = Batch::new(now);
    let mut dropped = false;
    for (key, reports) in letters {
        // Settled before: by a worker whose lease had ended, or by this one before it was interrupted.
        let waits = match key {
            LetterKey::Mail { station, n } => take(connection, *station, *n)?,
            LetterKey::Reopened(key) => is_reopened(connection, key)?,
        };
        if waits {
            let from = matches!(key, LetterKey::Reopened(_));
            for (waiting, settled) in reports {
                dropped |= !settle_one(connection, waiting, settled, from, &mut counted)?;
            }
        }
    }
    tally::add(connection, &counted)?;
    Ok(dropped)
}

/// Takes a letter from the mail. Returns whether it was there.
fn take(connection: &Connection, station: StationId, n: u64) -> Result<bool> {
    let id: Option<i64> = connection
        .prepare_cached("DELETE FROM mail WHERE station = ?1 AND n = ?2 RETURNING id")?
        .query_row(params![station.0, n as i64], |row| row.get(0))
        .optional()?;
    if let Some(id) = id {
        connection.prepare_cached("DELETE FROM lease WHERE mail = ?1")?.execute([id])?;
    }
    Ok(id.is_some())
}

fn is_reopened(connection: &Connection, key: &ReportKey) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM quarantine
               WHERE state = 0 AND station = ?1 AND record = ?2 AND hash = ?3)",
        )?
        .query_row(params![key.station.0, key.record.0, key.hash], |row| row.get(0))
}

/// Returns false where the report had been erased, and is dropped.
fn settle_one(
    connection: &Connection,
    waiting: &Waiting,
    settled: &Settled,
    from_quarantine: bool,
    counted: &mut Batch,
) -> Result<bool> {
    let (key, now) = (settled.key, counted.now);
    // What was erased is not filed again, whichever way it comes.
    if tombstones::is_buried(connection, &key)? {
        if from_quarantine {
            update(connection, &key, State::Filed, None)?;
        }
        return Ok(false);
    }
    let quarantined = match &settled.outcome {
        Outcome::Quarantined(reason) => Some(*reason),
        Outcome::Filed(filing) => {
            let source = Source { key, received: waiting.received, seq: waiting.report.seq };
            let filed = filing::file(connection, &source, filing, now)?;
            if filed {
                tally::count(connection, &source, filing, counted)?;
            }
            (!filed).then_some(QuarantineReason::Conflict)
        }
    };
    let filed_twice = matches!(settled.outcome, Outcome::Filed(_)) && quarantined.is_some();
    if filed_twice {
        let detail = "the record id came again at another place of the station's chain";
        alerts::raise(connection, key.station, AlertKind::Conflict, key.record, detail, now)?;
    }
    match quarantined {
        Some(reason) if from_quarantine => update(connection, &key, State::Quarantined, Some(reason))?,
        None if from_quarantine => update(connection, &key, State::Filed, None)?,
        Some(reason) => {
            quarantine::keep(connection, key.station, &waiting.report, reason, waiting.received)?;
        }
        None => {}
    }
    for (kind, detail) in &settled.alerts {
        alerts::raise(connection, key.station, *kind, key.record, detail, now)?;
    }
    Ok(true)
}

/// Files an opened report in conflict under another record id.
pub(super) fn file_conflict(
    connection: &Connection,
    conflict: &Waiting,
    opened: &Settled,
    now: Timestamp,
) -> Result<bool> {
    let ReportKey { station, record, .. } = conflict.key;
    let open = |key: &dyn Fn(&Waiting) -> bool| -> Result<bool> {
        Ok(quarantine::in_conflict(connection, station, record)?.iter().any(key))
    };
    let Outcome::Filed(filing) = &opened.outcome else { return Ok(false) };
    let source = Source { key: opened.key, received: conflict.received, seq: conflict.report.seq };
    if !open(&|other: &Waiting| other.key == conflict.key)?
        || !filing::file(connection, &source, filing, now)?
    {
        return Ok(false);
    }
    let mut counted = Batch::new(now);
    tally::count(connection, &source, filing, &mut counted)?;
    tally::add(connection, &counted)?;
    update(connection, &conflict.key, State::Filed, None)?;
    if !open(&|_: &Waiting| true)? {
        alerts::clear_one(connection, station, AlertKind::Conflict, record, now)?;
    }
    for (kind, detail) in &opened.alerts {
        alerts::raise(connection, station, *kind, opened.key.record, detail, now)?;
    }
    Ok(true)
}

fn update(
    connection: &Connection,
    key: &ReportKey,
    state: State,
    reason: Option<QuarantineReason>,
) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE quarantine SET state = ?4, reason = coalesce(?5, reason), until = NULL,
               ciphertext = CASE ?4 WHEN 1 THEN x'' ELSE ciphertext END
             WHERE station = ?1 AND record = ?2 AND hash = ?3",
        )?
        .execute(params![
            key.station.0,
            key.record.0,
            key.hash,
            state,
            reason.map(|reason| reason.to_string())
        ])?;
    Ok(())
}
