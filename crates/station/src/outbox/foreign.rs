//! An outbox of another station. Its reports are sealed under that station's id, so nobody else can send
//! them: the file is set aside whole, and stays.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use wire::StationId;

use super::rows::{self, Owner, Table};
use super::{OutboxError, aside, schema};

/// Makes sure that an outbox is this station's. Another's is set aside, and a new one takes its place.
pub(super) fn claim(
    db: Connection,
    path: &Path,
    station: StationId,
) -> Result<(Connection, Owner), OutboxError> {
    let db = match Owner::read(&db)? {
        Some(owner) if owner.station == station => return Ok((db, owner)),
        Some(owner) => {
            set_aside(db, path, owner.station)?;
            schema::open(path)?
        }
        None => db,
    };
    let owner = Owner { station, generation: None };
    owner.write(&db)?;
    Ok((db, owner))
}

/// Returns whose file this is, where it is known to be another's.
pub(super) fn other_owner(file: &Path, station: StationId) -> Option<StationId> {
    let db = schema::connect(file).ok()?;
    let owner = Owner::read(&db).ok()??.station;
    Some(owner).filter(|owner| *owner != station)
}

/// Gives an outbox the name of its owner. One that holds nothing is removed.
fn set_aside(db: Connection, path: &Path, owner: StationId) -> Result<(), OutboxError> {
    let mut is_empty = true;
    for table in Table::ALL {
        is_empty &= rows::is_empty(&db, table)?;
    }
    // Under the same name, a log that is left would be taken for the log of the next outbox.
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy != 0 {
        return Err(OutboxError::Busy);
    }
    db.close().map_err(|(_, error)| error)?;
    for suffix in ["-wal", "-shm"] {
        aside::remove(&aside::with_suffix(path, suffix))?;
    }
    if is_empty {
        aside::remove(path)?;
    } else {
        let name = free_name(path, owner)?;
        tracing::warn!(%owner, file = %name.display(), "an outbox of another station is set aside");
        std::fs::rename(path, name)?;
    }
    Ok(aside::sync_folder(path)?)
}

/// Returns the outboxes of other stations that were set aside.
pub(super) fn all(outbox: &Path) -> std::io::Result<Vec<(StationId, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(aside::folder(outbox))? {
        let file = entry?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let id = name.strip_prefix("outbox-").filter(|_| name.ends_with(".sqlite"));
        if let Some(Ok(station)) = id.and_then(|id| id.get(..32)).map(str::parse) {
            found.push((station, file));
        }
    }
    found.sort();
    Ok(found)
}

/// Returns a name that no file has yet.
fn free_name(path: &Path, owner: StationId) -> Result<PathBuf, OutboxError> {
    let mut number = 1_u32;
    loop {
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        let name = path.with_file_name(format!("outbox-{owner}{suffix}.sqlite"));
        if !name.try_exists()? {
            return Ok(name);
        }
        number = number.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
