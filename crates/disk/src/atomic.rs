//! Replacing a file so that an interruption leaves the old contents or the new ones.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};

use crate::DiskError;
use crate::bounded::is_special;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner only (mode 600).
    Owner,
    /// Everybody whom the process's umask allows (mode 644).
    Everyone,
}

/// Writes a file whole: a temporary file in the same folder, fsync, rename, fsync of the folder.
///
/// A temporary file that an interrupted process left is overwritten by the next write. Several
/// processes may replace the same file at once: each of their contents lands whole, one by one.
///
/// # Errors
/// [`DiskError`]; the old contents are then still there, and no temporary file is. An error of the
/// last step alone (fsync of the folder) leaves the new contents, which a power cut may undo.
pub fn replace(path: &Path, contents: &[u8], access: Access) -> Result<(), DiskError> {
    let said = |error| DiskError::new(path, error);
    let temporary = temporary_of(path)?;
    // Kept open until the rename: its lock makes other writers of this file wait.
    let mut file = open_locked(&temporary, access)?;
    let written = write_synced(&mut file, contents).and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = written {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
        return Err(said(error));
    }
    sync(folder_of(path))
}

/// Makes a file that must not exist yet, whole: `write` fills a temporary file in the same folder, which
/// is synced and then renamed. So whatever stands under the name is complete.
///
/// # Errors
/// What `write` returns, and a [`DiskError`]: [`DiskError::AlreadyThere`] before `write` is called, and
/// any other after. The name is free then, and no temporary file is left.
pub fn create<T, E: From<DiskError>>(
    path: &Path,
    access: Access,
    write: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    let said = |error| DiskError::new(path, error);
    let temporary = temporary_of(path)?;
    // Its lock makes others who make the same file wait, and they find the name taken.
    let mut file = open_locked(&temporary, access)?;
    let made = if fs::symlink_metadata(path).is_ok() {
        Err(DiskError::AlreadyThere { path: path.to_owned() }.into())
    } else {
        write(&mut file).and_then(|written| {
            let named = file.sync_all().and_then(|()| fs::rename(&temporary, path));
            named.map_err(|error| said(error).into()).map(|()| written)
        })
    };
    match made {
        Ok(written) => {
            sync(folder_of(path))?;
            Ok(written)
        }
        Err(error) => {
            // The first error is the one to tell.
            let _ = fs::remove_file(&temporary);
            Err(error)
        }
    }
}

/// Returns the name of the file that a path's contents are written to first.
fn temporary_of(path: &Path) -> Result<PathBuf, DiskError> {
    let unnamed = || DiskError::new(path, io::ErrorKind::InvalidInput.into());
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(path.file_name().ok_or_else(unnamed)?);
    hidden.push(".new");
    Ok(folder_of(path).join(hidden))
}

/// Makes a folder, and those above it, for their owner only (mode 700). A folder that exists stays
/// as it is.
///
/// # Errors
/// [`DiskError`].
pub fn private_folder(path: &Path) -> Result<(), DiskError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| DiskError::new(path, error))
}

/// Writes a new file into a folder that nobody reads yet, and brings it to disk.
pub(crate) fn write_new(path: &Path, contents: &[u8]) -> Result<(), DiskError> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = opened.and_then(|mut file| write_synced(&mut file, contents));
    written.map_err(|error| DiskError::new(path, error))
}

/// Brings a file's contents or a folder's names to disk.
///
/// # Errors
/// [`DiskError`].
pub fn sync(path: &Path) -> Result<(), DiskError> {
    let synced = File::open(path).and_then(|opened| opened.sync_all());
    synced.map_err(|error| DiskError::new(path, error))
}

/// Returns the folder that holds a path; `.` for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn write_synced(file: &mut File, contents: &[u8]) -> io::Result<()> {
    file.write_all(contents)?;
    file.sync_all()
}

