//! Forgetting one resident.

use std::collections::BTreeSet;

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::erasure::HeldCopy;
use wire::{AuditHead, RecordId, StationId};

use super::MemoryStore;
use super::office::{Held, Office, State};
use crate::store::forgetting::{NOBODY, Pseudonym, longest_first};
use crate::store::{
    Alert, AlertKind, ErasedResident, Erasure, Forgetting, Forgotten, Names, Note, PersonKey, PersonKeys,
    QuarantineReason, ReportKey, StoreError, Tombstone, Waiting, filed_as,
};

type Place = (StationId, RecordId);

#[async_trait]
impl Forgetting for MemoryStore {
    async fn names_beside(&self, names: &Names, region: &Region) -> Result<Names, StoreError> {
        let office = self.office();
        let mut beside = Names::default();
        for place in office.named(names, region) {
            let row = &office.passages[&place];
            let (person, certificate) = office.holders.get(&place).cloned().unwrap_or_default();
            beside.add_passage((row.iss.clone(), row.pseudonym), person.identity, person.phone, certificate);
        }
        Ok(beside)
    }

    async fn pseudonyms(
        &self,
        after: Option<Pseudonym>,
        limit: usize,
    ) -> Result<Vec<(Pseudonym, Option<String>)>, StoreError> {
        let office = self.office();
        let after = after.unwrap_or_default();
        let of = |(place, row): (&Place, &crate::store::PassageRow)| {
            let certificate = office.holders.get(place).and_then(|(_, certificate)| certificate.clone());
            ((row.iss.clone(), row.pseudonym), certificate)
        };
        let all: std::collections::BTreeMap<_, _> = office.passages.iter().map(of).collect();
        Ok(all.into_iter().filter(|(name, _)| *name > after).take(limit).collect())
    }

    async fn held(
        &self,
        after: Option<ReportKey>,
        region: &Region,
        limit: usize,
    ) -> Result<Vec<Waiting>, StoreError> {
        let office = self.office();
        let waits = office.quarantine.iter().filter(|(key, held)| {
            held.state != State::Filed
                && after.is_none_or(|after| **key > after)
                && office.is_in(key.station, region)
        });
        let waiting = |(key, held): (&ReportKey, &Held)| Waiting {
            key: *key,
            received: held.received,
            report: held.report.clone(),
        };
        Ok(waits.take(limit).map(waiting).collect())
    }

    async fn begin_erasure(&self, erasure: Erasure, note: Note) -> Result<AuditHead, StoreError> {
        let mut office = self.office();
        office.erasures.insert(erasure.id, erasure);
        Ok(office.note(vec![note]))
    }

    async fn open_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        let office = self.office();
        let mut open: Vec<_> =
            office.erasures.values().filter(|erasure| erasure.names.is_some()).cloned().collect();
        open.sort_by_key(|erasure| erasure.begun);
        Ok(open)
    }

    async fn erasure(&self, id: [u8; 16]) -> Result<Option<Erasure>, StoreError> {
        Ok(self.office().erasures.get(&id).cloned())
    }

    async fn erase(&self, id: [u8; 16], what: Forgotten) -> Result<(), StoreError> {
        self.office().forget(id, &what);
        Ok(())
    }

    async fn end_erasure(&self, id: [u8; 16], receipt: Vec<u8>) -> Result<bool, StoreError> {
        let mut office = self.office();
        let Some(erasure) = office.erasures.get_mut(&id).filter(|erasure| erasure.names.is_some()) else {
            return Ok(false);
        };
        (erasure.names, erasure.receipt) = (None, Some(receipt));
        Ok(true)
    }

    async fn tombstones(&self) -> Result<BTreeSet<Tombstone>, StoreError> {
        let office = self.office();
        let reports = office.tombstones.iter().map(|(station, record)| Tombstone::Report(*station, *record));
        let words = office.audit.iter().filter(|entry| entry.words.is_none());
        let words = words.map(|entry| Tombstone::Words(entry.seq, entry.hash));
        let conflicts = office.conflict_tombstones.iter().copied().map(Tombstone::Conflict);
        Ok(reports.chain(conflicts).chain(words).collect())
    }

    async fn entomb(&self, tombstones: Vec<Tombstone>) -> Result<ErasedResident, StoreError> {
        let mut office = self.office();
        let mut done = ErasedResident::default();
        for tombstone in tombstones {
            match tombstone {
                Tombstone::Report(station, record) => {
                    office.tombstones.insert((station, record));
                    done.passages += office.blank((station, record));
                    for (key, held) in &mut office.quarantine {
                        let is_it = (key.station, key.record) == (station, record);
                        if is_it && held.reason != QuarantineReason::Conflict {
                            done.held += held.forget();
                        }
                    }
                }
                Tombstone::Conflict(key) => {
                    office.conflict_tombstones.insert(key);
                    // A copy of when it was filed already has it under this id.
                    done.passages += office.blank((key.station, filed_as(&key)));
                    done.held += u64::from(office.forget_held(&key).is_some());
                }
                Tombstone::Words(seq, hash) => {
                    let entry = office.audit.iter_mut().find(|entry| (entry.seq, entry.hash) == (seq, hash));
                    let words = entry.and_then(|entry| entry.words.take());
                    done.entries += u64::from(words.is_some());
                }
            }
        }
        Ok(done)
    }

    async fn note_copy(&self, copy: HeldCopy) -> Result<(), StoreError> {
        let mut office = self.office();
        office.copies.retain(|other| other.name != copy.name);
        office.copies.push(copy);
        Ok(())
    }

    async fn copies(&self, now: Timestamp) -> Result<Vec<HeldCopy>, StoreError> {
        let kept = |copy: &&HeldCopy| copy.until.is_none_or(|until| until >= now.0);
        let mut copies: Vec<_> = self.office().copies.iter().filter(kept).cloned().collect();
        longest_first(&mut copies);
        Ok(copies)
    }

    async fn overwrite(&self) -> Result<bool, StoreError> {
        Ok(true)
    }
}

