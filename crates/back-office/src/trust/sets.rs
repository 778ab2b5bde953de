//! The trust of each community, as one edition left it.

use std::collections::BTreeMap;
use std::sync::Arc;

use disk::trust_folder::MOST_COMMUNITIES;
use health_code::{PolicyHash, Region, Rejection, RootPin, Timestamp, Trust, TrustFiles};
use sha2::{Digest, Sha256};
use wire::Offer;

use super::error::TrustError;
use crate::store::{CommunityFiles, Considered, Dropped, Edition, SetName, SharedFiles, Store, StoreError};

/// Versions and hashes of the three files in force for a community, as receipts name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offers {
    /// The root.
    pub root: Offer,
    /// The trust list.
    pub list: Offer,
    /// The community.
    pub community: Offer,
}

/// The trust of one community.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// The edition that brought the community's file.
    pub edition: u64,
    pub trust: Arc<Trust>,
    pub offers: Offers,
}

/// The trust of all communities. There is one at least.
#[derive(Debug, Clone)]
pub(super) struct Sets {
    edition: u64,
    /// The edition that brought the shared files.
    shared: u64,
    home: Region,
    held: BTreeMap<Region, Held>,
}

/// What is to come into force.
#[derive(Default)]
pub(super) struct Change {
    /// The sets that change, whole; of one root and list.
    pub sets: Vec<Trust>,
    /// The roots that lead to their root, each with its version.
    pub roots: Vec<(u64, Vec<u8>)>,
    /// The changes made at stations that were considered for them, and what came of each.
    pub entered: Vec<Considered>,
    /// What the sets in force held, and these do not.
    pub dropped: Vec<Dropped>,
}

/// How often reading is tried anew while another server brings one edition after the other.
const TRIES: usize = 3;

impl Sets {
    /// Reads the sets in force; `None` before the first edition.
    ///
    /// # Errors
    /// [`TrustError::Store`], and [`TrustError::Rejected`] where the store was tampered with.
    pub async fn load(store: &dyn Store) -> Result<Option<Self>, TrustError> {
        for _ in 0..TRIES {
            let edition = store.edition().await?;
            let Some((shared, files)) = store.shared(0).await? else { return Ok(None) };
            let communities = store.communities(0).await?;
            let Some(home) = store.first_community().await? else { return Ok(None) };
            if store.edition().await? != edition {
                continue;
            }
            let first = communities.iter().find(|(_, files)| files.region == home);
            let Some((_, first)) = first.cloned() else { return Ok(None) };
            let base = open(files.with(first))?;
            let mut this = Self { edition, shared, home, held: BTreeMap::new() };
            this.take(&base, communities)?;
            return Ok(Some(this));
        }
        Err(StoreError::Busy.into())
    }

    /// Reads what came after these sets; `None` if nothing did.
    ///
    /// # Errors
    /// As for [`Sets::load`].
    pub async fn follow(&self, store: &dyn Store) -> Result<Option<Self>, TrustError> {
        for _ in 0..TRIES {
            let edition = store.edition().await?;
            if edition == self.edition {
                return Ok(None);
            }
            let shared = store.shared(self.shared).await?;
            let communities = store.communities(self.edition).await?;
            if store.edition().await? == edition {
                return self.with(edition, shared, communities).map(Some);
            }
        }
        Err(StoreError::Busy.into())
    }

    fn with(
        &self,
        edition: u64,
        shared: Option<(u64, SharedFiles)>,
        communities: Vec<(u64, CommunityFiles)>,
    ) -> Result<Self, TrustError> {
        let mut next = Self { edition, ..self.clone() };
        let Some((shared, files)) = shared else {
            next.take(&self.home().trust, communities)?;
            return Ok(next);
        };
        next.shared = shared;
        // All sets stand under the new list, those too whose own file stays.
        let mut all: BTreeMap<Region, (u64, CommunityFiles)> =
            self.held.values().map(|held| (held.region().clone(), (held.edition, held.files()))).collect();
        all.extend(communities.into_iter().map(|(n, files)| (files.region.clone(), (n, files))));
        let home = all.get(&self.home).map_or_else(|| self.home().files(), |(_, files)| files.clone());
        next.take(&open(files.with(home))?, all.into_values().collect())?;
        Ok(next)
    }

    /// Takes communities over whose files stand under the root and list of `base`.
    fn take(&mut self, base: &Trust, communities: Vec<(u64, CommunityFiles)>) -> Result<(), Rejection> {
        for (edition, CommunityFiles { region, file, policies, .. }) in communities {
            let trust = base.beside(file, &policies)?;
            self.held.insert(region, Held::new(edition, trust));
        }
        Ok(())
    }

