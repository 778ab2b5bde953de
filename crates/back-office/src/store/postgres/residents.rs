//! One person's passages.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::columns::{Result, limit as most, row, rows};
use super::reading::passage;
use crate::store::residents::joined;
use crate::store::{PassageRow, Place, Residents, Sought};

#[async_trait]
impl Residents for PostgresStore {
    async fn passages_of(&self, sought: Sought, region: &Region, limit: usize) -> Result<Vec<PassageRow>> {
        let client = self.client().await?;
        let (region, most) = (region.as_str(), most(limit));
        let search = async |by: &str, values: &[&(dyn ToSql + Sync)]| -> Result<Vec<PassageRow>> {
            let sql = format!(
                "SELECT p.station, p.record, p.at, p.judged_at, p.clock, p.checkpoint, p.collector, p.shown,
                   p.direction, p.outcome, p.iss, p.masked_name, p.masked_id, p.colour, p.verified,
                   p.pseudonym, p.received_at
                 FROM passages AS p JOIN stations AS s ON s.id = p.station
                 WHERE {by} AND left(s.community, length($1)) = $1 ORDER BY p.at DESC, p.record LIMIT $2"
            );
            let mut params: Vec<&(dyn ToSql + Sync)> = vec![&region, &most];
            params.extend(values);
            rows(&client, &sql, &params).await?.iter().map(passage).collect()
        };
        let mut found = Vec::new();
        for key in &sought.identities {
            found.push(search("p.identity = $3", &[&key.0.as_slice()]).await?);
        }
        for key in &sought.phones {
            found.push(search("p.phone = $3", &[&key.0.as_slice()]).await?);
        }
        if let Some((iss, pseudonym)) = &sought.pseudonym {
            let pseudonym = pseudonym.as_slice();
            found.push(search("p.iss = $3 AND p.pseudonym = $4", &[iss, &pseudonym]).await?);
        }
        if let Some(certificate) = &sought.certificate {
            found.push(search("p.certificate = $3", &[certificate]).await?);
        }
        Ok(joined(found, limit))
    }

    async fn count_between(
        &self,
        region: &Region,
        (from, until): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<usize> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM passages AS p JOIN stations AS s ON s.id = p.station
           WHERE p.at >= $1 AND p.at < $2 AND left(s.community, length($3)) = $3 LIMIT $4) AS found";
        let params: &[&(dyn ToSql + Sync)] = &[&from.0, &until.0, &region.as_str(), &most(limit)];
        let found = row(&self.client().await?, sql, params).await?;
        let count = found.map(|row| row.try_get::<_, i64>(0)).transpose()?;
        Ok(usize::try_from(count.unwrap_or_default()).unwrap_or_default())
    }

    async fn passages_between(
        &self,
        region: &Region,
        (from, until): (Timestamp, Timestamp),
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<PassageRow>> {
        let sql =
            "SELECT p.station, p.record, p.at, p.judged_at, p.clock, p.checkpoint, p.collector, p.shown,
             p.direction, p.outcome, p.iss, p.masked_name, p.masked_id, p.colour, p.verified,
             p.pseudonym, p.received_at
           FROM passages AS p JOIN stations AS s ON s.id = p.station
           WHERE p.at >= $1 AND p.at < $2 AND (p.at, p.station, p.record) > ($1, $3, $4)
             AND left(s.community, length($5)) = $5
           ORDER BY p.at, p.station, p.record LIMIT $6";
        let from = after.map_or(from, |(at, _, _)| at);
        // Nothing is smaller than no bytes at all.
        let after = after.map(|(_, station, record)| (station.0.to_vec(), record.0.to_vec()));
        let (station, record) = after.unwrap_or_default();
        let params: &[&(dyn ToSql + Sync)] =
            &[&from.0, &until.0, &station, &record, &region.as_str(), &most(limit)];
        rows(&self.client().await?, sql, params).await?.iter().map(passage).collect()
    }
}