impl Office {
    pub(super) fn is_in(&self, station: StationId, region: &Region) -> bool {
        self.stations.get(&station).is_some_and(|known| region.contains(&known.station.community))
    }

    /// Returns the passages in a region that have any of these names.
    fn named(&self, names: &Names, region: &Region) -> Vec<Place> {
        let has =
            |key: Option<PersonKey>, keys: &BTreeSet<PersonKey>| key.is_some_and(|key| keys.contains(&key));
        let fits = |place: &Place| {
            let row = &self.passages[place];
            let (person, certificate) = self.holders.get(place).cloned().unwrap_or_default();
            let named =
                row.pseudonym != NOBODY && names.pseudonyms.contains(&(row.iss.clone(), row.pseudonym));
            named
                || has(person.identity, &names.identities)
                || has(person.phone, &names.phones)
                || certificate.is_some_and(|id| names.certificates.contains(&id))
        };
        self.passages.keys().filter(|place| fits(place) && self.is_in(place.0, region)).copied().collect()
    }

    fn blank(&mut self, place: Place) -> u64 {
        let Some(row) = self.passages.get_mut(&place).filter(|row| row.pseudonym != NOBODY) else { return 0 };
        for text in [&mut row.masked_name, &mut row.masked_id, &mut row.iss, &mut row.colour] {
            text.clear();
        }
        row.pseudonym = NOBODY;
        self.codes.remove(&place);
        self.holders.insert(place, (PersonKeys::default(), None));
        1
    }

    /// Erases the ciphertext of a report in quarantine. Returns why it was there, or `None` where it had left.
    fn forget_held(&mut self, key: &ReportKey) -> Option<QuarantineReason> {
        let held = self.quarantine.get_mut(key).filter(|held| held.state != State::Filed)?;
        held.forget();
        let reason = held.reason;
        if reason == QuarantineReason::Conflict && self.conflicts(key.station, key.record).is_empty() {
            let of = |alert: &&mut Alert| {
                (alert.station, alert.kind, alert.record) == (key.station, AlertKind::Conflict, key.record)
            };
            if let Some(alert) = self.alerts.iter_mut().find(of) {
                alert.cleared = alert.cleared.or(Some(alert.raised));
            }
        }
        Some(reason)
    }

    fn forget(&mut self, id: [u8; 16], what: &Forgotten) {
        let open = self.erasures.get(&id).filter(|erasure| erasure.names.is_some());
        let Some(region) = open.map(|erasure| erasure.region.clone()) else { return };
        let mut done = ErasedResident::default();
        for place in self.named(&what.names, &region) {
            done.passages += self.blank(place);
            self.tombstones.insert(place);
            let of = |(key, held): &(&ReportKey, &Held)| {
                let filed = held.state == State::Filed && held.reason == QuarantineReason::Conflict;
                filed && (key.station, filed_as(key)) == place
            };
            // It had been a report in conflict, which a person filed.
            let filed = self.quarantine.iter().find(of).map(|(key, _)| *key);
            self.conflict_tombstones.extend(filed);
        }
        for key in &what.held {
            let Some(reason) = self.forget_held(key) else { continue };
            done.held += 1;
            match reason {
                QuarantineReason::Conflict => self.conflict_tombstones.insert(*key),
                _ => self.tombstones.insert((key.station, key.record)),
            };
        }
        let others = |key: &PersonKey| self.holders.values().any(|(person, _)| person.phone == Some(*key));
        let phones: Vec<_> = what.phones.iter().filter(|key| !others(key)).copied().collect();
        for key in what.looks.iter().chain(&phones) {
            let key = key.to_string();
            self.consents.retain(|_, consent| consent.person != key);
            for entry in &mut self.audit {
                if entry.kind() == "looks" && region.contains(&entry.region) {
                    let theirs = entry.words.take_if(|(_, words)| words.ends_with(&key));
                    done.entries += u64::from(theirs.is_some());
                }
            }
        }
        if let Some(erasure) = self.erasures.get_mut(&id) {
            erasure.names = Some(what.names.clone());
            erasure.done.passages += done.passages;
            erasure.done.held += done.held;
            erasure.done.entries += done.entries;
        }
    }
}
