//! Counters of what was filed.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Result, Row, params};
use wire::StationId;
use wire::report::{Health, Shift, ShiftEvent};

use super::filing::Source;
use super::{SqliteStore, columns, reading};
use crate::store::tally::{Batch, kept_from};
use crate::store::{Duty, Filing, Series, Span, StoreError, Subject, Tallies, Tally, WorkHour};

/// How a row that is there takes in what comes anew.
const ADDED: &str = "DO UPDATE SET passed = passed + excluded.passed,
  let_through = let_through + excluded.let_through, turned_away = turned_away + excluded.turned_away,
  stopped = stopped + excluded.stopped, unjudged = unjudged + excluded.unjudged,
  invalid = invalid + excluded.invalid";

/// Counts a report that was filed.
pub(super) fn count(
    connection: &Connection,
    source: &Source,
    filing: &Filing,
    counted: &mut Batch,
) -> Result<()> {
    if matches!(filing, Filing::Shift(_) | Filing::Roster { .. }) {
        return Ok(());
    }
    let station = source.key.station;
    let community: Option<Region> = connection
        .prepare_cached("SELECT community FROM stations WHERE id = ?1")?
        .query_row([station.0], |row| columns::parsed(row, "community"))
        .optional()?;
    if let Some(community) = community {
        counted.add(&community, station, source.received, filing);
    }
    Ok(())
}

/// Adds to the counters.
pub(super) fn add(connection: &Connection, counted: &Batch) -> Result<()> {
    let mut tally = connection.prepare_cached(&format!(
        "INSERT INTO tallies VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (span, subject, at) {ADDED}"
    ))?;
    for ((span, subject, at), counts) in &counted.tallies {
        let [passed, let_through, turned_away, stopped, unjudged, invalid] = counts.columns();
        tally.execute(params![
            span.seconds(),
            subject,
            at,
            passed,
            let_through,
            turned_away,
            stopped,
            unjudged,
            invalid
        ])?;
    }
    let mut work = connection.prepare_cached(&format!(
        "INSERT INTO work_hours VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
           ON CONFLICT (community, at, collector, checkpoint, direction) {ADDED}"
    ))?;
    for ((community, at, collector, checkpoint, direction), counts) in &counted.work {
        let [passed, let_through, turned_away, stopped, unjudged, invalid] = counts.columns();
        work.execute(params![
            community,
            at,
            collector,
            checkpoint,
            direction,
            passed,
            let_through,
            turned_away,
            stopped,
            unjudged,
            invalid
        ])?;
    }
    Ok(())
}

#[async_trait]
impl Tallies for SqliteStore {
    async fn tallies(
        &self,
        span: Span,
        subjects: Vec<Subject>,
        from: Timestamp,
        until: Timestamp,
    ) -> std::result::Result<Vec<Series>, StoreError> {
        self.read(move |connection| {
            let sql = "SELECT * FROM tallies WHERE span = ?1 AND subject = ?2 AND at >= ?3 AND at < ?4";
            let of = |subject: &Subject| -> Result<Series> {
                let asked = params![span.seconds(), subject.key(), from.0, until.0];
                let found = reading::list(connection, sql, asked, |row| Ok((row.get("at")?, read(row)?)))?;
                Ok(found.into_iter().collect())
            };
            subjects.iter().map(of).collect()
        })
        .await
    }

