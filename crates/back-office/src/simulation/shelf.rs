//! An office without a disk: plain maps behind the pure core of the store, and beside them somebody who
//! remembers every report and answers as a receipt should.

use std::collections::{BTreeMap, BTreeSet};

use health_code::Timestamp;
use wire::{ReceiptLine, RecordId, RecordStatus, SealedReport, StreamId};

use super::rules::Rules;
use crate::store::chain::{
    Asks, Follower, Head, History, Joined, Loose, LooseRun, NOTHING, Plan, Raised, Run, RunKey, Search,
    StoredRun, Tip,
};
use crate::store::{AlertKind, Skip};

/// What the office's database holds of one station.
#[derive(Clone)]
pub(super) struct Shelf {
    tip: Tip,
    runs: BTreeMap<RunKey, (Run, Loose)>,
    mail: BTreeMap<u64, (Vec<SealedReport>, Skip)>,
    quarantine: BTreeMap<(RecordId, [u8; 32]), SealedReport>,
    filed: BTreeMap<RecordId, SealedReport>,
    alerts: BTreeMap<(&'static str, RecordId), bool>,
    remembered: Remembered,
}

/// Every report at its place, whatever the rules make of it.
#[derive(Clone, Default)]
struct Remembered {
    places: BTreeMap<(StreamId, u64, RecordId), BTreeSet<[u8; 32]>>,
    followers: BTreeMap<Head, BTreeSet<RecordId>>,
    /// Whether a report came at another place than it was sealed for. It goes to quarantine, which tells of
    /// it; forks beside it may go unnoticed.
    moved: bool,
    heads: BTreeSet<Head>,
    links: BTreeMap<(StreamId, u64, RecordId), Head>,
}

impl Shelf {
    pub fn new() -> Self {
        Self {
            tip: Tip::START,
            runs: BTreeMap::new(),
            mail: BTreeMap::new(),
            quarantine: BTreeMap::new(),
            filed: BTreeMap::new(),
            alerts: BTreeMap::new(),
            remembered: Remembered::default(),
        }
    }

    /// Commits a batch and returns the receipt's lines. An error says what is wrong with them.
    pub fn accept(&mut self, reports: &[SealedReport], rules: Rules) -> Result<Vec<ReceiptLine>, String> {
        let expected: Vec<_> = reports.iter().map(|report| self.remembered.meet(report)).collect();
        let plan = Plan::of(reports);
        let fast = plan.fast().filter(|fast| {
            (rules.goes_on)(fast, &self.tip) && fast.begins.iter().all(|stream| !self.has(*stream))
        });
        let lines = match fast {
            Some(fast) => {
                self.tip.n += 1;
                (self.tip.place, self.tip.head) = (Some(fast.next), Some(fast.head));
                for planned in &plan.runs {
                    self.keep(planned.run.clone(), 0, Loose::Joined)?;
                }
                self.mail.insert(self.tip.n, (reports.to_vec(), Skip::none(reports.len())));
                let loose = self.loose(&plan.heads());
                let joined = (rules.join)(&plan, &loose);
                if joined.tip_followed {
                    self.tip.head = None;
                }
                self.tip.loose = self.tip.loose.saturating_sub(joined.runs.len() as u64);
                self.raise(&joined.alerts);
                self.take_down(&joined);
                plan.all_stored()
            }
            None => self.accept_slowly(&plan, reports, rules)?,
        };
        let statuses: Vec<_> = lines.iter().map(|line| line.status).collect();
        if statuses == expected { Ok(lines) } else { Err(format!("said {statuses:?}, and not {expected:?}")) }
    }

