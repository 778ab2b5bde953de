//! What waits for the consent of a second person.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Result, Row, params};

use super::{SqliteStore, audit, columns, reading};
use crate::store::{ConsentRow, Consents, Note, StoreError};

#[async_trait]
impl Consents for SqliteStore {
    async fn put_consent(&self, row: ConsentRow, notes: Vec<Note>) -> std::result::Result<bool, StoreError> {
        self.write(move |connection| put(connection, &row, notes)).await
    }

    async fn consent(&self, id: [u8; 16]) -> std::result::Result<Option<ConsentRow>, StoreError> {
        let sql = "SELECT * FROM consents WHERE id = ?1";
        self.read(move |connection| connection.prepare_cached(sql)?.query_row([id], read).optional()).await
    }

    async fn consents(
        &self,
        region: &Region,
        since: Timestamp,
        limit: usize,
    ) -> std::result::Result<Vec<ConsentRow>, StoreError> {
        let (region, limit) = (region.clone(), i64::try_from(limit).unwrap_or(i64::MAX));
        let sql = "SELECT * FROM consents WHERE substr(region, 1, length(?1)) = ?1 AND asked > ?2
           ORDER BY asked DESC, id LIMIT ?3";
        self.read(move |connection| {
            reading::list(connection, sql, params![region.as_str(), since.0, limit], read)
        })
        .await
    }
}

fn put(connection: &Connection, row: &ConsentRow, notes: Vec<Note>) -> Result<bool> {
    let ConsentRow { id, rev, region, asked, person, body } = row;
    let changed = if *rev == 0 {
        let sql = "INSERT OR IGNORE INTO consents (id, rev, region, asked, person, body)
           VALUES (?1, 1, ?2, ?3, ?4, ?5)";
        connection.execute(sql, params![id, region.as_str(), asked.0, person, body])?
    } else {
        let sql = "UPDATE consents SET rev = rev + 1, body = ?3 WHERE id = ?1 AND rev = ?2";
        connection.execute(sql, params![id, rev.cast_signed(), body])?
    };
    if changed == 0 {
        return Ok(false);
    }
    audit::add(connection, notes)?;
    Ok(true)
}

fn read(row: &Row<'_>) -> Result<ConsentRow> {
    Ok(ConsentRow {
        id: row.get("id")?,
        rev: row.get::<_, i64>("rev")?.cast_unsigned(),
        region: columns::parsed(row, "region")?,
        asked: columns::time(row, "asked")?,
        person: row.get("person")?,
        body: row.get("body")?,
    })
}
