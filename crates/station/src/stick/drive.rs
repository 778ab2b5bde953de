//! A stick's files. Their names are fixed: those in its top folder, and those in the folder that is called by
//! this station's id. Nothing else is looked at.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use disk::{Access, DiskError};
use gate::window::stick::StickProblem;
use wire::StationId;

/// Where a file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At<'n> {
    /// In the top folder.
    Top(&'n str),
    /// In the station's own folder.
    Own(&'n str),
}

/// What a stick can do. A test puts one that fails in its place.
pub(crate) trait Drive {
    /// Reads a whole file of at most `limit` bytes; `None` where there is none.
    fn read(&self, at: At<'_>, limit: usize) -> Result<Option<Vec<u8>>, StickProblem>;

    /// Writes a file whole, into the station's own folder: an interruption leaves what was there before.
    fn write(&self, name: &str, contents: &[u8]) -> Result<(), StickProblem>;

    /// Removes a file of the station's own folder, if the stick lets it be removed.
    fn remove(&self, name: &str);

    /// Returns how many bytes are free, where that is known.
    fn free(&self) -> Option<u64>;
}

/// A folder: where a stick is mounted.
#[derive(Debug)]
pub(crate) struct FolderDrive {
    root: PathBuf,
    own: PathBuf,
}

impl FolderDrive {
    pub(crate) fn new(root: &Path, station: StationId) -> Self {
        Self { root: root.to_owned(), own: root.join(station.to_string()) }
    }

    /// Returns whether the station's own folder is one. A link is none.
    fn has_own(&self) -> Result<bool, StickProblem> {
        match fs::symlink_metadata(&self.own) {
            Ok(found) if found.is_dir() => Ok(true),
            Ok(_) => Err(StickProblem::NotAFile),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(problem_of_io(&error)),
        }
    }
}

impl Drive for FolderDrive {
    fn read(&self, at: At<'_>, limit: usize) -> Result<Option<Vec<u8>>, StickProblem> {
        let path = match at {
            At::Top(name) => self.root.join(name),
            At::Own(_) if !self.has_own()? => return Ok(None),
            At::Own(name) => self.own.join(name),
        };
        disk::read_if_there(&path, limit as u64).map_err(|error| problem_of(&error))
    }

    fn write(&self, name: &str, contents: &[u8]) -> Result<(), StickProblem> {
        if !self.root.is_dir() {
            return Err(StickProblem::Pulled);
        }
        if !self.has_own()? {
            fs::create_dir(&self.own).map_err(|error| problem_of_io(&error))?;
        }
        disk::replace(&self.own.join(name), contents, Access::Everyone).map_err(|error| problem_of(&error))
    }

    fn remove(&self, name: &str) {
        let removed = match self.has_own() {
            Ok(true) => fs::remove_file(self.own.join(name)),
            _ => return,
        };
        if let Err(error) = removed
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::info!(%error, name, "a file stays on the stick");
        }
    }

    fn free(&self) -> Option<u64> {
        free(&self.root)
    }
}

/// Returns how many bytes are free where a folder lies.
pub(crate) fn free(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

fn problem_of(error: &DiskError) -> StickProblem {
    match error {
        DiskError::NotFound { .. } => StickProblem::Pulled,
        DiskError::NotAFile { .. } => StickProblem::NotAFile,
        DiskError::TooLarge { .. } => StickProblem::TooLarge,
        DiskError::AlreadyThere { .. } | DiskError::Damaged { .. } => StickProblem::Malformed,
        DiskError::Io { source, .. } => problem_of_io(source),
    }
}

fn problem_of_io(error: &io::Error) -> StickProblem {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            StickProblem::Full
        }
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => StickProblem::ReadOnly,
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => StickProblem::NotAFile,
        _ => StickProblem::Pulled,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;
    use crate::testing::STATION;

    fn drive(dir: &Path) -> FolderDrive {
        FolderDrive::new(dir, STATION)
    }

    #[test]
    fn a_file_is_written_whole_into_the_folder_of_its_station_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let drive = drive(dir.path());
        assert_eq!(drive.read(At::Own("reports.cbor"), 9), Ok(None));
        for contents in [&b"one"[..], b"another"] {
            drive.write("reports.cbor", contents).unwrap();
            assert_eq!(drive.read(At::Own("reports.cbor"), 9), Ok(Some(contents.to_vec())));
        }
        assert_eq!(fs::read_dir(dir.path().join(STATION.to_string())).unwrap().count(), 1);
        assert_eq!(drive.read(At::Own("reports.cbor"), 2), Err(StickProblem::TooLarge));
        assert_eq!(drive.read(At::Top("reports.cbor"), 9), Ok(None));
        assert!(drive.free().is_some_and(|free| free > 0));
    }

    #[test]
    fn no_link_no_device_and_no_fifo_is_read_or_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let (at, drive) = (|name: &str| dir.path().join(name), drive(dir.path()));
        fs::write(at("file"), b"x").unwrap();
        symlink(at("file"), at("link")).unwrap();
        mknodat(CWD, at("fifo"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        for name in ["link", "fifo", "."] {
            assert_eq!(drive.read(At::Top(name), 9), Err(StickProblem::NotAFile), "{name}");
        }
        // A folder elsewhere under the station's name is none of the stick's.
        fs::create_dir(at("elsewhere")).unwrap();
        symlink(at("elsewhere"), at(&STATION.to_string())).unwrap();
        assert_eq!(drive.read(At::Own("file"), 9), Err(StickProblem::NotAFile));
        assert_eq!(drive.write("reports.cbor", b"x"), Err(StickProblem::NotAFile));
        assert_eq!(fs::read_dir(at("elsewhere")).unwrap().count(), 0);
    }

    #[test]
    fn a_stick_that_is_gone_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let drive = drive(&dir.path().join("gone"));
        assert_eq!(drive.write("reports.cbor", b"x"), Err(StickProblem::Pulled));
        assert_eq!(drive.read(At::Top(disk::trust_folder::ROOT), 9), Ok(None));
        assert_eq!(drive.free(), None);
    }

    #[test]
    fn what_the_system_says_becomes_a_problem_with_a_code() {
        use rustix::io::Errno;
        for (errno, problem) in [
            (Errno::NOSPC, StickProblem::Full),
            (Errno::FBIG, StickProblem::Full),
            (Errno::ROFS, StickProblem::ReadOnly),
            (Errno::ACCESS, StickProblem::ReadOnly),
            (Errno::IO, StickProblem::Pulled),
            (Errno::NODEV, StickProblem::Pulled),
            (Errno::NOTDIR, StickProblem::NotAFile),
        ] {
            let error = io::Error::from_raw_os_error(errno.raw_os_error());
            assert_eq!(problem_of(&DiskError::new(Path::new("x"), error)), problem, "{errno:?}");
        }
    }
}