    fn accept_slowly(
        &mut self,
        plan: &Plan,
        reports: &[SealedReport],
        rules: Rules,
    ) -> Result<Vec<ReceiptLine>, String> {
        let decision = (rules.decide)(plan, &self.history(plan), false);
        self.tip = decision.tip;
        for new in decision.runs {
            let loose = if new.loose { Loose::Hangs } else { Loose::Joined };
            self.keep(new.run, new.fork, loose)?;
        }
        if decision.skip.waiting() > 0 {
            self.mail.insert(self.tip.n, (reports.to_vec(), decision.skip));
        }
        for (index, _) in decision.quarantine {
            self.set_aside(&reports[index]);
        }
        self.raise(&decision.alerts);
        self.take_down(&decision.joined);
        Ok(decision.lines)
    }

    fn history(&self, plan: &Plan) -> History {
        let asks = Asks::of(plan, &self.tip);
        let stored = |(key, (run, loose)): (&RunKey, &(Run, Loose))| StoredRun {
            run: run.clone(),
            fork: key.fork,
            loose: *loose,
        };
        let asked = |key: &RunKey| {
            let mut spans = asks.spans.iter().filter(|span| span.stream == key.stream);
            spans.any(|span| (span.low..=span.high).contains(&key.first))
        };
        let mut runs: Vec<_> = self.runs.iter().filter(|(key, _)| asked(key)).map(stored).collect();
        if let Some((stream, _)) = self.tip.place {
            let newest = self.runs.iter().rev().filter(|(key, _)| key.stream == stream);
            runs.extend(newest.take(asks.newest).map(stored));
        }
        let begins =
            self.runs.iter().filter(|(key, (run, _))| key.first == 0 && asks.links.contains(&run.link));
        History {
            tip: self.tip.clone(),
            runs,
            seen: asks.streams.iter().copied().filter(|stream| self.has(*stream)).collect(),
            firsts: begins.map(|(_, (run, _))| Follower { link: run.link, record: run.record() }).collect(),
            loose: if self.tip.loose > 0 { self.loose(&asks.heads) } else { Vec::new() },
        }
    }

    fn keep(&mut self, run: Run, fork: u32, loose: Loose) -> Result<(), String> {
        let key = RunKey { stream: run.stream, first: run.first, fork };
        match self.runs.insert(key, (run, loose)) {
            None => Ok(()),
            Some(_) => Err(format!("two runs at {key:?}")),
        }
    }

    fn has(&self, stream: StreamId) -> bool {
        self.runs.keys().any(|key| key.stream == stream)
    }

    fn loose(&self, heads: &BTreeSet<Head>) -> Vec<LooseRun> {
        let hangs =
            self.runs.iter().filter(|(_, (run, loose))| *loose != Loose::Joined && heads.contains(&run.link));
        hangs.map(|(key, (run, loose))| loose_run(*key, run, *loose)).collect()
    }

    fn take_down(&mut self, joined: &Joined) {
        for key in &joined.runs {
            if let Some((_, loose)) = self.runs.get_mut(key) {
                *loose = Loose::Joined;
            }
        }
        for record in &joined.cleared {
            self.alerts.insert((AlertKind::Gap.code(), *record), false);
        }
    }

    fn raise(&mut self, alerts: &[Raised]) {
        for alert in alerts {
            self.alerts.entry((alert.kind.code(), alert.record)).or_insert(true);
        }
    }

    fn set_aside(&mut self, report: &SealedReport) {
        let hash = wire::seal::hash(&report.ciphertext);
        self.quarantine.insert((report.record, hash), report.clone());
    }

    /// Opens the oldest letter; returns whether there was one.
    pub fn open(&mut self) -> bool {
        let Some((_, (reports, skip))) = self.mail.pop_first() else { return false };
        let opened = reports.iter().enumerate().filter(|(index, _)| !skip.has(*index));
        for (_, report) in opened {
            if !super::laptop::reads(report) || self.filed.contains_key(&report.record) {
                self.set_aside(report);
            } else {
                self.filed.insert(report.record, report.clone());
            }
        }
        true
    }

