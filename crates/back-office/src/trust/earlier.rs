//! Sets of trust files that were in force before, opened again for what was judged by them.

use std::sync::{Arc, Mutex, PoisonError};

use health_code::{Region, Trust};

use super::sets::{Sets, open};
use crate::limits::{SETS_OF_A_LIST, TRUSTS_KEPT};
use crate::store::{SetName, Store, StoreError};

/// Sets that were opened lately, the latest first.
#[derive(Default)]
pub(super) struct Earlier(Mutex<Vec<(Region, SetName, Arc<Trust>)>>);

impl Earlier {
    /// Returns a community's sets whose list has this version, the latest first.
    ///
    /// # Errors
    /// [`StoreError`], as for [`Self::set`].
    pub async fn of_list(
        &self,
        current: &Sets,
        store: &dyn Store,
        community: &Region,
        version: u64,
    ) -> Result<Vec<Arc<Trust>>, StoreError> {
        let mut found = Vec::new();
        for name in store.sets_of_list(community, version, SETS_OF_A_LIST).await? {
            found.extend(self.set(current, store, community, name).await?);
        }
        Ok(found)
    }

    /// Returns a set by its name. It was verified when it came into force; that it still opens is checked
    /// all the same.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set(
        &self,
        current: &Sets,
        store: &dyn Store,
        community: &Region,
        name: SetName,
    ) -> Result<Option<Arc<Trust>>, StoreError> {
        if let Some(trust) = current.named(community, name) {
            return Ok(Some(trust.clone()));
        }
        if let Some(known) = self.remembered(community, name) {
            return Ok(Some(known));
        }
        let Some(mut files) = store.trust(community, name).await? else { return Ok(None) };
        // Most sets have the revocations of another one, up to 32 MiB: they are held once.
        if let Some(same) = self.held_revocations(current, &files.revocations) {
            files.revocations = same;
        }
        let Ok(trust) = open(files).map(Arc::new) else { return Ok(None) };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(TRUSTS_KEPT - 1);
        kept.insert(0, (community.clone(), name, trust.clone()));
        Ok(Some(trust))
    }

    fn held_revocations(&self, current: &Sets, revocations: &Arc<[u8]>) -> Option<Arc<[u8]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = std::iter::once(&current.home().trust).chain(kept.iter().map(|(.., trust)| trust));
        let mut held = held.map(|trust| &trust.files().revocations);
        held.find(|held| *held == revocations).map(Arc::clone)
    }

    fn remembered(&self, community: &Region, name: SetName) -> Option<Arc<Trust>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().find(|(region, known, _)| (region, *known) == (community, name));
        known.map(|(.., trust)| trust.clone())
    }
}
