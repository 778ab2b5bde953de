//! Reading what a decision asks for.

use std::collections::BTreeSet;

use health_code::Timestamp;
use rusqlite::{Connection, Params, Result, Row, params};
use wire::{RecordId, StationId, StreamId};

use super::{columns, reading};
use crate::store::chain::{
    Asks, Follower, Head, History, Loose, LooseRun, Plan, Run, RunKey, StoredRun, Tip,
};

const RUN: &str =
    "SELECT stream, first, fork, loose, link, head, records, hashes FROM run WHERE station = ?1";
const LOOSE: &str = "SELECT stream, first, fork, loose, link, substr(records, 1, 16) AS record, received_at
  FROM run WHERE station = ?1";

/// Returns a station's tip, since when it is withdrawn, and whether a receipt has told it so.
pub(super) fn tip(connection: &Connection, station: StationId) -> Result<(Tip, Option<Timestamp>, bool)> {
    connection.prepare_cached("SELECT * FROM tip WHERE station = ?1")?.query_row([station.0], |row| {
        let stream: Option<[u8; 16]> = row.get("stream")?;
        let next: Option<[u8; 8]> = row.get("next")?;
        let tip = Tip {
            n: row.get::<_, i64>("n")?.unsigned_abs(),
            records: row.get::<_, i64>("records")?.unsigned_abs(),
            place: stream.zip(next).map(|(stream, next)| (StreamId(stream), u64::from_be_bytes(next))),
            head: row.get("head")?,
            loose: row.get::<_, i64>("loose")?.unsigned_abs(),
        };
        let told = columns::optional_time(row, "told_at")?.is_some();
        Ok((tip, columns::optional_time(row, "withdrawn_at")?, told))
    })
}

/// Returns what is known of a station, as far as this batch asks.
pub(super) fn of(connection: &Connection, station: StationId, plan: &Plan, tip: Tip) -> Result<History> {
    let asks = Asks::of(plan, &tip);
    let mut runs = Vec::new();
    for span in &asks.spans {
        let sql = format!("{RUN} AND stream = ?2 AND first BETWEEN ?3 AND ?4");
        let span = params![station.0, span.stream.0, columns::place(span.low), columns::place(span.high)];
        runs.extend(list_runs(connection, &sql, span)?);
    }
    if let Some((stream, _)) = tip.place
        && asks.newest > 0
    {
        let sql = format!("{RUN} AND stream = ?2 ORDER BY first DESC, fork DESC LIMIT ?3");
        runs.extend(list_runs(connection, &sql, params![station.0, stream.0, asks.newest as i64])?);
    }
    let mut seen = BTreeSet::new();
    for stream in asks.streams {
        if is_seen(connection, station, stream)? {
            seen.insert(stream);
        }
    }
    let firsts = firsts(connection, station, &asks.links)?;
    let loose = if tip.loose > 0 { loose(connection, station, &asks.heads)? } else { Vec::new() };
    Ok(History { tip, runs, seen, firsts, loose })
}

/// Returns whether some report of a stream ever arrived.
pub(super) fn is_seen(connection: &Connection, station: StationId, stream: StreamId) -> Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM run WHERE station = ?1 AND stream = ?2)")?
        .query_row(params![station.0, stream.0], |row| row.get(0))
}

fn firsts(connection: &Connection, station: StationId, links: &BTreeSet<Head>) -> Result<Vec<Follower>> {
    let sql = "SELECT link, substr(records, 1, 16) AS record FROM run
               WHERE station = ?1 AND link = ?2 AND first = x'0000000000000000'";
    each(links, |link| {
        reading::list(connection, sql, params![station.0, link], |row| {
            Ok(Follower { link: row.get("link")?, record: RecordId(row.get("record")?) })
        })
    })
}

/// Returns the station's runs that hang loose and follow one of these heads.
pub(super) fn loose(
    connection: &Connection,
    station: StationId,
    heads: &BTreeSet<Head>,
) -> Result<Vec<LooseRun>> {
    let sql = format!("{LOOSE} AND link = ?2 AND loose > 0");
    each(heads, |head| reading::list(connection, &sql, params![station.0, head], read_loose))
}

/// Returns the station's runs that hang loose, of which no alert tells, and that arrived by `before`.
pub(super) fn due(connection: &Connection, station: StationId, before: Timestamp) -> Result<Vec<LooseRun>> {
    let sql = format!("{LOOSE} AND loose = 1 AND received_at <= ?2");
    reading::list(connection, &sql, params![station.0, before.0], read_loose)
}

/// Shows each run of a station to `look`.
pub(super) fn each_run(
    connection: &Connection,
    station: StationId,
    mut look: impl FnMut(&Run),
) -> Result<()> {
    let mut select = connection.prepare_cached(RUN)?;
    let mut rows = select.query([station.0])?;
    while let Some(row) = rows.next()? {
        look(&read_run(row)?.run);
    }
    Ok(())
}

fn each<T>(heads: &BTreeSet<Head>, mut list: impl FnMut(&Head) -> Result<Vec<T>>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for head in heads {
        all.extend(list(head)?);
    }
    Ok(all)
}

fn list_runs(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<StoredRun>> {
    reading::list(connection, sql, params, read_run)
}

fn read_run(row: &Row<'_>) -> Result<StoredRun> {
    let (records, hashes): (Vec<u8>, Vec<u8>) = (row.get("records")?, row.get("hashes")?);
    let run = Run {
        stream: StreamId(row.get("stream")?),
        first: columns::u64_of(row, "first")?,
        link: row.get("link")?,
        head: row.get("head")?,
        records: records.as_chunks().0.to_vec(),
        hashes: hashes.as_chunks().0.to_vec(),
    };
    Ok(StoredRun { run, fork: row.get("fork")?, loose: columns::loose(row, "loose")? })
}

fn read_loose(row: &Row<'_>) -> Result<LooseRun> {
    let stream = StreamId(row.get("stream")?);
    Ok(LooseRun {
        key: RunKey { stream, first: columns::u64_of(row, "first")?, fork: row.get("fork")? },
        link: row.get("link")?,
        record: RecordId(row.get("record")?),
        told: columns::loose(row, "loose")? == Loose::Told,
        received: columns::time(row, "received_at")?,
    })
}
