//! An archive's entries, written into a folder.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use disk::Access;

use super::archive::{self, ABOUT, Identities};
use super::{About, BackupError, Kind};
use crate::limits::ABOUT_BYTES;

/// The database in a copy of the data: SQLite's file.
pub(super) const DATABASE: &str = "office.sqlite";
/// The database in a copy of the data: what `pg_dump` wrote.
pub(super) const DUMP: &str = "office.dump";

/// Writes an archive's entries into a folder, and returns what it says of itself. Nothing but what an
/// office's folder holds is written: a file's name is taken from a list, or is a plain one in a known folder.
pub(super) fn unpack(
    path: &Path,
    identities: &Identities,
    expected: Kind,
    into: &Path,
) -> Result<About, BackupError> {
    let damaged = |error: io::Error| BackupError::Damaged(path.to_owned(), error.to_string());
    let other = |what: &str| BackupError::Damaged(path.to_owned(), what.to_owned());
    let mut archive = archive::open(path, identities)?;
    let mut entries = archive.entries().map_err(damaged)?;
    let mut first = entries.next().ok_or_else(|| other("it is empty"))?.map_err(damaged)?;
    let mut json = Vec::new();
    first.by_ref().take(ABOUT_BYTES).read_to_end(&mut json).map_err(damaged)?;
    let is_about = first.path().is_ok_and(|name| name == Path::new(ABOUT));
    let about = About::parse(&json).filter(|_| is_about);
    let about = about.ok_or_else(|| other("it is no backup that this version reads"))?;
    if about.kind != expected {
        return Err(BackupError::OtherKind(path.to_owned(), about.kind.name(), expected.name()));
    }
    for entry in entries {
        let mut entry = entry.map_err(damaged)?;
        let name = entry.path().map_err(damaged)?.into_owned();
        let is_file = entry.header().entry_type().is_file();
        let target = is_file.then(|| target(&name, expected)).flatten();
        let target = into.join(target.ok_or_else(|| other("it holds what no office has"))?);
        if let Some(folder) = target.parent() {
            disk::private_folder(folder)?;
        }
        disk::create(&target, Access::Owner, |file| -> Result<(), BackupError> {
            io::copy(&mut entry, file).map_err(damaged)?;
            Ok(())
        })?;
    }
    // Only at its end does age say that nothing was cut off.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(damaged)?;
    Ok(about)
}

/// Returns where an entry belongs, or `None` for one that no office has.
fn target(name: &Path, kind: Kind) -> Option<PathBuf> {
    let parts: Vec<&str> = name.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
    let plain = |file: &str| {
        !file.starts_with('.') && file.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
    };
    let known = match (kind, &parts[..]) {
        (Kind::Data, [DATABASE | DUMP | "address" | "backup-to"]) => true,
        (Kind::Data, ["trust", file]) | (Kind::Keys, ["keys" | "tls", file]) => plain(file),
        _ => false,
    };
    known.then(|| name.to_owned())
}

/// Brings every file of a folder, and the folders, to disk.
pub(super) fn sync_all(folder: &Path) -> Result<(), BackupError> {
    let said = |error| BackupError::Io(folder.to_owned(), error);
    for entry in fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        if path.is_dir() {
            sync_all(&path)?;
        } else {
            disk::sync(&path)?;
        }
    }
    Ok(disk::sync(folder)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_that_no_office_has() {
        for (name, kind) in [
            ("office.sqlite", Kind::Data),
            ("trust/2.root.cose", Kind::Data),
            ("keys/sealing-0102.key", Kind::Keys),
            ("tls/ca.pem", Kind::Keys),
        ] {
            assert!(target(Path::new(name), kind).is_some(), "{name}");
            let other = if kind == Kind::Data { Kind::Keys } else { Kind::Data };
            assert!(target(Path::new(name), other).is_none(), "{name}");
        }
        for name in
            ["../office.sqlite", "/etc/passwd", "trust/../../x", "trust/.hidden", "trust", "keys/a b", ""]
        {
            for kind in [Kind::Data, Kind::Keys] {
                assert!(target(Path::new(name), kind).is_none(), "{name}");
            }
        }
    }
}
