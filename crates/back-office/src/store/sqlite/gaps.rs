//! Runs that hang loose: joining them, and the search for what is missing.

use health_code::Timestamp;
use rusqlite::{Connection, Result, params};
use wire::StationId;

use super::{alerts, columns, history, quarantine, reading};
use crate::store::chain::{Joined, Loose, RunKey, Search};

/// Searches for what the runs follow that hang loose and arrived by `before`.
pub(super) fn check(connection: &Connection, before: Timestamp, now: Timestamp) -> Result<()> {
    let sql = "SELECT DISTINCT station FROM run WHERE loose = 1 AND received_at <= ?1";
    let stations = reading::list(connection, sql, [before.0], |row| row.get(0).map(StationId))?;
    stations.into_iter().try_for_each(|station| check_one(connection, station, before, now))
}

fn check_one(connection: &Connection, station: StationId, before: Timestamp, now: Timestamp) -> Result<()> {
    let mut search = Search::new(history::due(connection, station, before)?);
    history::each_run(connection, station, |run| search.look(run))?;
    for (link, hash) in quarantine::conflicts(connection, station)? {
        search.look_at_conflict(&link, &hash);
    }
    for verdict in search.finish() {
        let loose = if verdict.found { Loose::Joined } else { Loose::Told };
        set_loose(connection, station, &verdict.run.key, loose)?;
        alerts::raise_all(connection, station, &verdict.alerts, now)?;
        connection.execute(
            "UPDATE tip SET loose = loose - ?2 WHERE station = ?1",
            params![station.0, i64::from(verdict.found)],
        )?;
    }
    Ok(())
}

/// Marks runs that do not hang any more, and clears the alerts of the gaps before them.
pub(super) fn apply(
    connection: &Connection,
    station: StationId,
    joined: &Joined,
    now: Timestamp,
) -> Result<()> {
    for key in &joined.runs {
        set_loose(connection, station, key, Loose::Joined)?;
    }
    for record in &joined.cleared {
        alerts::clear_gap(connection, station, *record, now)?;
    }
    Ok(())
}

fn set_loose(connection: &Connection, station: StationId, key: &RunKey, loose: Loose) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE run SET loose = ?5 WHERE station = ?1 AND stream = ?2 AND first = ?3 AND fork = ?4",
        )?
        .execute(params![station.0, key.stream.0, columns::place(key.first), key.fork, loose as u8])?;
    Ok(())
}
