//! Why a backup is not made, not good, or not restored.

use std::path::PathBuf;

use disk::DiskError;

use crate::copies::ReplayError;
use crate::erasure::list::ListError;
use crate::keys::KeyError;
use crate::store::StoreError;
use crate::system::NoRandomness;

/// Why a backup is not made, not good, or not restored. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nobody chose to whom backups are encrypted.
    #[error("no recipient: start `back-office serve` once with --backup-to age1…, as `age-keygen` prints it")]
    NoRecipient,
    /// The text is no age recipient.
    #[error("{0:?} is no recipient: `age-keygen` prints one, which begins with age1")]
    BadRecipient(String),
    /// The file holds no identity.
    #[error("{0} holds no age identity: a line that begins with AGE-SECRET-KEY-1")]
    NoIdentity(PathBuf),
    /// The identity is another recipient's.
    #[error("{0} is encrypted to another recipient than this identity's")]
    OtherIdentity(PathBuf),
    /// The bytes are not those that were written.
    #[error("{0} is damaged: {1}")]
    Damaged(PathBuf, String),
    /// The file is something else than the command expects.
    #[error("{0} holds {1}, and not {2}")]
    OtherKind(PathBuf, &'static str, &'static str),
    /// The database in the copy is damaged.
    #[error("the database in it is damaged: {0}")]
    DamagedDatabase(String),
    /// A Citus cluster has to be backed up by its own means.
    #[error("the tables of a Citus cluster lie on several servers: back up each by PostgreSQL's own means")]
    Citus,
    /// A program of PostgreSQL is not there.
    #[error("{0} does not start ({1}): it comes with PostgreSQL's client programs")]
    NoProgram(String, std::io::Error),
    /// A program of PostgreSQL failed.
    #[error("{0}: {1}")]
    Program(String, String),
    /// The copy is one of another engine than the store that is to take it.
    #[error("{0} holds {1}")]
    OtherEngine(PathBuf, &'static str),
    /// There is nothing to back up.
    #[error("{0}: no office has served from here yet; with PostgreSQL, say --store")]
    NeverServed(PathBuf),
    /// A backup is restored into an empty folder only.
    #[error("{0} is not empty: restore into a folder that does not exist yet")]
    NotEmpty(PathBuf),
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The list of what was erased cannot be used.
    #[error("the list of what was erased: {0}")]
    Erased(#[from] ListError),
    /// Copied batches cannot be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// A file cannot be read or written, at some step.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
}
