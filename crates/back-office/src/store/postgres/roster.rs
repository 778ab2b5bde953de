//! Changes of the roster.

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use super::columns::{self, Columns as _, Result, rows, run};
use crate::store::{Change, ChangeKey, ChangeState};

const CHANGE: &str = "SELECT r.station, r.record, r.at, r.by_person, r.change, r.state, s.community
   FROM roster_changes r JOIN stations s ON s.id = r.station";

pub(super) async fn accepted(client: &impl GenericClient, limit: usize) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} WHERE r.state = 0 ORDER BY r.received_at, r.at, r.record LIMIT $1");
    rows(client, &sql, &[&columns::limit(limit)]).await?.iter().map(read).collect()
}

/// Returns changes in any state, those that were made last first.
pub(super) async fn all(client: &impl GenericClient, limit: usize) -> Result<Vec<Change>> {
    let sql = format!("{CHANGE} ORDER BY r.at DESC, r.record LIMIT $1");
    rows(client, &sql, &[&columns::limit(limit)]).await?.iter().map(read).collect()
}

pub(super) async fn entered(client: &impl GenericClient, keys: &[ChangeKey]) -> Result<()> {
    let sql = "UPDATE roster_changes SET state = $3 WHERE station = $1 AND record = $2";
    let state = ChangeState::Entered as i16;
    for key in keys {
        run(client, sql, &[&key.station.0.as_slice(), &key.record.0.as_slice(), &state]).await?;
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
        state: row.wire("state", ChangeState::from_repr)?,
    })
}
