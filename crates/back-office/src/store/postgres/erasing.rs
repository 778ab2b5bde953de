//! Erasing what names somebody. PostgreSQL itself keeps what a row was until it is vacuumed and its log recycled.

use async_trait::async_trait;
use health_code::PersonId;

use super::PostgresStore;
use super::columns::{Columns as _, Result, rows, run};
use crate::store::{Erased, Erasing};

#[async_trait]
impl Erasing for PostgresStore {
    async fn erase_person(&self, id: PersonId) -> Result<Erased> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let (object, key) = (id.to_string(), id.0.as_slice());
        let words = "UPDATE audit SET salt = NULL, words = NULL WHERE object = $1 AND words IS NOT NULL";
        let entries = run(&transaction, words, &[&object]).await?;
        let officer =
            "UPDATE officers SET active = false, masked_name = '', masked_phone = '', phc = '' WHERE id = $1";
        run(&transaction, officer, &[&key]).await?;
        run(&transaction, "DELETE FROM sessions WHERE account = $1", &[&key]).await?;
        let account = run(&transaction, "DELETE FROM accounts WHERE id = $1", &[&key]).await? > 0;
        let about = "SELECT station, record, change FROM roster_changes WHERE subject = $1 AND state <> 0";
        let mut changes = 0;
        for row in rows(&transaction, about, &[&key]).await? {
            let (station, record) = (row.station("station")?, row.record("record")?);
            let mut change = row.change("change")?;
            if change.forget_person() {
                let update = "UPDATE roster_changes SET change = $3 WHERE station = $1 AND record = $2";
                let (station, record) = (station.0.as_slice(), record.0.as_slice());
                run(&transaction, update, &[&station, &record, &change.to_bytes()]).await?;
                changes += 1;
            }
        }
        transaction.commit().await?;
        let entries = usize::try_from(entries).unwrap_or(usize::MAX);
        Ok(Erased { entries, changes, account })
    }
}
