//! Committing a batch: the fast path, and the slow one by a decision.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Result, params};
use wire::{About, SealedReport, StationId};

use super::{alerts, gaps, history, quarantine};
use crate::store::chain::{Decision, Fast, Loose, Plan, Run, Tip, decide, join};
use crate::store::{Accepted, Arrival, Skip};

/// A batch, with what can be computed before the database is held.
#[derive(Debug)]
pub(super) struct Prepared {
    arrival: Arrival,
    plan: Plan,
    fast: Option<Fast>,
}

impl Prepared {
    pub fn of(arrival: Arrival) -> Self {
        let plan = Plan::of(&arrival.batch.reports);
        Self { fast: plan.fast(), plan, arrival }
    }

    /// Returns how many bytes are to be written, about.
    pub fn bytes(&self) -> usize {
        self.arrival.signed.len()
    }
}

/// Accepts a batch within a transaction. Where it fails, nothing of it is left.
pub(super) fn accept(connection: &Connection, prepared: &Prepared) -> Result<Accepted> {
    let Prepared { arrival, plan, fast } = prepared;
    run(connection, "SAVEPOINT batch")?;
    let result = match fast {
        Some(fast) => accept_fast(connection, arrival, plan, fast),
        None => Ok(None),
    };
    let result = match result {
        Ok(Some(accepted)) => Ok(accepted),
        Ok(None) => {
            run(connection, "ROLLBACK TO batch")?;
            accept_slowly(connection, arrival, plan)
        }
        Err(error) => Err(error),
    };
    if result.is_err() && !connection.is_autocommit() {
        run(connection, "ROLLBACK TO batch")?;
    }
    if !connection.is_autocommit() {
        run(connection, "RELEASE batch")?;
    }
    result
}

fn run(connection: &Connection, statement: &str) -> Result<()> {
    connection.prepare_cached(statement)?.execute([]).map(drop)
}

/// Accepts a batch that goes on from the tip. `None` if it does not; what was written is undone then.
fn accept_fast(
    connection: &Connection,
    arrival: &Arrival,
    plan: &Plan,
    fast: &Fast,
) -> Result<Option<Accepted>> {
    if !all_begin(connection, arrival.batch.station, fast)? {
        return Ok(None);
    }
    let Some((n, loose)) = advance(connection, arrival, plan, fast)? else { return Ok(None) };
    for planned in &plan.runs {
        if !keep(connection, arrival, n, &planned.run, 0, Loose::Joined)? {
            return Ok(None);
        }
    }
    post(connection, arrival, n, &Skip::none(plan.named.len()))?;
    if loose > 0 {
        join_fast(connection, arrival, plan)?;
    }
    Ok(Some(Accepted { lines: plan.all_stored(), withdrawn: None }))
}

