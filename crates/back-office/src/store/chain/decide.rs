//! The slow path: decides about a batch by what is known of its station.

use std::collections::BTreeSet;

use wire::{ReceiptLine, RecordId, RecordStatus};

use super::join::{fork, join_in};
use super::plan::Linked;
use super::view::View;
use super::{Asks, History, Joined, Loose, Plan, Planned, Raised, Run, RunKey, StoredRun, Tip};
use crate::store::letter::Skip;
use crate::store::{AlertKind, QuarantineReason};

/// A run that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// The run.
    pub run: Run,
    /// See [`RunKey::fork`].
    pub fork: u32,
    /// Whether it hangs loose.
    pub loose: bool,
}

/// What is to be written for a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The receipt's lines, in the order of the batch.
    pub lines: Vec<ReceiptLine>,
    /// The runs to keep.
    pub runs: Vec<NewRun>,
    /// The reports that go to quarantine, by their position in the batch.
    pub quarantine: Vec<(usize, QuarantineReason)>,
    /// What does not hang any more. Its alerts are among `alerts`.
    pub joined: Joined,
    /// The alerts to raise.
    pub alerts: Vec<Raised>,
    /// Which reports of the letter are not to be opened. Where it is all of them, no letter is kept.
    pub skip: Skip,
    /// The new tip. Its `n` is the letter's number if anything is kept under one.
    pub tip: Tip,
}

impl Decision {
    /// Returns the alerts, without those about conflicts that were not kept: what was erased is nobody's business again.
    #[must_use]
    pub fn alerts_about(&self, kept: &BTreeSet<RecordId>) -> Vec<Raised> {
        let stays = |raised: &&Raised| raised.kind != AlertKind::Conflict || kept.contains(&raised.record);
        self.alerts.iter().filter(stays).cloned().collect()
    }
}

/// Decides about a batch. `told`: an earlier receipt has told the station that it is withdrawn.
#[must_use]
pub fn decide(plan: &Plan, history: &History, told: bool) -> Decision {
    let mut deciding = Deciding::begin(plan, history, told);
    for planned in &plan.runs {
        deciding.weigh(planned);
    }
    deciding.finish()
}

struct Deciding<'a> {
    plan: &'a Plan,
    history: &'a History,
    told: bool,
    view: View,
    statuses: Vec<RecordStatus>,
    decision: Decision,
}

impl<'a> Deciding<'a> {
    fn begin(plan: &'a Plan, history: &'a History, told: bool) -> Self {
        let mut view = View::default();
        history.runs.iter().for_each(|stored| view.add(stored));
        // Whoever follows one of these may be the second to do so. It hangs until the search has looked.
        let asks = Asks::of(plan, &history.tip);
        history.cut_off(&asks).for_each(|stored| view.forget_head(&stored.run.head));
        history.firsts.iter().for_each(|first| view.follows(first.link, first.record));
        history.loose.iter().for_each(|loose| view.follows(loose.link, loose.record));
        // Whatever becomes of them, all reports of the batch are kept somewhere.
        view.add_heads(plan.heads());
        view.add_heads(history.tip.head);
        let decision = Decision {
            lines: Vec::new(),
            runs: Vec::new(),
            quarantine: Vec::new(),
            joined: Joined::default(),
            alerts: Vec::new(),
            skip: Skip::none(plan.named.len()),
            tip: history.tip.clone(),
        };
        let statuses = vec![RecordStatus::Stored; plan.named.len()];
        Self { plan, history, told, view, statuses, decision }
    }

    /// Weighs each report of a run. What is new is cut into runs again: what was known falls out, and
    /// where places were taken, a fork begins.
    fn weigh(&mut self, planned: &Planned) {
        let stream = planned.run.stream;
        let mut open: Option<(Run, u32)> = None;
        for (report, index) in planned.run.reports().zip(&planned.reports) {
            match self.status_of(planned, &report) {
                Ok(fork) => match &mut open {
                    Some((run, of)) if *of == fork => run.push(&report),
                    _ => self.keep(open.replace((Run::begin(stream, &report), fork))),
                },
                Err(status) => {
                    self.keep(open.take());
                    self.statuses[*index] = status;
                    self.decision.skip.set(*index);
                    if status == RecordStatus::Conflict {
                        self.conflict(*index, report.record);
                    }
                }
            }
            if self.told && self.statuses[*index] == RecordStatus::Stored {
                self.decision.skip.set(*index);
                self.decision.quarantine.push((*index, QuarantineReason::Withdrawn));
            }
        }
        self.keep(open);
    }

