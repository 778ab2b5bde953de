//! The trust in force.
//!
//! The store keeps the set in force, for all servers of the office. Newer files come in through a
//! folder ([`import`]): whoever publishes them puts them there, and each server looks from time to
//! time. Older files never come back into force.

mod dropped;
pub mod import;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use disk::{Access, DiskError, trust_folder};
use health_code::{Community, Region, Rejection, RootPin, Timestamp, Trust, TrustFiles, TrustUpdate};
use sha2::{Digest, Sha256};
use wire::Offer;

use crate::limits::{CHANGES_COMPARED, SETS_OF_A_LIST, TRUSTS_KEPT};
use crate::store::{Considered, Dropped, Store, StoreError, TrustSet, TrustVersions};
use import::{Import, News, Stamps};

/// Why trust files cannot be served, or do not come into force.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The office has no trust files yet.
    #[error(
        "no trust files: put root.cose, trust.cose, community.cose, policies.cbor and revocations.bin into {0}, or use --import-trust"
    )]
    Missing(PathBuf),
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The files are refused; those in force stay in force.
    #[error("trust files refused: {0}")]
    Rejected(#[from] Rejection),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another server brought files into force at the same moment.
    #[error("another server has just brought other trust files into force; try again")]
    Overtaken,
}

/// Versions and hashes of the three files in force, as receipts name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offers {
    /// The root.
    pub root: Offer,
    /// The trust list.
    pub list: Offer,
    /// The community.
    pub community: Offer,
}

/// The trust in force, and earlier ones for the passages that were judged by them.
pub struct TrustInForce {
    folder: PathBuf,
    store: Arc<dyn Store>,
    state: RwLock<State>,
    earlier: Mutex<Vec<(TrustVersions, Arc<Trust>)>>,
}

struct State {
    trust: Arc<Trust>,
    offers: Offers,
    /// Whether [`TrustInForce::follow`] has taken a set over that no refresh has told of yet.
    followed: bool,
    /// The files in the folder when it was read last.
    seen: Option<Stamps>,
    refused: Option<String>,
}

impl TrustInForce {
    /// Opens the set in force, and takes what is newer in the folder.
    ///
    /// # Errors
    /// [`TrustError`]. Files in the folder that are refused are no error while a set is in force:
    /// see [`Self::refused`].
    pub async fn open(folder: PathBuf, store: Arc<dyn Store>, now: Timestamp) -> Result<Self, TrustError> {
        let trust = match in_force(&*store).await? {
            Some(trust) => trust,
            None => {
                let first = import::first(&folder)?;
                bring_into_force(&*store, first, None, now).await?
            }
        };
        let this = Self::with(folder, store, trust);
        if let Err(TrustError::Store(error)) = this.refresh(now).await {
            return Err(error.into());
        }
        Ok(this)
    }

    /// Opens the set in force, and looks for no news; `None` before the first set.
    ///
    /// # Errors
    /// [`TrustError`].
    pub async fn as_it_is(folder: PathBuf, store: Arc<dyn Store>) -> Result<Option<Self>, TrustError> {
        let trust = in_force(&*store).await?;
        Ok(trust.map(|trust| Self::with(folder, store, trust)))
    }

    fn with(folder: PathBuf, store: Arc<dyn Store>, trust: Trust) -> Self {
        let (offers, trust) = (Offers::of(&trust), Arc::new(trust));
        let state = State { trust, offers, followed: false, seen: None, refused: None };
        Self { folder, store, state: RwLock::new(state), earlier: Mutex::new(Vec::new()) }
    }

    /// Returns the trust in force.
    #[must_use]
    pub fn trust(&self) -> Arc<Trust> {
        self.both().0
    }

    /// Returns the trust of a community, if this office has a file of it.
    #[must_use]
    pub fn of(&self, community: &Region) -> Option<Arc<Trust>> {
        Some(self.trust()).filter(|trust| trust.community().region == *community)
    }

    /// Returns the trust of each community, by their codes.
    #[must_use]
    pub fn communities(&self) -> Vec<Arc<Trust>> {
        vec![self.trust()]
    }

