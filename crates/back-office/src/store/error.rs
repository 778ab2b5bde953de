//! Why a store fails.

/// Why the store could not do it. Nothing of the call was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the database; the same call works later.
    #[error("the database is busy")]
    Busy,
    /// The database server does not answer, or broke the connection off; the same call works later.
    #[error("the database server cannot be reached: {0}")]
    Unreachable(String),
    /// The disk is full or not writable.
    #[error("the database cannot be written: {0}")]
    NotWritable(String),
    /// The database is damaged, or the call is wrong.
    #[error("the database: {0}")]
    Failed(String),
    /// A later version of this program made the database.
    #[error("the database was made by a later version of this program (schema {0})")]
    FromTheFuture(i64),
}
