//! Stations.

use std::collections::BTreeMap;

use health_code::{Region, Timestamp};
use program::moment::rfc3339;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use wire::{About, RecordId, StationId};

use super::{alerts, columns, reading};
use crate::store::chain::NOTHING;
use crate::store::{AlertKind, Introduction, Station};

const STATION: &str =
    "SELECT stations.*, withdrawn_at, told_at, last_seen, about FROM stations JOIN tip ON station = id";

/// Makes a station's row in `tip`.
pub(super) fn begin_chain(connection: &Connection, id: StationId) -> Result<()> {
    let sql =
        "INSERT INTO tip (station, n, records, head, loose) VALUES (?1, 0, 0, ?2, 0) ON CONFLICT DO NOTHING";
    connection.execute(sql, params![id.0, NOTHING])?;
    Ok(())
}

pub(super) fn introduce(
    connection: &Connection,
    introduction: &Introduction,
    now: Timestamp,
) -> Result<bool> {
    let Introduction { station: id, key, sealing, name, community, seen } = introduction;
    let new = connection.execute(
        "INSERT INTO stations (id, key, sealing, name, community, enrolled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO NOTHING",
        params![id.0, key, sealing, name, community.as_str(), seen.0],
    )?;
    begin_chain(connection, *id)?;
    if new == 1 {
        let detail = format!("{name}: known by a receipt of {}, and not by a ticket", rfc3339(*seen));
        alerts::raise(connection, *id, AlertKind::KnownAgain, RecordId([0; 16]), &detail, now)?;
    }
    Ok(station(connection, *id)?.is_some_and(|station| station.withdrawn.is_none()))
}

pub(super) fn station(connection: &Connection, id: StationId) -> Result<Option<Station>> {
    connection.prepare_cached(&format!("{STATION} WHERE id = ?1"))?.query_row([id.0], read_station).optional()
}

pub(super) fn stations(connection: &Connection) -> Result<Vec<Station>> {
    reading::list(connection, &format!("{STATION} ORDER BY name, id"), [], read_station)
}

pub(super) fn count(connection: &Connection) -> Result<u64> {
    let sql = "SELECT (SELECT count(*) FROM tip) - (SELECT count(*) FROM tip WHERE withdrawn_at IS NOT NULL)";
    connection.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
}

pub(super) fn places(connection: &Connection) -> Result<BTreeMap<StationId, [u8; 8]>> {
    let sql =
        "SELECT station, (SELECT checkpoint FROM shifts WHERE station = t.station AND checkpoint IS NOT NULL
         ORDER BY at DESC, record LIMIT 1) AS place FROM tip AS t";
    let read = |row: &Row<'_>| Ok((StationId(row.get("station")?), row.get("place")?));
    let all: Vec<(StationId, Option<[u8; 8]>)> = reading::list(connection, sql, [], read)?;
    Ok(all.into_iter().filter_map(|(station, place)| Some((station, place?))).collect())
}

pub(super) fn communities_of(
    connection: &Connection,
    stations: &[StationId],
) -> Result<BTreeMap<StationId, Region>> {
    let mut select = connection.prepare_cached("SELECT community FROM stations WHERE id = ?1")?;
    let mut found = BTreeMap::new();
    for id in stations {
        if let Some(community) =
            select.query_row([id.0], |row| columns::parsed(row, "community")).optional()?
        {
            found.insert(*id, community);
        }
    }
    Ok(found)
}

pub(super) fn withdrawn(connection: &Connection) -> Result<Vec<(StationId, Region)>> {
    let sql = "SELECT id, community FROM stations JOIN tip ON station = id
       WHERE withdrawn_at IS NOT NULL ORDER BY id";
    reading::list(connection, sql, [], |row| {
        Ok((StationId(row.get("id")?), columns::parsed(row, "community")?))
    })
}

pub(super) fn withdraw(connection: &Connection, id: StationId, now: Timestamp) -> Result<bool> {
    let known = connection.execute(
        "UPDATE tip SET withdrawn_at = coalesce(withdrawn_at, ?2) WHERE station = ?1",
        params![id.0, now.0],
    )?;
    Ok(known == 1)
}

fn read_station(row: &Row<'_>) -> Result<Station> {
    Ok(Station {
        id: StationId(row.get("id")?),
        key: row.get("key")?,
        sealing: row.get("sealing")?,
        name: row.get("name")?,
        community: columns::parsed(row, "community")?,
        enrolled: columns::time(row, "enrolled_at")?,
        withdrawn: columns::optional_time(row, "withdrawn_at")?,
        told: columns::optional_time(row, "told_at")?,
        last_seen: columns::optional_time(row, "last_seen")?,
        about: row.get::<_, Option<Vec<u8>>>("about")?.as_deref().and_then(About::parse),
    })
}
