//! The trust in force.
//!
//! The store keeps the sets in force, for all servers of the office: one for each community, under one root
//! and list. Newer files come in through a folder ([`import`]): whoever publishes them puts them there, and
//! each server looks from time to time. Older files never come back into force.

mod dropped;
mod earlier;
mod error;
pub mod import;
mod sets;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use disk::{Access, trust_folder};
use health_code::{Community, Region, Rejection, Timestamp, Trust, TrustUpdate};
use wire::Offer;

use crate::limits::CHANGES_COMPARED;
use crate::store::{Considered, Dropped, Store, StoreError};
use earlier::Earlier;
pub use error::TrustError;
use import::{News, Stamps};
pub use sets::Offers;
use sets::{Change, Held, Sets};

/// The trust in force of each community, and earlier ones for the passages that were judged by them.
pub struct TrustInForce {
    folder: PathBuf,
    store: Arc<dyn Store>,
    state: RwLock<State>,
    earlier: Earlier,
}

struct State {
    sets: Arc<Sets>,
    /// Whether [`TrustInForce::follow`] has taken sets over that no refresh has told of yet.
    followed: bool,
    /// The files in the folder when it was read last.
    seen: Option<Stamps>,
    refused: Option<String>,
}

/// A community file that this office signed.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The community.
    pub region: Region,
    /// The file.
    pub file: Vec<u8>,
    /// The community's own policy, if the file names a new one.
    pub policy: Option<Vec<u8>>,
    /// The changes made at stations that were considered for it, and what came of each.
    pub entered: Vec<Considered>,
}

impl TrustInForce {
    /// Opens the sets in force, and takes what is newer in the folder.
    ///
    /// # Errors
    /// [`TrustError`]. Files in the folder that are refused are no error while a set is in force:
    /// see [`Self::refused`].
    pub async fn open(folder: PathBuf, store: Arc<dyn Store>, now: Timestamp) -> Result<Self, TrustError> {
        let sets = match Sets::load(&*store).await? {
            Some(sets) => sets,
            None => {
                let first = Change { sets: vec![import::first(&folder)?], ..Change::default() };
                Sets::bring(&*store, None, first, now).await?
            }
        };
        let this = Self::with(folder, store, sets);
        if let Err(TrustError::Store(error)) = this.refresh(now).await {
            return Err(error.into());
        }
        Ok(this)
    }

    /// Opens the sets in force, and looks for no news; `None` before the first set.
    ///
    /// # Errors
    /// [`TrustError`].
    pub async fn as_it_is(folder: PathBuf, store: Arc<dyn Store>) -> Result<Option<Self>, TrustError> {
        let sets = Sets::load(&*store).await?;
        Ok(sets.map(|sets| Self::with(folder, store, sets)))
    }

    fn with(folder: PathBuf, store: Arc<dyn Store>, sets: Sets) -> Self {
        let state = State { sets: Arc::new(sets), followed: false, seen: None, refused: None };
        Self { folder, store, state: RwLock::new(state), earlier: Earlier::default() }
    }

