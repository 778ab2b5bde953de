//! The files of a stick, by fixed names: in its top folder, and in a folder for each station that is called by
//! its id. Nothing else is looked at, and no link is followed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use disk::{Access, DiskError};
use wire::StationId;
use wire::limits::{ENROLMENT_REQUEST_BYTES, EXPORT_BYTES};
use wire::stick::{ANSWER, RECEIPTS, REFUSAL, REPORTS, REQUEST};

use crate::limits::{STICK_NAMES, STICK_PARTS, STICK_REQUESTS};

/// Finds the files of reports at a path: a file of them itself, or a stick's folder. In a folder these are
/// `reports.cbor` at the top and in the folders that are called by a station's id, and what `kadian station
/// export` wrote beside them, `reports-2.cbor` and so on.
///
/// # Errors
/// [`DiskError`] where the path cannot be looked at, or the folder cannot be listed.
pub fn reports(path: &Path) -> Result<Vec<PathBuf>, DiskError> {
    if is_file(path)? {
        return Ok(if is_request(path) { Vec::new() } else { vec![path.to_owned()] });
    }
    let mut folders = vec![path.to_owned()];
    folders.extend(own(path)?);
    Ok(folders.iter().flat_map(|folder| parts(folder)).collect())
}

/// Finds the requests of laptops to be enrolled at a path: a file by their name itself, or those in a stick's
/// folders that are called by a station's id. Returns at most [`STICK_REQUESTS`], those first that were neither
/// answered nor refused, and how many more there are.
///
/// # Errors
/// [`DiskError`], as for [`reports`].
pub fn requests(path: &Path) -> Result<(Vec<PathBuf>, usize), DiskError> {
    if is_file(path)? {
        return Ok((if is_request(path) { vec![path.to_owned()] } else { Vec::new() }, 0));
    }
    let is_there = |path: &Path| fs::symlink_metadata(path).is_ok();
    let mut found: Vec<_> = own(path)?.into_iter().map(|folder| folder.join(REQUEST)).collect();
    found.retain(|request| is_there(request));
    // The sort is stable.
    found.sort_by_key(|request| is_there(&answer_beside(request)) || is_there(&refusal_beside(request)));
    let more = found.len().saturating_sub(STICK_REQUESTS);
    found.truncate(STICK_REQUESTS);
    Ok((found, more))
}

fn is_file(path: &Path) -> Result<bool, DiskError> {
    Ok(!fs::metadata(path).map_err(|error| DiskError::new(path, error))?.is_dir())
}

fn is_request(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == REQUEST)
}

/// Returns the folders that are called by a station's id, in their order.
fn own(path: &Path) -> Result<Vec<PathBuf>, DiskError> {
    let said = |error| DiskError::new(path, error);
    let mut own = Vec::new();
    for entry in fs::read_dir(path).map_err(said)?.take(STICK_NAMES) {
        let entry = entry.map_err(said)?;
        let is_station = entry.file_name().to_str().is_some_and(|name| name.parse::<StationId>().is_ok());
        // The kind of the entry itself: a link is none.
        if is_station && entry.file_type().map_err(said)?.is_dir() {
            own.push(entry.path());
        }
    }
    own.sort();
    Ok(own)
}

/// Returns the files of reports in one folder.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let name = |number| match number {
        1 => REPORTS.to_owned(),
        more => REPORTS.replacen('.', &format!("-{more}."), 1),
    };
    let paths = (1..=STICK_PARTS).map(|number| folder.join(name(number)));
    paths.take_while(|path| fs::symlink_metadata(path).is_ok()).collect()
}

/// Reads a file of reports.
///
/// # Errors
/// [`DiskError`].
pub fn read(path: &Path) -> Result<Vec<u8>, DiskError> {
    disk::read(path, EXPORT_BYTES as u64)
}

/// Reads a request.
///
/// # Errors
/// [`DiskError`].
pub fn read_request(path: &Path) -> Result<Vec<u8>, DiskError> {
    disk::read(path, ENROLMENT_REQUEST_BYTES as u64)
}

/// Returns where the answer to a request goes: beside it.
#[must_use]
pub fn answer_beside(request: &Path) -> PathBuf {
    request.with_file_name(ANSWER)
}

/// Returns where the refusal of a request goes: beside it.
#[must_use]
pub fn refusal_beside(request: &Path) -> PathBuf {
    request.with_file_name(REFUSAL)
}

/// Returns the station whose folder a file lies in, where the folder is called so.
#[must_use]
pub fn owner(path: &Path) -> Option<StationId> {
    path.parent()?.file_name()?.to_str()?.parse().ok()
}

