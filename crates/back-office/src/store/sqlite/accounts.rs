//! Accounts, sessions and the names of regions.

use async_trait::async_trait;
use health_code::{PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Params, Result, Row, params};

use super::{SqliteStore, audit, columns, reading};
use crate::store::{AccountRow, Accounts, Note, SessionRow, StoreError};

#[async_trait]
impl Accounts for SqliteStore {
    async fn put_accounts(&self, rows: Vec<AccountRow>, notes: Vec<Note>) -> Result<bool, StoreError> {
        self.write(move |connection| put(connection, &rows, notes)).await
    }

    async fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        let sql = "SELECT * FROM accounts ORDER BY id";
        self.read(move |connection| reading::list(connection, sql, [], read)).await
    }

    async fn account(&self, id: PersonId) -> Result<Option<AccountRow>, StoreError> {
        self.read(move |connection| one(connection, "SELECT * FROM accounts WHERE id = ?1", [id.0])).await
    }

    async fn account_named(&self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        let name = name.to_owned();
        self.read(move |connection| one(connection, "SELECT * FROM accounts WHERE name = ?1", [name])).await
    }

    async fn account_invited(&self, word: [u8; 32]) -> Result<Option<AccountRow>, StoreError> {
        self.read(move |connection| one(connection, "SELECT * FROM accounts WHERE invited = ?1", [word]))
            .await
    }

    async fn begin_session(&self, session: SessionRow, forget: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection.execute("DELETE FROM sessions WHERE began < ?1", [forget.0])?;
            let SessionRow { word, account, began, seen } = session;
            let sql = "INSERT INTO sessions (word, account, began, seen) VALUES (?1, ?2, ?3, ?4)";
            connection.execute(sql, params![word, account.0, began.0, seen.0]).map(drop)
        })
        .await
    }

    async fn session(&self, word: [u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        self.read(move |connection| {
            let sql = "SELECT * FROM sessions WHERE word = ?1";
            connection.prepare_cached(sql)?.query_row([word], read_session).optional()
        })
        .await
    }

    async fn see_session(&self, word: [u8; 32], now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET seen = ?2 WHERE word = ?1";
        self.write(move |connection| connection.execute(sql, params![word, now.0]).map(drop)).await
    }

    async fn end_session(&self, word: [u8; 32]) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE word = ?1";
        self.write(move |connection| connection.execute(sql, [word]).map(drop)).await
    }

    async fn end_sessions_of(&self, account: PersonId) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE account = ?1";
        self.write(move |connection| connection.execute(sql, [account.0]).map(drop)).await
    }

    async fn regions(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|connection| {
            connection.query_row("SELECT csv FROM regions", [], |row| row.get(0)).optional()
        })
        .await
    }

    async fn set_regions(&self, csv: Vec<u8>) -> Result<(), StoreError> {
        let sql = "INSERT INTO regions (one, csv) VALUES (1, ?1)
           ON CONFLICT (one) DO UPDATE SET csv = excluded.csv";
        self.write(move |connection| connection.execute(sql, [csv]).map(drop)).await
    }
}

fn put(connection: &Connection, rows: &[AccountRow], notes: Vec<Note>) -> Result<bool> {
    connection.execute_batch("SAVEPOINT accounts")?;
    for AccountRow { id, rev, name, invited, body } in rows {
        let changed = if *rev == 0 {
            let sql =
                "INSERT OR IGNORE INTO accounts (id, rev, name, invited, body) VALUES (?1, 1, ?2, ?3, ?4)";
            connection.execute(sql, params![id.0, name, invited, body])?
        } else {
            let sql = "UPDATE OR IGNORE accounts SET rev = rev + 1, name = ?3, invited = ?4, body = ?5
               WHERE id = ?1 AND rev = ?2";
            connection.execute(sql, params![id.0, rev.cast_signed(), name, invited, body])?
        };
        if changed == 0 {
            connection.execute_batch("ROLLBACK TO accounts")?;
            return Ok(false);
        }
    }
    audit::add(connection, notes)?;
    Ok(true)
}

fn one(connection: &Connection, sql: &str, params: impl Params) -> Result<Option<AccountRow>> {
    connection.prepare_cached(sql)?.query_row(params, read).optional()
}

fn read(row: &Row<'_>) -> Result<AccountRow> {
    Ok(AccountRow {
        id: PersonId(row.get("id")?),
        rev: row.get::<_, i64>("rev")?.cast_unsigned(),
        name: row.get("name")?,
        invited: row.get("invited")?,
        body: row.get("body")?,
    })
}

fn read_session(row: &Row<'_>) -> Result<SessionRow> {
    Ok(SessionRow {
        word: row.get("word")?,
        account: PersonId(row.get("account")?),
        began: columns::time(row, "began")?,
        seen: columns::time(row, "seen")?,
    })
}
