//! What waits for the consent of a second person.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use tokio_postgres::Row;

use super::columns::{Columns as _, Result, limit as most, row as one, rows, run};
use super::{PostgresStore, audit};
use crate::store::{ConsentRow, Consents, Note};

#[async_trait]
impl Consents for PostgresStore {
    async fn put_consent(&self, row: ConsentRow, notes: Vec<Note>) -> Result<bool> {
        let ConsentRow { id, rev, region, asked, person, body } = row;
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let id = id.as_slice();
        let changed = if rev == 0 {
            let sql = "INSERT INTO consents (id, rev, region, asked, person, body)
               VALUES ($1, 1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
            run(&transaction, sql, &[&id, &region.as_str(), &asked.0, &person, &body]).await?
        } else {
            let sql = "UPDATE consents SET rev = rev + 1, body = $3 WHERE id = $1 AND rev = $2";
            run(&transaction, sql, &[&id, &rev.cast_signed(), &body]).await?
        };
        if changed == 0 {
            return Ok(false);
        }
        audit::add(&transaction, notes).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn consent(&self, id: [u8; 16]) -> Result<Option<ConsentRow>> {
        let sql = "SELECT * FROM consents WHERE id = $1";
        let found = one(&self.client().await?, sql, &[&id.as_slice()]).await?;
        found.as_ref().map(read).transpose()
    }

    async fn consents(&self, region: &Region, since: Timestamp, limit: usize) -> Result<Vec<ConsentRow>> {
        let sql = "SELECT * FROM consents WHERE left(region, length($1)) = $1 AND asked > $2
           ORDER BY asked DESC, id LIMIT $3";
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&region.as_str(), &since.0, &most(limit)];
        rows(&self.client().await?, sql, &params).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<ConsentRow> {
    Ok(ConsentRow {
        id: row.array("id")?,
        rev: row.try_get::<_, i64>("rev")?.cast_unsigned(),
        region: row.parsed("region")?,
        asked: row.time("asked")?,
        person: row.try_get("person")?,
        body: row.try_get("body")?,
    })
}
