//! The trust files in force: taken from the data folder when they change there, never older ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use disk::{Access, DiskError, trust_folder};
use health_code::limits::ROOT_STEPS;
use health_code::{Rejection, RootPin, Timestamp, Trust, TrustFiles, TrustUpdate};
use sha2::{Digest, Sha256};
use wire::Offer;

use crate::limits::TRUSTS_KEPT;
use crate::store::{Store, StoreError};

/// Why there is no trust to serve.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// No trust files yet.
    #[error(
        "no trust files: put root.cose, trust.cose, community.cose and revocations.bin into {0}, or use --import-trust"
    )]
    Missing(PathBuf),
    /// A file or a folder.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Refused; those in force stay in force.
    #[error("trust files refused: {0}")]
    Rejected(#[from] Rejection),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Versions and hashes of the three files, for receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offers {
    /// Of `root.cose`.
    pub root: Offer,
    /// Of `trust.cose`.
    pub list: Offer,
    /// Of `community.cose`.
    pub community: Offer,
}

/// The trust in force, and earlier ones for passages that were judged by them.
pub struct TrustInForce {
    folder: PathBuf,
    store: Arc<dyn Store>,
    state: RwLock<State>,
    earlier: Mutex<Vec<(u64, Option<Arc<Trust>>)>>,
}

struct State {
    trust: Arc<Trust>,
    offers: Offers,
    seen: Stamps,
    refused: Option<String>,
}

/// What tells a changed file from an unchanged one.
type Stamps = [Option<(SystemTime, u64)>; 4];

impl TrustInForce {
    /// Opens what was in force last, and takes what is newer in the folder.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn open(folder: PathBuf, store: Arc<dyn Store>, now: Timestamp) -> Result<Self, TrustError> {
        let seen = stamps(&folder);
        let kept = store.trust(None)?;
        let (trust, refused) = match kept {
            Some(kept) => {
                let pin = RootPin::of(&kept.root);
                let trust = Trust::open(kept, &pin)?;
                match newer(&trust, &folder, now) {
                    Ok(None) => (trust, None),
                    Ok(Some((newer, roots))) => (keep(&*store, newer, &roots, now)?, None),
                    Err(error) => (trust, Some(error.to_string())),
                }
            }
            None => (keep(&*store, first(&folder)?, &[], now)?, None),
        };
        let state = State { offers: Offers::of(&trust), trust: Arc::new(trust), seen, refused };
        Ok(Self { folder, store, state: RwLock::new(state), earlier: Mutex::new(Vec::new()) })
    }

    /// The trust in force.
    #[must_use]
    pub fn trust(&self) -> Arc<Trust> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).trust.clone()
    }

    /// Its versions and hashes.
    #[must_use]
    pub fn offers(&self) -> Offers {
        self.state.read().unwrap_or_else(PoisonError::into_inner).offers
    }

    /// Both, of the same moment.
    #[must_use]
    pub fn both(&self) -> (Arc<Trust>, Offers) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        (state.trust.clone(), state.offers)
    }

    /// Why the files in the folder are not in force, where they are not.
    #[must_use]
    pub fn refused(&self) -> Option<String> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).refused.clone()
    }

    /// Looks at the folder again; true where other files are in force now.
    ///
    /// # Errors
    /// [`TrustError`]; those in force stay in force.
    pub fn refresh(&self, now: Timestamp) -> Result<bool, TrustError> {
        let stamps = stamps(&self.folder);
        if self.state.read().unwrap_or_else(PoisonError::into_inner).seen == stamps {
            return Ok(false);
        }
        let current = self.trust();
        let result = newer(&current, &self.folder, now)
            .and_then(|newer| newer.map(|(newer, roots)| keep(&*self.store, newer, &roots, now)).transpose());
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.seen = stamps;
        state.refused = result.as_ref().err().map(ToString::to_string);
        let Some(trust) = result? else { return Ok(false) };
        state.offers = Offers::of(&trust);
        state.trust = Arc::new(trust);
        drop(state);
        self.earlier.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(true)
    }

    /// The trust that a passage names by the version of its list; `None` where this office never
    /// had it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn by_version(&self, version: u64) -> Result<Option<Arc<Trust>>, StoreError> {
        let current = self.trust();
        if current.list().version == version {
            return Ok(Some(current));
        }
        let mut earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = earlier.iter().find(|(known, _)| *known == version) {
            return Ok(found.clone());
        }
        // What was in force was verified then; that it still opens is checked all the same.
        let found = self.store.trust(Some(version))?.and_then(|files| {
            let pin = RootPin::of(&files.root);
            Trust::open(files, &pin).ok().map(Arc::new)
        });
        earlier.truncate(TRUSTS_KEPT - 1);
        earlier.insert(0, (version, found.clone()));
        Ok(found)
    }
}

