//! One person's passages.

use async_trait::async_trait;
use health_code::Region;
use rusqlite::types::ToSql;
use rusqlite::{Connection, Result};

use super::{SqliteStore, reading};
use crate::store::residents::joined;
use crate::store::{PassageRow, Residents, Sought, StoreError};

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
