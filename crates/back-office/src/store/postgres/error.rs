//! What PostgreSQL and the pool say, as errors of a store.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        // The error itself says only where it happened.
        let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        let Some(state) = error.code() else {
            let lost = error.is_closed() || error.source().is_none_or(|cause| cause.is::<std::io::Error>());
            return if lost { Self::Unreachable(cause) } else { Self::Failed(cause) };
        };
        match state.code() {
            // Two transactions met; one of them was ended so that the other goes on.
            "40001" | "40P01" | "55P03" | "57014" | "25P03" | "53300" => Self::Busy,
            // The server stops, starts, or fell over.
            code if code.starts_with("08") || code.starts_with("57P") => Self::Unreachable(cause),
            // No disk or memory left, a standby, or a file that cannot be written.
            code if code.starts_with("53") || code.starts_with("58") => Self::NotWritable(cause),
            "25006" => Self::NotWritable(cause),
            _ => Self::Failed(cause),
        }
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(_) => Self::Busy,
            other => Self::Failed(other.to_string()),
        }
    }
}

/// Returns whether another server made the same thing at the same moment.
pub(super) fn is_made_meanwhile(error: &Error) -> bool {
    let states = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_TABLE, SqlState::DUPLICATE_OBJECT];
    error.code().is_some_and(|state| states.contains(state))
}
