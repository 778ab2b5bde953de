//! One person's passages.

use async_trait::async_trait;
use health_code::Region;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::columns::{Result, limit as most, rows};
use super::reading::passage;
use crate::store::residents::joined;
use crate::store::{PassageRow, Residents, Sought};

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
}
