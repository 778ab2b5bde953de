//! Stations.

use std::collections::BTreeMap;

use deadpool_postgres::{GenericClient, Transaction};
use health_code::{Region, Timestamp};
use program::moment::rfc3339;
use tokio_postgres::Row;
use wire::{About, RecordId, StationId};

use super::alerts;
use super::columns::{Columns as _, Result, row, rows, run};
use crate::store::{AlertKind, Introduction, Station};

/// What is the same at every office process, and what `tip` holds of the station.
const STATION: &str =
    "SELECT s.id, s.key, s.sealing, s.name, s.community, s.enrolled_at, t.withdrawn_at, t.told_at,
     t.last_seen, t.about
   FROM stations s JOIN tip t ON t.station = s.id";

/// Makes a station's row in `tip`.
pub(super) async fn begin_chain(transaction: &Transaction<'_>, id: StationId) -> Result<()> {
    let sql = "INSERT INTO tip (station) VALUES ($1) ON CONFLICT DO NOTHING";
    run(transaction, sql, &[&id.0.as_slice()]).await.map(drop)
}

pub(super) async fn introduce(
    transaction: &Transaction<'_>,
    introduction: &Introduction,
    now: Timestamp,
) -> Result<bool> {
    let Introduction { station: id, key, sealing, name, community, seen } = introduction;
    let sql = "INSERT INTO stations (id, key, sealing, name, community, enrolled_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";
    let (key, sealing, community) = (key.as_slice(), sealing.as_slice(), community.as_str());
    let new = run(transaction, sql, &[&id.0.as_slice(), &key, &sealing, name, &community, &seen.0]).await?;
    begin_chain(transaction, *id).await?;
    if new == 1 {
        let detail = format!("{name}: known by a receipt of {}, and not by a ticket", rfc3339(*seen));
        // Zeros for the record: the alert is the station's.
        alerts::raise(transaction, (*id, AlertKind::KnownAgain, RecordId([0; 16]), &detail), now).await?;
    }
    Ok(station(transaction, *id).await?.is_some_and(|station| station.withdrawn.is_none()))
}

pub(super) async fn station(client: &impl GenericClient, id: StationId) -> Result<Option<Station>> {
    let sql = format!("{STATION} WHERE s.id = $1 AND t.station = $1");
    row(client, &sql, &[&id.0.as_slice()]).await?.as_ref().map(read).transpose()
}

pub(super) async fn stations(client: &impl GenericClient) -> Result<Vec<Station>> {
    let sql = format!("{STATION} ORDER BY s.name COLLATE \"C\", s.id");
    rows(client, &sql, &[]).await?.iter().map(read).collect()
}

pub(super) async fn count(client: &impl GenericClient) -> Result<u64> {
    let sql = "SELECT count(*) AS stations FROM tip WHERE withdrawn_at IS NULL";
    let counted = row(client, sql, &[]).await?;
    Ok(counted.map_or(Ok(0), |row| row.try_get::<_, i64>("stations"))?.unsigned_abs())
}

pub(super) async fn places(client: &impl GenericClient) -> Result<BTreeMap<StationId, [u8; 8]>> {
    let sql = "SELECT t.station, (SELECT s.checkpoint FROM shifts s
         WHERE s.station = t.station AND s.checkpoint IS NOT NULL ORDER BY s.at DESC, s.record LIMIT 1) AS place
       FROM tip t";
    let mut places = BTreeMap::new();
    for row in rows(client, sql, &[]).await? {
        if row.try_get::<_, Option<&[u8]>>("place")?.is_some() {
            places.insert(row.station("station")?, row.array("place")?);
        }
    }
    Ok(places)
}

pub(super) async fn communities_of(
    client: &impl GenericClient,
    stations: &[StationId],
) -> Result<BTreeMap<StationId, Region>> {
    let ids: Vec<&[u8]> = stations.iter().map(|id| id.0.as_slice()).collect();
    let found = rows(client, "SELECT id, community FROM stations WHERE id = ANY ($1)", &[&ids]).await?;
    found.iter().map(belongs).collect()
}

pub(super) async fn withdrawn(client: &impl GenericClient) -> Result<Vec<(StationId, Region)>> {
    let sql = "SELECT s.id, s.community FROM stations s JOIN tip t ON t.station = s.id
       WHERE t.withdrawn_at IS NOT NULL ORDER BY s.id";
    rows(client, sql, &[]).await?.iter().map(belongs).collect()
}

fn belongs(row: &Row) -> Result<(StationId, Region)> {
    Ok((row.station("id")?, row.parsed("community")?))
}

pub(super) async fn withdraw(client: &impl GenericClient, id: StationId, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE tip SET withdrawn_at = coalesce(withdrawn_at, $2) WHERE station = $1";
    Ok(run(client, sql, &[&id.0.as_slice(), &now.0]).await? == 1)
}

fn read(row: &Row) -> Result<Station> {
    Ok(Station {
        id: row.station("id")?,
        key: row.array("key")?,
        sealing: row.array("sealing")?,
        name: row.try_get("name")?,
        community: row.parsed("community")?,
        enrolled: row.time("enrolled_at")?,
        withdrawn: row.optional_time("withdrawn_at")?,
        told: row.optional_time("told_at")?,
        last_seen: row.optional_time("last_seen")?,
        about: row.try_get::<_, Option<&[u8]>>("about")?.and_then(About::parse),
    })
}
