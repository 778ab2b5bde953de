//! The trust files in force and before.

use health_code::{PolicyHash, Timestamp, TrustFiles};

use super::office::Office;
use crate::store::chain::Raised;
use crate::store::{AlertKind, Considered, TrustSet, TrustVersions};

impl Office {
    pub fn versions_in_force(&self) -> Option<TrustVersions> {
        self.sets.last().map(|(set, _)| set.versions)
    }

    pub fn bring_into_force(&mut self, set: TrustSet, before: Option<TrustVersions>, now: Timestamp) -> bool {
        if self.versions_in_force() != before {
            return false;
        }
        for Considered { key, state } in &set.entered {
            if let Some((change, _)) = self.changes.get_mut(&(key.station, key.record)) {
                change.state = *state;
            }
        }
        for dropped in &set.dropped {
            let (record, detail) = (dropped.key.record, dropped.detail.clone());
            self.raise(dropped.key.station, Raised { kind: AlertKind::Dropped, record, detail }, now);
        }
        self.sets.push((set, now));
        true
    }

    pub fn trust(&self, versions: Option<TrustVersions>) -> Option<TrustFiles> {
        let mut sets = self.sets.iter().rev();
        let found = sets.find(|(set, _)| versions.is_none_or(|versions| set.versions == versions));
        found.map(|(set, _)| set.files.clone())
    }

    pub fn sets_of_list(&self, list: u64, limit: usize) -> Vec<TrustVersions> {
        let names = self.sets.iter().rev().map(|(set, _)| set.versions);
        names.filter(|versions| versions.list == list).take(limit).collect()
    }

    pub fn in_force_at(&self, moments: &[Timestamp]) -> Vec<Option<TrustVersions>> {
        // By the order in which they came, and not by the times: a clock may have been set back in between.
        let then = |moment: &Timestamp| self.sets.iter().rev().find(|(_, from)| from <= moment);
        let named = |moment| then(moment).or(self.sets.first()).map(|(set, _)| set.versions);
        moments.iter().map(named).collect()
    }

    pub fn root(&self, version: u64) -> Option<Vec<u8>> {
        let mut roots = self.sets.iter().flat_map(|(set, _)| &set.roots);
        roots.find(|(of, _)| *of == version).map(|(_, file)| file.clone())
    }

    pub fn policy(&self, hash: PolicyHash) -> Option<Vec<u8>> {
        let mut policies = self.sets.iter().flat_map(|(set, _)| &set.files.policies);
        policies.find(|file| PolicyHash::of(file) == hash).cloned()
    }
}
