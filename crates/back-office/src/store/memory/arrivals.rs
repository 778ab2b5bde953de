//! Taking batches in, and the search for what is missing.

use std::collections::BTreeSet;

use health_code::Timestamp;
use wire::StationId;

use super::Rules;
use super::office::{Known, Mail, Office};
use crate::store::chain::{
    Asks, Follower, Head, History, Joined, Loose, LooseRun, NewRun, Plan, RunKey, Search, StoredRun,
};
use crate::store::{Accepted, AlertKind, Arrival, QuarantineReason, Skip, StoreError};

impl Known {
    /// Returns what a batch asks for.
    fn history(&self, plan: &Plan) -> History {
        let asks = Asks::of(plan, &self.tip);
        let in_span = |key: &RunKey| {
            asks.spans
                .iter()
                .any(|span| span.stream == key.stream && (span.low..=span.high).contains(&key.first))
        };
        let stream = self.tip.place.map(|(stream, _)| stream);
        let newest = self.runs.iter().rev().filter(|(key, _)| Some(key.stream) == stream).take(asks.newest);
        let near = self.runs.iter().filter(|(key, _)| in_span(key));
        let begins = self.runs.iter().filter(|(key, _)| key.first == 0).map(|(_, (stored, _))| &stored.run);
        History {
            tip: self.tip.clone(),
            runs: near.chain(newest).map(|(_, (stored, _))| stored.clone()).collect(),
            seen: asks.streams.into_iter().filter(|s| self.runs.keys().any(|key| key.stream == *s)).collect(),
            firsts: begins
                .filter(|run| asks.links.contains(&run.link))
                .map(|run| Follower { link: run.link, record: run.record() })
                .collect(),
            loose: self.loose(&asks.heads),
        }
    }

    fn loose(&self, heads: &BTreeSet<Head>) -> Vec<LooseRun> {
        self.all_loose().filter(|loose| heads.contains(&loose.link)).collect()
    }

    fn all_loose(&self) -> impl Iterator<Item = LooseRun> {
        let hang = self.runs.iter().filter(|(_, (stored, _))| stored.loose != Loose::Joined);
        hang.map(|(key, (stored, received))| LooseRun {
            key: *key,
            link: stored.run.link,
            record: stored.run.record(),
            told: stored.loose == Loose::Told,
            received: *received,
        })
    }

    fn keep(&mut self, stored: StoredRun, received: Timestamp) {
        let key = RunKey { stream: stored.run.stream, first: stored.run.first, fork: stored.fork };
        self.runs.insert(key, (stored, received));
    }

    fn set_loose(&mut self, key: &RunKey, loose: Loose) {
        if let Some((stored, _)) = self.runs.get_mut(key) {
            stored.loose = loose;
        }
    }
}

impl Office {
    pub fn accept(&mut self, arrival: &Arrival, rules: &Rules) -> Result<Accepted, StoreError> {
        let (id, received) = (arrival.batch.station, arrival.received);
        let plan = Plan::of(&arrival.batch.reports);
        let Some(known) = self.stations.get_mut(&id) else {
            return Err(StoreError::Failed("no such station".to_owned()));
        };
        known.station.last_seen = Some(received);
        if arrival.batch.about.is_some() {
            known.station.about.clone_from(&arrival.batch.about);
        }
        let withdrawn = known.station.withdrawn;
        let fast = (rules.fast)(&plan).filter(|fast| {
            let seen = |stream| known.runs.keys().any(|key| key.stream == stream);
            withdrawn.is_none() && !fast.begins.iter().any(|stream| seen(*stream))
        });
        if let Some(tip) = fast.as_ref().and_then(|fast| known.tip.after(fast, plan.named.len() as u64)) {
            known.tip = tip;
            for planned in &plan.runs {
                let run = NewRun { run: planned.run.clone(), fork: 0, loose: false };
                known.keep(run.stored(), received);
            }
            if known.tip.loose > 0 {
                let joined = (rules.join)(&plan, &known.loose(&plan.heads()));
                known.tip.loose = known.tip.loose.saturating_sub(joined.runs.len() as u64);
                if joined.tip_followed {
                    known.tip.head = None;
                }
                self.join(id, joined, received);
            }
            self.post(arrival, &Skip::none(plan.named.len()));
            return Ok(Accepted { lines: plan.all_stored(), withdrawn: None });
        }
        let told = known.station.told.is_some();
        let decision = (rules.decide)(&plan, &known.history(&plan), told);
        if withdrawn.is_some() {
            known.station.told = known.station.told.or(Some(received));
        }
        known.tip = decision.tip.clone();
        decision.runs.iter().for_each(|new| known.keep(new.stored(), received));
        self.join(id, decision.joined.clone(), received);
        self.post(arrival, &decision.skip);
        let mut kept = BTreeSet::new();
        for (index, reason) in &decision.quarantine {
            let report = &arrival.batch.reports[*index];
            if self.hold(id, report.clone(), *reason, received) {
                kept.insert(report.record);
            }
        }
        decision.alerts_about(&kept).into_iter().for_each(|raised| self.raise(id, raised, received));
        Ok(Accepted { lines: decision.lines, withdrawn })
    }

    fn join(&mut self, id: StationId, joined: Joined, now: Timestamp) {
        if let Some(known) = self.stations.get_mut(&id) {
            joined.runs.iter().for_each(|key| known.set_loose(key, Loose::Joined));
        }
        joined.cleared.iter().for_each(|record| self.clear_one(id, AlertKind::Gap, *record, now));
        joined.alerts.into_iter().for_each(|raised| self.raise(id, raised, now));
    }

    fn post(&mut self, arrival: &Arrival, skip: &Skip) {
        let station = arrival.batch.station;
        let n = self.stations.get(&station).map(|known| known.tip.n).unwrap_or_default();
        let waiting = skip.waiting();
        if waiting > 0 {
            let skip = skip.bits().map(|bits| Skip::from_bits(bits.to_vec()));
            let id = self.mail.last_key_value().map_or(0, |(last, _)| last + 1);
            let (received, signed) = (arrival.received, arrival.signed.clone());
            self.mail.insert(id, Mail { station, n, received, signed, skip, waiting, until: None });
        }
    }

    pub fn check_chains(&mut self, before: Timestamp, now: Timestamp) {
        let conflicts: Vec<_> = self
            .quarantine
            .iter()
            .filter(|(_, held)| held.reason == QuarantineReason::Conflict)
            .map(|(key, held)| (key.station, held.report.link, key.hash))
            .collect();
        let mut alerts = Vec::new();
        for (id, known) in &mut self.stations {
            let due = known.all_loose().filter(|loose| !loose.told && loose.received <= before);
            let mut search = Search::new(due.collect());
            known.runs.values().for_each(|(stored, _)| search.look(&stored.run));
            let own = conflicts.iter().filter(|(station, ..)| station == id);
            own.for_each(|(_, link, hash)| search.look_at_conflict(link, hash));
            for verdict in search.finish() {
                let loose = if verdict.found { Loose::Joined } else { Loose::Told };
                known.set_loose(&verdict.run.key, loose);
                known.tip.loose = known.tip.loose.saturating_sub(u64::from(verdict.found));
                alerts.extend(verdict.alerts.into_iter().map(|raised| (*id, raised)));
            }
        }
        alerts.into_iter().for_each(|(id, raised)| self.raise(id, raised, now));
    }
}
