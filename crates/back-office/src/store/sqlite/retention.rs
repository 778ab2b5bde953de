//! What leaves once its days are over.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Result, params};
use wire::AuditHead;

use super::{SqliteStore, audit, columns, reading};
use crate::store::retention::staying;
use crate::store::{Note, Purge, Purged, Retention, StoreError};

/// What a purge takes of passages, of the stations of a community `?1`, arrived before `?2`.
const PASSAGES: &str = "FROM stations AS s JOIN passages AS p ON p.station = s.id
   WHERE s.community = ?1 AND p.received_at < ?2";
/// The same of reports in quarantine. One that waits to be opened again is settled first.
const HELD: &str = "FROM stations AS s JOIN quarantine AS q ON q.station = s.id
   WHERE s.community = ?1 AND q.received_at < ?2 AND q.state <> 0";

/// The same of alerts.
fn alerts() -> String {
    format!(
        "FROM stations AS s JOIN alerts AS a ON a.station = s.id WHERE s.community = ?1 AND a.raised_at < ?2
           AND (a.cleared_at IS NOT NULL OR a.kind NOT IN ({}))",
        staying()
    )
}

#[async_trait]
impl Retention for SqliteStore {
    async fn relied_on(&self) -> std::result::Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT relied FROM retention";
        let read = |connection: &Connection| connection.query_row(sql, [], |row| row.get(0)).optional();
        Ok(self.read(read).await?.map(Timestamp))
    }

    async fn rely_on(&self, moment: Timestamp) -> std::result::Result<(), StoreError> {
        let sql = "INSERT INTO retention (one, relied) VALUES (1, ?1)
           ON CONFLICT (one) DO UPDATE SET relied = max(relied, excluded.relied)";
        self.write(move |connection| connection.execute(sql, [moment.0]).map(drop)).await
    }

    async fn vouch_for(&self, moment: Timestamp, note: Note) -> std::result::Result<AuditHead, StoreError> {
        let sql = "INSERT OR REPLACE INTO retention (one, relied) VALUES (1, ?1)";
        self.write(move |connection| {
            connection.execute(sql, [moment.0])?;
            audit::add(connection, vec![note])
        })
        .await
    }

    async fn begin_purge(
        &self,
        purge: &Purge,
        now: Timestamp,
        salt: [u8; 16],
    ) -> std::result::Result<Option<Purged>, StoreError> {
        let purge = purge.clone();
        // A look first: an idle office should write nothing.
        let looked = purge.clone();
        if self.read(move |connection| count(connection, &looked)).await?.is_nothing() {
            return Ok(None);
        }
        self.write(move |connection| {
            let purged = count(connection, &purge)?;
            let sql = "INSERT INTO purges (community, before) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            let Purge { community, before } = &purge;
            if purged.is_nothing() || connection.execute(sql, params![community.as_str(), before.0])? == 0 {
                return Ok(None);
            }
            audit::add(connection, vec![purge.note(purged, now, salt)])?;
            Ok(Some(purged))
        })
        .await
    }

    async fn open_purges(&self) -> std::result::Result<Vec<Purge>, StoreError> {
        let sql = "SELECT community, before FROM purges ORDER BY community";
        self.read(move |connection| {
            reading::list(connection, sql, [], |row| {
                let community: Region = columns::parsed(row, "community")?;
                Ok(Purge { community, before: columns::time(row, "before")? })
            })
        })
        .await
    }

    async fn purge_some(&self, purge: &Purge, limit: usize) -> std::result::Result<usize, StoreError> {
        let purge = purge.clone();
        self.write(move |connection| {
            let Purge { community, before } = &purge;
            let delete = |sql: String| -> Result<usize> {
                let params = params![community.as_str(), before.0, limit as i64];
                connection.prepare_cached(&sql)?.execute(params)
            };
            let key = "(station, record) IN (SELECT p.station, p.record";
            let passages = delete(format!("DELETE FROM passages WHERE {key} {PASSAGES} LIMIT ?3)"))?;
            let held = delete(format!("DELETE FROM quarantine WHERE id IN (SELECT q.id {HELD} LIMIT ?3)"))?;
            let alerts = alerts();
            let alerts = delete(format!("DELETE FROM alerts WHERE id IN (SELECT a.id {alerts} LIMIT ?3)"))?;
            Ok(passages + held + alerts)
        })
        .await
    }

    async fn end_purge(&self, purge: &Purge) -> std::result::Result<(), StoreError> {
        let Purge { community, before } = purge.clone();
        let sql = "DELETE FROM purges WHERE community = ?1 AND before = ?2";
        self.write(move |connection| connection.execute(sql, params![community.as_str(), before.0]).map(drop))
            .await
    }
}

fn count(connection: &Connection, purge: &Purge) -> Result<Purged> {
    let Purge { community, before } = purge;
    let count = |what: &str| -> Result<u64> {
        connection
            .prepare_cached(&format!("SELECT count(*) {what}"))?
            .query_row(params![community.as_str(), before.0], |row| row.get::<_, i64>(0))
            .map(i64::unsigned_abs)
    };
    Ok(Purged { passages: count(PASSAGES)?, held: count(HELD)?, alerts: count(&alerts())? })
}
