//! One person's passages.

use async_trait::async_trait;
use health_code::Region;
use rusqlite::types::ToSql;
use rusqlite::{Connection, Result};

use super::{SqliteStore, blocking, reading};
use crate::store::residents::joined;
use crate::store::{ErasedResident, PassageRow, PersonKey, Residents, Sought, StoreError};

#[async_trait]
impl Residents for SqliteStore {
    async fn passages_of(
        &self,
        sought: Sought,
        region: &Region,
        limit: usize,
    ) -> std::result::Result<Vec<PassageRow>, StoreError> {
        let region = region.clone();
        self.read(move |connection| find(connection, &sought, &region, limit)).await
    }

    async fn erase_resident(&self, key: PersonKey) -> std::result::Result<ErasedResident, StoreError> {
        let erased = self.write(move |connection| erase(connection, key)).await?;
        let connections = self.connections.clone();
        blocking(move || connections.forget_log()).await?;
        Ok(erased)
    }
}

fn find(connection: &Connection, sought: &Sought, region: &Region, limit: usize) -> Result<Vec<PassageRow>> {
    let search = |by: &str, values: &[&dyn ToSql]| -> Result<Vec<PassageRow>> {
        let sql = format!(
            "SELECT p.* FROM passages AS p JOIN stations AS s ON s.id = p.station
             WHERE {by} AND substr(s.community, 1, length(?1)) = ?1 ORDER BY p.at DESC, p.record LIMIT ?2"
        );
        let (region, limit) = (region.as_str(), i64::try_from(limit).unwrap_or(i64::MAX));
        let mut params: Vec<&dyn ToSql> = vec![&region, &limit];
        params.extend(values);
        reading::list(connection, &sql, params.as_slice(), reading::passage)
    };
    let mut found = Vec::new();
    for key in &sought.identities {
        found.push(search("p.identity = ?3", &[&key.0])?);
    }
    for key in &sought.phones {
        found.push(search("p.phone = ?3", &[&key.0])?);
    }
    if let Some((iss, pseudonym)) = &sought.pseudonym {
        found.push(search("p.iss = ?3 AND p.pseudonym = ?4", &[iss, pseudonym])?);
    }
    if let Some(certificate) = &sought.certificate {
        found.push(search("p.certificate = ?3", &[certificate])?);
    }
    Ok(joined(found, limit))
}

fn erase(connection: &Connection, key: PersonKey) -> Result<ErasedResident> {
    let mut passages = 0;
    for by in ["identity", "phone"] {
        let sql = format!(
            "UPDATE passages SET identity = NULL, phone = NULL, masked_name = '', masked_id = '',
               pseudonym = zeroblob(16), code = x'' WHERE {by} = ?1"
        );
        passages += connection.execute(&sql, [key.0])?;
    }
    let words = "UPDATE audit SET salt = NULL, words = NULL WHERE kind = 'looks' AND substr(words, -32) = ?1";
    let entries = connection.execute(words, [key.to_string()])?;
    connection.execute("DELETE FROM consents WHERE person = ?1 AND person <> ''", [key.to_string()])?;
    Ok(ErasedResident { passages, entries })
}
