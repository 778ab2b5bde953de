//! What is known of a station's chain: reading what a decision asks for, and joining what hung loose.

use std::collections::BTreeSet;

use deadpool_postgres::{GenericClient, Transaction};
use health_code::Timestamp;
use tokio_postgres::Row;
use wire::{StationId, StreamId};

use super::alerts;
use super::columns::{Columns as _, Result, arrays, number, row, rows, run, stored};
use crate::store::AlertKind;
use crate::store::StoreError;
use crate::store::chain::{
    Asks, Follower, Head, History, Joined, Loose, LooseRun, Run, RunKey, StoredRun, Tip,
};

const RUN: &str = "SELECT stream, first, fork, link, head, loose, records, hashes FROM run";
const LOOSE: &str =
    "SELECT stream, first, fork, link, loose, received, substring(records FROM 1 FOR 16) AS record FROM run";

/// Reads what a decision asks for. The tip is locked.
pub(super) async fn read(
    transaction: &Transaction<'_>,
    station: StationId,
    asks: &Asks,
    tip: Tip,
) -> Result<History> {
    let id = station.0.as_slice();
    let mut runs = Vec::new();
    let sql = format!("{RUN} WHERE station = $1 AND stream = $2 AND first BETWEEN $3 AND $4");
    for span in &asks.spans {
        let (low, high) = (stored(span.low), stored(span.high));
        let found = rows(transaction, &sql, &[&id, &span.stream.0.as_slice(), &low, &high]).await?;
        add(&mut runs, &found)?;
    }
    if let Some((stream, _)) = tip.place.filter(|_| asks.newest > 0) {
        let sql = format!("{RUN} WHERE station = $1 AND stream = $2 ORDER BY first DESC LIMIT $3");
        let newest = super::columns::limit(asks.newest);
        add(&mut runs, &rows(transaction, &sql, &[&id, &stream.0.as_slice(), &newest]).await?)?;
    }
    let mut seen = BTreeSet::new();
    for stream in &asks.streams {
        let sql = "SELECT 1 FROM run WHERE station = $1 AND stream = $2 LIMIT 1";
        if row(transaction, sql, &[&id, &stream.0.as_slice()]).await?.is_some() {
            seen.insert(*stream);
        }
    }
    let firsts = firsts(transaction, station, &asks.links).await?;
    let loose = if tip.loose > 0 { loose(transaction, station, &asks.heads).await? } else { Vec::new() };
    Ok(History { tip, runs, seen, firsts, loose })
}

fn add(runs: &mut Vec<StoredRun>, found: &[Row]) -> Result<()> {
    for row in found {
        runs.push(run_of(row)?);
    }
    Ok(())
}

/// Returns the first reports of streams that follow one of these heads.
async fn firsts(
    client: &impl GenericClient,
    station: StationId,
    links: &BTreeSet<Head>,
) -> Result<Vec<Follower>> {
    let sql = "SELECT link, substring(records FROM 1 FOR 16) AS record FROM run
       WHERE station = $1 AND first = -9223372036854775808 AND link = ANY ($2)";
    let links: Vec<&[u8]> = links.iter().map(<[u8; 32]>::as_slice).collect();
    let found = rows(client, sql, &[&station.0.as_slice(), &links]).await?;
    found.iter().map(|row| Ok(Follower { link: row.array("link")?, record: row.record("record")? })).collect()
}

/// Returns the runs that hang loose and follow one of these heads.
async fn loose(
    client: &impl GenericClient,
    station: StationId,
    heads: &BTreeSet<Head>,
) -> Result<Vec<LooseRun>> {
    let sql = format!("{LOOSE} WHERE station = $1 AND loose > 0 AND link = ANY ($2)");
    let heads: Vec<&[u8]> = heads.iter().map(<[u8; 32]>::as_slice).collect();
    rows(client, &sql, &[&station.0.as_slice(), &heads]).await?.iter().map(loose_of).collect()
}

/// Returns the runs that hang loose, were not told, and arrived by `before`, each with its station.
pub(super) async fn due(
    client: &impl GenericClient,
    before: Timestamp,
) -> Result<Vec<(StationId, LooseRun)>> {
    let sql =
        LOOSE.replace("SELECT", "SELECT station,") + " WHERE loose = 1 AND received <= $1 ORDER BY station";
    let found = rows(client, &sql, &[&before.0]).await?;
    found.iter().map(|row| Ok((row.station("station")?, loose_of(row)?))).collect()
}