    fn sets(&self) -> Arc<Sets> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).sets.clone()
    }

    /// Returns the trust of the community that came first. Root, list and revocations are those of all.
    #[must_use]
    pub fn trust(&self) -> Arc<Trust> {
        self.sets().home().trust.clone()
    }

    /// Returns the trust of a community, if this office has a file of it.
    #[must_use]
    pub fn of(&self, community: &Region) -> Option<Arc<Trust>> {
        Some(self.sets().of(community)?.trust.clone())
    }

    /// Returns the trust of each community, by their codes.
    #[must_use]
    pub fn communities(&self) -> Vec<Arc<Trust>> {
        self.sets().all().map(|held| held.trust.clone()).collect()
    }

    /// Returns the trust of a station's community, and its versions and hashes. A community that this
    /// server does not know yet is looked for in the store.
    ///
    /// # Errors
    /// [`StoreError`]; `Failed` where no server has a file of the community.
    pub async fn offered(&self, community: &Region) -> Result<(Arc<Trust>, Offers), StoreError> {
        let offered = |held: &Held| (held.trust.clone(), held.offers);
        if let Some(held) = self.sets().of(community) {
            return Ok(offered(held));
        }
        self.follow().await?;
        let sets = self.sets();
        let unknown = || StoreError::Failed(format!("no file of community {community}"));
        sets.of(community).map(offered).ok_or_else(unknown)
    }

    /// Returns what a receipt offers to a station of this community. Of one that the office has no file of,
    /// as after it was restored from an old copy, it offers version 0, which nobody takes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn offers(&self, community: &Region) -> Result<(Arc<Trust>, Offers), StoreError> {
        match self.offered(community).await {
            Err(StoreError::Failed(why)) => {
                tracing::error!(why, "a station is offered no community file");
                let sets = self.sets();
                let home = sets.home();
                let none = Offer { version: 0, hash: [0; 32] };
                Ok((home.trust.clone(), Offers { community: none, ..home.offers }))
            }
            offered => offered,
        }
    }

    /// Returns why files in the folder are not in force, if they are refused.
    #[must_use]
    pub fn refused(&self) -> Option<String> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).refused.clone()
    }

    /// Takes over what another server brought into force, then what is new in the folder. Returns
    /// whether the sets in force have changed.
    ///
    /// # Errors
    /// [`TrustError`]; the sets in force stay in force.
    pub async fn refresh(&self, now: Timestamp) -> Result<bool, TrustError> {
        let from_store = self.refresh_from_store().await?;
        let from_folder = self.refresh_from_folder(now).await?;
        let followed =
            std::mem::take(&mut self.state.write().unwrap_or_else(PoisonError::into_inner).followed);
        Ok(from_store || from_folder || followed)
    }

    /// Takes over what another server brought into force, at once: whoever asks for a file that this server
    /// does not know yet may have its name from that one.
    ///
    /// # Errors
    /// [`StoreError`]. A set that does not open is left, and the next refresh says so.
    pub async fn follow(&self) -> Result<(), StoreError> {
        match self.refresh_from_store().await {
            Ok(changed) => {
                let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
                state.followed |= changed;
                Ok(())
            }
            Err(TrustError::Store(error)) => Err(error),
            Err(_) => Ok(()),
        }
    }

    async fn refresh_from_store(&self) -> Result<bool, TrustError> {
        let before = self.sets();
        let Some(next) = before.follow(&*self.store).await? else { return Ok(false) };
        self.replace(&before, next);
        Ok(true)
    }

    async fn refresh_from_folder(&self, now: Timestamp) -> Result<bool, TrustError> {
        let stamps = import::stamps(&self.folder);
        if self.state.read().unwrap_or_else(PoisonError::into_inner).seen.as_ref() == Some(&stamps) {
            return Ok(false);
        }
        let result = self.import(now).await;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        // What failed for a passing reason is tried again; what was refused stays refused.
        let passing = matches!(result, Err(TrustError::Overtaken | TrustError::Store(_)));
        state.seen = (!passing).then_some(stamps);
        state.refused = match &result {
            Ok((_, left_out)) => left_out.clone(),
            Err(error) => Some(error.to_string()),
        };
        let (Some(sets), _) = result? else { return Ok(false) };
        state.sets = Arc::new(sets);
        Ok(true)
    }

    /// Brings what is newer in the folder into force; returns it, and why a community was left out.
    async fn import(&self, now: Timestamp) -> Result<(Option<Sets>, Option<String>), TrustError> {
        let (current, folder) = (self.sets(), self.folder.clone());
        let before = current.clone();
        // Reading and verifying files of 32 MiB takes a while.
        let newer = tokio::task::spawn_blocking(move || import::newer(&current, &folder, now))
            .await
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
        let News { change, left_out } = newer;
        let sets = match change {
            Some(mut change) => {
                for next in &change.sets {
                    let Some(held) = before.of(&next.community().region) else { continue };
                    change.dropped.extend(self.dropped(held.trust.community(), next.community()).await?);
                }
                Some(Sets::bring(&*self.store, Some(&before), change, now).await?)
            }
            None => None,
        };
        Ok((sets, left_out.map(|left_out| left_out.to_string())))
    }

    /// Returns what this office had entered into the community `held`, and `next` does not hold.
    async fn dropped(&self, held: &Community, next: &Community) -> Result<Vec<Dropped>, StoreError> {
        if held == next {
            return Ok(Vec::new());
        }
        let mut changes = self.store.roster_changes(CHANGES_COMPARED).await?;
        changes.retain(|change| change.community == held.region);
        let mut stations = self.store.stations().await?;
        stations.retain(|station| station.community == held.region);
        let dropped = dropped::between(held, next, &changes, &stations);
        for Dropped { detail, .. } in &dropped {
            tracing::error!(detail, "the publisher's community drops what the one before held");
        }
        Ok(dropped)
    }

    /// Puts sets in the place of others, and the community files that changed into the folder.
    fn replace(&self, before: &Sets, next: Sets) {
        for held in next.all() {
            let file = |held: &Held| held.trust.files().community.clone();
            let before = before.of(held.region()).map(file).unwrap_or_default();
            self.put_community(held.region(), next.is_home(held.region()), &before, &file(held));
        }
        self.state.write().unwrap_or_else(PoisonError::into_inner).sets = Arc::new(next);
    }

    /// Returns the sets whose list has this version, the latest first; none if this office never had it.
    /// A list that is older than everything kept here is replaced by the set in force.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_list(&self, community: &Region, version: u64) -> Result<Vec<Arc<Trust>>, StoreError> {
        let sets = self.sets();
        let mut found = self.earlier.of_list(&sets, &*self.store, community, version).await?;
        if let Some(held) = sets.of(community)
            && found.is_empty()
            && version < held.trust.list().version
        {
            found.push(held.trust.clone());
        }
        Ok(found)
    }

    /// Returns the set of each community that was in force at each moment, in the same order. Moments of
    /// communities that this office does not have are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn at(
        &self,
        moments: Vec<(Region, Timestamp)>,
    ) -> Result<Vec<((Region, Timestamp), Arc<Trust>)>, StoreError> {
        let sets = self.sets();
        let names = self.store.in_force_at(moments.clone()).await?;
        let mut found = Vec::with_capacity(moments.len());
        for ((community, moment), name) in moments.into_iter().zip(names) {
            let set = match name {
                Some(name) => self.earlier.set(&sets, &*self.store, &community, name).await?,
                None => None,
            };
            let set = set.or_else(|| Some(sets.of(&community)?.trust.clone()));
            found.extend(set.map(|set| ((community, moment), set)));
        }
        Ok(found)
    }

    /// Brings community files that this office has signed into force together, and puts them into the
    /// folder. One of them may be the first of its community.
    ///
    /// # Errors
    /// [`TrustError`]; the sets in force stay in force.
    pub async fn publish(&self, signed: Vec<Signed>, now: Timestamp) -> Result<(), TrustError> {
        let before = self.sets();
        let mut change = Change::default();
        for Signed { region, file, policy, entered } in signed {
            let next = match before.of(&region) {
                Some(held) => {
                    let update = TrustUpdate {
                        community: Some(file),
                        policies: policy.into_iter().collect(),
                        ..TrustUpdate::default()
                    };
                    held.trust.update(&update, now)?
                }
                None => before.home().trust.admit(file, &before.policies(), now)?,
            };
            if next.community().region != region {
                return Err(Rejection::OtherCommunity.into());
            }
            change.sets.push(next);
            change.entered.extend(entered);
        }
        let next = Sets::bring(&*self.store, Some(&before), change, now).await?;
        self.replace(&before, next);
        Ok(())
    }

    /// Puts a community that this office signed into the folder, if the one before it lies there. What a
    /// publisher has put there meanwhile stays.
    fn put_community(&self, region: &Region, is_home: bool, before: &[u8], community: &[u8]) {
        if before == community {
            return;
        }
        let first = self.folder.join(trust_folder::COMMUNITY);
        let path = if is_home { first.clone() } else { trust_folder::community_path(&self.folder, region) };
        let there = disk::read(&path, health_code::limits::TRUST_FILE_BYTES as u64);
        if there.is_ok_and(|there| there != before) {
            return;
        }
        let put = if is_home {
            disk::replace(&first, community, Access::Owner)
        } else {
            import::write_community(&self.folder, region, community)
        };
        if let Err(error) = put {
            tracing::warn!(%region, %error, "the community file is in force, and not in the folder");
        }
    }
}

impl std::fmt::Debug for TrustInForce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrustInForce").field("offers", &self.sets().home().offers).finish_non_exhaustive()
    }
}

/// Returns the trust of each community in the store, by their codes, that of the first community at first;
/// none before the first one.
///
/// # Errors
/// [`TrustError::Store`], and [`TrustError::Rejected`] where the store was tampered with.
pub async fn in_force(store: &dyn Store) -> Result<Vec<Arc<Trust>>, TrustError> {
    let Some(sets) = Sets::load(store).await? else { return Ok(Vec::new()) };
    let others = sets.all().filter(|held| !sets.is_home(held.region()));
    Ok(std::iter::once(sets.home()).chain(others).map(|held| held.trust.clone()).collect())
}

#[cfg(test)]
mod tests;
