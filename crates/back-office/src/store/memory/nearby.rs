//! Passages near another one.

use async_trait::async_trait;
use wire::{RecordId, StationId};

use super::MemoryStore;
use super::office::Office;
use crate::store::nearby::nearest_first;
use crate::store::{Around, Nearby, PassageRow, Passer, StoreError, WithCode};

#[async_trait]
impl Nearby for MemoryStore {
    async fn passages_around(&self, around: Around, limit: usize) -> Result<Vec<Passer>, StoreError> {
        let office = self.office();
        let is_near = |row: &&PassageRow| {
            let known = office.stations.get(&row.station);
            row.checkpoint == around.checkpoint
                && (row.at.0 - around.at.0).abs() <= around.within
                && known.is_some_and(|known| known.station.community == around.community)
        };
        let near: Vec<_> = office.passages.values().filter(is_near).map(|row| passer(&office, row)).collect();
        let (before, after): (Vec<_>, Vec<_>) =
            near.into_iter().partition(|passer| passer.row.at <= around.at);
        let mut found = nearest_first(before, around.at);
        found.truncate(limit);
        let mut after = nearest_first(after, around.at);
        after.truncate(limit);
        found.extend(after);
        Ok(nearest_first(found, around.at))
    }

    async fn oldest_with_code(&self, limit: usize) -> Result<Vec<WithCode>, StoreError> {
        let office = self.office();
        let mut rows: Vec<_> = office.passages.values().collect();
        rows.sort_by_key(|row| row.at);
        let with_code = |row: &PassageRow| {
            let community = office.stations.get(&row.station)?.station.community.clone();
            let code = office.codes.get(&(row.station, row.record)).cloned().unwrap_or_default();
            Some(WithCode { passer: passer(&office, row), community, code })
        };
        let found = rows.into_iter().take(limit).filter_map(with_code);
        Ok(found.filter(|one| one.passer.person.identity.is_some()).collect())
    }

    async fn passage_with_code(
        &self,
        station: StationId,
        record: RecordId,
    ) -> Result<Option<WithCode>, StoreError> {
        let office = self.office();
        let Some(row) = office.passages.get(&(station, record)) else { return Ok(None) };
        let code = office.codes.get(&(station, record)).cloned().unwrap_or_default();
        let community = office.stations.get(&station).map(|known| known.station.community.clone());
        Ok(community.map(|community| WithCode { passer: passer(&office, row), community, code }))
    }
}

fn passer(office: &Office, row: &PassageRow) -> Passer {
    let (person, certificate) = office.holders.get(&(row.station, row.record)).cloned().unwrap_or_default();
    Passer { row: row.clone(), person, certificate }
}
