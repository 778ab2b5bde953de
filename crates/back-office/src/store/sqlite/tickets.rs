//! Tickets.

use health_code::{Region, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use wire::StationId;

use super::{columns, reading, stations};
use crate::store::{IssuedTicket, Redeemed, Redemption};

pub(super) fn add(connection: &Connection, ticket: &IssuedTicket) -> Result<()> {
    let IssuedTicket { secret_hash, community, laptop, by, made, expires } = ticket;
    connection.execute(
        "INSERT INTO tickets (secret_hash, community, laptop, by_person, made_at, expires)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![secret_hash, community.as_str(), laptop, by, made.0, expires.0],
    )?;
    Ok(())
}

pub(super) fn unused(connection: &Connection, now: Timestamp) -> Result<Vec<IssuedTicket>> {
    let sql = "SELECT * FROM tickets WHERE station IS NULL AND expires > ?1 ORDER BY expires, secret_hash";
    reading::list(connection, sql, [now.0], read)
}

pub(super) fn revoke(connection: &Connection, secret_hash: &[u8; 32]) -> Result<bool> {
    let sql = "UPDATE tickets SET expires = 0 WHERE secret_hash = ?1 AND station IS NULL AND expires > 0";
    Ok(connection.execute(sql, [secret_hash])? == 1)
}

pub(super) fn community(connection: &Connection, secret_hash: &[u8; 32]) -> Result<Option<Region>> {
    let sql = "SELECT community FROM tickets WHERE secret_hash = ?1";
    connection.query_row(sql, [secret_hash], |row| columns::parsed(row, "community")).optional()
}

pub(super) fn redeem(connection: &Connection, redemption: &Redemption, now: Timestamp) -> Result<Redeemed> {
    let Redemption { secret_hash, station: id, key, sealing, name } = redemption;
    let ticket = connection
        .query_row("SELECT * FROM tickets WHERE secret_hash = ?1", [secret_hash], |row| {
            let used_by = row.get::<_, Option<[u8; 16]>>("station")?.map(StationId);
            Ok((read(row)?, used_by.zip(row.get::<_, Option<i64>>("used_at")?)))
        })
        .optional()?;
    let Some((IssuedTicket { expires, community, .. }, used_by)) = ticket else {
        return Ok(Redeemed::Unknown);
    };
    let known = stations::station(connection, *id)?;
    if let Some(station) = &known
        && station.withdrawn.is_some()
    {
        return Ok(Redeemed::Withdrawn);
    }
    let known = known.map(|station| station.id);
    if let Some((used_by, at)) = used_by {
        let used = Redeemed::Used { at: Timestamp(at) };
        return Ok(if known == Some(used_by) { Redeemed::Enrolled(used_by) } else { used });
    }
    if now >= expires {
        return Ok(Redeemed::Expired);
    }
    connection.execute(
        "INSERT INTO stations (id, key, sealing, name, community, enrolled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE
         SET name = excluded.name, sealing = excluded.sealing, community = excluded.community",
        params![id.0, key, sealing, name, community.as_str(), now.0],
    )?;
    stations::begin_chain(connection, *id)?;
    connection.execute(
        "UPDATE tickets SET used_at = ?2, station = ?3 WHERE secret_hash = ?1",
        params![secret_hash, now.0, id.0],
    )?;
    Ok(Redeemed::Enrolled(*id))
}

fn read(row: &Row<'_>) -> Result<IssuedTicket> {
    Ok(IssuedTicket {
        secret_hash: row.get("secret_hash")?,
        community: columns::parsed(row, "community")?,
        laptop: row.get("laptop")?,
        by: row.get("by_person")?,
        made: columns::time(row, "made_at")?,
        expires: columns::time(row, "expires")?,
    })
}
