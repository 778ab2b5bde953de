//! What waits for the consent of a second person.

use async_trait::async_trait;
use health_code::{Region, Timestamp};

use super::MemoryStore;
use crate::store::{ConsentRow, Consents, Note, StoreError};

#[async_trait]
impl Consents for MemoryStore {
    async fn put_consent(&self, row: ConsentRow, notes: Vec<Note>) -> Result<bool, StoreError> {
        let mut office = self.office();
        let known = office.consents.get(&row.id).map_or(0, |known| known.rev);
        if known != row.rev {
            return Ok(false);
        }
        office.consents.insert(row.id, ConsentRow { rev: known + 1, ..row });
        office.note(notes);
        Ok(true)
    }

    async fn consent(&self, id: [u8; 16]) -> Result<Option<ConsentRow>, StoreError> {
        Ok(self.office().consents.get(&id).cloned())
    }

    async fn consents(
        &self,
        region: &Region,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<ConsentRow>, StoreError> {
        let office = self.office();
        let fits = |row: &&ConsentRow| region.contains(&row.region) && row.asked > since;
        let mut found: Vec<_> = office.consents.values().filter(fits).cloned().collect();
        found.sort_by_key(|row| (std::cmp::Reverse(row.asked), row.id));
        found.truncate(limit);
        Ok(found)
    }
}
