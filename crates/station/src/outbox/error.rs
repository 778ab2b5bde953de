//! Why the outbox could not do something, and which fault the person at the gate sees.

use disk::DiskError;
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
    /// The disk fails at reading or writing.
    #[error("the disk fails: {0}")]
    Io(String),
    /// The file is damaged.
    #[error("the outbox is damaged: {0}")]
    Damaged(String),
    /// The file is no database at all.
    #[error("the outbox is no database: {0}")]
    NotADatabase(String),
    /// Made by a later version of this program.
    #[error("the outbox has schema {0}, which this program does not know")]
    Newer(i64),
    /// Another program holds the file. The same call succeeds when it has finished.
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
        matches!(self, Self::Damaged(_) | Self::NotADatabase(_))
    }

    /// Returns a stable code, for the log.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::ReadOnly(_) => "read-only",
            Self::Io(_) => "io",
            Self::Damaged(_) => "corrupt",
            Self::NotADatabase(_) => "not-a-database",
            Self::Newer(_) => "newer-schema",
            Self::Busy => "busy",
            Self::OutOfPlace => "out-of-place",
            Self::Other(_) => "other",
        }
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
            Self::Io(_) => Fault::DiskFailing,
            Self::Busy => Fault::OutboxBusy,
            Self::Damaged(_) | Self::NotADatabase(_) | Self::Newer(_) | Self::OutOfPlace | Self::Other(_) => {
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
            // No row of ours is too big: a row's length was read where the file is damaged.
            ErrorCode::DatabaseCorrupt | ErrorCode::TooBig => Self::Damaged(text),
            ErrorCode::NotADatabase => Self::NotADatabase(text),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                Self::Busy
            }
            ErrorCode::SystemIoFailure => match failure.extended_code {
                ffi::SQLITE_IOERR_SHMSIZE => Self::Full,
                _ => Self::Io(text),
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
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<DiskError> for OutboxError {
    fn from(error: DiskError) -> Self {
        match error {
            DiskError::Io { source, .. } => source.into(),
            other => Self::Io(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_of_sqlite_error_has_its_code_and_its_fault_and_only_damage_is_salvaged() {
        let classes = [
            (ffi::SQLITE_FULL, "full", Fault::DiskFull, false),
            (ffi::SQLITE_IOERR_SHMSIZE, "full", Fault::DiskFull, false),
            (ffi::SQLITE_READONLY, "read-only", Fault::DiskReadOnly, false),
            (ffi::SQLITE_CANTOPEN, "read-only", Fault::DiskReadOnly, false),
            (ffi::SQLITE_IOERR_READ, "io", Fault::DiskFailing, false),
            (ffi::SQLITE_IOERR_WRITE, "io", Fault::DiskFailing, false),
            (ffi::SQLITE_IOERR_FSYNC, "io", Fault::DiskFailing, false),
            (ffi::SQLITE_CORRUPT, "corrupt", Fault::OutboxDamaged, true),
            (ffi::SQLITE_TOOBIG, "corrupt", Fault::OutboxDamaged, true),
            (ffi::SQLITE_NOTADB, "not-a-database", Fault::OutboxDamaged, true),
            (ffi::SQLITE_BUSY, "busy", Fault::OutboxBusy, false),
            (ffi::SQLITE_BUSY_RECOVERY, "busy", Fault::OutboxBusy, false),
            (ffi::SQLITE_LOCKED, "busy", Fault::OutboxBusy, false),
            (ffi::SQLITE_PROTOCOL, "busy", Fault::OutboxBusy, false),
            (ffi::SQLITE_MISUSE, "other", Fault::OutboxDamaged, false),
        ];
        for (sqlite, code, fault, damage) in classes {
            let error = OutboxError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(sqlite), None));
            assert_eq!((error.code(), error.fault(), error.is_damage()), (code, fault, damage), "{error:?}");
        }
    }
}