    /// Brings a change into force, in the place of `before`; returns the sets that are in force then.
    ///
    /// # Errors
    /// [`TrustError`]; nothing has changed then.
    pub async fn bring(
        store: &dyn Store,
        before: Option<&Self>,
        change: Change,
        now: Timestamp,
    ) -> Result<Self, TrustError> {
        let Change { sets, mut roots, entered, dropped } = change;
        let Some(one) = sets.first() else { return before.cloned().ok_or(TrustError::Overtaken) };
        let number = before.map_or(0, |before| before.edition) + 1;
        let shared = shared_files(one);
        let changes_shared = before.is_none_or(|before| shared_files(&before.home().trust) != shared);
        roots.push((one.root().version, one.files().root.clone()));
        let mut next = before.cloned().unwrap_or_else(|| Self {
            edition: 0,
            shared: number,
            home: one.community().region.clone(),
            held: BTreeMap::new(),
        });
        next.edition = number;
        if changes_shared {
            next.shared = number;
        }
        let mut communities = Vec::new();
        for trust in sets {
            let files = community_files(&trust);
            let region = files.region.clone();
            let held = next.held.get(&region);
            let edition = match held {
                Some(held) if held.files() == files => held.edition,
                None if next.held.len() >= MOST_COMMUNITIES => return Err(TrustError::TooMany(region)),
                _ => {
                    communities.push(files);
                    number
                }
            };
            next.held.insert(region, Held::new(edition, trust));
        }
        let shared = changes_shared.then_some(shared);
        let edition = Edition { shared, communities, roots, entered, dropped };
        if store.bring_into_force(edition, number - 1, now).await? {
            Ok(next)
        } else {
            Err(TrustError::Overtaken)
        }
    }

    /// Returns the set of the community that came first. Its root and list are those of all.
    #[allow(clippy::expect_used, reason = "`load` and `bring` begin with it, and no community ever goes")]
    pub fn home(&self) -> &Held {
        self.held.get(&self.home).expect("the first community is held")
    }

    /// Returns the set of a community.
    pub fn of(&self, community: &Region) -> Option<&Held> {
        self.held.get(community)
    }

    /// Returns whether this is the community that came first, whose file is `community.cose`.
    pub fn is_home(&self, community: &Region) -> bool {
        self.home == *community
    }

    /// Returns all sets, by their communities' codes.
    pub fn all(&self) -> impl Iterator<Item = &Held> {
        self.held.values()
    }

    /// Returns the set with this name, if it is in force.
    pub fn named(&self, community: &Region, name: SetName) -> Option<&Arc<Trust>> {
        let held = self.of(community)?;
        (name == SetName { shared: self.shared, community: held.edition }).then_some(&held.trust)
    }

    /// Returns every policy file that some set has.
    pub fn policies(&self) -> Vec<Vec<u8>> {
        let all = self.all().flat_map(|held| &held.trust.files().policies);
        let by_hash: BTreeMap<PolicyHash, &Vec<u8>> = all.map(|file| (PolicyHash::of(file), file)).collect();
        by_hash.into_values().cloned().collect()
    }
}

impl Held {
    fn new(edition: u64, trust: Trust) -> Self {
        Self { edition, offers: Offers::of(&trust), trust: Arc::new(trust) }
    }

    /// Returns which community it is.
    pub fn region(&self) -> &Region {
        &self.trust.community().region
    }

    fn files(&self) -> CommunityFiles {
        community_files(&self.trust)
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

/// Opens a set that this office has verified before: its own root is the pin.
pub(super) fn open(files: TrustFiles) -> Result<Trust, Rejection> {
    let pin = RootPin::of(&files.root);
    Trust::open(files, &pin)?.vouched_for()
}

fn shared_files(trust: &Trust) -> SharedFiles {
    let TrustFiles { root, list, revocations, policies, .. } = trust.files();
    let named = |file: &&Vec<u8>| is_named(trust, file);
    SharedFiles {
        root_version: trust.root().version,
        list_version: trust.list().version,
        root: root.clone(),
        list: list.clone(),
        revocations: revocations.clone(),
        policies: policies.iter().filter(named).cloned().collect(),
    }
}

fn community_files(trust: &Trust) -> CommunityFiles {
    let TrustFiles { community, policies, .. } = trust.files();
    CommunityFiles {
        region: trust.community().region.clone(),
        version: trust.community().version,
        file: community.clone(),
        policies: policies.iter().filter(|file| !is_named(trust, file)).cloned().collect(),
    }
}

/// Returns whether the list names a policy; the community does otherwise.
fn is_named(trust: &Trust, file: &[u8]) -> bool {
    let hash = PolicyHash::of(file);
    trust.list().policies.iter().any(|named| named.hash == hash)
}
