//! Changes of the roster.

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use wire::{RecordId, StationId};

use super::columns::{self, Columns as _, Result, rows, run};
use crate::store::{Change, ChangeKey, Considered};

const CHANGE: &str = "SELECT r.station, r.record, r.at, r.by_person, r.change, r.state, r.version, r.refusal,
     s.community
   FROM roster_changes r JOIN stations s ON s.id = r.station";

pub(super) async fn accepted(client: &impl GenericClient, limit: usize) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} WHERE r.state = 0 ORDER BY r.received_at, r.at, r.seq, r.record LIMIT $1");
    rows(client, &sql, &[&columns::limit(limit)]).await?.iter().map(read).collect()
}

/// Returns changes in any state, those that were made last first.
pub(super) async fn all(client: &impl GenericClient, limit: usize) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} ORDER BY r.at DESC, r.record LIMIT $1");
    rows(client, &sql, &[&columns::limit(limit)]).await?.iter().map(read).collect()
}

pub(super) async fn of(
    client: &impl GenericClient,
    station: StationId,
    records: &[RecordId],
) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} WHERE r.station = $1 AND r.record = ANY ($2)");
    let records: Vec<&[u8]> = records.iter().map(|record| record.0.as_slice()).collect();
    rows(client, &sql, &[&station.0.as_slice(), &records]).await?.iter().map(read).collect()
}

pub(super) async fn about(client: &impl GenericClient, ids: &[[u8; 8]], limit: usize) -> Result<Vec<Change>> {
    let sql =
        format!("{CHANGE} WHERE r.subject = ANY ($1) ORDER BY r.received_at, r.at, r.seq, r.record LIMIT $2");
    let ids: Vec<&[u8]> = ids.iter().map(<[u8; 8]>::as_slice).collect();
    rows(client, &sql, &[&ids, &columns::limit(limit)]).await?.iter().map(read).collect()
}

pub(super) async fn entered(client: &impl GenericClient, considered: &[Considered]) -> Result<()> {
    let sql = "UPDATE roster_changes SET state = $3, version = $4, refusal = $5
       WHERE station = $1 AND record = $2";
    for Considered { key, state } in considered {
        let (state, version, refusal) = columns::change_state(*state);
        let (station, record) = (key.station.0.as_slice(), key.record.0.as_slice());
        run(client, sql, &[&station, &record, &state, &version, &refusal]).await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Change> {
    Ok(Change {
        key: ChangeKey { station: row.station("station")?, record: row.record("record")? },
        community: row.parsed("community")?,
        at: row.time("at")?,
        by: row.array("by_person")?,
        change: row.change("change")?,
        state: columns::read_change_state(row)?,
    })
}
