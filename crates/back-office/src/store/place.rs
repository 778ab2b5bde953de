//! Which database serves.

use std::path::Path;
use std::sync::Arc;

use super::{PostgresStore, PostgresUrl, SqliteStore, Store, StoreError};

/// Opens the PostgreSQL store at `server`, or else the SQLite file `file`. Makes and migrates what is not
/// there yet.
///
/// # Errors
/// [`StoreError`].
pub async fn open(file: &Path, server: Option<&PostgresUrl>) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match server {
        Some(url) => Arc::new(PostgresStore::open(url).await?),
        None => Arc::new(SqliteStore::open(file)?),
    })
}
