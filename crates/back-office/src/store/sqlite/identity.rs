//! Which state of its database an office works on: one row.

use health_code::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Result, params};
use wire::Generation;

use super::columns;

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
