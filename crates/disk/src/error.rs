//! What can go wrong with a file.

use std::io;
use std::path::{Path, PathBuf};

/// Why a file or a folder could not be read or written. Each message names the path.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// Nothing has this name.
    #[error("{path} does not exist")]
    NotFound {
        /// The name that was asked for.
        path: PathBuf,
    },
    /// A link, a folder, a FIFO, a socket or a device has this name.
    #[error("{path} is not a regular file")]
    NotAFile {
        /// The name that was asked for.
        path: PathBuf,
    },
    /// A file that is to be made is there already.
    #[error("{path} is there already")]
    AlreadyThere {
        /// The name that is taken.
        path: PathBuf,
    },
    /// The file holds more bytes than its reader accepts.
    #[error("{path} is longer than {limit} bytes")]
    TooLarge {
        /// The name that was asked for.
        path: PathBuf,
        /// The number of bytes that the reader accepts.
        limit: u64,
    },
    /// The file's contents do not have the form that its name promises.
    #[error("{path} does not hold {expected}")]
    Damaged {
        /// The name that was asked for.
        path: PathBuf,
        /// A short description of the form.
        expected: &'static str,
    },
    /// The operating system refused for another reason: no permission, no space, a failing disk.
    #[error("{path}: {source}")]
    Io {
        /// The name that was asked for.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
}

impl DiskError {
    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not-found",
            Self::NotAFile { .. } => "not-a-file",
            Self::AlreadyThere { .. } => "already-there",
            Self::TooLarge { .. } => "too-large",
            Self::Damaged { .. } => "damaged",
            Self::Io { .. } => "io",
        }
    }

    /// Returns whether the same call may succeed later without a change to the file.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Io { .. })
    }

    /// Returns whether the file does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// Joins a name and what the operating system said of it.
    #[must_use]
    pub fn new(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path },
            _ => Self::Io { path, source },
        }
    }
}
