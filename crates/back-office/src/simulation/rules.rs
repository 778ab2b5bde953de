//! The rules that a history runs by, and wrong ones, which the histories have to find out.

use gate::sync::{Settlement, settle};
use wire::{Batch, Receipt, RecordStatus};

use crate::store::Skip;
use crate::store::chain::{Decision, Fast, History, Joined, LooseRun, Plan, Tip, decide, join};

/// What decides at a laptop and at the office.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub settle: fn(&Batch, &Receipt) -> Settlement,
    pub goes_on: fn(&Fast, &Tip) -> bool,
    pub join: fn(&Plan, &[LooseRun]) -> Joined,
    pub decide: fn(&Plan, &History, bool) -> Decision,
}

/// The rules in force.
pub(super) const RIGHT: Rules = Rules { settle, goes_on, join, decide };

/// Rules with one mistake each.
pub(super) const WRONG: [(&str, Rules); 12] = [
    ("a laptop erases what no line acknowledges", Rules { settle: erases_what_is_missing, ..RIGHT }),
    ("a laptop compares no hashes", Rules { settle: compares_no_hashes, ..RIGHT }),
    ("the fast path compares no heads", Rules { goes_on: compares_no_heads, ..RIGHT }),
    ("the fast path compares no places", Rules { goes_on: compares_no_places, ..RIGHT }),
    ("the fast path joins nothing", Rules { join: |_, _| Joined::default(), ..RIGHT }),
    ("the fast path keeps a head that is followed", Rules { join: keeps_the_head, ..RIGHT }),
    ("a conflict counts as known", Rules { decide: takes_conflicts_for_known, ..RIGHT }),
    ("what is known is opened again", Rules { decide: opens_the_known, ..RIGHT }),
    ("the slow path skips the head", Rules { decide: skips_the_head, ..RIGHT }),
    ("the slow path moves the tip back", Rules { decide: moves_back, ..RIGHT }),
    ("nothing hangs loose", Rules { decide: joins_everything, ..RIGHT }),
    ("the slow path forgets a run", Rules { decide: forgets_a_run, ..RIGHT }),
];

/// The condition of the fast path, as the statement of each store has it.
fn goes_on(fast: &Fast, tip: &Tip) -> bool {
    tip.after(fast, 0).is_some()
}

fn compares_no_heads(fast: &Fast, tip: &Tip) -> bool {
    fast.from.1 == 0 || tip.place == Some(fast.from)
}

fn compares_no_places(fast: &Fast, tip: &Tip) -> bool {
    tip.head == Some(fast.link)
}

fn erases_what_is_missing(batch: &Batch, receipt: &Receipt) -> Settlement {
    let right = settle(batch, receipt);
    let erase = [right.erase, right.missing].concat();
    Settlement { erase, conflicts: right.conflicts, missing: Vec::new() }
}

fn compares_no_hashes(batch: &Batch, receipt: &Receipt) -> Settlement {
    let mut lines = receipt.clone();
    for line in &mut lines.lines {
        if let Some(sent) = batch.reports.iter().find(|report| report.record == line.record) {
            line.hash = wire::seal::hash(&sent.ciphertext);
        }
    }
    settle(batch, &lines)
}

fn keeps_the_head(plan: &Plan, loose: &[LooseRun]) -> Joined {
    Joined { tip_followed: false, ..join(plan, loose) }
}

fn takes_conflicts_for_known(plan: &Plan, history: &History, told: bool) -> Decision {
    let mut decision = decide(plan, history, told);
    decision.quarantine.clear();
    for line in &mut decision.lines {
        if line.status == RecordStatus::Conflict {
            line.status = RecordStatus::AlreadyStored;
        }
    }
    decision
}

fn opens_the_known(plan: &Plan, history: &History, told: bool) -> Decision {
    let mut decision = decide(plan, history, told);
    if !decision.runs.is_empty() {
        decision.skip = Skip::none(plan.named.len());
    }
    decision
}

fn skips_the_head(plan: &Plan, history: &History, told: bool) -> Decision {
    let mut decision = decide(plan, history, told);
    decision.tip.head = history.tip.head;
    decision
}

fn moves_back(plan: &Plan, history: &History, told: bool) -> Decision {
    let mut decision = decide(plan, history, told);
    if let Some(last) = decision.runs.last() {
        decision.tip.place = Some((last.run.stream, last.run.last().saturating_add(1)));
        decision.tip.head = Some(last.run.head);
    }
    decision
}

fn joins_everything(plan: &Plan, history: &History, told: bool) -> Decision {
    let mut decision = decide(plan, history, told);
    for new in &mut decision.runs {
        if std::mem::take(&mut new.loose) {
            decision.tip.loose = decision.tip.loose.saturating_sub(1);
        }
    }
    decision
}

fn forgets_a_run(plan: &Plan, history: &History, told: bool) -> Decision {
    let mut decision = decide(plan, history, told);
    decision.runs.pop();
    decision
}
