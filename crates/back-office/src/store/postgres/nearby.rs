//! Passages near another one.

use async_trait::async_trait;
use tokio_postgres::Row;
use wire::{RecordId, StationId};

use super::PostgresStore;
use super::columns::{Columns as _, Result, limit as most, row as one, rows};
use super::reading::passage;
use crate::store::nearby::nearest_first;
use crate::store::{Around, Nearby, Passer, PersonKey, PersonKeys, StoreError, WithCode};

const COLUMNS: &str = "p.station, p.record, p.at, p.judged_at, p.clock, p.checkpoint, p.collector, p.shown,
   p.direction, p.outcome, p.iss, p.masked_name, p.masked_id, p.colour, p.verified, p.pseudonym,
   p.received_at, p.identity, p.phone, p.certificate";

#[async_trait]
impl Nearby for PostgresStore {
    async fn passages_around(&self, around: Around, limit: usize) -> Result<Vec<Passer>> {
        let client = self.client().await?;
        let (at, within, most) = (around.at.0, around.within, most(limit));
        let mut found = Vec::new();
        for (from, until, order) in [(at - within, at, "DESC"), (at + 1, at + within, "ASC")] {
            let sql = format!(
                "SELECT {COLUMNS} FROM passages AS p JOIN stations AS s ON s.id = p.station
                 WHERE p.checkpoint = $1 AND p.at BETWEEN $2 AND $3 AND s.community = $4
                 ORDER BY p.at {order}, p.record LIMIT $5"
            );
            let (checkpoint, community) = (around.checkpoint.as_slice(), around.community.as_str());
            let found_here = rows(&client, &sql, &[&checkpoint, &from, &until, &community, &most]).await?;
            found.extend(found_here.iter().map(passer).collect::<Result<Vec<_>>>()?);
        }
        Ok(nearest_first(found, around.at))
    }

    async fn oldest_with_code(&self, limit: usize) -> Result<Vec<WithCode>> {
        let client = self.client().await?;
        let sql = format!(
            "SELECT {COLUMNS}, p.code, s.community
             FROM (SELECT * FROM passages ORDER BY at LIMIT $1) AS p
             JOIN stations AS s ON s.id = p.station WHERE p.identity IS NOT NULL"
        );
        rows(&client, &sql, &[&most(limit)]).await?.iter().map(with_code).collect()
    }

    async fn passage_with_code(&self, station: StationId, record: RecordId) -> Result<Option<WithCode>> {
        let client = self.client().await?;
        let sql = format!(
            "SELECT {COLUMNS}, p.code, s.community FROM passages AS p JOIN stations AS s ON s.id = p.station
             WHERE p.station = $1 AND p.record = $2"
        );
        let found = one(&client, &sql, &[&station.0.as_slice(), &record.0.as_slice()]).await?;
        found.as_ref().map(with_code).transpose()
    }
}

fn passer(row: &Row) -> Result<Passer> {
    let key = |column: &str| -> Result<Option<PersonKey>> {
        let bytes: Option<&[u8]> = row.try_get(column)?;
        let read = |bytes: &[u8]| {
            let wrong = |_| StoreError::Failed(format!("{column}: not sixteen bytes"));
            bytes.try_into().map(PersonKey).map_err(wrong)
        };
        bytes.map(read).transpose()
    };
    Ok(Passer {
        row: passage(row)?,
        person: PersonKeys { identity: key("identity")?, phone: key("phone")? },
        certificate: row.try_get("certificate")?,
    })
}

fn with_code(row: &Row) -> Result<WithCode> {
    Ok(WithCode { passer: passer(row)?, community: row.parsed("community")?, code: row.try_get("code")? })
}