    /// Returns the trust in force, and its versions and hashes.
    #[must_use]
    pub fn both(&self) -> (Arc<Trust>, Offers) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        (state.trust.clone(), state.offers)
    }

    /// Returns why the files in the folder are not in force, if they are refused.
    #[must_use]
    pub fn refused(&self) -> Option<String> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).refused.clone()
    }

    /// Takes over what another server brought into force, then what is new in the folder. Returns
    /// whether the set in force has changed.
    ///
    /// # Errors
    /// [`TrustError`]; the set in force stays in force.
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
        if self.store.versions_in_force().await? == Some(versions_of(&self.trust())) {
            return Ok(false);
        }
        let Some(trust) = in_force(&*self.store).await? else { return Ok(false) };
        let before = self.trust();
        self.put_community(&before.files().community, &trust.files().community);
        self.replace(trust);
        Ok(true)
    }

    async fn refresh_from_folder(&self, now: Timestamp) -> Result<bool, TrustError> {
        let stamps = import::stamps(&self.folder);
        if self.state.read().unwrap_or_else(PoisonError::into_inner).seen == Some(stamps) {
            return Ok(false);
        }
        let result = self.import(now).await;
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            // What failed for a passing reason is tried again; what was refused stays refused.
            let passing = matches!(result, Err(TrustError::Overtaken | TrustError::Store(_)));
            state.seen = (!passing).then_some(stamps);
            state.refused = match &result {
                Ok((_, left_out)) => left_out.as_ref().map(ToString::to_string),
                Err(error) => Some(error.to_string()),
            };
        }
        let (Some(trust), _) = result? else { return Ok(false) };
        self.replace(trust);
        Ok(true)
    }

    /// Brings what is newer in the folder into force; returns it, and why its community was left out.
    async fn import(&self, now: Timestamp) -> Result<(Option<Trust>, Option<Rejection>), TrustError> {
        let (current, folder) = (self.trust(), self.folder.clone());
        let (before, held) = (versions_of(&current), current.community().clone());
        // Reading and verifying up to four files of 32 MiB takes a while.
        let newer = tokio::task::spawn_blocking(move || import::newer(&current, &folder, now))
            .await
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
        let News { import, left_out } = newer;
        let trust = match import {
            Some(import) => {
                let dropped = self.dropped(&held, import.trust.community()).await?;
                let import = Import { dropped, ..import };
                Some(bring_into_force(&*self.store, import, Some(before), now).await?)
            }
            None => None,
        };
        Ok((trust, left_out))
    }

    /// Returns what this office had entered into the community `held`, and `next` does not hold.
    async fn dropped(&self, held: &Community, next: &Community) -> Result<Vec<Dropped>, StoreError> {
        if held == next {
            return Ok(Vec::new());
        }
        let changes = self.store.roster_changes(CHANGES_COMPARED).await?;
        let stations = self.store.stations().await?;
        let dropped = dropped::between(held, next, &changes, &stations);
        for Dropped { detail, .. } in &dropped {
            tracing::error!(detail, "the publisher's community drops what the one before held");
        }
        Ok(dropped)
    }

    fn replace(&self, trust: Trust) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.offers = Offers::of(&trust);
        state.trust = Arc::new(trust);
    }

    /// Returns the sets whose list has this version, the latest first; none if this office never had it.
    /// A list that is older than everything kept here is replaced by the set in force.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_list(&self, version: u64) -> Result<Vec<Arc<Trust>>, StoreError> {
        let mut found = Vec::new();
        for versions in self.store.sets_of_list(version, SETS_OF_A_LIST).await? {
            found.extend(self.set(versions).await?);
        }
        let current = self.trust();
        if found.is_empty() && version < current.list().version {
            found.push(current);
        }
        Ok(found)
    }

    /// Returns the set that was in force at each moment, in the same order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn at(&self, moments: Vec<Timestamp>) -> Result<Vec<Arc<Trust>>, StoreError> {
        let mut found = Vec::with_capacity(moments.len());
        for versions in self.store.in_force_at(moments).await? {
            let set = match versions {
                Some(versions) => self.set(versions).await?,
                None => None,
            };
            found.push(set.unwrap_or_else(|| self.trust()));
        }
        Ok(found)
    }

    /// Returns a set by its name. It was verified when it came into force; that it still opens is checked
    /// all the same.
    async fn set(&self, versions: TrustVersions) -> Result<Option<Arc<Trust>>, StoreError> {
        let current = self.trust();
        if versions_of(&current) == versions {
            return Ok(Some(current));
        }
        if let Some(known) = self.remembered(versions) {
            return Ok(Some(known));
        }
        let Some(mut files) = self.store.trust(Some(versions)).await? else { return Ok(None) };
        // Most sets have the revocations of another one, up to 32 MiB: they are held once.
        if let Some(same) = self.held_revocations(&files.revocations) {
            files.revocations = same;
        }
        let Ok(trust) = open(files).map(Arc::new) else { return Ok(None) };
        let mut earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        earlier.truncate(TRUSTS_KEPT - 1);
        earlier.insert(0, (versions, trust.clone()));
        Ok(Some(trust))
    }

    fn held_revocations(&self, revocations: &Arc<[u8]>) -> Option<Arc<[u8]>> {
        let current = self.trust();
        let earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        let held = std::iter::once(&current).chain(earlier.iter().map(|(_, trust)| trust));
        let mut held = held.map(|trust| &trust.files().revocations);
        held.find(|held| *held == revocations).map(Arc::clone)
    }

    fn remembered(&self, versions: TrustVersions) -> Option<Arc<Trust>> {
        let earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        earlier.iter().find(|(known, _)| *known == versions).map(|(_, trust)| trust.clone())
    }

    /// Brings a community file that this office has signed into force, and puts it into the folder.
    /// `entered` names the changes that it contains.
    ///
    /// # Errors
    /// [`TrustError`]; the set in force stays in force.
    pub async fn publish(
        &self,
        community: Vec<u8>,
        entered: Vec<Considered>,
        now: Timestamp,
    ) -> Result<(), TrustError> {
        let current = self.trust();
        let before = versions_of(&current);
        let update = TrustUpdate { community: Some(community), ..TrustUpdate::default() };
        let import =
            Import { trust: current.update(&update, now)?, roots: Vec::new(), entered, dropped: Vec::new() };
        let trust = bring_into_force(&*self.store, import, Some(before), now).await?;
        self.put_community(&current.files().community, &trust.files().community);
        self.replace(trust);
        Ok(())
    }

    /// Puts a community that this office signed into the folder, if the one before it lies there. What a
    /// publisher has put there meanwhile stays.
    fn put_community(&self, before: &[u8], community: &[u8]) {
        let path = self.folder.join(trust_folder::COMMUNITY);
        let there = disk::read(&path, health_code::limits::TRUST_FILE_BYTES as u64);
        if before == community || there.is_ok_and(|there| there != before) {
            return;
        }
        if let Err(error) = disk::replace(&path, community, Access::Owner) {
            tracing::warn!(%error, "the community file is in force, and not in the folder");
        }
    }
}