/// Opens the temporary file, empty, with an exclusive lock on it.
fn open_locked(path: &Path, access: Access) -> Result<File, DiskError> {
    let said = |error| DiskError::new(path, error);
    let not_a_file = || DiskError::NotAFile { path: path.to_owned() };
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mode = if access == Access::Owner { 0o600 } else { 0o644 };
    loop {
        let mut options = OpenOptions::new();
        options.write(true).create(true).mode(mode).custom_flags(flags.bits().cast_signed());
        let opened = options.open(path);
        let file = opened.map_err(|error| if is_special(&error) { not_a_file() } else { said(error) })?;
        flock(&file, FlockOperation::LockExclusive).map_err(|error| said(error.into()))?;
        let ours = file.metadata().map_err(said)?;
        if !ours.is_file() {
            return Err(not_a_file());
        }
        // The writer before may have renamed or removed this very file while we waited.
        let still_named = fs::symlink_metadata(path)
            .is_ok_and(|named| (named.dev(), named.ino()) == (ours.dev(), ours.ino()));
        if still_named {
            file.set_len(0).map_err(said)?;
            if access == Access::Owner {
                // An interrupted writer may have left it readable by others.
                file.set_permissions(Permissions::from_mode(mode)).map_err(said)?;
            }
            return Ok(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;
    use crate::read;

    fn names(dir: &Path) -> usize {
        fs::read_dir(dir).unwrap().count()
    }

    #[test]
    fn what_is_made_is_whole_or_not_there_and_replaces_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("copy");
        let make = |contents: &'static [u8]| {
            create(&path, Access::Owner, |file| {
                file.write_all(contents).map_err(|e| DiskError::new(&path, e))
            })
        };
        let broken: Result<(), DiskError> = create(&path, Access::Owner, |file| {
            file.write_all(b"half").unwrap();
            Err(DiskError::NotAFile { path: path.clone() })
        });
        assert_eq!(broken.unwrap_err().code(), "not-a-file");
        assert_eq!(names(dir.path()), 0);
        make(b"whole").unwrap();
        assert_eq!(make(b"other").unwrap_err().code(), "already-there");
        assert_eq!((fs::read(&path).unwrap(), names(dir.path())), (b"whole".to_vec(), 1));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        replace(&path, b"one", Access::Everyone).unwrap();
        replace(&path, b"two", Access::Owner).unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(dir.path()), 1);
    }

    #[test]
    fn an_interrupted_write_leaves_the_old_contents_and_is_overwritten_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        replace(&path, b"old", Access::Owner).unwrap();
        fs::write(dir.path().join(".file.new"), b"half of a longer text").unwrap();
        assert_eq!(read(&path, 8).unwrap(), b"old");
        replace(&path, b"new", Access::Owner).unwrap();
        assert_eq!(read(&path, 8).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(dir.path()), 1);
    }

    #[test]
    fn what_cannot_be_replaced_leaves_no_temporary_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("folder");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("inside"), b"x").unwrap();
        assert!(matches!(replace(&path, b"x", Access::Owner), Err(DiskError::Io { .. })));
        assert_eq!(names(dir.path()), 1);
        let missing = dir.path().join("nowhere/file");
        assert!(matches!(replace(&missing, b"x", Access::Owner), Err(DiskError::NotFound { .. })));
    }

    #[test]
    fn an_unwritable_folder_is_an_error_and_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        replace(&path, b"old", Access::Owner).unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o500)).unwrap();
        let refused = replace(&path, b"new", Access::Owner);
        fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
        // The superuser may write everywhere.
        if !rustix::process::geteuid().is_root() {
            assert!(matches!(refused, Err(DiskError::Io { .. })));
            assert_eq!(read(&path, 8).unwrap(), b"old");
        }
        // This one refuses the superuser too.
        assert!(replace(Path::new("/proc/kadian"), b"x", Access::Owner).is_err());
    }

    #[test]
    fn a_link_or_a_fifo_in_place_of_the_temporary_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (path, temporary) = (dir.path().join("file"), dir.path().join(".file.new"));
        fs::write(dir.path().join("victim"), b"whole").unwrap();
        symlink(dir.path().join("victim"), &temporary).unwrap();
        assert!(matches!(replace(&path, b"x", Access::Owner), Err(DiskError::NotAFile { .. })));
        assert_eq!(fs::read(dir.path().join("victim")).unwrap(), b"whole");
        fs::remove_file(&temporary).unwrap();
        mknodat(CWD, &temporary, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        assert!(matches!(replace(&path, b"x", Access::Owner), Err(DiskError::NotAFile { .. })));
    }

    #[test]
    fn writers_at_the_same_time_never_mix_their_contents() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let contents = |writer: u8| vec![writer; 5000 + usize::from(writer)];
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..10 {
                        replace(path, &contents(writer), Access::Owner).unwrap();
                    }
                });
            }
        });
        let last = read(&path, 8000).unwrap();
        assert_eq!(last, contents(last[0]));
        assert_eq!(names(dir.path()), 1);
    }
}
