//! Reports that are kept as they arrived, and the way back to the workers.

use deadpool_postgres::{GenericClient, Transaction};
use health_code::{KeyId, Timestamp};
use tokio_postgres::Row;
use wire::{RecordId, SealedReport, StationId, StreamId};

use super::columns::{self, Columns as _, Params, Result, row, rows, run, stored};
use super::tombstones;
use crate::store::{Content, Letter, LetterKey, QuarantineReason, Quarantined, ReportKey, Waiting};

/// What became of a report in quarantine.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    Filed = 1,
    Quarantined = 2,
}

/// Keeps a report in quarantine. One that is there already stays as it is; one that was erased stays away, and false is
/// returned. A conflict is another one under its id.
pub(super) async fn insert(
    transaction: &Transaction<'_>,
    station: StationId,
    report: &SealedReport,
    received: Timestamp,
    reason: QuarantineReason,
) -> Result<bool> {
    let sql =
        "INSERT INTO quarantine (station, record, hash, stream, seq, kid, link, received, reason, ciphertext)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    let key = ReportKey { station, record: report.record, hash: wire::seal::hash(&report.ciphertext) };
    let buried = match reason {
        QuarantineReason::Conflict => tombstones::is_conflict_buried(transaction, &key).await?,
        _ => !tombstones::buried(transaction, std::iter::once(key)).await?.is_empty(),
    };
    if buried {
        return Ok(false);
    }
    let (station, record, hash) = (key.station.0.as_slice(), key.record.0.as_slice(), key.hash.as_slice());
    let (stream, kid, link) = (report.stream.0.as_slice(), report.kid.0.as_slice(), report.link.as_slice());
    let (seq, reason) = (stored(report.seq), reason.to_string());
    let params: Params<'_> =
        &[&station, &record, &hash, &stream, &seq, &kid, &link, &received.0, &reason, &report.ciphertext];
    run(transaction, sql, params).await?;
    Ok(true)
}

/// Returns link and hash of each of a station's conflicts.
pub(super) async fn conflicts(
    client: &impl GenericClient,
    station: StationId,
) -> Result<Vec<([u8; 32], [u8; 32])>> {
    let sql = "SELECT link, hash FROM quarantine WHERE station = $1 AND reason = 'conflict'";
    let found = rows(client, sql, &[&station.0.as_slice()]).await?;
    found.iter().map(|row| Ok((row.array("link")?, row.array("hash")?))).collect()
}

/// Returns the reports in conflict under a record id.
pub(super) async fn in_conflict(
    client: &impl GenericClient,
    station: StationId,
    record: RecordId,
) -> Result<Vec<Waiting>> {
    let sql = "SELECT station, record, hash, received, stream, seq, kid, link, ciphertext FROM quarantine
       WHERE station = $1 AND record = $2 AND state = 2 AND reason = 'conflict' ORDER BY received, hash";
    let found = rows(client, sql, &[&station.0.as_slice(), &record.0.as_slice()]).await?;
    found.iter().filter_map(|row| waiting(row).transpose()).collect()
}

/// Reads a report.
pub(super) fn waiting(row: &Row) -> Result<Option<Waiting>> {
    let Letter { content: Content::Report(report), received, .. } = letter_of(row)? else { return Ok(None) };
    Ok(Some(Waiting::of(row.station("station")?, *report, received)))
}

/// Locks a report in conflict. Returns false if it is in conflict no more.
pub(super) async fn lock_conflict(transaction: &Transaction<'_>, key: &ReportKey) -> Result<bool> {
    let sql = "SELECT 1 FROM quarantine WHERE station = $1 AND record = $2 AND hash = $3 AND state = 2
         AND reason = 'conflict'
       FOR UPDATE";
    let (station, record, hash) = (key.station.0.as_slice(), key.record.0.as_slice(), key.hash.as_slice());
    Ok(row(transaction, sql, &[&station, &record, &hash]).await?.is_some())
}

pub(super) async fn list(client: &impl GenericClient, limit: usize) -> Result<Vec<Quarantined>> {
    let sql = "SELECT station, record, hash, received, reason FROM quarantine WHERE state = 2
       ORDER BY received DESC, stream DESC, seq DESC LIMIT $1";
    let read = |row: &Row| {
        let ReportKey { station, record, hash } = key_of(row)?;
        Ok(Quarantined {
            station,
            record,
            hash,
            received: row.time("received")?,
            reason: row.parsed("reason")?,
        })
    };
    rows(client, sql, &[&columns::limit(limit)]).await?.iter().map(read).collect()
}

