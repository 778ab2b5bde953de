//! Reading at most a given number of bytes, from a regular file only.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use crate::DiskError;

/// Reads a whole regular file of at most `limit` bytes.
///
/// The file is opened without following a link and without blocking, and its kind is checked on
/// the open descriptor. So nobody can exchange it in between, and a FIFO makes no reader wait.
///
/// # Errors
/// [`DiskError`].
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, DiskError> {
    let file = open(path)?;
    let mut contents = Vec::new();
    let bounded = file.take(limit.saturating_add(1)).read_to_end(&mut contents);
    bounded.map_err(|error| DiskError::new(path, error))?;
    if contents.len() as u64 > limit {
        return Err(DiskError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(contents)
}

/// Reads a file as [`read`] does; returns `None` where there is none.
///
/// # Errors
/// [`DiskError`], but never [`DiskError::NotFound`].
pub fn read_if_there(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, DiskError> {
    match read(path, limit) {
        Ok(contents) => Ok(Some(contents)),
        Err(DiskError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn open(path: &Path) -> Result<File, DiskError> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path);
    let not_a_file = || DiskError::NotAFile { path: path.to_owned() };
    let file = opened
        .map_err(|error| if is_special(&error) { not_a_file() } else { DiskError::new(path, error) })?;
    let metadata = file.metadata().map_err(|error| DiskError::new(path, error))?;
    if metadata.is_file() { Ok(file) } else { Err(not_a_file()) }
}

/// Returns whether `open` failed because of a link (`ELOOP`), or a socket, or a FIFO that nobody
/// reads (`ENXIO`).
pub(crate) fn is_special(error: &io::Error) -> bool {
    let special = [rustix::io::Errno::LOOP, rustix::io::Errno::NXIO];
    special.iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, b"two").unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"two");
        assert_eq!(read_if_there(&path, u64::MAX).unwrap().unwrap(), b"two");
        assert!(matches!(read(&path, 2), Err(DiskError::TooLarge { limit: 2, .. })));
    }

    #[test]
    fn a_missing_file_is_an_error_or_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        assert!(matches!(read(&path, 8), Err(DiskError::NotFound { .. })));
        assert_eq!(read_if_there(&path, 8).unwrap(), None);
        assert_eq!(read_if_there(&path.join("below"), 8).unwrap(), None);
    }

    #[test]
    fn nothing_but_a_regular_file_is_read_and_nothing_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("file"), b"x").unwrap();
        symlink(at("file"), at("link")).unwrap();
        symlink(at("nowhere"), at("dangling")).unwrap();
        mknodat(CWD, at("fifo"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let _listener = UnixListener::bind(at("socket")).unwrap();
        for name in ["link", "dangling", "fifo", "socket", "."] {
            assert!(matches!(read(&at(name), 8), Err(DiskError::NotAFile { .. })), "{name}");
        }
        assert!(matches!(read(Path::new("/dev/zero"), 8), Err(DiskError::NotAFile { .. })));
    }
}
