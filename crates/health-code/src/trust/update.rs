//! Opens stored files and replaces them by newer ones. An update is taken whole or not at all.

use std::sync::Arc;

use super::held::HeldCommunity;
use super::policies::Policies;
use super::root::AAD;
use super::{
    Community, NamedPolicy, Rejection, RevocationIndex, Revocations, Root, RootPin, Trust, TrustFile,
    TrustFiles, TrustList, TrustUpdate,
};
use crate::time::Timestamp;

impl Trust {
    /// Opens stored files: forms, signatures and bounds, whatever their age. A policy file that is not
    /// named or fails its check is left out; one that is named then counts as missing. A community that
    /// no key of the root signed is opened, and counts for nothing ([`Trust::unvouched`]).
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn open(files: TrustFiles, pin: &RootPin) -> Result<Self, Rejection> {
        if RootPin::of(&files.root) != *pin {
            return Err(Rejection::WrongRoot);
        }
        let (root, _) = Root::open(&files.root)?;
        let list = TrustList::open(&files.list, &root)?;
        let community = HeldCommunity::open(&files.community, &root)?;
        let revocations = Revocations::open(&list.revocations, &files.revocations)?;
        let policies = Policies::gather(&files.policies, &root, &list, &community);
        let files = TrustFiles { policies: policies.bytes(), ..files };
        Ok(Self { root: Arc::new(root), list: Arc::new(list), community, revocations, policies, files })
    }

    /// Returns the trust after an update. An update is taken whole or not at all, and never goes back.
    ///
    /// Files that are in force already, byte for byte, change nothing, whatever their age. A new root
    /// needs a list made for it in the same update. The community in force stays: if the new root no
    /// longer has the key that signed it, it counts for nothing ([`Trust::unvouched`]).
    ///
    /// A list needs the revocations that it names; [`Trust::index_after`] says which. Policies keep out
    /// no other file: [`Trust::policies_after`] says which are wanted, and without one of them nothing is
    /// judged.
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

    /// Returns the trust of another community under this root and list, by its stored file and policies: form
    /// and signature, whatever its age. As in [`Trust::open`], one that no key of the root signed counts for
    /// nothing ([`Trust::unvouched`]).
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn beside(&self, community: Vec<u8>, policies: &[Vec<u8>]) -> Result<Self, Rejection> {
        let held = HeldCommunity::open(&community, &self.root)?;
        let policies = self.files.policies.iter().chain(policies);
        let policies = Policies::gather(policies, &self.root, &self.list, &held);
        let files = TrustFiles { community, policies: policies.bytes(), ..self.files.clone() };
        Ok(Self { community: held, policies, files, ..self.clone() })
    }

    /// Returns the trust of another community under this root and list, by a file that is new here: signed
    /// by a key of the root, and neither from the future nor over.
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn admit(&self, community: Vec<u8>, policies: &[Vec<u8>], now: Timestamp) -> Result<Self, Rejection> {
        let next = self.beside(community, policies)?.vouched_for()?;
        next.check_community_dates(now)?;
        Ok(next)
    }

    /// Returns which revocations would be in force after an update that is complete but for them: the index
    /// names the chunks to fetch ([`Revocations::missing`]).
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn index_after(&self, update: &TrustUpdate, now: Timestamp) -> Result<RevocationIndex, Rejection> {
        Ok(self.signed_update(update, now)?.list.revocations.clone())
    }

    /// Returns which policies would be missing after an update: what is still to be fetched.
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn policies_after(
        &self,
        update: &TrustUpdate,
        now: Timestamp,
    ) -> Result<Vec<NamedPolicy>, Rejection> {
        Ok(self.signed_update(update, now)?.missing_policies().to_vec())
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
            next.list = Arc::new(TrustList::open(bytes, &next.root)?);
            next.files.list.clone_from(bytes);
        }
        if let Some(bytes) = community {
            next.community = HeldCommunity::vouched_for(Community::open(bytes, &next.root)?);
            next.files.community.clone_from(bytes);
        } else if new_root {
            next.community = HeldCommunity::open(&self.files.community, &next.root)?;
        }
        // Versions count among files that the root vouches for: after it withdrew a key, what that
        // key signed does not hold up its successor's files (a fast-forward ends there).
        if list.is_some() {
            let stored = TrustList::is_vouched_for(&self.files.list, &next.root).then_some(self.list.version);
            check_list(&next.list, stored, now)?;
        }
        if community.is_some() {
            self.check_community(&next, now)?;
        }
        let policies = self.files.policies.iter().chain(&update.policies);
        next.policies = Policies::gather(policies, &next.root, &next.list, &next.community);
        next.files.policies = next.policies.bytes();
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
        self.root = Arc::new(root);
        self.files.root.clone_from(bytes);
        Ok(())
    }

    /// Checks the community of the next trust against the one in force.
    fn check_community(&self, next: &Self, now: Timestamp) -> Result<(), Rejection> {
        let (file, community) = (TrustFile::Community, next.community());
        let in_force = self.community();
        if community.region != in_force.region {
            return Err(Rejection::OtherCommunity);
        }
        let believed_from = next.community_believed_from();
        // Neither what a withdrawn key signed nor what is no longer believed holds up a lower version.
        let vouched_for = Self::opens(&self.files.community, &next.root)
            && believed_from.is_none_or(|from| from <= in_force.issued);
        if vouched_for {
            not_older(file, in_force.version, community.version)?;
        }
        next.check_community_dates(now)
    }

    /// Checks that the community's file is neither from the future, nor from before its key counts, nor over.
    fn check_community_dates(&self, now: Timestamp) -> Result<(), Rejection> {
        let (file, community) = (TrustFile::Community, self.community());
        not_from_the_future(file, community.issued, now)?;
        if let Some(from) = self.community_believed_from().filter(|from| community.issued < *from) {
            return Err(Rejection::NotBelieved { from });
        }
        not_over(file, community.believed_until(), now)
    }

    fn opens(community: &[u8], root: &Root) -> bool {
        Community::open(community, root).is_ok()
    }
}

fn check_list(list: &TrustList, stored: Option<u64>, now: Timestamp) -> Result<(), Rejection> {
    let file = TrustFile::List;
    if let Some(stored) = stored {
        not_older(file, stored, list.version)?;
    }
    not_from_the_future(file, list.issued, now)?;
    not_over(file, list.believed_until(), now)
}

fn not_over(file: TrustFile, at: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if now >= at { Err(Rejection::Expired { file, at }) } else { Ok(()) }
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
