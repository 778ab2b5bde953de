//! Why the outbox could not do something, and which fault the person at the gate sees.

use gate::Fault;
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Why the outbox could not do something.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutboxError {
    /// The disk is full. Freeing space helps, and so does emptying the outbox.
    #[error("the disk is full")]
    Full,
    /// The files cannot be written.
    #[error("the disk cannot be written: {0}")]
    ReadOnly(String),
    /// The file is damaged.
    #[error("the outbox is damaged: {0}")]
    Damaged(String),
    /// Made by a later version of this program.
    #[error("the outbox has schema {0}, which this program does not know")]
    Newer(i64),
    /// Another connection reads the file. Erasing completes when it has finished.
    #[error("the outbox is open elsewhere")]
    Busy,
    /// The report was sealed for another position in the stream.
    #[error("a report that was sealed for another place")]
    OutOfPlace,
    /// Another error of SQLite.
    #[error("outbox: {0}")]
    Other(String),
}

impl OutboxError {
    /// Returns whether the file itself is damaged.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_))
    }

    /// Returns whether the connection may be used further. After an error of reading, writing or
    /// syncing, only opening the file again tells what is on the disk.
    pub(crate) fn leaves_open(&self) -> bool {
        matches!(self, Self::Full | Self::Busy | Self::OutOfPlace)
    }

    /// Returns the fault that the person at the gate sees.
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::Full => Fault::DiskFull,
            Self::ReadOnly(_) => Fault::DiskReadOnly,
            Self::Damaged(_) | Self::Newer(_) | Self::Busy | Self::OutOfPlace | Self::Other(_) => {
                Fault::OutboxDamaged
            }
        }
    }
}

impl From<rusqlite::Error> for OutboxError {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            // The row has a type or a length that the schema does not allow.
            return Self::Damaged(text);
        };
        match failure.code {
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::ReadOnly(text),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(text),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::SystemIoFailure => match failure.extended_code {
                ffi::SQLITE_IOERR_SHMSIZE => Self::Full,
                ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_TRUNCATE => {
                    Self::ReadOnly(text)
                }
                _ => Self::Other(text),
            },
            _ => Self::Other(text),
        }
    }
}

impl From<std::io::Error> for OutboxError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Self::ReadOnly(error.to_string()),
            _ => Self::Other(error.to_string()),
        }
    }
}
