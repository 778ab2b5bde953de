//! The names of regions that an office knows: the imported table, and its communities' own.

use std::sync::Arc;

use health_code::Region;
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
    imported: Arc<RegionTable>,
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
        let fresh = kept.as_ref().filter(|kept| kept.read.elapsed() < FRESH);
        let imported = match fresh {
            Some(fresh) if fresh.communities == communities => return Ok(fresh.whole.clone()),
            Some(fresh) => fresh.imported.clone(),
            None => Arc::new(read(context).await?),
        };
        let whole = Arc::new(imported.with(communities.iter().cloned()));
        *kept = Some(Kept { read: Instant::now(), imported, communities, whole: whole.clone() });
        Ok(whole)
    }

    /// Forgets them: another table was imported.
    pub async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

async fn read(context: &Context) -> Result<RegionTable, StoreError> {
    let Some(csv) = context.store.regions().await? else { return Ok(RegionTable::default()) };
    let imported = tokio::task::spawn_blocking(move || regions::import(&csv).table).await;
    imported.map_err(|error| StoreError::Failed(error.to_string()))
}
