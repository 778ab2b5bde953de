//! The trust files in force and before.

use health_code::{PolicyHash, Region, Timestamp, TrustFiles};

use super::office::Office;
use crate::store::chain::Raised;
use crate::store::{AlertKind, CommunityFiles, Considered, Edition, SetName, SharedFiles};

impl Office {
    pub fn edition(&self) -> u64 {
        self.editions.len() as u64
    }

    pub fn bring_into_force(&mut self, next: Edition, before: u64, now: Timestamp) -> bool {
        if self.edition() != before {
            return false;
        }
        for Considered { key, state } in &next.entered {
            if let Some((change, _)) = self.changes.get_mut(&(key.station, key.record)) {
                change.state = *state;
            }
        }
        for dropped in &next.dropped {
            let (record, detail) = (dropped.key.record, dropped.detail.clone());
            self.raise(dropped.key.station, Raised { kind: AlertKind::Dropped, record, detail }, now);
        }
        self.editions.push((next, now));
        true
    }

    fn numbered(&self) -> impl DoubleEndedIterator<Item = (u64, &Edition)> {
        self.editions.iter().enumerate().map(|(place, (edition, _))| (place as u64 + 1, edition))
    }

    /// Returns the shared files, each with the number of its edition.
    fn all_shared(&self) -> impl DoubleEndedIterator<Item = (u64, &SharedFiles)> {
        self.numbered().filter_map(|(n, edition)| Some((n, edition.shared.as_ref()?)))
    }

    /// Returns the files of all communities, each with the number of its edition.
    fn all_communities(&self) -> impl DoubleEndedIterator<Item = (u64, &CommunityFiles)> {
        self.numbered().flat_map(|(n, edition)| edition.communities.iter().map(move |files| (n, files)))
    }

    fn all_of<'a>(
        &'a self,
        community: &'a Region,
    ) -> impl DoubleEndedIterator<Item = (u64, &'a CommunityFiles)> {
        self.all_communities().filter(move |(_, files)| files.region == *community)
    }

    pub fn shared(&self, after: u64) -> Option<(u64, SharedFiles)> {
        let (n, files) = self.all_shared().next_back()?;
        (n > after).then(|| (n, files.clone()))
    }

    pub fn communities(&self, after: u64) -> Vec<(u64, CommunityFiles)> {
        let newest = |(n, files): &(u64, &CommunityFiles)| {
            self.all_of(&files.region).next_back().is_some_and(|(newest, _)| newest == *n)
        };
        let newer = self.all_communities().filter(|(n, _)| *n > after).filter(newest);
        let mut found: Vec<_> = newer.map(|(n, files)| (n, files.clone())).collect();
        found.sort_by_key(|(n, files)| (*n, files.region.clone()));
        found
    }

    pub fn first_community(&self) -> Option<Region> {
        let all = self.all_communities().map(|(n, files)| (n, files.region.clone()));
        all.min().map(|(_, region)| region)
    }

    pub fn trust(&self, community: &Region, name: SetName) -> Option<TrustFiles> {
        let (_, shared) = self.all_shared().find(|(n, _)| *n == name.shared)?;
        let (_, community) = self.all_of(community).find(|(n, _)| *n == name.community)?;
        Some(shared.clone().with(community.clone()))
    }

    pub fn sets_of_list(&self, community: &Region, list: u64, limit: usize) -> Vec<SetName> {
        let shared: Vec<_> = self.all_shared().collect();
        let ends = shared.iter().skip(1).map(|(n, _)| *n).chain([u64::MAX]);
        let of_list = shared.iter().zip(ends).filter(|((_, files), _)| files.list_version == list);
        let mut sets = Vec::new();
        for ((begins, _), ends) in of_list {
            let versions: Vec<u64> = self.all_of(community).map(|(n, _)| n).collect();
            let from = versions.iter().rev().find(|n| *n <= begins).copied().unwrap_or(0);
            let within = versions.into_iter().filter(|n| (from..ends).contains(n));
            sets.extend(within.map(|community| SetName { shared: *begins, community }));
        }
        sets.sort_unstable();
        sets.reverse();
        sets.truncate(limit);
        sets
    }

    pub fn in_force_at(&self, moments: &[(Region, Timestamp)]) -> Vec<Option<SetName>> {
        moments.iter().map(|(community, moment)| self.in_force_then(community, *moment)).collect()
    }

    fn in_force_then(&self, community: &Region, moment: Timestamp) -> Option<SetName> {
        // By the order in which they came, and not by the times: a clock may have been set back in between.
        let then = self.editions.iter().rposition(|(_, from)| *from <= moment);
        let then = then.map_or(0, |place| place as u64 + 1);
        let latest = |numbers: Vec<u64>| {
            let before = numbers.iter().rev().find(|n| **n <= then);
            before.or(numbers.first()).copied()
        };
        Some(SetName {
            shared: latest(self.all_shared().map(|(n, _)| n).collect())?,
            community: latest(self.all_of(community).map(|(n, _)| n).collect())?,
        })
    }

    pub fn root(&self, version: u64) -> Option<Vec<u8>> {
        let mut roots = self.editions.iter().flat_map(|(edition, _)| &edition.roots);
        roots.find(|(of, _)| *of == version).map(|(_, file)| file.clone())
    }

    pub fn policy(&self, hash: PolicyHash) -> Option<Vec<u8>> {
        let shared = self.all_shared().flat_map(|(_, files)| &files.policies);
        let mut all = shared.chain(self.all_communities().flat_map(|(_, files)| &files.policies));
        all.find(|file| PolicyHash::of(file) == hash).cloned()
    }
}
