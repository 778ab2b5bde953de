//! The names of regions that an office knows: the imported table, and its communities' own.

use std::sync::Arc;

use health_code::Region;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};

use super::regions::{self, RegionTable};
use crate::context::Context;
use crate::store::StoreError;

/// How long a table stays before another process's may be newer.
const FRESH: Duration = Duration::from_secs(60);

/// Keeps the names in memory.
#[derive(Debug, Default)]
pub struct Names(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    read: Instant,
    /// SHA-256 of the table as it was imported.
    digest: [u8; 32],
    communities: Vec<(Region, String)>,
    whole: Arc<RegionTable>,
}

impl Names {
    /// Returns all names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(&self, context: &Context) -> Result<Arc<RegionTable>, StoreError> {
        let mut kept = self.0.lock().await;
        let communities: Vec<(Region, String)> = context
            .trust
            .communities()
            .iter()
            .map(|trust| (trust.community().region.clone(), trust.community().name.clone()))
            .collect();
        let known = kept.as_ref().filter(|kept| kept.communities == communities);
        if let Some(known) = known
            && known.read.elapsed() < FRESH
        {
            return Ok(known.whole.clone());
        }
        let known = known.map(|known| known.digest);
        let csv = context.store.regions().await?.unwrap_or_default();
        let more = communities.clone();
        // A whole country takes a second, and stays as it is while nobody imports another one.
        let work = tokio::task::spawn_blocking(move || {
            let digest: [u8; 32] = Sha256::digest(&csv).into();
            let table = (known != Some(digest)).then(|| regions::import(&csv).table.with(more));
            (digest, table)
        });
        let (digest, table) = work.await.map_err(|error| StoreError::Failed(error.to_string()))?;
        let read = Instant::now();
        if table.is_none()
            && let Some(known) = kept.as_mut()
        {
            known.read = read;
            return Ok(known.whole.clone());
        }
        let whole = Arc::new(table.unwrap_or_default());
        *kept = Some(Kept { read, digest, communities, whole: whole.clone() });
        Ok(whole)
    }

    /// Forgets them: another table was imported.
    pub async fn forget(&self) {
        *self.0.lock().await = None;
    }
}
