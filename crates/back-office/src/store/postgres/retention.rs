//! What leaves once its days are over.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use health_code::{Region, Timestamp};
use wire::{AuditHead, StationId};

use super::PostgresStore;
use super::audit;
use super::columns::{Columns as _, Result, limit as most, row, rows, run};
use super::passages::PASSAGES as SPANS;
use crate::store::retention::staying;
use crate::store::{Note, Purge, Purged, Retention};

/// What a purge takes of a station's passages, arrived before `$2`.
const PASSAGES: &str = "FROM passages AS t WHERE t.station = $1 AND t.received_at < $2";
/// The same of reports in quarantine. One that waits to be opened again is settled first.
const HELD: &str = "FROM quarantine AS t WHERE t.station = $1 AND t.received < $2 AND t.state <> 0";

/// The same of alerts.
fn alerts() -> String {
    format!(
        "FROM alerts AS t WHERE t.station = $1 AND t.raised_at < $2
           AND (t.cleared_at IS NOT NULL OR t.kind NOT IN ({}))",
        staying()
    )
}

#[async_trait]
impl Retention for PostgresStore {
    async fn relied_on(&self) -> Result<Option<Timestamp>> {
        let found = row(&self.client().await?, "SELECT relied FROM retention", &[]).await?;
        found.map(|row| row.time("relied")).transpose()
    }

    async fn rely_on(&self, moment: Timestamp) -> Result<()> {
        let sql = "INSERT INTO retention (one, relied) VALUES (true, $1)
           ON CONFLICT (one) DO UPDATE SET relied = greatest(retention.relied, excluded.relied)";
        run(&self.client().await?, sql, &[&moment.0]).await.map(drop)
    }

    async fn vouch_for(&self, moment: Timestamp, note: Note) -> Result<AuditHead> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let sql = "INSERT INTO retention (one, relied) VALUES (true, $1)
           ON CONFLICT (one) DO UPDATE SET relied = excluded.relied";
        run(&transaction, sql, &[&moment.0]).await?;
        let head = audit::add(&transaction, vec![note]).await?;
        transaction.commit().await?;
        Ok(head)
    }

    async fn begin_purge(&self, purge: &Purge, now: Timestamp, salt: [u8; 16]) -> Result<Option<Purged>> {
        let mut client = self.client().await?;
        // A look first: an idle office should write nothing.
        if count(&client, purge).await?.is_nothing() {
            return Ok(None);
        }
        let transaction = client.transaction().await?;
        // Written before it is counted: whoever waits here for another server counts what that one left.
        let sql = "INSERT INTO purges (community, before) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        if run(&transaction, sql, &[&purge.community.as_str(), &purge.before.0]).await? == 0 {
            return Ok(None);
        }
        let purged = count(&transaction, purge).await?;
        if purged.is_nothing() {
            return Ok(None);
        }
        audit::add(&transaction, vec![purge.note(purged, now, salt)]).await?;
        transaction.commit().await?;
        Ok(Some(purged))
    }

    async fn open_purges(&self) -> Result<Vec<Purge>> {
        let sql = "SELECT community, before FROM purges ORDER BY community";
        let found = rows(&self.client().await?, sql, &[]).await?;
        found
            .iter()
            .map(|row| Ok(Purge { community: row.parsed("community")?, before: row.time("before")? }))
            .collect()
    }

    async fn purge_some(&self, purge: &Purge, limit: usize) -> Result<usize> {
        let mut client = self.client().await?;
        let stations = stations(&client, &purge.community).await?;
        let transaction = client.transaction().await?;
        let mut count = 0;
        for (table, time, key, what) in [
            ("passages", "received_at", "record, received_at", PASSAGES.to_owned()),
            ("quarantine", "received", "record, hash", HELD.to_owned()),
            ("alerts", "raised_at", "kind, record", alerts()),
        ] {
            let sql = format!(
                "DELETE FROM {table} WHERE station = $1 AND {time} < $2
                   AND ({key}) IN (SELECT {key} {what} LIMIT $3)"
            );
            let mut left = limit;
            for station in &stations {
                if left == 0 {
                    break;
                }
                let params: super::columns::Params<'_> =
                    &[&station.0.as_slice(), &purge.before.0, &most(left)];
                let deleted = usize::try_from(run(&transaction, &sql, params).await?).unwrap_or(left);
                left = left.saturating_sub(deleted);
                count += deleted;
            }
        }
        transaction.commit().await?;
        Ok(count)
    }

    async fn drop_whole(&self) -> Result<()> {
        let Some(latest) = self.open_purges().await?.into_iter().map(|purge| purge.before).max() else {
            return Ok(());
        };
        let mut client = self.client().await?;
        for partition in SPANS.ended(&client, latest).await? {
            // Stations of which a purge in the journal takes everything in the partition keep nothing in it.
            let keepers = "SELECT id FROM stations AS s WHERE NOT EXISTS
               (SELECT 1 FROM purges AS p WHERE p.community = s.community AND p.before >= $1)";
            let keepers = rows(&client, keepers, &[&partition.until]).await?;
            let keepers = keepers.iter().map(|row| Ok(row.station("id")?.0.to_vec()));
            let keepers = keepers.collect::<Result<Vec<Vec<u8>>>>()?;
            let needed = format!("SELECT 1 FROM \"{}\" WHERE station = ANY ($1) LIMIT 1", partition.name);
            SPANS.drop_unless(&mut client, &partition, (&needed, &[&keepers])).await?;
        }
        Ok(())
    }

    async fn end_purge(&self, purge: &Purge) -> Result<()> {
        let sql = "DELETE FROM purges WHERE community = $1 AND before = $2";
        run(&self.client().await?, sql, &[&purge.community.as_str(), &purge.before.0]).await.map(drop)
    }
}

async fn stations(client: &impl GenericClient, community: &Region) -> Result<Vec<StationId>> {
    let sql = "SELECT id FROM stations WHERE community = $1 ORDER BY id";
    let found = rows(client, sql, &[&community.as_str()]).await?;
    found.iter().map(|row| row.station("id")).collect()
}

async fn count(client: &impl GenericClient, purge: &Purge) -> Result<Purged> {
    let mut purged = Purged::default();
    for station in stations(client, &purge.community).await? {
        let count = async |what: &str| -> Result<u64> {
            let sql = format!("SELECT count(*) {what}");
            let found = row(client, &sql, &[&station.0.as_slice(), &purge.before.0]).await?;
            Ok(found.map(|row| row.try_get::<_, i64>(0)).transpose()?.unwrap_or_default().unsigned_abs())
        };
        purged.passages += count(PASSAGES).await?;
        purged.held += count(HELD).await?;
        purged.alerts += count(&alerts()).await?;
    }
    Ok(purged)
}
