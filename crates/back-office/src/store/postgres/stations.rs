//! Tickets and stations.

use deadpool_postgres::{GenericClient, Transaction};
use health_code::Timestamp;
use program::moment::rfc3339;
use tokio_postgres::Row;
use wire::{RecordId, StationId};

use super::alerts;
use super::columns::{Columns as _, Result, row, rows, run};
use crate::store::{AlertKind, Introduction, Redeemed, Redemption, Station};

/// What is the same at every office process, and what `tip` holds of the station.
const STATION: &str = "SELECT s.id, s.key, s.name, s.enrolled_at, t.withdrawn_at, t.told_at, t.last_seen
   FROM stations s JOIN tip t ON t.station = s.id";

pub(super) async fn add_ticket(
    client: &impl GenericClient,
    secret_hash: &[u8; 32],
    now: Timestamp,
    expires: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO tickets (secret_hash, made_at, expires) VALUES ($1, $2, $3)";
    run(client, sql, &[&secret_hash.as_slice(), &now.0, &expires.0]).await.map(drop)
}

pub(super) async fn redeem(
    transaction: &Transaction<'_>,
    redemption: &Redemption,
    now: Timestamp,
) -> Result<Redeemed> {
    let Redemption { secret_hash, station: id, key, sealing, name } = redemption;
    let secret = secret_hash.as_slice();
    // The update changes nothing; it locks the ticket against another server.
    let sql = "UPDATE tickets SET expires = expires WHERE secret_hash = $1 RETURNING expires, station";
    let Some(ticket) = row(transaction, sql, &[&secret]).await? else { return Ok(Redeemed::Unknown) };
    let used_by = ticket.try_get::<_, Option<&[u8]>>("station")?.is_some();
    let used_by = if used_by { Some(ticket.station("station")?) } else { None };
    let known = station(transaction, *id).await?;
    if known.as_ref().is_some_and(|station| station.withdrawn.is_some()) {
        return Ok(Redeemed::Withdrawn);
    }
    let known = known.map(|station| station.id);
    if let Some(used_by) = used_by {
        return Ok(if known == Some(used_by) { Redeemed::Enrolled(used_by) } else { Redeemed::Used });
    }
    if now >= ticket.time("expires")? {
        return Ok(Redeemed::Expired);
    }
    let sql = "INSERT INTO stations (id, key, sealing, name, enrolled_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, sealing = excluded.sealing";
    let (id, key, sealing) = (id.0.as_slice(), key.as_slice(), sealing.as_slice());
    run(transaction, sql, &[&id, &key, &sealing, name, &now.0]).await?;
    begin_chain(transaction, redemption.station).await?;
    let sql = "UPDATE tickets SET used_at = $2, station = $3 WHERE secret_hash = $1";
    run(transaction, sql, &[&secret, &now.0, &id]).await?;
    Ok(Redeemed::Enrolled(redemption.station))
}

/// Makes a station's row in `tip`.
async fn begin_chain(transaction: &Transaction<'_>, id: StationId) -> Result<()> {
    let sql = "INSERT INTO tip (station) VALUES ($1) ON CONFLICT DO NOTHING";
    run(transaction, sql, &[&id.0.as_slice()]).await.map(drop)
}

pub(super) async fn introduce(
    transaction: &Transaction<'_>,
    introduction: &Introduction,
    now: Timestamp,
) -> Result<bool> {
    let Introduction { station: id, key, sealing, name, seen } = introduction;
    let sql = "INSERT INTO stations (id, key, sealing, name, enrolled_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO NOTHING";
    let (key, sealing) = (key.as_slice(), sealing.as_slice());
    let new = run(transaction, sql, &[&id.0.as_slice(), &key, &sealing, name, &seen.0]).await?;
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

pub(super) async fn withdrawn(client: &impl GenericClient) -> Result<Vec<StationId>> {
    let sql = "SELECT station FROM tip WHERE withdrawn_at IS NOT NULL ORDER BY station";
    rows(client, sql, &[]).await?.iter().map(|row| row.station("station")).collect()
}

pub(super) async fn withdraw(client: &impl GenericClient, id: StationId, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE tip SET withdrawn_at = coalesce(withdrawn_at, $2) WHERE station = $1";
    Ok(run(client, sql, &[&id.0.as_slice(), &now.0]).await? == 1)
}

fn read(row: &Row) -> Result<Station> {
    Ok(Station {
        id: row.station("id")?,
        key: row.array("key")?,
        name: row.try_get("name")?,
        enrolled: row.time("enrolled_at")?,
        withdrawn: row.optional_time("withdrawn_at")?,
        told: row.optional_time("told_at")?,
        last_seen: row.optional_time("last_seen")?,
    })
}
