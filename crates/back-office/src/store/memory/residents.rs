//! One person's passages.

use async_trait::async_trait;
use health_code::{Region, Timestamp};

use super::MemoryStore;
use crate::store::residents::joined;
use crate::store::{PassageRow, PersonKey, PersonKeys, Place, Residents, Sought, StoreError};

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

    async fn count_between(
        &self,
        region: &Region,
        span: (Timestamp, Timestamp),
        most: usize,
    ) -> Result<usize, StoreError> {
        Ok(self.passages_between(region, span, None, most).await?.len())
    }

    async fn passages_between(
        &self,
        region: &Region,
        (from, until): (Timestamp, Timestamp),
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<PassageRow>, StoreError> {
        let office = self.office();
        let place = |row: &PassageRow| (row.at, row.station, row.record);
        let fits = |row: &&PassageRow| {
            let known = office.stations.get(&row.station);
            (from..until).contains(&row.at)
                && after.is_none_or(|after| place(row) > after)
                && known.is_some_and(|known| region.contains(&known.station.community))
        };
        let mut rows: Vec<_> = office.passages.values().filter(fits).cloned().collect();
        rows.sort_by_key(place);
        rows.truncate(limit);
        Ok(rows)
    }
}