    /// Returns under which fork a new report is kept, or what becomes of one that is not new.
    fn status_of(&self, planned: &Planned, report: &Linked) -> Result<u32, RecordStatus> {
        let known = self.view.at(planned.run.stream, report.seq);
        let mut same = known.iter().filter(|known| known.record == report.record).peekable();
        if same.peek().is_some() {
            let stored = same.any(|known| known.hash == report.hash);
            return Err(if stored { RecordStatus::AlreadyStored } else { RecordStatus::Conflict });
        }
        Ok(known.iter().map(|known| known.fork.saturating_add(1)).max().unwrap_or(0))
    }

    fn conflict(&mut self, index: usize, record: RecordId) {
        self.decision.quarantine.push((index, QuarantineReason::Conflict));
        let detail = "another ciphertext came under a known record id; both are kept".to_owned();
        self.decision.alerts.push(Raised { kind: AlertKind::Conflict, record, detail });
    }

    fn keep(&mut self, open: Option<(Run, u32)>) {
        let Some((run, fork_number)) = open else { return };
        let (record, key) =
            (run.record(), RunKey { stream: run.stream, first: run.first, fork: fork_number });
        let loose = !self.view.knows(&run.link);
        let occupants = self.view.at(run.stream, run.first);
        // Two reports at one place branch off at the report before, or further back, where the second to
        // follow it raised the alert; unless one of them hangs, or is the first of its stream.
        let doubled = !occupants.is_empty() && (loose || run.first == 0 || occupants.iter().any(|o| o.hangs));
        if doubled || self.view.other_follows(&run.link, record) {
            self.decision.alerts.push(fork(key, &run.link, record));
        }
        self.view.add_run(&run, fork_number, loose);
        let tip = &mut self.decision.tip;
        let earlier = self.decision.runs.iter().any(|kept| kept.run.stream == run.stream);
        let advances = match tip.place {
            Some((stream, next)) if stream == run.stream => run.first >= next,
            // Where something follows it already, the chain goes on there, and not here.
            _ => {
                let never_seen = !earlier && !self.history.seen.contains(&run.stream);
                never_seen && !self.view.is_followed(&run.head)
            }
        };
        if advances {
            tip.place = run.last().checked_add(1).map(|next| (run.stream, next));
            tip.head = Some(run.head);
        }
        tip.records = tip.records.saturating_add(run.records.len() as u64);
        tip.loose = tip.loose.saturating_add(u64::from(loose));
        self.decision.runs.push(NewRun { run, fork: fork_number, loose });
    }

    fn finish(self) -> Decision {
        let Self { plan, history, told, view, statuses, mut decision } = self;
        decision.joined = join_in(&view, &history.loose);
        decision.alerts.append(&mut decision.joined.alerts);
        let joined = decision.joined.runs.len() as u64;
        let tip = &mut decision.tip;
        tip.loose = tip.loose.saturating_sub(joined);
        if tip.head.is_some_and(|head| view.is_followed(&head)) {
            tip.head = None;
        }
        if !decision.runs.is_empty() {
            tip.n = tip.n.saturating_add(1);
        }
        if told && !decision.runs.is_empty() {
            let detail = "reports came after the answer that said that the station is withdrawn; they are in quarantine";
            // Zeros for the record: one alert for the station, not one for each report.
            let record = RecordId([0; 16]);
            let kind = AlertKind::WithdrawnSends;
            decision.alerts.push(Raised { kind, record, detail: detail.to_owned() });
        }
        decision.lines = plan
            .named
            .iter()
            .zip(statuses)
            .map(|((record, hash), status)| ReceiptLine { record: *record, hash: *hash, status })
            .collect();
        decision
    }
}

impl NewRun {
    /// Returns the run as it is kept.
    #[must_use]
    pub fn stored(&self) -> StoredRun {
        let loose = if self.loose { Loose::Hangs } else { Loose::Joined };
        StoredRun { run: self.run.clone(), fork: self.fork, loose }
    }
}
