//! The files of a salvage: their names in the station's folder, and what they say.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use disk::{Access, DiskError};

use crate::limits::DAMAGED_KEPT;

const DAMAGED: &str = "outbox-damaged-";
const FRESH: &str = "outbox-fresh-";

/// Returns the name of a fresh outbox that is still being built.
pub(super) fn part(outbox: &Path) -> PathBuf {
    outbox.with_file_name("outbox-fresh.part")
}

/// Returns the name of a complete fresh outbox, which displaces the damaged file of the same number.
pub(super) fn fresh(outbox: &Path, number: u32) -> PathBuf {
    outbox.with_file_name(format!("{FRESH}{number}.sqlite"))
}

/// Returns the name of a damaged outbox that was set aside.
pub(super) fn damaged(outbox: &Path, number: u32) -> PathBuf {
    outbox.with_file_name(format!("{DAMAGED}{number}.sqlite"))
}

/// Returns the name of the file that says that a damaged outbox was carried over.
pub(super) fn mark(outbox: &Path, number: u32) -> PathBuf {
    outbox.with_file_name(format!("{DAMAGED}{number}.carried"))
}

/// Returns the number of the complete fresh outbox, if there is one.
pub(super) fn complete(outbox: &Path) -> io::Result<Option<u32>> {
    Ok(numbers(outbox, FRESH)?.into_iter().min())
}

/// Returns the damaged outboxes that are not marked as carried over, the newest first.
pub(super) fn not_carried(outbox: &Path) -> io::Result<Vec<u32>> {
    let mut found = numbers(outbox, DAMAGED)?;
    found.retain(|number| !mark(outbox, *number).exists());
    found.sort_by_key(|number| std::cmp::Reverse(age_key(outbox, *number)));
    Ok(found)
}

/// Returns the number for the next damaged outbox: a free one, else that of the oldest which was
/// carried over. One that was not carried over is never displaced.
pub(super) fn next(outbox: &Path) -> io::Result<u32> {
    let taken = numbers(outbox, DAMAGED)?;
    if let Some(free) = (1..=DAMAGED_KEPT).find(|number| !taken.contains(number)) {
        return Ok(free);
    }
    let carried = taken.iter().filter(|number| mark(outbox, **number).exists());
    let oldest = carried.min_by_key(|number| age_key(outbox, **number)).copied();
    Ok(oldest.unwrap_or_else(|| taken.iter().max().map_or(1, |last| last.saturating_add(1))))
}

/// Writes down that a damaged outbox was carried over.
pub(super) fn set_mark(outbox: &Path, number: u32) -> Result<(), DiskError> {
    disk::replace(&mark(outbox, number), &[], Access::Owner)
}

/// Makes the names in the outbox's folder durable.
pub(super) fn sync_folder(outbox: &Path) -> Result<(), DiskError> {
    disk::sync(folder(outbox))
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Returns the name of a file that SQLite keeps beside a database.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

pub(super) fn folder(outbox: &Path) -> &Path {
    outbox.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn age_key(outbox: &Path, number: u32) -> Option<SystemTime> {
    damaged(outbox, number).metadata().and_then(|there| there.modified()).ok()
}

fn numbers(outbox: &Path, prefix: &str) -> io::Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder(outbox))? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(prefix)?.strip_suffix(".sqlite"));
        found.extend(number.and_then(|number| number.parse::<u32>().ok()));
    }
    Ok(found)
}
