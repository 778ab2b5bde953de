//! One person's passages.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use rusqlite::types::ToSql;
use rusqlite::{Connection, Result, params};

use super::{SqliteStore, reading};
use crate::store::residents::joined;
use crate::store::{PassageRow, Place, Residents, Sought, StoreError};

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

    async fn count_between(
        &self,
        region: &Region,
        (from, until): (Timestamp, Timestamp),
        most: usize,
    ) -> std::result::Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM passages AS p JOIN stations AS s ON s.id = p.station
           WHERE p.at >= ?1 AND p.at < ?2 AND substr(s.community, 1, length(?3)) = ?3 LIMIT ?4)";
        let region = region.clone();
        let count = move |connection: &Connection| {
            let params = params![from.0, until.0, region.as_str(), most as i64];
            connection.query_row(sql, params, |row| row.get::<_, i64>(0))
        };
        Ok(self.read(count).await?.unsigned_abs() as usize)
    }

    async fn passages_between(
        &self,
        region: &Region,
        (from, until): (Timestamp, Timestamp),
        after: Option<Place>,
        limit: usize,
    ) -> std::result::Result<Vec<PassageRow>, StoreError> {
        let sql = "SELECT p.* FROM passages AS p JOIN stations AS s ON s.id = p.station
           WHERE p.at >= ?1 AND p.at < ?2 AND (p.at, p.station, p.record) > (?1, ?3, ?4)
             AND substr(s.community, 1, length(?5)) = ?5
           ORDER BY p.at, p.station, p.record LIMIT ?6";
        let region = region.clone();
        self.read(move |connection| {
            let from = after.map_or(from, |(at, _, _)| at);
            // Nothing is smaller than no bytes at all.
            let after = after.map(|(_, station, record)| (station.0.to_vec(), record.0.to_vec()));
            let (station, record) = after.unwrap_or_default();
            let params = params![from.0, until.0, station, record, region.as_str(), limit as i64];
            reading::list(connection, sql, params, reading::passage)
        })
        .await
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
