//! What waits to be opened: leases, outcomes, and the way back from the quarantine.

use health_code::{Claims, Timestamp};
use wire::{Carried, Passage, SealedReport, StationId};

use super::office::{Mail, Office, State};
use crate::store::chain::Raised;
use crate::store::{
    AlertKind, Change, ChangeKey, Content, Filing, Letter, LetterKey, Opened, Outcome, PassageRow,
    PersonKeys, QuarantineReason, ReportKey, Settled, StoreError, Waiting,
};

fn is_free(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_none_or(|until| until <= now)
}

impl Office {
    pub fn claim(&mut self, limit: usize, now: Timestamp, until: Timestamp) -> Vec<Letter> {
        let mut letters = Vec::new();
        for (key, held) in &mut self.quarantine {
            if held.state == State::Waits && is_free(held.until, now) && letters.len() < limit {
                held.until = Some(until);
                let content = Content::Report(Box::new(held.report.clone()));
                letters.push(Letter { key: LetterKey::Reopened(*key), received: held.received, content });
            }
        }
        let mut left = limit - letters.len();
        for mail in self.mail.values_mut().filter(|mail| is_free(mail.until, now)) {
            if left == 0 || (mail.waiting > left && !letters.is_empty()) {
                break;
            }
            left = left.saturating_sub(mail.waiting);
            mail.until = Some(until);
            let Mail { station, n, received, signed, skip, .. } = mail.clone();
            let content = Content::Batch { signed, skip };
            letters.push(Letter { key: LetterKey::Mail { station, n }, received, content });
        }
        letters
    }

    pub fn settle(&mut self, opened: &[Opened], now: Timestamp) -> Result<(), StoreError> {
        let letters: Vec<_> = opened
            .iter()
            .map(|opened| Ok((opened.letter.key, opened.pairs()?)))
            .collect::<Result<_, StoreError>>()?;
        for (key, pairs) in letters {
            let (waits, from_quarantine) = match key {
                LetterKey::Mail { station, n } => {
                    let found = self.mail.iter().find(|(_, mail)| (mail.station, mail.n) == (station, n));
                    let id = found.map(|(id, _)| *id);
                    (id.and_then(|id| self.mail.remove(&id)).is_some(), false)
                }
                LetterKey::Reopened(key) => {
                    (self.quarantine.get(&key).is_some_and(|held| held.state == State::Waits), true)
                }
            };
            for (waiting, settled) in pairs {
                if waits {
                    self.settle_one(waiting, settled, from_quarantine, now);
                }
            }
        }
        Ok(())
    }

    fn settle_one(&mut self, waiting: Waiting, settled: &Settled, from_quarantine: bool, now: Timestamp) {
        let key = settled.key;
        // What was erased is not filed again, whichever way it comes.
        if self.is_buried(&key) {
            if let Some(held) = self.quarantine.get_mut(&key).filter(|_| from_quarantine) {
                held.forget();
            }
            return;
        }
        let quarantined = match &settled.outcome {
            Outcome::Quarantined(reason) => Some(*reason),
            Outcome::Filed(filing) if self.file(key, (waiting.received, waiting.report.seq), filing) => {
                self.count(key.station, waiting.received, filing, now);
                None
            }
            Outcome::Filed(_) => {
                let detail = "the record id came again at another place of the station's chain".to_owned();
                let raised = Raised { kind: AlertKind::Conflict, record: key.record, detail };
                self.raise(key.station, raised, now);
                Some(QuarantineReason::Conflict)
            }
        };
        match (quarantined, self.quarantine.get_mut(&key).filter(|_| from_quarantine)) {
            (Some(reason), Some(held)) => (held.reason, held.state, held.until) = (reason, State::Held, None),
            (None, Some(held)) => {
                held.state = State::Filed;
                held.report = SealedReport { ciphertext: Vec::new(), ..held.report.clone() };
            }
            (Some(reason), None) => {
                self.hold(key.station, waiting.report, reason, waiting.received);
            }
            (None, None) => {}
        }
        for (kind, detail) in &settled.alerts {
            let raised = Raised { kind: *kind, record: key.record, detail: detail.clone() };
            self.raise(key.station, raised, now);
        }
    }

