//! Tickets and stations.

use health_code::Timestamp;
use program::moment::rfc3339;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use wire::{RecordId, StationId};

use super::{alerts, columns, reading};
use crate::store::chain::NOTHING;
use crate::store::{AlertKind, Introduction, Redeemed, Redemption, Station};

const STATION: &str =
    "SELECT stations.*, withdrawn_at, told_at, last_seen FROM stations JOIN tip ON station = id";

pub(super) fn add_ticket(
    connection: &Connection,
    secret_hash: &[u8; 32],
    now: Timestamp,
    expires: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT INTO tickets (secret_hash, made_at, expires) VALUES (?1, ?2, ?3)",
        params![secret_hash, now.0, expires.0],
    )?;
    Ok(())
}

pub(super) fn redeem(connection: &Connection, redemption: &Redemption, now: Timestamp) -> Result<Redeemed> {
    let Redemption { secret_hash, station: id, key, sealing, name } = redemption;
    let ticket = connection
        .query_row("SELECT expires, station FROM tickets WHERE secret_hash = ?1", [secret_hash], |row| {
            Ok((Timestamp(row.get(0)?), row.get::<_, Option<[u8; 16]>>(1)?.map(StationId)))
        })
        .optional()?;
    let Some((expires, used_by)) = ticket else { return Ok(Redeemed::Unknown) };
    let known = connection.query_row(&format!("{STATION} WHERE id = ?1"), [id.0], read_station).optional()?;
    if let Some(station) = &known
        && station.withdrawn.is_some()
    {
        return Ok(Redeemed::Withdrawn);
    }
    let known = known.map(|station| station.id);
    if let Some(used_by) = used_by {
        return Ok(if known == Some(used_by) { Redeemed::Enrolled(used_by) } else { Redeemed::Used });
    }
    if now >= expires {
        return Ok(Redeemed::Expired);
    }
    connection.execute(
        "INSERT INTO stations (id, key, sealing, name, enrolled_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, sealing = excluded.sealing",
        params![id.0, key, sealing, name, now.0],
    )?;
    begin_chain(connection, *id)?;
    connection.execute(
        "UPDATE tickets SET used_at = ?2, station = ?3 WHERE secret_hash = ?1",
        params![secret_hash, now.0, id.0],
    )?;
    Ok(Redeemed::Enrolled(*id))
}

/// Makes a station's row in `tip`.
fn begin_chain(connection: &Connection, id: StationId) -> Result<()> {
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
    let Introduction { station: id, key, sealing, name, seen } = introduction;
    let new = connection.execute(
        "INSERT INTO stations (id, key, sealing, name, enrolled_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO NOTHING",
        params![id.0, key, sealing, name, seen.0],
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

pub(super) fn withdrawn(connection: &Connection) -> Result<Vec<StationId>> {
    let sql = "SELECT station FROM tip WHERE withdrawn_at IS NOT NULL ORDER BY station";
    reading::list(connection, sql, [], |row| row.get(0).map(StationId))
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
        name: row.get("name")?,
        enrolled: columns::time(row, "enrolled_at")?,
        withdrawn: columns::optional_time(row, "withdrawn_at")?,
        told: columns::optional_time(row, "told_at")?,
        last_seen: columns::optional_time(row, "last_seen")?,
    })
}
