//! The audit log.

use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use health_code::{PersonId, Timestamp};
use tokio_postgres::Row;
use wire::AuditHead;

use super::PostgresStore;
use super::columns::{Columns as _, Result, limit as most, row, rows, run};
use crate::store::{AuditLog, AuditWanted, Entry, Note, StoreError};

#[async_trait]
impl AuditLog for PostgresStore {
    async fn note(&self, notes: Vec<Note>) -> Result<AuditHead> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let head = add(&transaction, notes).await?;
        transaction.commit().await?;
        Ok(head)
    }

    async fn audit_head(&self) -> Result<AuditHead> {
        head(&self.client().await?).await
    }

    async fn audit_entries(&self, wanted: AuditWanted) -> Result<Vec<Entry>> {
        let AuditWanted { before, kind, region, limit } = wanted;
        let sql = "SELECT * FROM audit
           WHERE seq < $1 AND ($2::text IS NULL OR kind = $2) AND left(region, length($3)) = $3
           ORDER BY seq DESC LIMIT $4";
        let before = before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
        let found =
            rows(&self.client().await?, sql, &[&before, &kind, &region.as_str(), &most(limit)]).await?;
        found.iter().map(read).collect()
    }

    async fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<Entry>> {
        let sql = "SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        rows(&self.client().await?, sql, &[&after, &most(limit)]).await?.iter().map(read).collect()
    }

    async fn acts_since(&self, actor: PersonId, act: &str, since: Timestamp) -> Result<u64> {
        let sql = "SELECT count(*) FROM audit WHERE actor = $1 AND act = $2 AND at >= $3";
        let found = row(&self.client().await?, sql, &[&actor.0.as_slice(), &act, &since.0]).await?;
        let count = found.map(|row| row.try_get::<_, i64>(0)).transpose()?;
        Ok(count.unwrap_or_default().unsigned_abs())
    }

    async fn erase_words(&self, object: &str) -> Result<usize> {
        let sql = "UPDATE audit SET salt = NULL, words = NULL WHERE object = $1 AND words IS NOT NULL";
        let erased = run(&self.client().await?, sql, &[&object]).await?;
        Ok(usize::try_from(erased).unwrap_or(usize::MAX))
    }
}

/// Adds entries to the chain and returns its head. The row of `audit_turn` lets one do it at a time.
pub(super) async fn add(transaction: &Transaction<'_>, notes: Vec<Note>) -> Result<AuditHead> {
    if notes.is_empty() {
        return head(transaction).await;
    }
    run(transaction, "UPDATE audit_turn SET turn = turn + 1 WHERE one", &[]).await?;
    let mut head = head(transaction).await?;
    let sql = "INSERT INTO audit (seq, at, actor, kind, act, object, region, committed, hash, salt, words)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    for note in notes {
        let entry = note.after(head);
        head = entry.head();
        let actor = entry.actor.as_ref().map(|id| id.0.as_slice());
        let salt = entry.words.as_ref().map(|(salt, _)| salt.as_slice());
        let words = entry.words.as_ref().map(|(_, words)| words);
        let (committed, hash) = (entry.committed.as_slice(), entry.hash.as_slice());
        run(
            transaction,
            sql,
            &[
                &entry.seq.cast_signed(),
                &entry.at.0,
                &actor,
                &entry.kind(),
                &entry.act,
                &entry.object,
                &entry.region.as_str(),
                &committed,
                &hash,
                &salt,
                &words,
            ],
        )
        .await?;
    }
    Ok(head)
}

async fn head(client: &impl GenericClient) -> Result<AuditHead> {
    let last = row(client, "SELECT * FROM audit ORDER BY seq DESC LIMIT 1", &[]).await?;
    let last = last.as_ref().map(read).transpose()?;
    Ok(last.map_or(AuditHead::EMPTY, |entry| entry.head()))
}

fn read(row: &Row) -> Result<Entry> {
    let actor = row.try_get::<_, Option<&[u8]>>("actor")?.is_some();
    let words: Option<String> = row.try_get("words")?;
    Ok(Entry {
        seq: row.try_get::<_, i64>("seq")?.cast_unsigned(),
        at: row.time("at")?,
        actor: if actor { Some(PersonId(row.array("actor")?)) } else { None },
        act: row.try_get("act")?,
        object: row.try_get("object")?,
        region: row.parsed("region")?,
        committed: row.array("committed")?,
        hash: row.array("hash")?,
        words: words.map(|words| Ok::<_, StoreError>((row.array("salt")?, words))).transpose()?,
    })
}
