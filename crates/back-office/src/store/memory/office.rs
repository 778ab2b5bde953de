//! The maps, and the lists of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use health_code::{PersonId, Region, Timestamp};
use wire::erasure::HeldCopy;
use wire::report::{Health, Shift};
use wire::{Generation, RecordId, SealedReport, StationId, StreamId};

use crate::store::chain::{Raised, RunKey, StoredRun, Tip};
use crate::store::tally::WorkKey;
use crate::store::{
    AccountRow, Alert, AlertKind, Change, ChangeState, ConsentRow, Counts, Edition, Entry, Erasure,
    IssuedTicket, Officer, PassageRow, PersonKeys, QuarantineReason, Quarantined, ReportKey, SessionRow,
    Skip, Span, Station, Tally,
};

/// Everything that an office keeps.
#[derive(Debug, Clone, Default)]
pub(super) struct Office {
    pub tickets: BTreeMap<[u8; 32], Ticket>,
    pub officers: BTreeMap<[u8; 8], Officer>,
    pub stations: BTreeMap<StationId, Known>,
    /// By the order of arrival.
    pub mail: BTreeMap<u64, Mail>,
    pub quarantine: BTreeMap<ReportKey, Held>,
    pub passages: BTreeMap<(StationId, RecordId), PassageRow>,
    /// By what each passage's holder is found, and the certificate's identifier.
    pub holders: BTreeMap<(StationId, RecordId), (PersonKeys, Option<String>)>,
    /// The COSE of each passage's code.
    pub codes: BTreeMap<(StationId, RecordId), Vec<u8>>,
    pub shifts: BTreeMap<(StationId, RecordId), Shift>,
    pub health: BTreeMap<(StationId, RecordId), Health>,
    /// By span, subject, and the second in which it begins.
    pub tallies: BTreeMap<(Span, String, i64), Tally>,
    pub work: BTreeMap<WorkKey, Tally>,
    /// With the time of arrival.
    /// Each with when it arrived, and its number in its stream.
    pub changes: BTreeMap<(StationId, RecordId), (Change, (Timestamp, u64))>,
    pub alerts: Vec<Alert>,
    /// With the time from which each was in force.
    pub editions: Vec<(Edition, Timestamp)>,
    pub generation: Option<Generation>,
    pub community_from: u64,
    pub backed_up: BTreeMap<StationId, (StreamId, u64)>,
    pub accounts: BTreeMap<PersonId, AccountRow>,
    pub sessions: BTreeMap<[u8; 32], SessionRow>,
    pub regions: Option<Vec<u8>>,
    pub audit: Vec<Entry>,
    pub consents: BTreeMap<[u8; 16], ConsentRow>,
    pub tombstones: BTreeSet<(StationId, RecordId)>,
    pub conflict_tombstones: BTreeSet<ReportKey>,
    pub erasures: BTreeMap<[u8; 16], Erasure>,
    pub copies: Vec<HeldCopy>,
    pub purges: BTreeMap<Region, Timestamp>,
    pub relied: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(super) struct Ticket {
    pub issued: IssuedTicket,
    pub used_by: Option<StationId>,
    pub used_at: Timestamp,
}

/// A station and its chain.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub station: Station,
    pub tip: Tip,
    pub runs: BTreeMap<RunKey, (StoredRun, Timestamp)>,
}

/// A letter that waits.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    pub station: StationId,
    pub n: u64,
    pub received: Timestamp,
    pub signed: Vec<u8>,
    pub skip: Option<Skip>,
    pub waiting: usize,
    pub until: Option<Timestamp>,
}

/// A report in quarantine, or one that was.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub reason: QuarantineReason,
    pub state: State,
    pub report: SealedReport,
    pub received: Timestamp,
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Waits,
    Filed,
    Held,
}

impl Held {
    /// Erases the ciphertext. Returns how many that were.
    pub fn forget(&mut self) -> u64 {
        let was = std::mem::replace(&mut self.state, State::Filed);
        self.until = None;
        self.report.ciphertext = Vec::new();
        u64::from(was != State::Filed)
    }
}

impl Office {
    pub fn raise(&mut self, station: StationId, raised: Raised, now: Timestamp) {
        let Raised { kind, record, detail } = raised;
        let known = |alert: &Alert| (alert.station, alert.kind, alert.record) == (station, kind, record);
        if !self.alerts.iter().any(known) {
            self.alerts.push(Alert { station, kind, record, detail, raised: now, cleared: None });
        }
    }

