//! Counters of what was filed: one statement for all of a transaction, last in it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use health_code::{Region, Timestamp};
use tokio_postgres::Row;
use wire::report::{Health, Shift, ShiftEvent};
use wire::{ClockState, Direction, StationId};

use super::columns::{self, Columns as _, Params, Result, rows, run};
use super::filing::Source;
use super::{PostgresStore, stations};
use crate::store::tally::{Batch, kept_from};
use crate::store::{Duty, Filing, Series, Span, Subject, Tallies, Tally, WorkHour};

const ADD_TALLIES: &str =
    "INSERT INTO tallies AS t (share, span, subject, at, passed, let_through, turned_away,
     stopped, unjudged, invalid)
   SELECT $1::bytea, n.* FROM unnest($2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
       $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
     AS n (span, subject, at, passed, let_through, turned_away, stopped, unjudged, invalid)
   ON CONFLICT (span, subject, at, share) DO UPDATE SET passed = t.passed + excluded.passed,
     let_through = t.let_through + excluded.let_through, turned_away = t.turned_away + excluded.turned_away,
     stopped = t.stopped + excluded.stopped, unjudged = t.unjudged + excluded.unjudged,
     invalid = t.invalid + excluded.invalid";
const ADD_WORK: &str = "INSERT INTO work_hours AS t (share, community, at, collector, checkpoint, direction,
     passed, let_through, turned_away, stopped, unjudged, invalid)
   SELECT $1::bytea, n.* FROM unnest($2::text[], $3::bigint[], $4::bytea[], $5::bytea[], $6::smallint[],
       $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
     AS n (community, at, collector, checkpoint, direction, passed, let_through, turned_away, stopped,
       unjudged, invalid)
   ON CONFLICT (community, at, collector, checkpoint, direction, share)
     DO UPDATE SET passed = t.passed + excluded.passed,
     let_through = t.let_through + excluded.let_through, turned_away = t.turned_away + excluded.turned_away,
     stopped = t.stopped + excluded.stopped, unjudged = t.unjudged + excluded.unjudged,
     invalid = t.invalid + excluded.invalid";
/// Adds up the shares; `sum` of bigint is numeric.
const SUMS: &str = "sum(passed)::bigint AS passed, sum(let_through)::bigint AS let_through,
   sum(turned_away)::bigint AS turned_away, sum(stopped)::bigint AS stopped,
   sum(unjudged)::bigint AS unjudged, sum(invalid)::bigint AS invalid";

/// Counts those of these reports that were filed.
pub(super) async fn count(
    transaction: &Transaction<'_>,
    share: [u8; 1],
    sources: &[Source<'_>],
    filed: &[bool],
    now: Timestamp,
) -> Result<()> {
    let counts = |filing: &Filing| !matches!(filing, Filing::Shift(_) | Filing::Roster { .. });
    let new: Vec<_> = sources
        .iter()
        .zip(filed)
        .filter(|(source, filed)| **filed && counts(source.filing))
        .map(|(source, _)| source)
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<StationId> = new.iter().map(|source| source.key.station).collect();
    ids.sort_unstable();
    ids.dedup();
    let communities = stations::communities_of(transaction, &ids).await?;
    let mut batch = Batch::new(now);
    for source in new {
        if let Some(community) = communities.get(&source.key.station) {
            batch.add(community, source.key.station, source.received, source.filing);
        }
    }
    add(transaction, share, &batch).await
}

async fn add(transaction: &Transaction<'_>, share: [u8; 1], batch: &Batch) -> Result<()> {
    let share = share.as_slice();
    if !batch.tallies.is_empty() {
        let spans: Vec<i32> = batch.tallies.keys().map(|(span, ..)| seconds(*span)).collect();
        let subjects: Vec<&str> = batch.tallies.keys().map(|(_, subject, _)| &**subject).collect();
        let at: Vec<i64> = batch.tallies.keys().map(|(_, _, at)| *at).collect();
        let [passed, through, away, stopped, unjudged, invalid] = turned(batch.tallies.values());
        let params: Params<'_> =
            &[&share, &spans, &subjects, &at, &passed, &through, &away, &stopped, &unjudged, &invalid];
        run(transaction, ADD_TALLIES, params).await?;
    }
    if !batch.work.is_empty() {
        let keys = || batch.work.keys();
        let communities: Vec<&str> = keys().map(|(community, ..)| &**community).collect();
        let at: Vec<i64> = keys().map(|(_, at, ..)| *at).collect();
        let collectors: Vec<&[u8]> = keys().map(|(_, _, collector, ..)| collector.as_slice()).collect();
        let checkpoints: Vec<&[u8]> = keys().map(|(.., checkpoint, _)| checkpoint.as_slice()).collect();
        let directions: Vec<i16> = keys().map(|(.., direction)| i16::from(*direction)).collect();
        let [passed, through, away, stopped, unjudged, invalid] = turned(batch.work.values());
        let params: Params<'_> = &[
            &share,
            &communities,
            &at,
            &collectors,
            &checkpoints,
            &directions,
            &passed,
            &through,
            &away,
            &stopped,
            &unjudged,
            &invalid,
        ];
        run(transaction, ADD_WORK, params).await?;
    }
    Ok(())
}

/// Returns one array a column.
fn turned<'a>(tallies: impl Iterator<Item = &'a Tally>) -> [Vec<i64>; 6] {
    let mut columns: [Vec<i64>; 6] = Default::default();
    for tally in tallies {
        for (column, count) in columns.iter_mut().zip(tally.columns()) {
            column.push(count);
        }
    }
    columns
}

