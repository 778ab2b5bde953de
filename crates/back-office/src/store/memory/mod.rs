//! A store in memory: plain maps under the same rules as the databases. For tests and simulations.

mod accounts;
mod arrivals;
mod conflicts;
mod consents;
mod erasing;
mod forgetting;
mod nearby;
mod office;
mod residents;
mod retention;
mod stations;
mod tally;
#[cfg(test)]
mod tests;
mod trust;
mod worklist;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use health_code::{PolicyHash, Region, Timestamp, TrustFiles};
use wire::{Generation, RecordId, StationId, StreamId};

use super::chain::{Decision, Fast, History, Joined, LooseRun, Plan, decide, join};
use super::{
    Accepted, Alert, AlertKind, Alerting, Arrival, Arrivals, ChainEnd, Change, CommunityFiles, Conflicts,
    Counts, Edition, Identity, Introduction, IssuedTicket, Letter, Officer, Officers, Opened, PassageRow,
    QuarantineReason, Quarantined, Reading, Redeemed, Redemption, RosterChanges, SetName, Settled,
    SharedFiles, Station, Stations, StoreError, TrustHistory, Waiting, Worklist,
};
use office::Office;

/// The rules by which a store takes batches in. A simulation puts wrong ones in their place.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// See [`Plan::fast`].
    pub fast: fn(&Plan) -> Option<Fast>,
    /// See [`join`].
    pub join: fn(&Plan, &[LooseRun]) -> Joined,
    /// See [`decide`].
    pub decide: fn(&Plan, &History, bool) -> Decision,
}

impl Default for Rules {
    fn default() -> Self {
        Self { fast: Plan::fast, join, decide }
    }
}

/// An office in memory. A clone is another server on the same office.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    office: Arc<Mutex<Office>>,
    rules: Rules,
}

impl MemoryStore {
    /// Returns an empty office that takes batches in by these rules.
    #[must_use]
    pub fn with_rules(rules: Rules) -> Self {
        Self { office: Arc::default(), rules }
    }

    /// Returns a copy that shares nothing with this one, as a backup does.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { office: Arc::new(Mutex::new(self.office().clone())), rules: self.rules }
    }

    /// Returns whether a text is anywhere in it.
    #[cfg(test)]
    pub(in crate::store) fn holds(&self, text: &str) -> bool {
        format!("{:?}", self.office()).contains(text)
    }

    fn office(&self) -> MutexGuard<'_, Office> {
        self.office.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Arrivals for MemoryStore {
    async fn accept(&self, arrival: Arrival) -> Result<Accepted, StoreError> {
        self.office().accept(&arrival, &self.rules)
    }
}

#[async_trait]
impl Worklist for MemoryStore {
    async fn claim(&self, limit: usize, now: Timestamp, until: Timestamp) -> Result<Vec<Letter>, StoreError> {
        Ok(self.office().claim(limit, now, until))
    }

    async fn settle(&self, opened: Vec<Opened>, now: Timestamp) -> Result<(), StoreError> {
        self.office().settle(&opened, now)
    }

    async fn reopen(&self, reason: Option<QuarantineReason>) -> Result<usize, StoreError> {
        Ok(self.office().reopen(reason))
    }

    async fn oldest_waiting(&self) -> Result<Option<(StationId, Timestamp)>, StoreError> {
        Ok(self.office().oldest_waiting())
    }

    async fn check_chains(&self, before: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        self.office().check_chains(before, now);
        Ok(())
    }
}

#[async_trait]
impl Stations for MemoryStore {
    async fn add_ticket(&self, ticket: IssuedTicket) -> Result<(), StoreError> {
        self.office().add_ticket(ticket);
        Ok(())
    }

    async fn unused_tickets(&self, now: Timestamp) -> Result<Vec<IssuedTicket>, StoreError> {
        Ok(self.office().unused_tickets(now))
    }

    async fn revoke_ticket(&self, secret_hash: [u8; 32]) -> Result<bool, StoreError> {
        Ok(self.office().revoke_ticket(&secret_hash))
    }

    async fn community_of_ticket(&self, secret_hash: [u8; 32]) -> Result<Option<Region>, StoreError> {
        Ok(self.office().tickets.get(&secret_hash).map(|ticket| ticket.issued.community.clone()))
    }

    async fn redeem(&self, redemption: Redemption, now: Timestamp) -> Result<Redeemed, StoreError> {
        Ok(self.office().redeem(&redemption, now))
    }

    async fn introduce(&self, introduction: Introduction, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.office().introduce(&introduction, now))
    }

    async fn station(&self, id: StationId) -> Result<Option<Station>, StoreError> {
        Ok(self.office().station(id))
    }

    async fn station_count(&self) -> Result<u64, StoreError> {
        let stations = self.office().all_stations();
        Ok(stations.iter().filter(|station| station.withdrawn.is_none()).count() as u64)
    }

    async fn stations(&self) -> Result<Vec<Station>, StoreError> {
        Ok(self.office().all_stations())
    }

    async fn places(&self) -> Result<BTreeMap<StationId, [u8; 8]>, StoreError> {
        Ok(self.office().places())
    }

    async fn communities_of(
        &self,
        stations: Vec<StationId>,
    ) -> Result<BTreeMap<StationId, Region>, StoreError> {
        Ok(self.office().communities_of(&stations))
    }

    async fn withdrawn(&self) -> Result<Vec<(StationId, Region)>, StoreError> {
        Ok(self.office().withdrawn())
    }

    async fn withdraw(&self, id: StationId, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.office().withdraw(id, now))
    }
}

