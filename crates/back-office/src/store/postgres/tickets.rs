//! Tickets.

use deadpool_postgres::{GenericClient, Transaction};
use health_code::{Region, Timestamp};
use tokio_postgres::Row;

use super::columns::{Columns as _, Result, row, rows, run};
use super::stations;
use crate::store::{IssuedTicket, Redeemed, Redemption};

pub(super) async fn add(client: &impl GenericClient, ticket: &IssuedTicket) -> Result<()> {
    let IssuedTicket { secret_hash, community, laptop, by, made, expires } = ticket;
    let sql = "INSERT INTO tickets (secret_hash, community, laptop, by_person, made_at, expires)
       VALUES ($1, $2, $3, $4, $5, $6)";
    let (secret, by) = (secret_hash.as_slice(), by.as_ref().map(<[u8; 8]>::as_slice));
    run(client, sql, &[&secret, &community.as_str(), laptop, &by, &made.0, &expires.0]).await.map(drop)
}

pub(super) async fn unused(client: &impl GenericClient, now: Timestamp) -> Result<Vec<IssuedTicket>> {
    let sql = "SELECT secret_hash, community, laptop, by_person, made_at, expires FROM tickets
       WHERE station IS NULL AND expires > $1 ORDER BY expires, secret_hash";
    rows(client, sql, &[&now.0]).await?.iter().map(read).collect()
}

pub(super) async fn revoke(client: &impl GenericClient, secret_hash: &[u8; 32]) -> Result<bool> {
    let sql = "UPDATE tickets SET expires = 0 WHERE secret_hash = $1 AND station IS NULL AND expires > 0";
    Ok(run(client, sql, &[&secret_hash.as_slice()]).await? == 1)
}

pub(super) async fn community(client: &impl GenericClient, secret_hash: &[u8; 32]) -> Result<Option<Region>> {
    let sql = "SELECT community FROM tickets WHERE secret_hash = $1";
    row(client, sql, &[&secret_hash.as_slice()]).await?.map(|row| row.parsed("community")).transpose()
}

pub(super) async fn redeem(
    transaction: &Transaction<'_>,
    redemption: &Redemption,
    now: Timestamp,
) -> Result<Redeemed> {
    let Redemption { secret_hash, station: id, key, sealing, name } = redemption;
    let secret = secret_hash.as_slice();
    // The update changes nothing; it locks the ticket against another server.
    let sql = "UPDATE tickets SET expires = expires WHERE secret_hash = $1
       RETURNING expires, station, used_at, community";
    let Some(ticket) = row(transaction, sql, &[&secret]).await? else { return Ok(Redeemed::Unknown) };
    let used_by = ticket.try_get::<_, Option<&[u8]>>("station")?.is_some();
    let used_by = if used_by { Some(ticket.station("station")?) } else { None };
    let known = stations::station(transaction, *id).await?;
    if known.as_ref().is_some_and(|station| station.withdrawn.is_some()) {
        return Ok(Redeemed::Withdrawn);
    }
    let known = known.map(|station| station.id);
    if let Some(used_by) = used_by {
        let used = Redeemed::Used { at: ticket.time("used_at")? };
        return Ok(if known == Some(used_by) { Redeemed::Enrolled(used_by) } else { used });
    }
    if now >= ticket.time("expires")? {
        return Ok(Redeemed::Expired);
    }
    let sql = "INSERT INTO stations (id, key, sealing, name, community, enrolled_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE
       SET name = excluded.name, sealing = excluded.sealing, community = excluded.community";
    let (id, key, sealing) = (id.0.as_slice(), key.as_slice(), sealing.as_slice());
    let community: &str = ticket.try_get("community")?;
    run(transaction, sql, &[&id, &key, &sealing, name, &community, &now.0]).await?;
    stations::begin_chain(transaction, redemption.station).await?;
    let sql = "UPDATE tickets SET used_at = $2, station = $3 WHERE secret_hash = $1";
    run(transaction, sql, &[&secret, &now.0, &id]).await?;
    Ok(Redeemed::Enrolled(redemption.station))
}

fn read(row: &Row) -> Result<IssuedTicket> {
    let by = row.try_get::<_, Option<&[u8]>>("by_person")?.is_some();
    Ok(IssuedTicket {
        secret_hash: row.array("secret_hash")?,
        community: row.parsed("community")?,
        laptop: row.try_get("laptop")?,
        by: if by { Some(row.array("by_person")?) } else { None },
        made: row.time("made_at")?,
        expires: row.time("expires")?,
    })
}
