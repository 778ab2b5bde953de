//! Which state of its database an office works on: one row.

use rusqlite::{Connection, Result, params};
use wire::Generation;

pub(super) fn generation(connection: &Connection, drawn: Generation) -> Result<Generation> {
    connection.execute(
        "INSERT INTO office (one, generation) VALUES (1, ?1) ON CONFLICT DO NOTHING",
        params![drawn.0],
    )?;
    connection.query_row("SELECT generation FROM office", [], |row| row.get(0).map(Generation))
}

pub(super) fn begin(connection: &Connection, drawn: Generation) -> Result<()> {
    connection.execute(
        "INSERT INTO office (one, generation) VALUES (1, ?1)
         ON CONFLICT (one) DO UPDATE SET generation = excluded.generation",
        params![drawn.0],
    )?;
    Ok(())
}
