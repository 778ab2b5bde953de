//! Taking a batch in: the fast path by one call, the slow path in a transaction that holds the station's tip.

use std::collections::BTreeSet;

use deadpool_postgres::{Client, Transaction};
use health_code::Timestamp;
use tokio_postgres::error::SqlState;
use wire::{About, RecordId, StationId};

use super::columns::{Columns as _, Params, Result, row, run, stored};
use super::{alerts, history, mail, partitions, quarantine};
use crate::store::chain::{Asks, Decision, Fast, NewRun, Plan, Raised, Tip, decide};
use crate::store::{Accepted, Arrival, StoreError};

const TAKE: &str =
    "SELECT take_letter($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

/// How often a batch is tried anew: where the partition of its hour was missing, and where two met.
const TRIES: usize = 3;

/// Commits a batch.
pub(super) async fn accept(client: &mut Client, arrival: &Arrival) -> Result<Accepted> {
    let plan = Plan::of(&arrival.batch.reports);
    for _ in 1..TRIES {
        match try_accept(client, arrival, &plan).await {
            Err(Failed::NoPartition) => mail::make_partition(client, arrival.received).await?,
            Err(Failed::Other(error)) => return Err(error),
            Ok(accepted) => return Ok(accepted),
        }
    }
    Ok(try_accept(client, arrival, &plan).await?)
}

/// Why a try failed.
enum Failed {
    /// The partition for letters of that hour is not there.
    NoPartition,
    Other(StoreError),
}

impl From<Failed> for StoreError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::NoPartition => Self::Busy,
            Failed::Other(error) => error,
        }
    }
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Self {
        if partitions::is_missing(&error) { Self::NoPartition } else { Self::Other(error.into()) }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Other(error)
    }
}

async fn try_accept(
    client: &mut Client,
    arrival: &Arrival,
    plan: &Plan,
) -> std::result::Result<Accepted, Failed> {
    if let Some(fast) = plan.fast()
        && take(client, arrival, plan, &fast).await?
    {
        return Ok(Accepted { lines: plan.all_stored(), withdrawn: None });
    }
    let transaction = client.transaction().await?;
    let accepted = weigh(&transaction, arrival, plan).await?;
    transaction.commit().await?;
    Ok(accepted)
}