/// Returns where the receipts for a file of reports go: beside it, by the name that stations look for.
#[must_use]
pub fn receipts_beside(reports: &Path) -> PathBuf {
    let name = reports.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let number = name.strip_prefix("reports").and_then(|rest| rest.strip_suffix(".cbor"));
    match number {
        Some(number) if !number.is_empty() => reports.with_file_name(format!("receipts{number}.cbor")),
        _ => reports.with_file_name(RECEIPTS),
    }
}

/// Writes files into a folder, one by one, each whole.
///
/// # Errors
/// [`DiskError`] of the first that cannot be written; those before it are there.
pub fn write<'f>(
    folder: &Path,
    files: impl IntoIterator<Item = (&'f str, &'f [u8])>,
) -> Result<(), DiskError> {
    if !fs::metadata(folder).map_err(|error| DiskError::new(folder, error))?.is_dir() {
        return Err(DiskError::new(folder, io::ErrorKind::NotADirectory.into()));
    }
    files.into_iter().try_for_each(|(name, bytes)| disk::replace(&folder.join(name), bytes, Access::Everyone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fixed_names_are_looked_at_among_thousands_and_no_link_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for number in 0..1000 {
            fs::write(at(&format!("photo-{number}.jpg")), b"x").unwrap();
        }
        let (one, two) = ("0a".repeat(16), "0b".repeat(16));
        for name in [&one, &two, "elsewhere"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join(REPORTS), b"x").unwrap();
        }
        fs::write(at(&one).join("reports-2.cbor"), b"x").unwrap();
        fs::write(at(&one).join("reports-4.cbor"), b"x").unwrap();
        std::os::unix::fs::symlink(at("elsewhere"), at(&"0c".repeat(16))).unwrap();
        fs::write(at(REPORTS), b"x").unwrap();
        let found = reports(dir.path()).unwrap();
        let expected =
            [at(REPORTS), at(&one).join(REPORTS), at(&one).join("reports-2.cbor"), at(&two).join(REPORTS)];
        assert_eq!(found, expected);
        assert_eq!(reports(&found[0]).unwrap(), [at(REPORTS)], "a file is itself");
        assert!(reports(&at("missing")).unwrap_err().is_not_found());
        std::os::unix::fs::symlink(at(REPORTS), at("link")).unwrap();
        assert!(matches!(read(&at("link")), Err(DiskError::NotAFile { .. })));
    }

    #[test]
    fn requests_are_found_unanswered_ones_first_and_no_more_than_a_stick_may_bring() {
        let dir = tempfile::tempdir().unwrap();
        let ids: Vec<_> = (0..STICK_REQUESTS + 9).map(|number| format!("{number:032x}")).collect();
        for id in &ids {
            let own = dir.path().join(id);
            fs::create_dir(&own).unwrap();
            fs::write(own.join(REQUEST), b"x").unwrap();
            if *id != ids[STICK_REQUESTS] {
                fs::write(own.join(if id.ends_with('1') { REFUSAL } else { ANSWER }), b"x").unwrap();
            }
        }
        fs::write(dir.path().join(REQUEST), b"it is in nobody's folder").unwrap();
        let (found, more) = requests(dir.path()).unwrap();
        assert_eq!((found.len(), more), (STICK_REQUESTS, 9));
        assert_eq!(owner(&found[0]), ids[STICK_REQUESTS].parse().ok(), "it has no answer yet");
        assert_eq!(owner(&found[1]), ids[0].parse().ok());
        assert_eq!(requests(&found[3]).unwrap(), (vec![found[3].clone()], 0));
        assert_eq!(reports(&found[3]).unwrap(), Vec::<PathBuf>::new());
        fs::write(&found[3], vec![0; ENROLMENT_REQUEST_BYTES + 1]).unwrap();
        assert!(matches!(read_request(&found[3]), Err(DiskError::TooLarge { .. })));
    }

    #[test]
    fn receipts_lie_beside_their_reports() {
        for (reports, receipts) in [
            ("a/reports.cbor", "a/receipts.cbor"),
            ("a/reports-12.cbor", "a/receipts-12.cbor"),
            ("a/from-the-east-gate", "a/receipts.cbor"),
        ] {
            assert_eq!(receipts_beside(Path::new(reports)), Path::new(receipts));
        }
    }

    #[test]
    fn files_are_written_into_a_folder_that_is_there() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), [("one", &b"1"[..]), ("two", b"2")]).unwrap();
        assert_eq!(fs::read(dir.path().join("two")).unwrap(), b"2");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        assert!(write(&dir.path().join("missing"), [("one", &b"1"[..])]).unwrap_err().is_not_found());
        assert!(write(&dir.path().join("one"), [("one", &b"1"[..])]).is_err());
    }
}
