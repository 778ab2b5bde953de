//! Erasing files: overwritten where they lie, then removed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use crate::DiskError;
use crate::atomic::{folder_of, sync};

/// What is written at once.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

/// Overwrites a file with zeros and removes it. What is not there is erased already.
///
/// A link is removed, and what it leads to stays. A disk that writes elsewhere than it is told
/// (flash, copy on write) may keep the old contents until it reuses their place. An interruption
/// leaves the file, whole or in part; erasing again completes it.
///
/// # Errors
/// [`DiskError`]; the file may still be there, and as it was.
pub fn erase(path: &Path) -> Result<(), DiskError> {
    let said = |error| DiskError::new(path, error);
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(said(error)),
        Ok(metadata) if metadata.is_file() => overwrite(path, metadata.len()).map_err(said)?,
        Ok(_) => {}
    }
    fs::remove_file(path).map_err(said)?;
    sync(folder_of(path))
}

/// Erases a folder and the files in it; folders in it are an error.
///
/// # Errors
/// [`DiskError`] of the first that could not be erased.
pub fn erase_folder(dir: &Path) -> Result<(), DiskError> {
    let said = |error| DiskError::new(dir, error);
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(said)?,
    };
    for entry in entries {
        erase(&entry.map_err(said)?.path())?;
    }
    fs::remove_dir(dir).map_err(said)?;
    sync(folder_of(dir))
}

fn overwrite(path: &Path, length: u64) -> io::Result<()> {
    let mut file = open(path)?;
    file.seek(SeekFrom::Start(0))?;
    let mut left = length;
    while left > 0 {
        let part = ZEROS.len().min(usize::try_from(left).unwrap_or(ZEROS.len()));
        file.write_all(&ZEROS[..part])?;
        left -= part as u64;
    }
    file.sync_all()
}

fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    OpenOptions::new().write(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_is_overwritten_where_it_lies_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("key"), dir.path().join("same file"));
        fs::write(&path, vec![7; 100_000]).unwrap();
        fs::hard_link(&path, &other).unwrap();
        erase(&path).unwrap();
        assert!(!path.exists());
        assert_eq!(fs::read(&other).unwrap(), vec![0; 100_000]);
        erase(&path).unwrap();
    }

    #[test]
    fn a_link_goes_and_what_it_leads_to_stays() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("victim"), b"whole").unwrap();
        symlink(dir.path().join("victim"), dir.path().join("key")).unwrap();
        erase(&dir.path().join("key")).unwrap();
        assert_eq!(fs::read(dir.path().join("victim")).unwrap(), b"whole");
        assert!(fs::symlink_metadata(dir.path().join("key")).is_err());
    }

    #[test]
    fn a_folder_goes_with_its_files_and_twice_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        let trust = dir.path().join("trust");
        fs::create_dir(&trust).unwrap();
        fs::write(trust.join("root.cose"), b"x").unwrap();
        erase_folder(&trust).unwrap();
        erase_folder(&trust).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