    pub fn clear_one(&mut self, station: StationId, kind: AlertKind, record: RecordId, now: Timestamp) {
        for alert in &mut self.alerts {
            if (alert.station, alert.kind, alert.record) == (station, kind, record) {
                alert.cleared = alert.cleared.or(Some(now));
            }
        }
    }

    /// Keeps a report in quarantine; one that was erased stays away, and false is returned. A conflict is another one
    /// under its id.
    pub fn hold(
        &mut self,
        station: StationId,
        report: SealedReport,
        reason: QuarantineReason,
        received: Timestamp,
    ) -> bool {
        let hash = wire::seal::hash(&report.ciphertext);
        let key = ReportKey { station, record: report.record, hash };
        let buried = match reason {
            QuarantineReason::Conflict => self.conflict_tombstones.contains(&key),
            _ => self.is_buried(&key),
        };
        if buried {
            return false;
        }
        let held = Held { reason, state: State::Held, report, received, until: None };
        self.quarantine.entry(key).or_insert(held);
        true
    }

    /// Returns whether a report was erased.
    pub fn is_buried(&self, key: &ReportKey) -> bool {
        self.tombstones.contains(&(key.station, key.record)) || self.conflict_tombstones.contains(key)
    }

    pub fn counts(&self) -> Counts {
        let of = |state| self.quarantine.values().filter(|held| held.state == state).count() as u64;
        Counts {
            passages: self.passages.len() as u64,
            shifts: self.shifts.len() as u64,
            roster_changes: self.changes.len() as u64,
            health_reports: self.health.len() as u64,
            waiting: self.mail.values().map(|mail| mail.waiting as u64).sum::<u64>() + of(State::Waits),
            quarantined: of(State::Held),
            records: self.stations.values().map(|known| known.tip.records).sum(),
            stations: self.stations.len() as u64,
            alerts: self.alerts.iter().filter(|alert| alert.cleared.is_none()).count() as u64,
        }
    }

    pub fn passages(&self, limit: usize) -> Vec<PassageRow> {
        let mut rows: Vec<_> = self.passages.values().cloned().collect();
        rows.sort_by_key(|row| (Reverse(row.at), row.record));
        rows.truncate(limit);
        rows
    }

    pub fn quarantined(&self, limit: usize) -> Vec<Quarantined> {
        let mut held: Vec<_> = self.quarantine.iter().filter(|(_, held)| held.state == State::Held).collect();
        held.sort_by_key(|(_, held)| Reverse((held.received, held.report.stream, held.report.seq)));
        held.truncate(limit);
        held.into_iter()
            .map(|(key, held)| {
                let ReportKey { station, record, hash } = *key;
                Quarantined { station, record, hash, received: held.received, reason: held.reason }
            })
            .collect()
    }

    pub fn alerts(&self, limit: usize) -> Vec<Alert> {
        let mut alerts: Vec<_> = self.alerts.iter().rev().cloned().collect();
        alerts.sort_by_key(|alert| alert.cleared.is_some());
        alerts.truncate(limit);
        alerts
    }

    pub fn roster_changes(&self, limit: usize) -> Vec<Change> {
        let mut changes: Vec<_> = self.changes.values().map(|(change, _)| change.clone()).collect();
        changes.sort_by_key(|change| (Reverse(change.at), change.key.record));
        changes.truncate(limit);
        changes
    }

    pub fn accepted_changes(&self, limit: usize) -> Vec<Change> {
        self.arrived(|change| change.state == ChangeState::Accepted, limit)
    }

    pub fn changes_of(&self, station: StationId, records: &[RecordId]) -> Vec<Change> {
        let found = records.iter().filter_map(|record| self.changes.get(&(station, *record)));
        found.map(|(change, _)| change.clone()).collect()
    }

    pub fn changes_about(&self, ids: &[[u8; 8]], limit: usize) -> Vec<Change> {
        self.arrived(|change| change.change.subject().is_some_and(|id| ids.contains(&id)), limit)
    }

    /// Returns changes in the order of their arrival.
    fn arrived(&self, wanted: impl Fn(&Change) -> bool, limit: usize) -> Vec<Change> {
        let mut found: Vec<_> = self.changes.values().filter(|(change, _)| wanted(change)).collect();
        found.sort_by_key(|(change, (received, seq))| (*received, change.at, *seq, change.key.record));
        found.truncate(limit);
        found.into_iter().map(|(change, _)| change.clone()).collect()
    }
}