impl std::fmt::Debug for TrustInForce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrustInForce").field("offers", &self.offers()).finish_non_exhaustive()
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

/// Copies the three files of another folder into `folder`, if they may follow those in force.
///
/// # Errors
/// [`TrustError`]; nothing is copied then.
pub fn import(from: &Path, folder: &Path, store: &dyn Store, now: Timestamp) -> Result<(), TrustError> {
    let mut steps = Vec::new();
    let files = match store.trust(None)? {
        Some(kept) => {
            let pin = RootPin::of(&kept.root);
            let trust = Trust::open(kept, &pin)?;
            let (trust, roots) = newer(&trust, from, now)?.unwrap_or((trust, Vec::new()));
            for (version, root) in roots {
                steps.push((trust_folder::root_step(version), root));
            }
            trust.files().clone()
        }
        None => first(from)?.files().clone(),
    };
    disk::private_folder(folder)?;
    for (name, root) in steps {
        disk::replace(&folder.join(name), &root, Access::Owner)?;
    }
    Ok(trust_folder::replace_each(folder, &files, Access::Owner)?)
}

fn keep(store: &dyn Store, trust: Trust, steps: &[Step], now: Timestamp) -> Result<Trust, TrustError> {
    let own = (trust.root().version, trust.files().root.clone());
    let roots: Vec<Step> = steps.iter().cloned().chain([own]).collect();
    store.keep_trust(trust.files(), trust.list().version, &roots, now)?;
    Ok(trust)
}

/// A root and its version.
type Step = (u64, Vec<u8>);

fn first(folder: &Path) -> Result<Trust, TrustError> {
    let files = match trust_folder::read(folder) {
        Err(DiskError::NotFound { .. }) => {
            return Err(TrustError::Missing(folder.to_owned()));
        }
        other => other?,
    };
    let pin = RootPin::of(&files.root);
    Ok(Trust::open(files, &pin)?)
}

/// The trust after the files in the folder, where they differ from those in force, and the roots
/// between: `N.root.cose`, one by one.
fn newer(current: &Trust, folder: &Path, now: Timestamp) -> Result<Option<(Trust, Vec<Step>)>, TrustError> {
    let offered = match trust_folder::read(folder) {
        Err(DiskError::NotFound { .. }) => return Ok(None),
        other => other?,
    };
    let TrustFiles { root, list, community, revocations } = current.files();
    let steps = trust_folder::root_steps(folder, current.root().version, ROOT_STEPS)?;
    // The last step and root.cose are one file, as a rule.
    let last = changed(offered.root, root).filter(|root| steps.last().is_none_or(|(_, step)| step != root));
    let update = TrustUpdate {
        roots: steps.iter().map(|(_, file)| file.clone()).chain(last).collect(),
        list: changed(offered.list, list),
        community: changed(offered.community, community),
        revocations: (offered.revocations != *revocations).then_some(offered.revocations),
    };
    if (TrustUpdate { revocations: None, ..update.clone() }) == TrustUpdate::default() {
        return Ok(None);
    }
    Ok(Some((current.update(&update, now)?, steps)))
}

fn changed(offered: Vec<u8>, current: &Vec<u8>) -> Option<Vec<u8>> {
    (offered != *current).then_some(offered)
}

fn stamps(folder: &Path) -> Stamps {
    trust_folder::FILES.map(|name| {
        let metadata = fs::metadata(folder.join(name)).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}
