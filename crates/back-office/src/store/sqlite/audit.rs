//! The audit log.

use async_trait::async_trait;
use health_code::{PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Result, Row, params};
use wire::AuditHead;

use super::{SqliteStore, columns, reading};
use crate::store::{AuditLog, AuditWanted, Entry, Note, StoreError};

#[async_trait]
impl AuditLog for SqliteStore {
    async fn note(&self, notes: Vec<Note>) -> Result<AuditHead, StoreError> {
        self.write(move |connection| add(connection, notes)).await
    }

    async fn audit_head(&self) -> Result<AuditHead, StoreError> {
        self.read(head).await
    }

    async fn audit_entries(&self, wanted: AuditWanted) -> Result<Vec<Entry>, StoreError> {
        let AuditWanted { before, kind, region, limit } = wanted;
        let sql = "SELECT * FROM audit
           WHERE seq < ?1 AND (?2 IS NULL OR kind = ?2) AND substr(region, 1, length(?3)) = ?3
           ORDER BY seq DESC LIMIT ?4";
        let before = before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| {
            reading::list(connection, sql, params![before, kind, region.as_str(), limit], read)
        })
        .await
    }

    async fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let sql = "SELECT * FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| reading::list(connection, sql, [after, limit], read)).await
    }

    async fn acts_since(&self, actor: PersonId, act: &str, since: Timestamp) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM audit WHERE actor = ?1 AND act = ?2 AND at >= ?3";
        let act = act.to_owned();
        let count = move |connection: &Connection| {
            connection.query_row(sql, params![actor.0, act, since.0], |row| row.get::<_, i64>(0))
        };
        self.read(count).await.map(i64::unsigned_abs)
    }

    async fn erase_words(&self, object: &str) -> Result<usize, StoreError> {
        let sql = "UPDATE audit SET salt = NULL, words = NULL WHERE object = ?1 AND words IS NOT NULL";
        let object = object.to_owned();
        self.write(move |connection| connection.execute(sql, [object])).await
    }
}

/// Adds entries to the chain and returns its head.
pub(super) fn add(connection: &Connection, notes: Vec<Note>) -> Result<AuditHead> {
    let mut head = head(connection)?;
    let sql = "INSERT INTO audit (seq, at, actor, kind, act, object, region, committed, hash, salt, words)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let mut statement = connection.prepare_cached(sql)?;
    for note in notes {
        let entry = note.after(head);
        head = entry.head();
        let (salt, words) = entry.words.as_ref().map(|(salt, words)| (salt, words)).unzip();
        statement.execute(params![
            entry.seq.cast_signed(),
            entry.at.0,
            entry.actor.map(|id| id.0),
            entry.kind(),
            entry.act,
            entry.object,
            entry.region.as_str(),
            entry.committed,
            entry.hash,
            salt,
            words,
        ])?;
    }
    Ok(head)
}

fn head(connection: &Connection) -> Result<AuditHead> {
    let sql = "SELECT * FROM audit ORDER BY seq DESC LIMIT 1";
    let last = connection.prepare_cached(sql)?.query_row([], read).optional()?;
    Ok(last.map_or(AuditHead::EMPTY, |entry| entry.head()))
}

fn read(row: &Row<'_>) -> Result<Entry> {
    let salt: Option<[u8; 16]> = row.get("salt")?;
    Ok(Entry {
        seq: row.get::<_, i64>("seq")?.cast_unsigned(),
        at: columns::time(row, "at")?,
        actor: row.get::<_, Option<[u8; 8]>>("actor")?.map(PersonId),
        act: row.get("act")?,
        object: row.get("object")?,
        region: columns::parsed(row, "region")?,
        committed: row.get("committed")?,
        hash: row.get("hash")?,
        words: salt.zip(row.get("words")?),
    })
}
