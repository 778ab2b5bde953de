//! Passages near another one.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Result, Row, params};
use wire::{RecordId, StationId};

use super::{SqliteStore, columns, reading};
use crate::store::nearby::nearest_first;
use crate::store::{Around, Nearby, Passer, PersonKey, PersonKeys, StoreError, WithCode};

#[async_trait]
impl Nearby for SqliteStore {
    async fn passages_around(
        &self,
        around: Around,
        limit: usize,
    ) -> std::result::Result<Vec<Passer>, StoreError> {
        self.read(move |connection| near(connection, &around, limit)).await
    }

    async fn oldest_with_code(&self, limit: usize) -> std::result::Result<Vec<WithCode>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| {
            let sql = "SELECT p.*, s.community FROM (SELECT * FROM passages ORDER BY at LIMIT ?1) AS p
               JOIN stations AS s ON s.id = p.station WHERE p.identity IS NOT NULL";
            reading::list(connection, sql, [limit], with_code)
        })
        .await
    }

    async fn passage_with_code(
        &self,
        station: StationId,
        record: RecordId,
    ) -> std::result::Result<Option<WithCode>, StoreError> {
        self.read(move |connection| {
            let sql = "SELECT p.*, s.community FROM passages AS p JOIN stations AS s ON s.id = p.station
               WHERE p.station = ?1 AND p.record = ?2";
            connection.prepare_cached(sql)?.query_row(params![station.0, record.0], with_code).optional()
        })
        .await
    }
}

fn near(connection: &Connection, around: &Around, limit: usize) -> Result<Vec<Passer>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    let (at, within) = (around.at.0, around.within);
    for (from, until, order) in [(at - within, at, "DESC"), (at + 1, at + within, "ASC")] {
        let sql = format!(
            "SELECT p.* FROM passages AS p JOIN stations AS s ON s.id = p.station
             WHERE p.checkpoint = ?1 AND p.at BETWEEN ?2 AND ?3 AND s.community = ?4
             ORDER BY p.at {order}, p.record LIMIT ?5"
        );
        let params = params![around.checkpoint, from, until, around.community.as_str(), limit];
        found.extend(reading::list(connection, &sql, params, passer)?);
    }
    Ok(nearest_first(found, around.at))
}

fn passer(row: &Row<'_>) -> Result<Passer> {
    let key = |column| row.get::<_, Option<[u8; 16]>>(column).map(|key| key.map(PersonKey));
    Ok(Passer {
        row: reading::passage(row)?,
        person: PersonKeys { identity: key("identity")?, phone: key("phone")? },
        certificate: row.get("certificate")?,
    })
}

fn with_code(row: &Row<'_>) -> Result<WithCode> {
    Ok(WithCode {
        passer: passer(row)?,
        community: columns::parsed(row, "community")?,
        code: row.get("code")?,
    })
}
