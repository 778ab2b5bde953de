//! Accounts, sessions and the names of regions.

use async_trait::async_trait;
use deadpool_postgres::Transaction;
use health_code::{PersonId, Timestamp};
use tokio_postgres::Row;

use super::columns::{Columns as _, Params, Result, row, rows, run};
use super::{PostgresStore, audit};
use crate::store::{AccountRow, Accounts, Note, SessionRow};

#[async_trait]
impl Accounts for PostgresStore {
    async fn put_accounts(&self, rows: Vec<AccountRow>, notes: Vec<Note>) -> Result<bool> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        for row in &rows {
            if !put(&transaction, row).await? {
                return Ok(false);
            }
        }
        audit::add(&transaction, notes).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn accounts(&self) -> Result<Vec<AccountRow>> {
        let sql = "SELECT * FROM accounts ORDER BY id";
        rows(&self.client().await?, sql, &[]).await?.iter().map(read).collect()
    }

    async fn account(&self, id: PersonId) -> Result<Option<AccountRow>> {
        self.one_account("SELECT * FROM accounts WHERE id = $1", &[&id.0.as_slice()]).await
    }

    async fn account_named(&self, name: &str) -> Result<Option<AccountRow>> {
        self.one_account("SELECT * FROM accounts WHERE name = $1", &[&name]).await
    }

    async fn account_invited(&self, word: [u8; 32]) -> Result<Option<AccountRow>> {
        self.one_account("SELECT * FROM accounts WHERE invited = $1", &[&word.as_slice()]).await
    }

    async fn begin_session(&self, session: SessionRow, forget: Timestamp) -> Result<()> {
        let client = self.client().await?;
        run(&client, "DELETE FROM sessions WHERE began < $1", &[&forget.0]).await?;
        let SessionRow { word, account, began, seen } = session;
        let sql = "INSERT INTO sessions (word, account, began, seen) VALUES ($1, $2, $3, $4)";
        run(&client, sql, &[&word.as_slice(), &account.0.as_slice(), &began.0, &seen.0]).await.map(drop)
    }

    async fn session(&self, word: [u8; 32]) -> Result<Option<SessionRow>> {
        let sql = "SELECT * FROM sessions WHERE word = $1";
        let found = row(&self.client().await?, sql, &[&word.as_slice()]).await?;
        found.as_ref().map(read_session).transpose()
    }

    async fn see_session(&self, word: [u8; 32], now: Timestamp) -> Result<()> {
        let sql = "UPDATE sessions SET seen = $2 WHERE word = $1";
        run(&self.client().await?, sql, &[&word.as_slice(), &now.0]).await.map(drop)
    }

    async fn end_session(&self, word: [u8; 32]) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE word = $1";
        run(&self.client().await?, sql, &[&word.as_slice()]).await.map(drop)
    }

    async fn end_sessions_of(&self, account: PersonId) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE account = $1";
        run(&self.client().await?, sql, &[&account.0.as_slice()]).await.map(drop)
    }

    async fn regions(&self) -> Result<Option<Vec<u8>>> {
        let found = row(&self.client().await?, "SELECT csv FROM regions", &[]).await?;
        Ok(found.map(|row| row.try_get("csv")).transpose()?)
    }

    async fn set_regions(&self, csv: Vec<u8>) -> Result<()> {
        let sql = "INSERT INTO regions (one, csv) VALUES (true, $1)
           ON CONFLICT (one) DO UPDATE SET csv = excluded.csv";
        run(&self.client().await?, sql, &[&csv]).await.map(drop)
    }
}

impl PostgresStore {
    async fn one_account(&self, sql: &str, params: Params<'_>) -> Result<Option<AccountRow>> {
        row(&self.client().await?, sql, params).await?.as_ref().map(read).transpose()
    }
}

/// Keeps one account; false where it cannot be. Two servers that take one name at the same moment end in an
/// error at the slower.
async fn put(transaction: &Transaction<'_>, row: &AccountRow) -> Result<bool> {
    let AccountRow { id, rev, name, invited, body } = row;
    let (id, invited) = (id.0.as_slice(), invited.as_ref().map(<[u8; 32]>::as_slice));
    let changed = if *rev == 0 {
        let sql = "INSERT INTO accounts (id, rev, name, invited, body) VALUES ($1, 1, $2, $3, $4)
           ON CONFLICT DO NOTHING";
        run(transaction, sql, &[&id, name, &invited, body]).await?
    } else {
        let sql = "UPDATE accounts SET rev = rev + 1, name = $3, invited = $4, body = $5
           WHERE id = $1 AND rev = $2
             AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.id <> $1 AND (o.name = $3 OR o.invited = $4))";
        run(transaction, sql, &[&id, &rev.cast_signed(), name, &invited, body]).await?
    };
    Ok(changed == 1)
}

fn read(row: &Row) -> Result<AccountRow> {
    let invited = row.try_get::<_, Option<&[u8]>>("invited")?.is_some();
    Ok(AccountRow {
        id: PersonId(row.array("id")?),
        rev: row.try_get::<_, i64>("rev")?.cast_unsigned(),
        name: row.try_get("name")?,
        invited: if invited { Some(row.array("invited")?) } else { None },
        body: row.try_get("body")?,
    })
}

fn read_session(row: &Row) -> Result<SessionRow> {
    Ok(SessionRow {
        word: row.array("word")?,
        account: PersonId(row.array("account")?),
        began: row.time("began")?,
        seen: row.time("seen")?,
    })
}