impl std::fmt::Debug for TrustInForce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrustInForce").field("offers", &self.both().1).finish_non_exhaustive()
    }
}

impl Offers {
    fn of(trust: &Trust) -> Self {
        let offer = |version, file: &[u8]| Offer { version, hash: Sha256::digest(file).into() };
        Self {
            root: offer(trust.root().version, &trust.files().root),
            list: offer(trust.list().version, &trust.files().list),
            community: offer(trust.community().version, &trust.files().community),
        }
    }
}

/// Returns the set in force, or `None` before the first one.
///
/// # Errors
/// [`TrustError::Store`], and [`TrustError::Rejected`] where the store was tampered with.
pub async fn in_force(store: &dyn Store) -> Result<Option<Trust>, TrustError> {
    store.trust(None).await?.map(open).transpose().map_err(TrustError::from)
}

/// Opens a set that this office has verified before: its own root is the pin.
fn open(files: TrustFiles) -> Result<Trust, Rejection> {
    let pin = RootPin::of(&files.root);
    Trust::open(files, &pin)?.vouched_for()
}

fn versions_of(trust: &Trust) -> TrustVersions {
    TrustVersions {
        root: trust.root().version,
        list: trust.list().version,
        community: trust.community().version,
        // `health_code::limits::POLICIES` at most.
        policies: trust.files().policies.len() as u32,
    }
}

async fn bring_into_force(
    store: &dyn Store,
    Import { trust, mut roots, entered, dropped }: Import,
    before: Option<TrustVersions>,
    now: Timestamp,
) -> Result<Trust, TrustError> {
    roots.push((trust.root().version, trust.files().root.clone()));
    let set =
        TrustSet { versions: versions_of(&trust), files: trust.files().clone(), roots, entered, dropped };
    if store.bring_into_force(set, before, now).await? { Ok(trust) } else { Err(TrustError::Overtaken) }
}

#[cfg(test)]
mod tests;