    /// Searches for what is missing.
    pub fn search(&mut self) {
        let due = self.runs.iter().filter(|(_, (_, loose))| *loose == Loose::Hangs);
        let mut search = Search::new(due.map(|(key, (run, loose))| loose_run(*key, run, *loose)).collect());
        self.runs.values().for_each(|(run, _)| search.look(run));
        for ((_, hash), report) in &self.quarantine {
            search.look_at_conflict(&report.link, hash);
        }
        for verdict in search.finish() {
            if let Some((_, loose)) = self.runs.get_mut(&verdict.run.key) {
                *loose = if verdict.found { Loose::Joined } else { Loose::Told };
            }
            self.tip.loose = self.tip.loose.saturating_sub(u64::from(verdict.found));
            self.raise(&verdict.alerts);
        }
    }

    /// Returns how often each payload is filed, and which are in quarantine.
    pub fn books(&self) -> (BTreeMap<u64, u64>, BTreeSet<u64>) {
        let mut filed = BTreeMap::new();
        for report in self.filed.values() {
            *filed.entry(super::laptop::payload(report)).or_default() += 1;
        }
        (filed, self.quarantine.values().map(super::laptop::payload).collect())
    }

    /// Compares the alerts with what is remembered, after everything was opened and searched for.
    pub fn check(&self) -> Result<(), String> {
        for report in self.quarantine.values() {
            // At another place it cannot be opened, and is kept as well.
            if self.filed.get(&report.record) == Some(report) {
                return Err(format!("{} is filed and in quarantine", report.record));
            }
        }
        let raised = |kind: AlertKind, record: &RecordId| self.alerts.get(&(kind.code(), *record)).copied();
        let mut forked = false;
        for (link, followers) in &self.remembered.followers {
            let two = followers.len() > 1;
            forked |= two;
            let told = followers.iter().any(|record| raised(AlertKind::Fork, record).is_some());
            if two && !told && !self.remembered.moved {
                return Err(format!("no alert for the fork at {:02x?}", &link[..4]));
            }
        }
        let mut places = BTreeSet::new();
        forked |= self.remembered.places.keys().any(|(stream, seq, _)| !places.insert((*stream, *seq)));
        if !forked && self.alerts.keys().any(|(kind, _)| *kind == AlertKind::Fork.code()) {
            return Err("an alert for a fork that is none".to_owned());
        }
        let (mut gaps, mut met, mut twice) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for ((_, _, record), link) in &self.remembered.links {
            if !met.insert(*record) {
                twice.insert(*record);
            }
            if *link != NOTHING && !self.remembered.heads.contains(link) {
                gaps.insert(*record);
            }
        }
        let open = self.alerts.iter().filter(|((kind, _), open)| *kind == AlertKind::Gap.code() && **open);
        let mut open: BTreeSet<_> = open.map(|((_, record), _)| *record).collect();
        // A record that stands at two places has one alert for both.
        [&mut gaps, &mut open].into_iter().for_each(|set| set.retain(|record| !twice.contains(record)));
        if open == gaps { Ok(()) } else { Err(format!("gaps {gaps:?}, alerts {open:?}")) }
    }
}

impl Remembered {
    /// Returns the status that a report has to get, and remembers it.
    fn meet(&mut self, report: &SealedReport) -> RecordStatus {
        let hash = wire::seal::hash(&report.ciphertext);
        self.moved |= !super::laptop::is_in_place(report);
        let place = (report.stream, report.seq, report.record);
        self.heads.insert(wire::seal::head_after(&report.link, &hash));
        let Some(known) = self.places.get_mut(&place) else {
            self.places.insert(place, BTreeSet::from([hash]));
            self.followers.entry(report.link).or_default().insert(report.record);
            self.links.insert(place, report.link);
            return RecordStatus::Stored;
        };
        if known.contains(&hash) { RecordStatus::AlreadyStored } else { RecordStatus::Conflict }
    }
}

fn loose_run(key: RunKey, run: &Run, loose: Loose) -> LooseRun {
    let told = loose == Loose::Told;
    LooseRun { key, link: run.link, record: run.record(), told, received: Timestamp(0) }
}
