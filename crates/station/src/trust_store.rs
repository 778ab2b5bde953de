//! The trust in force, and its files on disk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use disk::{DiskError, trust_folder};
use health_code::{Rejection, Timestamp, Trust, TrustUpdate};
use wire::StationId;

use crate::clock::TrustTimes;
use crate::trust_choice::{self, Choice};

/// Why trust could not be loaded or replaced. What was in force stays in force.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The folder cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The files were refused.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The station has no trust that could be updated.
    #[error("no trust files on this station")]
    Missing,
}

/// The trust in force, and the folder it is kept in.
#[derive(Debug)]
pub(crate) struct TrustStore {
    dir: PathBuf,
    current: RwLock<Option<Arc<Trust>>>,
    /// Locked while replacing, so that two updates never start from the same trust.
    replacing: Mutex<()>,
}

impl TrustStore {
    /// Loads the folder. If its files are refused the station starts without trust, and the screen
    /// shows a fault.
    pub(crate) fn load(dir: &Path) -> Self {
        let current = read(dir).inspect_err(|error| tracing::error!(%error, "no trust")).ok();
        Self { dir: dir.to_owned(), current: RwLock::new(current.map(Arc::new)), replacing: Mutex::new(()) }
    }

    /// Returns the trust in force.
    pub(crate) fn current(&self) -> Option<Arc<Trust>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns whom to ask, if the community's file puts this station out of service.
    pub(crate) fn withdraws(&self, station: StationId) -> Option<String> {
        let trust = self.current().filter(|trust| trust.withdrawn(&station.0))?;
        Some(trust.community().contact.clone())
    }

    /// Lets go of the trust in force: a withdrawn station judges nothing.
    pub(crate) fn forget(&self) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Returns what the trust in force says of time.
    pub(crate) fn times(&self) -> TrustTimes {
        let Some(trust) = self.current() else { return TrustTimes::default() };
        let issued = trust.latest_signed_time();
        // Under the policy of then: the one of now is not known before the time is.
        let (_, hard_expiry) = trust.expiries(issued);
        TrustTimes { issued: Some(issued), hard_expiry: Some(hard_expiry) }
    }

    /// Puts in force what holds together of newer files: first all checks, then the disk, then the
    /// memory. Returns the new trust; `None` if nothing changed.
    pub(crate) fn take(&self, had: &TrustUpdate, now: Timestamp) -> Result<Option<Arc<Trust>>, TrustError> {
        let _guard = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.current().ok_or(TrustError::Missing)?;
        let Choice { trust, refused } = trust_choice::choose(&before, had, now);
        if let Some(rejection) = refused {
            tracing::warn!(%rejection, code = rejection.code(), "not all newer trust files were taken");
        }
        if trust.files() == before.files() {
            return Ok(None);
        }
        trust_folder::swap(&self.dir, trust.files())?;
        let after = Arc::new(trust);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&after));
        Ok(Some(after))
    }
}

fn read(dir: &Path) -> Result<Trust, TrustError> {
    trust_folder::recover(dir)?;
    let pin = trust_folder::read_pin(dir)?;
    Ok(Trust::open(trust_folder::read(dir)?, &pin)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    const NOW: Timestamp = Timestamp(1_900_000_000);

    fn newer(world: &mut World) -> TrustUpdate {
        world.community.version += 1;
        TrustUpdate { community: Some(world.files().community), ..TrustUpdate::default() }
    }

    #[test]
    fn what_was_accepted_is_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let mut world = World::new(NOW);
        let store = world.store(dir.path());
        assert!(store.take(&newer(&mut world), NOW).unwrap().is_some());
        let again = TrustStore::load(&dir.path().join("trust")).current().unwrap();
        assert_eq!(again.files(), &world.files());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_refused_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut world = World::new(NOW);
        let store = world.store(dir.path());
        let old = TrustUpdate { community: Some(world.files().community), ..TrustUpdate::default() };
        let update = newer(&mut world);
        assert!(store.take(&update, NOW).unwrap().is_some());
        assert!(store.take(&old, NOW).unwrap().is_none());
        assert!(store.take(&update, NOW).unwrap().is_none(), "the same again is no news");
        assert_eq!(store.current().unwrap().files(), &world.files());
    }

    #[test]
    fn a_start_with_a_community_that_nobody_vouches_for_withdraws_nothing_and_heals() {
        let dir = tempfile::tempdir().unwrap();
        let mut world = World::new(NOW);
        world.community.withdrawn = vec![crate::testing::STATION.0];
        let honest = world.keys.region.clone();
        world.keys.region = crate::testing::key(99);
        let store = world.store(dir.path());
        let trust = store.current().unwrap();
        assert_eq!(trust.fault_at(NOW), Some(health_code::TrustFault::CommunityNotBelieved));
        assert_eq!(store.withdraws(crate::testing::STATION), None);
        assert_eq!(store.times().issued, Some(trust.list().issued.max(trust.root().issued)));
        world.keys.region = honest;
        world.community.withdrawn.clear();
        let healed = store.take(&newer(&mut world), NOW).unwrap().unwrap();
        assert_eq!((healed.fault_at(NOW), healed.files()), (None, &world.files()));
    }

    #[test]
    fn another_root_than_the_pinned_one_is_no_trust() {
        let dir = tempfile::tempdir().unwrap();
        World::new(NOW).store(dir.path());
        let mut other = World::new(NOW);
        other.root.version = 2;
        std::fs::write(dir.path().join("trust/root.cose"), other.files().root).unwrap();
        assert!(TrustStore::load(&dir.path().join("trust")).current().is_none());
    }

    #[test]
    fn a_power_cut_leaves_the_old_set_or_the_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let trust = dir.path().join("trust");
        let mut world = World::new(NOW);
        world.store(dir.path());
        // Before the first rename: a half-written folder beside the old one.
        std::fs::create_dir(dir.path().join("trust.new")).unwrap();
        std::fs::write(dir.path().join("trust.new/root.cose"), b"half").unwrap();
        assert!(TrustStore::load(&trust).current().is_some());
        // Between the two: the old folder has its other name.
        std::fs::rename(&trust, dir.path().join("trust.old")).unwrap();
        let store = TrustStore::load(&trust);
        assert!(store.current().is_some());
        assert!(store.take(&newer(&mut world), NOW).unwrap().is_some());
        assert_eq!(TrustStore::load(&trust).current().unwrap().files(), &world.files());
    }
}
