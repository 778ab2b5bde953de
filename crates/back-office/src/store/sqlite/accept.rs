//! Committing a batch: the fast path, and the slow one by a decision.

use health_code::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, params};
use wire::{SealedReport, StationId};

use super::{alerts, gaps, history, quarantine};
use crate::store::chain::{Decision, Fast, Loose, Plan, Run, Tip, decide, join};
use crate::store::{Accepted, Arrival, Skip};

/// A batch, with what can be computed before the database is held.
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
}

/// Commits a batch.
pub(super) fn accept(connection: &Connection, prepared: &Prepared) -> Result<Accepted> {
    let Prepared { arrival, plan, fast } = prepared;
    if let Some(fast) = fast
        && all_begin(connection, arrival.batch.station, fast)?
        && let Some((n, loose)) = advance(connection, arrival, plan, fast)?
    {
        for planned in &plan.runs {
            keep(connection, arrival, n, &planned.run, 0, Loose::Joined)?;
        }
        post(connection, arrival, n, &Skip::none(plan.named.len()))?;
        if loose > 0 {
            join_fast(connection, arrival, plan)?;
        }
        return Ok(Accepted { lines: plan.all_stored(), withdrawn: None });
    }
    accept_slowly(connection, arrival, plan)
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
            "UPDATE tip SET n = n + 1, records = records + ?8, stream = ?5, next = ?6, head = ?7, last_seen = ?9
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
    move_tip(connection, station, &decision.tip, received)?;
    let n = decision.tip.n as i64;
    for new in &decision.runs {
        let loose = if new.loose { Loose::Hangs } else { Loose::Joined };
        keep(connection, arrival, n, &new.run, new.fork, loose)?;
    }
    post(connection, arrival, n, &decision.skip)?;
    for (index, reason) in &decision.quarantine {
        let report: &SealedReport = &arrival.batch.reports[*index];
        quarantine::keep(connection, station, report, *reason, received)?;
    }
    gaps::apply(connection, station, &decision.joined, received)?;
    alerts::raise_all(connection, station, &decision.alerts, received)
}

fn move_tip(connection: &Connection, station: StationId, tip: &Tip, received: Timestamp) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE tip SET n = ?2, records = ?3, stream = ?4, next = ?5, head = ?6, loose = ?7, last_seen = ?8,
               told_at = CASE WHEN withdrawn_at IS NULL THEN NULL ELSE coalesce(told_at, ?8) END
             WHERE station = ?1",
        )?
        .execute(params![
            station.0,
            tip.n as i64,
            tip.records as i64,
            tip.place.map(|(stream, _)| stream.0),
            tip.place.map(|(_, next)| next.to_be_bytes()),
            tip.head,
            tip.loose as i64,
            received.0,
        ])?;
    Ok(())
}

fn keep(
    connection: &Connection,
    arrival: &Arrival,
    n: i64,
    run: &Run,
    fork: u32,
    loose: Loose,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO run (station, stream, first, fork, n, count, link, head, loose, received_at, records, hashes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
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
    Ok(())
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
