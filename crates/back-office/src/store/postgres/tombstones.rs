//! What was erased, and is not to come back.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Transaction;
use wire::{RecordId, StationId};

use super::columns::{Columns as _, Result, rows, run};
use crate::store::{ReportKey, filed_as};

/// Notes that a report was erased.
pub(super) async fn bury(transaction: &Transaction<'_>, station: StationId, record: RecordId) -> Result<()> {
    let sql = "INSERT INTO tombstones (station, record) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    run(transaction, sql, &[&station.0.as_slice(), &record.0.as_slice()]).await.map(drop)
}

/// Notes that a report in conflict was erased. Whatever else is under its id stays.
pub(super) async fn bury_conflict(transaction: &Transaction<'_>, key: &ReportKey) -> Result<()> {
    let sql =
        "INSERT INTO conflict_tombstones (station, record, hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let (station, record, hash) = (key.station.0.as_slice(), key.record.0.as_slice(), key.hash.as_slice());
    run(transaction, sql, &[&station, &record, &hash]).await.map(drop)
}

/// Notes of a passage that was erased that it had been a report in conflict, if a person filed it as one.
pub(super) async fn bury_if_filed(
    transaction: &Transaction<'_>,
    station: StationId,
    record: RecordId,
) -> Result<()> {
    let sql = "SELECT record, hash FROM quarantine WHERE station = $1 AND state = 1 AND reason = 'conflict'";
    for row in rows(transaction, sql, &[&station.0.as_slice()]).await? {
        let key = ReportKey { station, record: row.record("record")?, hash: row.array("hash")? };
        if filed_as(&key) == record {
            bury_conflict(transaction, &key).await?;
        }
    }
    Ok(())
}

/// Returns those of these reports that were erased.
pub(super) async fn buried(
    transaction: &Transaction<'_>,
    reports: impl Iterator<Item = ReportKey>,
) -> Result<BTreeSet<ReportKey>> {
    let mut of: BTreeMap<StationId, Vec<ReportKey>> = BTreeMap::new();
    for key in reports {
        of.entry(key.station).or_default().push(key);
    }
    let sql = "SELECT record, NULL::bytea AS hash FROM tombstones WHERE station = $1 AND record = ANY ($2)
       UNION ALL SELECT record, hash FROM conflict_tombstones WHERE station = $1 AND record = ANY ($2)";
    let mut buried = BTreeSet::new();
    for (station, keys) in of {
        let records: Vec<&[u8]> = keys.iter().map(|key| key.record.0.as_slice()).collect();
        for row in rows(transaction, sql, &[&station.0.as_slice(), &records]).await? {
            let record: RecordId = row.record("record")?;
            let hash: Option<&[u8]> = row.try_get("hash")?;
            let is_it = |key: &&ReportKey| key.record == record && hash.is_none_or(|hash| hash == key.hash);
            buried.extend(keys.iter().filter(is_it));
        }
    }
    Ok(buried)
}

/// Returns whether a report was erased while another one had its id.
pub(super) async fn is_conflict_buried(transaction: &Transaction<'_>, key: &ReportKey) -> Result<bool> {
    let sql = "SELECT 1 FROM conflict_tombstones WHERE station = $1 AND record = $2 AND hash = $3";
    let (station, record, hash) = (key.station.0.as_slice(), key.record.0.as_slice(), key.hash.as_slice());
    Ok(!rows(transaction, sql, &[&station, &record, &hash]).await?.is_empty())
}