    /// Files an opened report. Returns false if one of this kind was filed under its record id before.
    pub fn file(&mut self, key: ReportKey, (received, seq): (Timestamp, u64), filing: &Filing) -> bool {
        let name = (key.station, key.record);
        match filing {
            Filing::Shift(_) if self.shifts.contains_key(&name) => return false,
            Filing::Shift(shift) => {
                self.shifts.insert(name, shift.clone());
            }
            Filing::Health(_) if self.health.contains_key(&name) => return false,
            Filing::Health(health) => {
                self.health.insert(name, health.clone());
            }
            Filing::Roster { .. } if self.changes.contains_key(&name) => return false,
            Filing::Roster { roster, state } => {
                let key = ChangeKey { station: key.station, record: key.record };
                let (at, by, change) = (Timestamp(roster.at), roster.by, roster.change.clone());
                let community = self.stations[&key.station].station.community.clone();
                let change = Change { key, community, at, by, change, state: *state };
                self.changes.insert(name, (change, (received, seq)));
            }
            Filing::Passage { .. } | Filing::Certificate(_) if self.passages.contains_key(&name) => {
                return false;
            }
            Filing::Passage { passage, claims, person } => {
                self.holders.insert(name, (*person, None));
                if let Carried::Whole(code) = &passage.code {
                    self.codes.insert(name, code.clone());
                }
                self.passages.insert(name, row(key, received, passage, Some(claims)));
            }
            Filing::Certificate(passage) => {
                let id = match &passage.code {
                    Carried::Certificate { id, .. } => Some(id.clone()),
                    Carried::Whole(_) => None,
                };
                self.holders.insert(name, (PersonKeys::default(), id));
                self.passages.insert(name, row(key, received, passage, None));
            }
        }
        true
    }

    pub fn reopen(&mut self, reason: Option<QuarantineReason>) -> usize {
        let wanted = |of: QuarantineReason| match reason {
            _ if of == QuarantineReason::Conflict => false,
            Some(reason) => of == reason,
            None => of != QuarantineReason::Withdrawn,
        };
        let held =
            self.quarantine.values_mut().filter(|held| held.state == State::Held && wanted(held.reason));
        held.map(|held| held.state = State::Waits).count()
    }

    pub fn oldest_waiting(&self) -> Option<(StationId, Timestamp)> {
        let reopened = self.quarantine.iter().filter(|(_, held)| held.state == State::Waits);
        let reopened = reopened.map(|(key, held)| (key.station, held.received));
        let mail = self.mail.values().map(|mail| (mail.station, mail.received));
        reopened.chain(mail).min_by_key(|(_, received)| *received)
    }
}

fn row(key: ReportKey, received: Timestamp, passage: &Passage, claims: Option<&Claims>) -> PassageRow {
    let (country, certificate, masked_name) = match &passage.code {
        Carried::Whole(_) => ("", "", ""),
        Carried::Certificate { id, country, masked_name } => (&**country, &**id, &**masked_name),
    };
    PassageRow {
        station: key.station,
        record: key.record,
        at: Timestamp(passage.at),
        judged: Timestamp(passage.judged_at),
        clock: passage.clock,
        checkpoint: passage.checkpoint,
        collector: passage.collector,
        shown: passage.shown,
        direction: passage.direction,
        outcome: passage.outcome,
        iss: claims.map_or(country, |claims| &claims.iss).to_owned(),
        masked_name: claims.map_or(masked_name, |claims| &claims.masked_name).to_owned(),
        masked_id: claims.map(|claims| claims.masked_id.clone()).unwrap_or_default(),
        colour: claims.map_or("certificate", |claims| claims.colour.code()).to_owned(),
        verified: claims.is_some(),
        pseudonym: claims
            .map_or_else(|| health_code::hcert::pseudonym(certificate), |claims| claims.pseudonym),
        received,
    }
}