    async fn work_hours(
        &self,
        community: &Region,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> std::result::Result<Vec<WorkHour>, StoreError> {
        let community = community.clone();
        self.read(move |connection| {
            let sql = "SELECT * FROM work_hours WHERE community = ?1 AND at >= ?2 AND at < ?3
               ORDER BY at, collector, checkpoint, direction LIMIT ?4";
            let asked = params![community.as_str(), from.0, until.0, limit as i64];
            reading::list(connection, sql, asked, |row| {
                Ok(WorkHour {
                    at: columns::time(row, "at")?,
                    collector: row.get("collector")?,
                    checkpoint: row.get("checkpoint")?,
                    direction: columns::direction(row, "direction")?,
                    tally: read(row)?,
                })
            })
        })
        .await
    }

    async fn shifts_of(
        &self,
        stations: Vec<StationId>,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> std::result::Result<Vec<Duty<Shift>>, StoreError> {
        let sql =
            "SELECT * FROM shifts WHERE station = ?1 AND at >= ?2 AND at < ?3 ORDER BY at, record LIMIT ?4";
        let mut found = self.of_stations(sql, stations, (from, until), limit, |_, row| shift(row)).await?;
        found.sort_by_key(|duty| duty.report.at);
        found.truncate(limit);
        Ok(found)
    }

    async fn health_of(
        &self,
        stations: Vec<StationId>,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> std::result::Result<Vec<Duty<Health>>, StoreError> {
        let sql = "SELECT * FROM health_reports WHERE station = ?1 AND at >= ?2 AND at < ?3 ORDER BY at, record LIMIT ?4";
        let mut found = self.of_stations(sql, stations, (from, until), limit, health).await?;
        found.sort_by_key(|duty| duty.report.at);
        found.truncate(limit);
        Ok(found)
    }

    async fn forget_tallies(&self, now: Timestamp) -> std::result::Result<(), StoreError> {
        self.write(move |connection| {
            for span in [Span::Minute, Span::Hour] {
                let old = params![span.seconds(), kept_from(span, now)];
                connection.execute("DELETE FROM tallies WHERE span = ?1 AND at < ?2", old)?;
            }
            connection.execute("DELETE FROM work_hours WHERE at < ?1", [kept_from(Span::Hour, now)])?;
            Ok(())
        })
        .await
    }
}

impl SqliteStore {
    async fn of_stations<R: Send + 'static>(
        &self,
        sql: &'static str,
        stations: Vec<StationId>,
        (from, until): (Timestamp, Timestamp),
        limit: usize,
        report: fn(&Connection, &Row<'_>) -> Result<R>,
    ) -> std::result::Result<Vec<Duty<R>>, StoreError> {
        self.read(move |connection| {
            let mut found = Vec::new();
            for station in stations {
                let asked = params![station.0, from.0, until.0, limit as i64];
                let of = |row: &Row<'_>| Ok(Duty { station, report: report(connection, row)? });
                found.extend(reading::list(connection, sql, asked, of)?);
            }
            Ok(found)
        })
        .await
    }
}

fn read(row: &Row<'_>) -> Result<Tally> {
    Ok(Tally::of_columns([
        row.get("passed")?,
        row.get("let_through")?,
        row.get("turned_away")?,
        row.get("stopped")?,
        row.get("unjudged")?,
        row.get("invalid")?,
    ]))
}

fn shift(row: &Row<'_>) -> Result<Shift> {
    let event = match row.get::<_, i64>("event")? {
        0 => ShiftEvent::SignedIn,
        1 => ShiftEvent::SignedOut,
        _ => ShiftEvent::At {
            checkpoint: row.get("checkpoint")?,
            direction: columns::direction(row, "direction")?,
        },
    };
    Ok(Shift { at: row.get("at")?, clock: columns::clock(row, "clock")?, person: row.get("person")?, event })
}

fn health(connection: &Connection, row: &Row<'_>) -> Result<Health> {
    let sql = "SELECT refusal, count FROM refusal_counts WHERE station = ?1 AND record = ?2 ORDER BY refusal";
    let key = params![row.get::<_, Vec<u8>>("station")?, row.get::<_, Vec<u8>>("record")?];
    let refusals = reading::list(connection, sql, key, |row| Ok((row.get("refusal")?, row.get("count")?)))?;
    let (clock, wrong_tries) = (columns::clock(row, "clock")?, row.get("wrong_tries")?);
    Ok(Health { at: row.get("at")?, clock, refusals, wrong_tries })
}