#[async_trait]
impl Conflicts for MemoryStore {
    async fn conflicts(&self, station: StationId, record: RecordId) -> Result<Vec<Waiting>, StoreError> {
        Ok(self.office().conflicts(station, record))
    }

    async fn file_conflict(
        &self,
        conflict: Waiting,
        opened: Settled,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(self.office().file_conflict(&conflict, &opened, now))
    }
}

#[async_trait]
impl Alerting for MemoryStore {
    async fn raise_alert(
        &self,
        station: StationId,
        kind: AlertKind,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.office().raise_about(station, kind, detail, now);
        Ok(())
    }

    async fn clear_alerts(&self, kind: AlertKind, now: Timestamp) -> Result<(), StoreError> {
        self.office().clear(kind, now);
        Ok(())
    }
}

#[async_trait]
impl RosterChanges for MemoryStore {
    async fn accepted_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError> {
        Ok(self.office().accepted_changes(limit))
    }

    async fn changes_of(
        &self,
        station: StationId,
        records: Vec<RecordId>,
    ) -> Result<Vec<Change>, StoreError> {
        Ok(self.office().changes_of(station, &records))
    }

    async fn changes_about(&self, ids: Vec<[u8; 8]>, limit: usize) -> Result<Vec<Change>, StoreError> {
        Ok(self.office().changes_about(&ids, limit))
    }
}

#[async_trait]
impl Officers for MemoryStore {
    async fn set_officer(&self, officer: Officer) -> Result<(), StoreError> {
        self.office().officers.insert(officer.id, officer);
        Ok(())
    }

    async fn officers(&self) -> Result<Vec<Officer>, StoreError> {
        Ok(self.office().officers.values().cloned().collect())
    }
}

#[async_trait]
impl TrustHistory for MemoryStore {
    async fn edition(&self) -> Result<u64, StoreError> {
        Ok(self.office().edition())
    }

    async fn bring_into_force(&self, next: Edition, before: u64, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.office().bring_into_force(next, before, now))
    }

    async fn shared(&self, edition: u64) -> Result<Option<(u64, SharedFiles)>, StoreError> {
        Ok(self.office().shared(edition))
    }

    async fn communities(&self, edition: u64) -> Result<Vec<(u64, CommunityFiles)>, StoreError> {
        Ok(self.office().communities(edition))
    }

    async fn first_community(&self) -> Result<Option<Region>, StoreError> {
        Ok(self.office().first_community())
    }

    async fn trust(&self, community: &Region, name: SetName) -> Result<Option<TrustFiles>, StoreError> {
        Ok(self.office().trust(community, name))
    }

    async fn sets_of_list(
        &self,
        community: &Region,
        list: u64,
        limit: usize,
    ) -> Result<Vec<SetName>, StoreError> {
        Ok(self.office().sets_of_list(community, list, limit))
    }

    async fn in_force_at(
        &self,
        moments: Vec<(Region, Timestamp)>,
    ) -> Result<Vec<Option<SetName>>, StoreError> {
        Ok(self.office().in_force_at(&moments))
    }

    async fn root(&self, version: u64) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.office().root(version))
    }

    async fn policy(&self, hash: PolicyHash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.office().policy(hash))
    }
}

#[async_trait]
impl Identity for MemoryStore {
    async fn generation(&self, drawn: Generation) -> Result<Generation, StoreError> {
        Ok(*self.office().generation.get_or_insert(drawn))
    }

    async fn begin_generation(
        &self,
        drawn: Generation,
        community_from: u64,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        Ok(self.office().begin_generation(drawn, community_from, now))
    }

    async fn community_from(&self) -> Result<u64, StoreError> {
        Ok(self.office().community_from)
    }

    async fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError> {
        Ok(self.office().chain_ends())
    }

    async fn note_backed_up(&self, ends: Vec<ChainEnd>) -> Result<(), StoreError> {
        let ends = ends.into_iter().map(|end| (end.station, (end.stream, end.seq)));
        self.office().backed_up.extend(ends);
        Ok(())
    }

    async fn backed_up(&self, station: StationId) -> Result<Option<(StreamId, u64)>, StoreError> {
        Ok(self.office().backed_up.get(&station).copied())
    }
}

#[async_trait]
impl Reading for MemoryStore {
    async fn counts(&self) -> Result<Counts, StoreError> {
        Ok(self.office().counts())
    }

    async fn passages(&self, limit: usize) -> Result<Vec<PassageRow>, StoreError> {
        Ok(self.office().passages(limit))
    }

    async fn quarantined(&self, limit: usize) -> Result<Vec<Quarantined>, StoreError> {
        Ok(self.office().quarantined(limit))
    }

    async fn alerts(&self, limit: usize) -> Result<Vec<Alert>, StoreError> {
        Ok(self.office().alerts(limit))
    }

    async fn roster_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError> {
        Ok(self.office().roster_changes(limit))
    }
}
