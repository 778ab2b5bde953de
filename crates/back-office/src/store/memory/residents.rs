//! One person's passages.

use async_trait::async_trait;
use health_code::Region;

use super::MemoryStore;
use crate::store::residents::joined;
use crate::store::{PassageRow, PersonKey, PersonKeys, Residents, Sought, StoreError};

#[async_trait]
impl Residents for MemoryStore {
    async fn passages_of(
        &self,
        sought: Sought,
        region: &Region,
        limit: usize,
    ) -> Result<Vec<PassageRow>, StoreError> {
        let office = self.office();
        let fits = |row: &&PassageRow| {
            let holder = office.holders.get(&(row.station, row.record));
            let has = |key: fn(&PersonKeys) -> Option<PersonKey>, keys: &[PersonKey]| {
                holder.and_then(|(person, _)| key(person)).is_some_and(|key| keys.contains(&key))
            };
            let certificate = holder.and_then(|(_, certificate)| certificate.as_ref());
            has(|person| person.identity, &sought.identities)
                || has(|person| person.phone, &sought.phones)
                || sought
                    .pseudonym
                    .as_ref()
                    .is_some_and(|(iss, name)| (iss, name) == (&row.iss, &row.pseudonym))
                || sought.certificate.as_ref().is_some_and(|sought| certificate == Some(sought))
        };
        let is_here = |row: &&PassageRow| {
            office.stations.get(&row.station).is_some_and(|known| region.contains(&known.station.community))
        };
        let found = office.passages.values().filter(fits).filter(is_here).cloned().collect();
        Ok(joined(vec![found], limit))
    }
}
