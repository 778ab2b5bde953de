//! What leaves once its days are over.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::{AuditHead, RecordId, StationId};

use super::MemoryStore;
use super::office::{Office, State};
use crate::store::{Alert, AlertKind, Note, Purge, Purged, ReportKey, Retention, StoreError};

#[async_trait]
impl Retention for MemoryStore {
    async fn relied_on(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.office().relied)
    }

    async fn rely_on(&self, moment: Timestamp) -> Result<(), StoreError> {
        let mut office = self.office();
        office.relied = office.relied.max(Some(moment));
        Ok(())
    }

    async fn vouch_for(&self, moment: Timestamp, note: Note) -> Result<AuditHead, StoreError> {
        let mut office = self.office();
        office.relied = Some(moment);
        Ok(office.note(vec![note]))
    }

    async fn begin_purge(
        &self,
        purge: &Purge,
        now: Timestamp,
        salt: [u8; 16],
    ) -> Result<Option<Purged>, StoreError> {
        let mut office = self.office();
        let purged = Purged {
            passages: office.expired_passages(purge).len() as u64,
            held: office.expired_reports(purge).len() as u64,
            alerts: office.alerts.iter().filter(|alert| office.is_past(alert, purge)).count() as u64,
        };
        if purged.is_nothing() || office.purges.contains_key(&purge.community) {
            return Ok(None);
        }
        office.purges.insert(purge.community.clone(), purge.before);
        office.note(vec![purge.note(purged, now, salt)]);
        Ok(Some(purged))
    }

    async fn open_purges(&self) -> Result<Vec<Purge>, StoreError> {
        let open = |(community, before): (&_, &Timestamp)| Purge {
            community: Clone::clone(community),
            before: *before,
        };
        Ok(self.office().purges.iter().map(open).collect())
    }

    async fn purge_some(&self, purge: &Purge, limit: usize) -> Result<usize, StoreError> {
        let mut office = self.office();
        let mut count = 0;
        for place in office.expired_passages(purge).into_iter().take(limit) {
            office.passages.remove(&place);
            office.holders.remove(&place);
            office.codes.remove(&place);
            count += 1;
        }
        for key in office.expired_reports(purge).into_iter().take(limit) {
            office.quarantine.remove(&key);
            count += 1;
        }
        let before = office.alerts.len();
        let stay: Vec<Alert> =
            office.alerts.iter().filter(|alert| !office.is_past(alert, purge)).cloned().collect();
        office.alerts = stay;
        Ok(count + before - office.alerts.len())
    }

    async fn end_purge(&self, purge: &Purge) -> Result<(), StoreError> {
        let mut office = self.office();
        if office.purges.get(&purge.community) == Some(&purge.before) {
            office.purges.remove(&purge.community);
        }
        Ok(())
    }
}

impl Office {
    fn is_of(&self, station: StationId, community: &Region) -> bool {
        self.stations.get(&station).is_some_and(|known| known.station.community == *community)
    }

    fn expired_passages(&self, purge: &Purge) -> Vec<(StationId, RecordId)> {
        let past = self.passages.iter().filter(|((station, _), row)| {
            row.received < purge.before && self.is_of(*station, &purge.community)
        });
        past.map(|(place, _)| *place).collect()
    }

    fn expired_reports(&self, purge: &Purge) -> Vec<ReportKey> {
        let past = self.quarantine.iter().filter(|(key, held)| {
            held.state != State::Waits
                && held.received < purge.before
                && self.is_of(key.station, &purge.community)
        });
        past.map(|(key, _)| *key).collect()
    }

    fn is_past(&self, alert: &Alert, purge: &Purge) -> bool {
        alert.raised < purge.before
            && (alert.cleared.is_some() || !AlertKind::OF_STATIONS.contains(&alert.kind))
            && self.is_of(alert.station, &purge.community)
    }
}
