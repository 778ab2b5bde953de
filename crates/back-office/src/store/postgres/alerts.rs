//! Alerts: raised once for their station, kind and record.

use deadpool_postgres::GenericClient;
use health_code::Timestamp;
use wire::{RecordId, StationId};

use super::columns::{Result, run};
use crate::store::AlertKind;

/// An alert: station, kind, record, and what it says in English.
pub(super) type Row<'a> = (StationId, AlertKind, RecordId, &'a str);

/// Raises an alert; a second one of the same kind for the same record changes nothing.
pub(super) async fn raise(client: &impl GenericClient, alert: Row<'_>, now: Timestamp) -> Result<()> {
    raise_all(client, &mut [alert], now).await
}

/// Raises alerts by one statement. Sorts them first: so two servers that raise the same ones don't wait for
/// one another.
pub(super) async fn raise_all(
    client: &impl GenericClient,
    alerts: &mut [Row<'_>],
    now: Timestamp,
) -> Result<()> {
    if alerts.is_empty() {
        return Ok(());
    }
    alerts.sort_by_key(|(station, kind, record, _)| (*station, *kind, *record));
    let stations: Vec<&[u8]> = alerts.iter().map(|(station, ..)| station.0.as_slice()).collect();
    let kinds: Vec<&str> = alerts.iter().map(|(_, kind, ..)| kind.code()).collect();
    let records: Vec<&[u8]> = alerts.iter().map(|(_, _, record, _)| record.0.as_slice()).collect();
    let details: Vec<&str> = alerts.iter().map(|(.., detail)| *detail).collect();
    let sql = "INSERT INTO alerts (station, kind, record, detail, raised_at)
       SELECT a.*, $5::bigint FROM unnest($1::bytea[], $2::text[], $3::bytea[], $4::text[])
         AS a (station, kind, record, detail)
       ON CONFLICT DO NOTHING";
    run(client, sql, &[&stations, &kinds, &records, &details, &now.0]).await.map(drop)
}

/// Clears an alert whose cause is gone.
pub(super) async fn clear(
    client: &impl GenericClient,
    station: StationId,
    kind: AlertKind,
    record: RecordId,
    now: Timestamp,
) -> Result<()> {
    let sql = "UPDATE alerts SET cleared_at = $4
       WHERE station = $1 AND kind = $2 AND record = $3 AND cleared_at IS NULL";
    run(client, sql, &[&station.0.as_slice(), &kind.code(), &record.0.as_slice(), &now.0]).await.map(drop)
}

/// Clears the alert of a conflict of which nothing waits for a person any more, as one that needed nobody.
pub(super) async fn clear_settled_conflict(
    client: &impl GenericClient,
    station: StationId,
    record: RecordId,
) -> Result<()> {
    let sql = "UPDATE alerts SET cleared_at = raised_at
       WHERE station = $1 AND kind = $2 AND record = $3 AND cleared_at IS NULL AND NOT EXISTS
         (SELECT 1 FROM quarantine AS q
          WHERE q.station = $1 AND q.record = $3 AND q.state = 2 AND q.reason = 'conflict')";
    let kind = AlertKind::Conflict.code();
    run(client, sql, &[&station.0.as_slice(), &kind, &record.0.as_slice()]).await.map(drop)
}

/// Raises an alert about a station as a whole, again if it was cleared.
pub(super) async fn raise_about(
    client: &impl GenericClient,
    station: StationId,
    kind: AlertKind,
    detail: &str,
    now: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO alerts (station, kind, record, detail, raised_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (station, kind, record)
       DO UPDATE SET detail = excluded.detail, raised_at = excluded.raised_at, cleared_at = NULL
       WHERE alerts.cleared_at IS NOT NULL";
    let record = [0_u8; 16];
    run(client, sql, &[&station.0.as_slice(), &kind.code(), &record.as_slice(), &detail, &now.0])
        .await
        .map(drop)
}

/// Clears the alerts of one kind.
pub(super) async fn clear_kind(client: &impl GenericClient, kind: AlertKind, now: Timestamp) -> Result<()> {
    let sql = "UPDATE alerts SET cleared_at = $2 WHERE kind = $1 AND cleared_at IS NULL";
    run(client, sql, &[&kind.code(), &now.0]).await.map(drop)
}
