//! Erasing what names somebody.

use async_trait::async_trait;
use health_code::PersonId;
use rusqlite::{Connection, Result, params};

use super::{SqliteStore, blocking, columns, reading};
use crate::store::{Erased, Erasing, StoreError};

#[async_trait]
impl Erasing for SqliteStore {
    async fn erase_person(&self, id: PersonId) -> Result<Erased, StoreError> {
        let erased = self.write(move |connection| erase(connection, id)).await?;
        let connections = self.connections.clone();
        blocking(move || connections.forget_log()).await?;
        Ok(erased)
    }
}

fn erase(connection: &Connection, id: PersonId) -> Result<Erased> {
    let words = "UPDATE audit SET salt = NULL, words = NULL WHERE object = ?1 AND words IS NOT NULL";
    let entries = connection.execute(words, [id.to_string()])?;
    connection.execute(
        "UPDATE officers SET active = 0, masked_name = '', masked_phone = '', phc = '' WHERE id = ?1",
        [id.0],
    )?;
    connection.execute("DELETE FROM sessions WHERE account = ?1", [id.0])?;
    let account = connection.execute("DELETE FROM accounts WHERE id = ?1", [id.0])? > 0;
    let sql = "SELECT station, record, change FROM roster_changes WHERE subject = ?1 AND state <> 0";
    let about = reading::list(connection, sql, [id.0], |row| {
        Ok((
            row.get::<_, Vec<u8>>("station")?,
            row.get::<_, Vec<u8>>("record")?,
            columns::change(row, "change")?,
        ))
    })?;
    let mut changes = 0;
    let mut update =
        connection.prepare("UPDATE roster_changes SET change = ?3 WHERE station = ?1 AND record = ?2")?;
    for (station, record, mut change) in about {
        if change.forget_person() {
            changes += update.execute(params![station, record, change.to_bytes()])?;
        }
    }
    Ok(Erased { entries, changes, account })
}