fn seconds(span: Span) -> i32 {
    // At most an hour.
    i32::try_from(span.seconds()).unwrap_or(i32::MAX)
}

#[async_trait]
impl Tallies for PostgresStore {
    async fn tallies(
        &self,
        span: Span,
        subjects: Vec<Subject>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Series>> {
        let keys: Vec<String> = subjects.iter().map(Subject::key).collect();
        let sql = format!(
            "SELECT subject, at, {SUMS} FROM tallies
             WHERE span = $1 AND subject = ANY ($2) AND at >= $3 AND at < $4 GROUP BY subject, at"
        );
        let client = self.client().await?;
        let mut found: BTreeMap<String, Series> = BTreeMap::new();
        for row in rows(&client, &sql, &[&seconds(span), &keys, &from.0, &until.0]).await? {
            let series = found.entry(row.try_get("subject")?).or_default();
            series.insert(row.try_get("at")?, read(&row)?);
        }
        Ok(keys.iter().map(|key| found.get(key).cloned().unwrap_or_default()).collect())
    }

    async fn work_hours(
        &self,
        community: &Region,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<WorkHour>> {
        let sql = format!(
            "SELECT at, collector, checkpoint, direction, {SUMS} FROM work_hours
             WHERE community = $1 AND at >= $2 AND at < $3 GROUP BY at, collector, checkpoint, direction
             ORDER BY at, collector, checkpoint, direction LIMIT $4"
        );
        let client = self.client().await?;
        let asked: Params<'_> = &[&community.as_str(), &from.0, &until.0, &columns::limit(limit)];
        let found = rows(&client, &sql, asked).await?;
        let read = |row: &Row| {
            Ok(WorkHour {
                at: row.time("at")?,
                collector: row.array("collector")?,
                checkpoint: row.array("checkpoint")?,
                direction: row.wire("direction", Direction::from_repr)?,
                tally: read(row)?,
            })
        };
        found.iter().map(read).collect()
    }

    async fn shifts_of(
        &self,
        stations: Vec<StationId>,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Duty<Shift>>> {
        let sql = "SELECT station, at, clock, person, event, checkpoint, direction FROM shifts
           WHERE station = ANY ($1) AND at >= $2 AND at < $3 ORDER BY at, station, record LIMIT $4";
        let client = self.client().await?;
        let found = of_stations(&client, sql, &stations, (from, until), limit).await?;
        found.iter().map(|row| Ok(Duty { station: row.station("station")?, report: shift(row)? })).collect()
    }

    async fn health_of(
        &self,
        stations: Vec<StationId>,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Duty<Health>>> {
        let sql = "SELECT station, at, clock, wrong_tries,
             ARRAY (SELECT refusal FROM refusal_counts AS c
               WHERE c.station = h.station AND c.record = h.record ORDER BY refusal) AS refusals,
             ARRAY (SELECT count FROM refusal_counts AS c
               WHERE c.station = h.station AND c.record = h.record ORDER BY refusal) AS counts
           FROM health_reports AS h
           WHERE station = ANY ($1) AND at >= $2 AND at < $3 ORDER BY at, station, record LIMIT $4";
        let client = self.client().await?;
        let found = of_stations(&client, sql, &stations, (from, until), limit).await?;
        found.iter().map(|row| Ok(Duty { station: row.station("station")?, report: health(row)? })).collect()
    }

    async fn forget_tallies(&self, now: Timestamp) -> Result<()> {
        let client = self.client().await?;
        for span in [Span::Minute, Span::Hour] {
            let sql = "DELETE FROM tallies WHERE span = $1 AND at < $2";
            run(&client, sql, &[&seconds(span), &kept_from(span, now)]).await?;
        }
        run(&client, "DELETE FROM work_hours WHERE at < $1", &[&kept_from(Span::Hour, now)]).await.map(drop)
    }
}

async fn of_stations(
    client: &impl GenericClient,
    sql: &str,
    stations: &[StationId],
    (from, until): (Timestamp, Timestamp),
    limit: usize,
) -> Result<Vec<Row>> {
    let ids: Vec<&[u8]> = stations.iter().map(|id| id.0.as_slice()).collect();
    rows(client, sql, &[&ids, &from.0, &until.0, &columns::limit(limit)]).await
}

fn read(row: &Row) -> Result<Tally> {
    Ok(Tally::of_columns([
        row.try_get("passed")?,
        row.try_get("let_through")?,
        row.try_get("turned_away")?,
        row.try_get("stopped")?,
        row.try_get("unjudged")?,
        row.try_get("invalid")?,
    ]))
}

fn shift(row: &Row) -> Result<Shift> {
    let event = match row.try_get::<_, i16>("event")? {
        0 => ShiftEvent::SignedIn,
        1 => ShiftEvent::SignedOut,
        _ => ShiftEvent::At {
            checkpoint: row.array("checkpoint")?,
            direction: row.wire("direction", Direction::from_repr)?,
        },
    };
    let clock = row.wire("clock", ClockState::from_repr)?;
    Ok(Shift { at: row.try_get("at")?, clock, person: row.array("person")?, event })
}

fn health(row: &Row) -> Result<Health> {
    let (names, counts): (Vec<String>, Vec<i64>) = (row.try_get("refusals")?, row.try_get("counts")?);
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let refusals = names.into_iter().zip(counts).map(|(name, number)| (name, count(number))).collect();
    let wrong_tries = count(row.try_get("wrong_tries")?);
    let clock = row.wire("clock", ClockState::from_repr)?;
    Ok(Health { at: row.try_get("at")?, clock, refusals, wrong_tries })
}