/// Lets reports wait again; a conflict stays.
pub(super) async fn reopen(client: &impl GenericClient, reason: Option<QuarantineReason>) -> Result<usize> {
    let waits = "UPDATE quarantine SET state = 0, until = 0 WHERE state = 2 AND reason <> 'conflict'";
    let count = match reason {
        Some(reason) => run(client, &format!("{waits} AND reason = $1"), &[&reason.to_string()]).await?,
        None => run(client, &format!("{waits} AND reason <> 'withdrawn'"), &[]).await?,
    };
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Leases reports that wait again, the oldest first.
pub(super) async fn claim(
    transaction: &Transaction<'_>,
    limit: usize,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Letter>> {
    let sql = "SELECT station, record, hash FROM quarantine WHERE state = 0 AND until <= $1
       ORDER BY received, station, record, hash LIMIT $2";
    let lease = "UPDATE quarantine SET until = $5 WHERE station = $1 AND record = $2 AND hash = $3
         AND state = 0 AND until <= $4
       RETURNING station, record, hash, received, stream, seq, kid, link, ciphertext";
    let mut letters = Vec::new();
    for found in rows(transaction, sql, &[&now.0, &columns::limit(limit)]).await? {
        let ReportKey { station, record, hash } = key_of(&found)?;
        let (station, record, hash) = (station.0.as_slice(), record.0.as_slice(), hash.as_slice());
        if let Some(leased) = row(transaction, lease, &[&station, &record, &hash, &now.0, &until.0]).await? {
            letters.push(letter_of(&leased)?);
        }
    }
    Ok(letters)
}

/// Locks a report that waits again. Returns false if it waits no more.
pub(super) async fn lock(transaction: &Transaction<'_>, key: &ReportKey) -> Result<bool> {
    let sql = "SELECT 1 FROM quarantine WHERE station = $1 AND record = $2 AND hash = $3 AND state = 0
       FOR UPDATE";
    let (station, record, hash) = (key.station.0.as_slice(), key.record.0.as_slice(), key.hash.as_slice());
    Ok(row(transaction, sql, &[&station, &record, &hash]).await?.is_some())
}

/// Notes what became of a report that waited again. The ciphertext of a filed one is erased.
pub(super) async fn settle(
    transaction: &Transaction<'_>,
    key: &ReportKey,
    state: State,
    reason: Option<QuarantineReason>,
) -> Result<()> {
    let sql = "UPDATE quarantine SET state = $4::smallint, reason = coalesce($5, reason), until = 0,
         ciphertext = CASE WHEN $4::smallint = 1 THEN ''::bytea ELSE ciphertext END
       WHERE station = $1 AND record = $2 AND hash = $3";
    let (station, record, hash) = (key.station.0.as_slice(), key.record.0.as_slice(), key.hash.as_slice());
    let (state, reason) = (state as i16, reason.map(|reason| reason.to_string()));
    run(transaction, sql, &[&station, &record, &hash, &state, &reason]).await.map(drop)
}

/// Returns when the oldest report that waits again arrived.
pub(super) async fn oldest(client: &impl GenericClient) -> Result<Option<(StationId, Timestamp)>> {
    let sql = "SELECT station, received FROM quarantine WHERE state = 0 ORDER BY received LIMIT 1";
    let found = row(client, sql, &[]).await?;
    found.as_ref().map(|row| Ok((row.station("station")?, row.time("received")?))).transpose()
}

pub(super) fn key_of(row: &Row) -> Result<ReportKey> {
    Ok(ReportKey {
        station: row.station("station")?,
        record: row.record("record")?,
        hash: row.array("hash")?,
    })
}

fn letter_of(row: &Row) -> Result<Letter> {
    let key = key_of(row)?;
    let report = SealedReport {
        stream: StreamId(row.array("stream")?),
        seq: row.unsigned("seq")?,
        record: key.record,
        kid: KeyId(row.array("kid")?),
        link: row.array("link")?,
        ciphertext: row.try_get("ciphertext")?,
    };
    let content = Content::Report(Box::new(report));
    Ok(Letter { key: LetterKey::Reopened(key), received: row.time("received")?, content })
}