/// Returns whether no stream that the batch begins was ever seen.
fn all_begin(connection: &Connection, station: StationId, fast: &Fast) -> Result<bool> {
    for stream in &fast.begins {
        if history::is_seen(connection, station, *stream)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Moves the tip if the batch goes on from it. Returns the letter's number and how many runs hang.
fn advance(
    connection: &Connection,
    arrival: &Arrival,
    plan: &Plan,
    fast: &Fast,
) -> Result<Option<(i64, i64)>> {
    connection
        .prepare_cached(
            "UPDATE tip SET n = n + 1, records = records + ?8, stream = ?5, next = ?6, head = ?7, last_seen = ?9,
               about = coalesce(?10, about)
             WHERE station = ?1 AND head = ?2 AND withdrawn_at IS NULL
               AND (?4 = x'0000000000000000' OR (stream = ?3 AND next = ?4))
             RETURNING n, loose",
        )?
        .query_row(
            params![
                arrival.batch.station.0,
                fast.link,
                fast.from.0.0,
                fast.from.1.to_be_bytes(),
                fast.next.0.0,
                fast.next.1.to_be_bytes(),
                fast.head,
                plan.named.len() as i64,
                arrival.received.0,
                arrival.batch.about.as_ref().map(About::to_bytes),
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
}

fn join_fast(connection: &Connection, arrival: &Arrival, plan: &Plan) -> Result<()> {
    let station = arrival.batch.station;
    let loose = history::loose(connection, station, &plan.heads())?;
    let joined = join(plan, &loose);
    connection
        .prepare_cached(
            "UPDATE tip SET loose = loose - ?2, head = CASE WHEN ?3 THEN NULL ELSE head END
             WHERE station = ?1",
        )?
        .execute(params![station.0, joined.runs.len() as i64, joined.tip_followed])?;
    gaps::apply(connection, station, &joined, arrival.received)?;
    alerts::raise_all(connection, station, &joined.alerts, arrival.received)
}

fn accept_slowly(connection: &Connection, arrival: &Arrival, plan: &Plan) -> Result<Accepted> {
    let station = arrival.batch.station;
    let (tip, withdrawn, told) = history::tip(connection, station)?;
    let history = history::of(connection, station, plan, tip)?;
    let decision = decide(plan, &history, told);
    apply(connection, arrival, &decision)?;
    Ok(Accepted { lines: decision.lines, withdrawn })
}

fn apply(connection: &Connection, arrival: &Arrival, decision: &Decision) -> Result<()> {
    let (station, received) = (arrival.batch.station, arrival.received);
    move_tip(connection, arrival, &decision.tip)?;
    let n = decision.tip.n as i64;
    for new in &decision.runs {
        let loose = if new.loose { Loose::Hangs } else { Loose::Joined };
        keep(connection, arrival, n, &new.run, new.fork, loose)?;
    }
    post(connection, arrival, n, &decision.skip)?;
    let mut kept = BTreeSet::new();
    for (index, reason) in &decision.quarantine {
        let report: &SealedReport = &arrival.batch.reports[*index];
        if quarantine::keep(connection, station, report, *reason, received)? {
            kept.insert(report.record);
        }
    }
    gaps::apply(connection, station, &decision.joined, received)?;
    alerts::raise_all(connection, station, &decision.alerts_about(&kept), received)
}

fn move_tip(connection: &Connection, arrival: &Arrival, tip: &Tip) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE tip SET n = ?2, records = ?3, stream = ?4, next = ?5, head = ?6, loose = ?7, last_seen = ?8,
               about = coalesce(?9, about),
               told_at = CASE WHEN withdrawn_at IS NULL THEN NULL ELSE coalesce(told_at, ?8) END
             WHERE station = ?1",
        )?
        .execute(params![
            arrival.batch.station.0,
            tip.n as i64,
            tip.records as i64,
            tip.place.map(|(stream, _)| stream.0),
            tip.place.map(|(_, next)| next.to_be_bytes()),
            tip.head,
            tip.loose as i64,
            arrival.received.0,
            arrival.batch.about.as_ref().map(About::to_bytes),
        ])?;
    Ok(())
}

/// Keeps a run. Returns false if there is one of this name.
fn keep(
    connection: &Connection,
    arrival: &Arrival,
    n: i64,
    run: &Run,
    fork: u32,
    loose: Loose,
) -> Result<bool> {
    let kept = connection
        .prepare_cached(
            "INSERT INTO run (station, stream, first, fork, n, count, link, head, loose, received_at, records, hashes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            arrival.batch.station.0,
            run.stream.0,
            run.first.to_be_bytes(),
            fork,
            n,
            run.records.len() as i64,
            run.link,
            run.head,
            loose as u8,
            arrival.received.0,
            run.records.as_flattened(),
            run.hashes.as_flattened(),
        ])?;
    Ok(kept == 1)
}

/// Keeps the letter, unless none of its reports is to be opened.
fn post(connection: &Connection, arrival: &Arrival, n: i64, skip: &Skip) -> Result<()> {
    let waiting = skip.waiting();
    if waiting == 0 {
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT INTO mail (station, n, received_at, waiting, skip, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            arrival.batch.station.0,
            n,
            arrival.received.0,
            waiting as i64,
            skip.bits(),
            arrival.signed,
        ])?;
    Ok(())
}
