//! Which state of its database an office works on: one row; and how far it is backed up.

use health_code::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Result, params};
use wire::{Generation, StationId, StreamId};

use super::{columns, reading};
use crate::store::{AlertKind, ChainEnd};

pub(super) fn generation(connection: &Connection, drawn: Generation) -> Result<Generation> {
    connection.execute(
        "INSERT INTO office (one, generation, community_from) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING",
        params![drawn.0, 0_u64.to_be_bytes()],
    )?;
    connection.query_row("SELECT generation FROM office", [], |row| row.get(0).map(Generation))
}

pub(super) fn begin(
    connection: &Connection,
    drawn: Generation,
    community_from: u64,
    now: Timestamp,
) -> Result<usize> {
    connection.execute(
        "INSERT INTO office (one, generation, community_from) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE
           SET generation = excluded.generation, community_from = excluded.community_from",
        params![drawn.0, community_from.to_be_bytes()],
    )?;
    connection
        .execute("UPDATE tickets SET expires = ?1 WHERE used_at IS NULL AND expires > ?1", params![now.0])
}

pub(super) fn community_from(connection: &Connection) -> Result<u64> {
    let from = connection
        .query_row("SELECT community_from FROM office", [], |row| columns::u64_of(row, "community_from"))
        .optional()?;
    Ok(from.unwrap_or_default())
}

pub(super) fn chain_ends(connection: &Connection) -> Result<Vec<ChainEnd>> {
    let sql = "SELECT station, stream, next FROM tip
       WHERE loose = 0 AND next > x'0000000000000000'
         AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.station = tip.station AND kind = ?1)
       ORDER BY station";
    reading::list(connection, sql, [AlertKind::Fork.code()], |row| {
        Ok(ChainEnd {
            station: StationId(row.get("station")?),
            stream: StreamId(row.get("stream")?),
            // Above zero, as the statement asks.
            seq: columns::u64_of(row, "next")?.saturating_sub(1),
        })
    })
}

pub(super) fn note_backed_up(connection: &Connection, ends: &[ChainEnd]) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO backed_up (station, stream, seq) VALUES (?1, ?2, ?3)
         ON CONFLICT (station) DO UPDATE SET stream = excluded.stream, seq = excluded.seq",
    )?;
    for ChainEnd { station, stream, seq } in ends {
        statement.execute(params![station.0, stream.0, seq.to_be_bytes()])?;
    }
    Ok(())
}

pub(super) fn backed_up(connection: &Connection, station: StationId) -> Result<Option<(StreamId, u64)>> {
    connection
        .prepare_cached("SELECT stream, seq FROM backed_up WHERE station = ?1")?
        .query_row([station.0], |row| Ok((StreamId(row.get("stream")?), columns::u64_of(row, "seq")?)))
        .optional()
}
