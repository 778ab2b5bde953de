//! Opens stored files and replaces them by newer ones. An update is taken whole or not at all.

use std::sync::Arc;

use super::root::AAD;
use super::{
    Community, Rejection, RevocationIndex, Revocations, Root, RootPin, Trust, TrustFile, TrustFiles,
    TrustList, TrustUpdate,
};
use crate::time::Timestamp;

impl Trust {
    /// Opens stored files: forms, signatures and bounds, whatever their age.
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn open(files: TrustFiles, pin: &RootPin) -> Result<Self, Rejection> {
        if RootPin::of(&files.root) != *pin {
            return Err(Rejection::WrongRoot);
        }
        let (root, _) = Root::open(&files.root)?;
        let list = TrustList::open(&files.list, &root)?;
        let community = Community::open(&files.community, &root)?;
        let revocations = Revocations::open(&list.revocations, &files.revocations)?;
        Ok(Self { root, list, community, revocations, files })
    }

    /// Returns the trust after an update. An update is taken whole or not at all, and never goes back.
    ///
    /// Files that are in force already, byte for byte, change nothing, whatever their age. A new root
    /// needs a list made for it in the same update. The community in force stays, if the new root
    /// still has the key that signed it.
    ///
    /// A list needs the revocations that it names; [`Trust::index_after`] says which.
    ///
    /// # Errors
    /// [`Rejection`]; this trust stays as it is.
    pub fn update(&self, update: &TrustUpdate, now: Timestamp) -> Result<Self, Rejection> {
        let mut next = self.signed_update(update, now)?;
        if next.list.revocations != *self.revocations.index() {
            let bytes = update.revocations.as_ref().unwrap_or(&self.files.revocations);
            next.revocations = Revocations::open(&next.list.revocations, bytes)?;
            next.files.revocations = Arc::clone(bytes);
        }
        Ok(next)
    }

    /// Returns which revocations would be in force after an update that is complete but for them: the index
    /// names the chunks to fetch ([`Revocations::missing`]).
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn index_after(&self, update: &TrustUpdate, now: Timestamp) -> Result<RevocationIndex, Rejection> {
        Ok(self.signed_update(update, now)?.list.revocations)
    }

    /// Applies an update, all but its revocations.
    fn signed_update(&self, update: &TrustUpdate, now: Timestamp) -> Result<Self, Rejection> {
        let mut next = self.clone();
        for bytes in &update.roots {
            next.take_root(bytes, now)?;
        }
        let list = news(update.list.as_ref(), &self.files.list);
        let community = news(update.community.as_ref(), &self.files.community);
        let new_root = next.files.root != self.files.root;
        if (new_root || list.is_some() || community.is_some()) && now >= next.root.expires {
            return Err(Rejection::Expired { file: TrustFile::Root, at: next.root.expires });
        }
        if new_root || list.is_some() {
            let bytes = list.unwrap_or(&self.files.list);
            next.list = TrustList::open(bytes, &next.root)?;
            next.files.list.clone_from(bytes);
        }
        if new_root || community.is_some() {
            let bytes = community.unwrap_or(&self.files.community);
            next.community = Community::open(bytes, &next.root)?;
            next.files.community.clone_from(bytes);
        }
        // Versions count among files that the root vouches for: after it withdrew a key, what that
        // key signed does not hold up its successor's files (a fast-forward ends there).
        if list.is_some() {
            let stored = TrustList::is_vouched_for(&self.files.list, &next.root).then_some(self.list.version);
            check_list(&next.list, stored, now)?;
        }
        if community.is_some() {
            let vouched_for = Community::open(&self.files.community, &next.root).is_ok();
            self.check_community(&next.community, vouched_for.then_some(self.community.version), now)?;
        }
        Ok(next)
    }

    /// Follows one root: N+1 carries a threshold of signatures by N's keys and one by its own.
    fn take_root(&mut self, bytes: &Vec<u8>, now: Timestamp) -> Result<(), Rejection> {
        if *bytes == self.files.root {
            return Ok(());
        }
        let file = TrustFile::Root;
        let (root, signed) = Root::open(bytes)?;
        not_older(file, self.root.version, root.version)?;
        if root.version - 1 != self.root.version {
            return Err(Rejection::RootGap { stored: self.root.version, offered: root.version });
        }
        self.root.root.check(&signed, AAD, file)?;
        not_from_the_future(file, root.issued, now)?;
        self.root = root;
        self.files.root.clone_from(bytes);
        Ok(())
    }

    fn check_community(
        &self,
        community: &Community,
        stored: Option<u64>,
        now: Timestamp,
    ) -> Result<(), Rejection> {
        if community.region != self.community.region {
            return Err(Rejection::OtherCommunity);
        }
        if let Some(stored) = stored {
            not_older(TrustFile::Community, stored, community.version)?;
        }
        not_from_the_future(TrustFile::Community, community.issued, now)
    }
}

fn check_list(list: &TrustList, stored: Option<u64>, now: Timestamp) -> Result<(), Rejection> {
    let file = TrustFile::List;
    if let Some(stored) = stored {
        not_older(file, stored, list.version)?;
    }
    not_from_the_future(file, list.issued, now)?;
    if now >= list.hard_expiry {
        return Err(Rejection::Expired { file, at: list.hard_expiry });
    }
    Ok(())
}

/// Returns a file that is not the one in force already.
fn news<'a>(offered: Option<&'a Vec<u8>>, stored: &[u8]) -> Option<&'a Vec<u8>> {
    offered.filter(|bytes| bytes.as_slice() != stored)
}

/// Checks the version of a file whose bytes differ from those in force.
fn not_older(file: TrustFile, stored: u64, offered: u64) -> Result<(), Rejection> {
    match offered.cmp(&stored) {
        std::cmp::Ordering::Less => Err(Rejection::Rollback { file, stored, offered }),
        std::cmp::Ordering::Equal => Err(Rejection::SameVersionOtherBytes { file }),
        std::cmp::Ordering::Greater => Ok(()),
    }
}

fn not_from_the_future(file: TrustFile, issued: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if now.is_behind(issued) {
        return Err(Rejection::FromTheFuture { file, at: issued });
    }
    Ok(())
}
