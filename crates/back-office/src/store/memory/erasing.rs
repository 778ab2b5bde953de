//! Erasing what names somebody.

use async_trait::async_trait;
use health_code::PersonId;

use super::MemoryStore;
use crate::store::{ChangeState, Erased, Erasing, StoreError};

#[async_trait]
impl Erasing for MemoryStore {
    async fn erase_person(&self, id: PersonId) -> Result<Erased, StoreError> {
        let mut office = self.office();
        let mut erased = Erased::default();
        let object = id.to_string();
        for entry in office.audit.iter_mut().filter(|entry| entry.object == object) {
            erased.entries += usize::from(entry.words.take().is_some());
        }
        if let Some(officer) = office.officers.get_mut(&id.0) {
            officer.active = false;
            for text in [
                &mut officer.person.masked_name,
                &mut officer.person.masked_phone,
                &mut officer.person.pin_phc,
            ] {
                text.clear();
            }
        }
        office.sessions.retain(|_, session| session.account != id);
        erased.account = office.accounts.remove(&id).is_some();
        let about = office.changes.values_mut().map(|(change, _)| change);
        for change in about.filter(|change| change.change.subject() == Some(id.0)) {
            let settled = change.state != ChangeState::Accepted;
            erased.changes += usize::from(settled && change.change.forget_person());
        }
        Ok(erased)
    }
}
