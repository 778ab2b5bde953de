//! Recovery from a damaged file: it is set aside, its readable rows are copied, a new stream begins.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use wire::limits::SEALED_BYTES;
use wire::{SealedReport, StationId, StreamId};

use super::{Outbox, OutboxError, insert, read_head, read_row, schema, write_head};
use crate::limits::DAMAGED_KEPT;

/// Replaces a damaged outbox by a new one that holds each row that can still be read.
///
/// The damaged file stays in the folder. Its reports are sealed, so nobody can read them there.
pub(super) fn start_afresh(path: &Path, station: StationId, stream: StreamId) -> Result<Outbox, OutboxError> {
    let aside = set_aside(path)?;
    let (rows, head) = read_what_reads(&aside);
    tracing::warn!(rows = rows.len(), "the outbox was damaged; what still reads was carried over");
    let fresh = schema::open(path)?;
    let transaction = fresh.unchecked_transaction()?;
    for row in &rows {
        insert(&transaction, row)?;
    }
    let last = rows.last().map(|row| wire::chain(&row.link, &row.ciphertext));
    if let Some(head) = head.or(last) {
        write_head(&transaction, &head)?;
    }
    transaction.commit()?;
    drop(fresh);
    Outbox::open_sound(path, station, stream)
}

/// Renames the file and its log to a free name, or to that of the oldest damaged file.
fn set_aside(path: &Path) -> Result<PathBuf, OutboxError> {
    let name = |number: u32| path.with_file_name(format!("outbox-damaged-{number}.sqlite"));
    let free = (1..=DAMAGED_KEPT).map(name).find(|name| !name.exists());
    let aside = free.unwrap_or_else(|| name(DAMAGED_KEPT));
    for part in ["-wal", "-shm", ""] {
        let from = with_suffix(path, part);
        let to = with_suffix(&aside, part);
        let _ = std::fs::remove_file(&to);
        if from.exists() {
            std::fs::rename(from, to)?;
        }
    }
    Ok(aside)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Reads rows from both ends towards the damage, and returns them in their order.
fn read_what_reads(path: &Path) -> (Vec<SealedReport>, Option<[u8; 32]>) {
    let Ok(db) = schema::connect(path) else { return (Vec::new(), None) };
    let mut rows: Vec<(i64, SealedReport)> = Vec::new();
    let mut seen = BTreeSet::new();
    for order in ["ASC", "DESC"] {
        let sql = format!(
            "SELECT record, stream, seq, kid, link, ciphertext, place FROM report NOT INDEXED ORDER BY place {order}"
        );
        let Ok(mut statement) = db.prepare(&sql) else { continue };
        let Ok(mut found) = statement.query([]) else { continue };
        while let Ok(Some(row)) = found.next() {
            let (Ok(sealed), Ok(place)) = (read_row(row), row.get(6)) else { continue };
            if sealed.ciphertext.len() == SEALED_BYTES && seen.insert(sealed.record) {
                rows.push((place, sealed));
            }
        }
    }
    rows.sort_by_key(|(place, _)| *place);
    (rows.into_iter().map(|(_, sealed)| sealed).collect(), read_head(&db).ok().flatten())
}