/// Takes the fast path, if it is open.
async fn take(
    client: &Client,
    arrival: &Arrival,
    plan: &Plan,
    fast: &Fast,
) -> std::result::Result<bool, Failed> {
    let runs = || plan.runs.iter().map(|planned| &planned.run);
    let streams: Vec<&[u8]> = runs().map(|run| run.stream.0.as_slice()).collect();
    let firsts: Vec<i64> = runs().map(|run| stored(run.first)).collect();
    let links: Vec<&[u8]> = runs().map(|run| run.link.as_slice()).collect();
    let heads: Vec<&[u8]> = runs().map(|run| run.head.as_slice()).collect();
    let records: Vec<&[u8]> = runs().map(|run| run.records.as_flattened()).collect();
    let hashes: Vec<&[u8]> = runs().map(|run| run.hashes.as_flattened()).collect();
    let begins: Vec<&[u8]> = fast.begins.iter().map(|stream| stream.0.as_slice()).collect();
    let (station, count) = (arrival.batch.station.0.as_slice(), plan.named.len() as i64);
    let (link, head) = (fast.link.as_slice(), fast.head.as_slice());
    let (stream, next) = (fast.next.0.0.as_slice(), stored(fast.next.1));
    let goes_on = !fast.begins.contains(&fast.from.0);
    let on_stream = goes_on.then_some(fast.from.0.0.as_slice());
    let on_next = goes_on.then_some(stored(fast.from.1));
    let about = arrival.batch.about.as_ref().map(About::to_bytes);
    let params: Params<'_> = &[
        &station,
        &arrival.received.0,
        &count,
        &link,
        &head,
        &stream,
        &next,
        &on_stream,
        &on_next,
        &begins,
        &streams,
        &firsts,
        &links,
        &heads,
        &records,
        &hashes,
        &arrival.signed,
        &about,
    ];
    let statement = client.prepare_cached(TAKE).await?;
    match client.query_one(&statement, params).await {
        Ok(row) => Ok(row.try_get(0)?),
        // Whatever holds the place, the slow path sees it.
        Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Takes the slow path.
async fn weigh(
    transaction: &Transaction<'_>,
    arrival: &Arrival,
    plan: &Plan,
) -> std::result::Result<Accepted, Failed> {
    let station = arrival.batch.station;
    let (tip, withdrawn, told) = lock(transaction, station).await?;
    let asks = Asks::of(plan, &tip);
    let history = history::read(transaction, station, &asks, tip).await?;
    let decision = decide(plan, &history, told);
    keep_runs(transaction, arrival, &decision).await?;
    let kept = keep_quarantined(transaction, arrival, &decision).await?;
    if decision.skip.waiting() > 0 {
        mail::insert(transaction, arrival, decision.tip.n, &decision.skip).await?;
    }
    history::mark_joined(transaction, station, &decision.joined, arrival.received).await?;
    raise(transaction, station, &decision.alerts_about(&kept), arrival.received).await?;
    write_tip(transaction, arrival, &decision.tip).await?;
    Ok(Accepted { lines: decision.lines, withdrawn })
}

/// Locks a station's tip against every other server. Returns it, when the station was withdrawn, and
/// whether a receipt has told it so.
pub(super) async fn lock(
    transaction: &Transaction<'_>,
    station: StationId,
) -> Result<(Tip, Option<Timestamp>, bool)> {
    let sql = "SELECT n, records, stream, next, head, loose, withdrawn_at, told_at FROM tip
       WHERE station = $1 FOR UPDATE";
    let Some(found) = row(transaction, sql, &[&station.0.as_slice()]).await? else {
        return Err(StoreError::Failed(format!("station {station} is unknown")));
    };
    let tip = history::tip_of(&found)?;
    Ok((tip, found.optional_time("withdrawn_at")?, found.optional_time("told_at")?.is_some()))
}

async fn write_tip(transaction: &Transaction<'_>, arrival: &Arrival, tip: &Tip) -> Result<()> {
    let sql = "UPDATE tip SET n = $2, records = $3, stream = $4, next = $5, head = $6, loose = $7,
         last_seen = $8, about = coalesce($9, about),
         told_at = CASE WHEN withdrawn_at IS NULL THEN NULL ELSE coalesce(told_at, $8) END
       WHERE station = $1";
    let stream = tip.place.as_ref().map(|(stream, _)| stream.0.as_slice());
    let next = tip.place.map(|(_, next)| stored(next));
    let head = tip.head.as_ref().map(<[u8; 32]>::as_slice);
    let [n, records, loose] = [tip.n, tip.records, tip.loose].map(u64::cast_signed);
    let (station, received) = (arrival.batch.station.0.as_slice(), arrival.received.0);
    let about = arrival.batch.about.as_ref().map(About::to_bytes);
    run(transaction, sql, &[&station, &n, &records, &stream, &next, &head, &loose, &received, &about])
        .await
        .map(drop)
}

async fn keep_runs(transaction: &Transaction<'_>, arrival: &Arrival, decision: &Decision) -> Result<()> {
    let sql =
        "INSERT INTO run (station, stream, first, fork, n, link, head, loose, received, records, hashes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let (station, n) = (arrival.batch.station.0.as_slice(), decision.tip.n.cast_signed());
    for NewRun { run: new, fork, loose } in &decision.runs {
        let (stream, first, fork) = (new.stream.0.as_slice(), stored(new.first), fork.cast_signed());
        let (link, head, loose) = (new.link.as_slice(), new.head.as_slice(), i16::from(*loose));
        let (records, hashes) = (new.records.as_flattened(), new.hashes.as_flattened());
        let params: Params<'_> = &[
            &station,
            &stream,
            &first,
            &fork,
            &n,
            &link,
            &head,
            &loose,
            &arrival.received.0,
            &records,
            &hashes,
        ];
        run(transaction, sql, params).await?;
    }
    Ok(())
}

/// Returns what is in quarantine now: what was erased stays away.
async fn keep_quarantined(
    transaction: &Transaction<'_>,
    arrival: &Arrival,
    decision: &Decision,
) -> Result<BTreeSet<RecordId>> {
    let station = arrival.batch.station;
    let mut kept = BTreeSet::new();
    for (index, reason) in &decision.quarantine {
        if let Some(report) = arrival.batch.reports.get(*index)
            && quarantine::insert(transaction, station, report, arrival.received, *reason).await?
        {
            kept.insert(report.record);
        }
    }
    Ok(kept)
}

pub(super) async fn raise(
    transaction: &Transaction<'_>,
    station: StationId,
    raised: &[Raised],
    now: Timestamp,
) -> Result<()> {
    let mut rows: Vec<alerts::Row<'_>> =
        raised.iter().map(|raised| (station, raised.kind, raised.record, &*raised.detail)).collect();
    alerts::raise_all(transaction, &mut rows, now).await
}
