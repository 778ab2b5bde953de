//! What was erased, and is not to come back.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Transaction;
use wire::{RecordId, StationId};

use super::columns::{Columns as _, Result, rows, run};

/// Notes that a report was erased.
pub(super) async fn bury(transaction: &Transaction<'_>, station: StationId, record: RecordId) -> Result<()> {
    let sql = "INSERT INTO tombstones (station, record) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    run(transaction, sql, &[&station.0.as_slice(), &record.0.as_slice()]).await.map(drop)
}

/// Returns those of these reports that were erased.
pub(super) async fn buried(
    transaction: &Transaction<'_>,
    reports: impl Iterator<Item = (StationId, RecordId)>,
) -> Result<BTreeSet<(StationId, RecordId)>> {
    let mut of: BTreeMap<StationId, Vec<RecordId>> = BTreeMap::new();
    for (station, record) in reports {
        of.entry(station).or_default().push(record);
    }
    let sql = "SELECT record FROM tombstones WHERE station = $1 AND record = ANY ($2)";
    let mut buried = BTreeSet::new();
    for (station, records) in of {
        let records: Vec<&[u8]> = records.iter().map(|record| record.0.as_slice()).collect();
        for row in rows(transaction, sql, &[&station.0.as_slice(), &records]).await? {
            buried.insert((station, row.record("record")?));
        }
    }
    Ok(buried)
}
