//! Lists and counts.

use deadpool_postgres::GenericClient;
use wire::{ClockState, Direction, Outcome, Shown};

use super::columns::{self, Columns as _, Result, row, rows};
use crate::store::{Alert, Counts, PassageRow};

pub(super) async fn passages(client: &impl GenericClient, limit: usize) -> Result<Vec<PassageRow>> {
    let sql =
        "SELECT station, record, at, judged_at, clock, checkpoint, collector, shown, direction, outcome, iss,
         masked_name, masked_id, colour, verified, pseudonym, received_at
       FROM passages ORDER BY at DESC, record LIMIT $1";
    rows(client, sql, &[&columns::limit(limit)]).await?.iter().map(passage).collect()
}

pub(super) fn passage(row: &tokio_postgres::Row) -> Result<PassageRow> {
    Ok(PassageRow {
        station: row.station("station")?,
        record: row.record("record")?,
        at: row.time("at")?,
        judged: row.time("judged_at")?,
        clock: row.wire("clock", ClockState::from_repr)?,
        checkpoint: row.array("checkpoint")?,
        collector: row.array("collector")?,
        shown: row.wire("shown", Shown::from_repr)?,
        direction: row.wire("direction", Direction::from_repr)?,
        outcome: row.wire("outcome", Outcome::from_repr)?,
        iss: row.try_get("iss")?,
        masked_name: row.try_get("masked_name")?,
        masked_id: row.try_get("masked_id")?,
        colour: row.try_get("colour")?,
        verified: row.try_get("verified")?,
        pseudonym: row.array("pseudonym")?,
        received: row.time("received_at")?,
    })
}

pub(super) async fn alerts(client: &impl GenericClient, limit: usize) -> Result<Vec<Alert>> {
    let sql = "SELECT station, kind, record, detail, raised_at, cleared_at FROM alerts
       ORDER BY cleared_at IS NOT NULL, raised_at DESC, station, record, kind LIMIT $1";
    let read = |row: &tokio_postgres::Row| {
        Ok(Alert {
            station: row.station("station")?,
            kind: row.parsed("kind")?,
            record: row.record("record")?,
            detail: row.try_get("detail")?,
            raised: row.time("raised_at")?,
            cleared: row.optional_time("cleared_at")?,
        })
    };
    rows(client, sql, &[&columns::limit(limit)]).await?.iter().map(read).collect()
}

pub(super) async fn counts(client: &impl GenericClient) -> Result<Counts> {
    Ok(Counts {
        passages: number(client, "count(*) FROM passages").await?,
        shifts: number(client, "count(*) FROM shifts").await?,
        roster_changes: number(client, "count(*) FROM roster_changes").await?,
        health_reports: number(client, "count(*) FROM health_reports").await?,
        waiting: number(
            client,
            "coalesce(sum(reports), 0)::bigint FROM mail WHERE until < 9223372036854775807",
        )
        .await?
            + number(client, "count(*) FROM quarantine WHERE state = 0").await?,
        quarantined: number(client, "count(*) FROM quarantine WHERE state = 2").await?,
        records: number(client, "coalesce(sum(records), 0)::bigint FROM tip").await?,
        stations: number(client, "count(*) FROM stations").await?,
        alerts: number(client, "count(*) FROM alerts WHERE cleared_at IS NULL").await?,
    })
}

async fn number(client: &impl GenericClient, what: &str) -> Result<u64> {
    let found = row(client, &format!("SELECT {what}"), &[]).await?;
    Ok(found.map(|row| row.try_get::<_, i64>(0)).transpose()?.unwrap_or_default().unsigned_abs())
}
