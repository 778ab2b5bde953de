//! Reports in conflict that a person files, and alerts about stations as a whole.

use health_code::Timestamp;
use wire::{RecordId, SealedReport, StationId};

use super::office::{Office, State};
use crate::store::chain::Raised;
use crate::store::{Alert, AlertKind, Outcome, QuarantineReason, Settled, Waiting};

/// The record of an alert that concerns a whole station.
const NONE: RecordId = RecordId([0; 16]);

impl Office {
    pub fn conflicts(&self, station: StationId, record: RecordId) -> Vec<Waiting> {
        let held = self.quarantine.iter().filter(|(key, held)| {
            let conflict = held.state == State::Held && held.reason == QuarantineReason::Conflict;
            conflict && (key.station, key.record) == (station, record)
        });
        let mut conflicts: Vec<_> = held
            .map(|(key, held)| Waiting { key: *key, received: held.received, report: held.report.clone() })
            .collect();
        conflicts.sort_by_key(|conflict| (conflict.received, conflict.key.hash));
        conflicts
    }

    pub fn file_conflict(&mut self, conflict: &Waiting, opened: &Settled, now: Timestamp) -> bool {
        let (station, record) = (conflict.key.station, conflict.key.record);
        let Outcome::Filed(filing) = &opened.outcome else { return false };
        let open = self.conflicts(station, record).iter().any(|other| other.key == conflict.key);
        if !open || !self.file(opened.key, (conflict.received, conflict.report.seq), filing) {
            return false;
        }
        self.count(station, conflict.received, filing, now);
        if let Some(held) = self.quarantine.get_mut(&conflict.key) {
            held.state = State::Filed;
            held.report = SealedReport { ciphertext: Vec::new(), ..held.report.clone() };
        }
        if self.conflicts(station, record).is_empty() {
            self.clear_one(station, AlertKind::Conflict, record, now);
        }
        for (kind, detail) in &opened.alerts {
            let raised = Raised { kind: *kind, record: opened.key.record, detail: detail.clone() };
            self.raise(station, raised, now);
        }
        true
    }

    pub fn raise_about(&mut self, station: StationId, kind: AlertKind, detail: &str, now: Timestamp) {
        let known = |alert: &&mut Alert| (alert.station, alert.kind, alert.record) == (station, kind, NONE);
        let raised =
            Alert { station, kind, record: NONE, detail: detail.to_owned(), raised: now, cleared: None };
        match self.alerts.iter_mut().find(known) {
            Some(alert) if alert.cleared.is_some() => *alert = raised,
            Some(_) => {}
            None => self.alerts.push(raised),
        }
    }

    pub fn clear(&mut self, kind: AlertKind, now: Timestamp) {
        for alert in self.alerts.iter_mut().filter(|alert| alert.kind == kind) {
            alert.cleared = alert.cleared.or(Some(now));
        }
    }
}