/// Returns the runs of a station after one of them, in the order of their keys, at most `limit`.
pub(super) async fn page(
    client: &impl GenericClient,
    station: StationId,
    after: Option<RunKey>,
    limit: usize,
) -> Result<Vec<StoredRun>> {
    let sql = format!(
        "{RUN} WHERE station = $1 AND ($2::bytea IS NULL OR (stream, first, fork) > ($2, $3, $4))
         ORDER BY stream, first, fork LIMIT $5"
    );
    let stream = after.as_ref().map(|key| key.stream.0.as_slice());
    let first = after.map(|key| stored(key.first));
    let fork = after.map(|key| key.fork.cast_signed());
    let limit = super::columns::limit(limit);
    rows(client, &sql, &[&station.0.as_slice(), &stream, &first, &fork, &limit])
        .await?
        .iter()
        .map(run_of)
        .collect()
}

/// Marks runs that do not hang any more, and clears their gap alerts.
pub(super) async fn mark_joined(
    transaction: &Transaction<'_>,
    station: StationId,
    joined: &Joined,
    now: Timestamp,
) -> Result<()> {
    for key in &joined.runs {
        mark(transaction, station, *key, Loose::Joined).await?;
    }
    for record in &joined.cleared {
        alerts::clear(transaction, station, AlertKind::Gap, *record, now).await?;
    }
    Ok(())
}

/// Marks a run. Returns whether it still hung, and no alert told of it.
pub(super) async fn mark(
    transaction: &Transaction<'_>,
    station: StationId,
    key: RunKey,
    loose: Loose,
) -> Result<bool> {
    let sql =
        "UPDATE run SET loose = $5::smallint WHERE station = $1 AND stream = $2 AND first = $3 AND fork = $4
       AND loose > 0 AND (loose = 1 OR $5::smallint = 0)";
    let (first, fork, loose) = (stored(key.first), key.fork.cast_signed(), loose as i16);
    let (station, stream) = (station.0.as_slice(), key.stream.0.as_slice());
    Ok(run(transaction, sql, &[&station, &stream, &first, &fork, &loose]).await? == 1)
}

pub(super) fn tip_of(row: &Row) -> Result<Tip> {
    let stream = row.try_get::<_, Option<&[u8]>>("stream")?;
    let place = match stream {
        Some(_) => Some((StreamId(row.array("stream")?), row.unsigned("next")?)),
        None => None,
    };
    let head = match row.try_get::<_, Option<&[u8]>>("head")? {
        Some(_) => Some(row.array("head")?),
        None => None,
    };
    let count = |column: &str| -> Result<u64> { Ok(row.try_get::<_, i64>(column)?.cast_unsigned()) };
    Ok(Tip { n: count("n")?, records: count("records")?, place, head, loose: count("loose")? })
}

fn key_of(row: &Row) -> Result<RunKey> {
    let fork: i32 = row.try_get("fork")?;
    Ok(RunKey {
        stream: StreamId(row.array("stream")?),
        first: number(row.try_get("first")?),
        fork: fork.cast_unsigned(),
    })
}

fn run_of(row: &Row) -> Result<StoredRun> {
    let RunKey { stream, first, fork } = key_of(row)?;
    let run = Run {
        stream,
        first,
        link: row.array("link")?,
        head: row.array("head")?,
        records: arrays(row, "records")?,
        hashes: arrays(row, "hashes")?,
    };
    Ok(StoredRun { run, fork, loose: loose_state(row)? })
}

fn loose_of(row: &Row) -> Result<LooseRun> {
    Ok(LooseRun {
        key: key_of(row)?,
        link: row.array("link")?,
        record: row.record("record")?,
        told: loose_state(row)? == Loose::Told,
        received: row.time("received")?,
    })
}

fn loose_state(row: &Row) -> Result<Loose> {
    let held: i16 = row.try_get("loose")?;
    let known = u8::try_from(held).ok().and_then(Loose::from_repr);
    known.ok_or_else(|| StoreError::Failed("loose: unknown value".to_owned()))
}
