//! From Enter or T to a passage that is durable, or to "not recorded".

use std::time::Duration;

use wire::{Passage, RecordId, Report};

use super::confirmed::{Confirmed, WAITS};
use super::stage::Stage;
use super::{Collector, DISMISSED_FOR, dismissed};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::limits::SILENT_RECORDS;
use crate::reports::Purpose;
use crate::tags::Tag;
use crate::window::collector::{Answer, RecordedBefore, ScanId};
use crate::wing::{Effects, Known};

/// "Recorded" is shown for this long, or until the next code.
const SHOWS_RECORDED: Duration = Duration::from_millis(900);

impl Collector {
    /// Enter, or T after a check: the two ways to a passage.
    pub(super) fn confirm(&mut self, scan: ScanId, turned_away: bool, known: &Known, effects: &mut Effects) {
        let Some(duty) = known.duty else { return };
        let (Some(place), true) = (duty.place, self.takes_key(scan, known)) else { return };
        let Stage::Open(open) = &mut self.stage else { return };
        let (Some(shown), Some(recorded)) = (open.judged.shown, open.recorded_as(turned_away)) else {
            return;
        };
        if (turned_away && !open.can_turn_away()) || !open.may_end(turned_away) {
            return;
        }
        open.not_recorded = None;
        let purpose = Purpose::Passage { holder: open.holder, recorded };
        let confirmed = match open.failed.take() {
            Some(confirmed) if confirmed.recorded == recorded => {
                self.silent.retain(|silent| *silent != confirmed.record);
                effects.append_again(confirmed.record, confirmed.report.clone(), purpose);
                confirmed
            }
            _ => {
                let passage = Passage {
                    at: known.now.wall.0,
                    clock: known.clock(),
                    checkpoint: place.checkpoint.0,
                    collector: duty.person.0,
                    policies: open.judged.policies,
                    trust: open.judged.trust,
                    shown,
                    code: (*open.judged.carried).clone(),
                    judged_at: open.judged.under.wall.0,
                    direction: place.direction.into(),
                    outcome: recorded.outcome.into(),
                };
                let report = Box::new(Report::Passage(passage));
                let record = effects.append((*report).clone(), purpose);
                Confirmed { record, report, scan, recorded }
            }
        };
        if let Stage::Open(open) = std::mem::replace(&mut self.stage, Stage::Ready) {
            let until = known.now.mono.saturating_add(WAITS);
            self.stage = Stage::Recording { open, confirmed, until };
        }
    }

    /// A passage is durable. The screen says so only if it still waits for this one, or has given it
    /// up a moment ago.
    pub(crate) fn passage_saved(
        &mut self,
        record: RecordId,
        holder: Tag,
        recorded: RecordedBefore,
        known: &Known,
        effects: &mut Effects,
    ) {
        let mono = known.now.mono;
        self.recorded.insert(holder, recorded, mono);
        self.silent.retain(|silent| *silent != record);
        if self.has_become_a_stop(record) {
            return self.keep_showing(recorded, known, effects);
        }
        let (open, confirmed) = match &self.stage {
            Stage::Recording { open, confirmed, .. } if confirmed.record == record => (open, confirmed.scan),
            Stage::Open(open) if open.failed.as_ref().is_some_and(|failed| failed.record == record) => {
                (open, open.scan)
            }
            _ => return,
        };
        // A barrier obeys what the screen says now: not what has become another answer meanwhile.
        let lets_through = recorded.lets_through() && confirmed == open.scan;
        let release = Some(mono.saturating_add(DISMISSED_FOR));
        let (outcome, text, seen) = (open.outcome, open.text, open.seen);
        self.dismissed.add(dismissed::Entry { outcome, text, seen, closed: mono, release });
        self.stage = Stage::Recorded { until: mono.saturating_add(SHOWS_RECORDED) };
        effects.play(Sound::Recorded);
        if lets_through {
            effects.act(Action::LetThrough { record });
        }
    }

    /// Returns whether the result has become a stop since this passage of it was confirmed.
    fn has_become_a_stop(&self, record: RecordId) -> bool {
        matches!(&self.stage, Stage::Recording { open, confirmed, .. }
            if confirmed.record == record
                && confirmed.scan != open.scan
                && matches!(open.judged.answer, Answer::Stop { .. }))
    }

    /// Shows the result, and what was recorded of the one before: nothing is ever shown instead of a stop.
    fn keep_showing(&mut self, recorded: RecordedBefore, known: &Known, effects: &mut Effects) {
        if let Stage::Recording { mut open, .. } = std::mem::replace(&mut self.stage, Stage::Ready) {
            effects.play(Sound::Recorded);
            open.begin(Some(recorded), known);
            self.stage = Stage::Open(open);
        }
    }

    /// A passage could not be made durable: the result stays, and says so. Returns the report if it
    /// is to be tried again without anybody: its person was signed out before the answer came.
    pub(crate) fn passage_failed(
        &mut self,
        record: RecordId,
        report: Box<Report>,
        fault: Fault,
        known: &Known,
        effects: &mut Effects,
    ) -> Option<Box<Report>> {
        let was_silent = self.silent.contains(&record);
        self.silent.retain(|silent| *silent != record);
        match &mut self.stage {
            Stage::Recording { confirmed, .. } if confirmed.record == record => {
                self.not_recorded(fault, known, effects);
                None
            }
            Stage::Open(open) if open.failed.as_ref().is_some_and(|failed| failed.record == record) => {
                open.not_recorded = Some(fault);
                None
            }
            // Its person was told that it was not recorded, and has let it be.
            _ if was_silent => None,
            _ => Some(report),
        }
    }

    /// Stops waiting for an outbox that does not answer. A late answer still counts.
    pub(super) fn stop_waiting(&mut self, known: &Known, effects: &mut Effects) {
        if let Stage::Recording { confirmed, .. } = &self.stage {
            if self.silent.len() >= SILENT_RECORDS {
                self.silent.pop_front();
            }
            self.silent.push_back(confirmed.record);
            self.not_recorded(Fault::OutboxSilent, known, effects);
        }
    }

    /// Shows the result again that was confirmed, and why it was not recorded. If it has become
    /// another meanwhile, the next confirm is another passage.
    fn not_recorded(&mut self, fault: Fault, known: &Known, effects: &mut Effects) {
        match std::mem::replace(&mut self.stage, Stage::Ready) {
            Stage::Recording { mut open, confirmed, .. } => {
                open.failed = Some(confirmed).filter(|confirmed| confirmed.scan == open.scan);
                open.not_recorded = Some(fault);
                open.restart(known.now.mono);
                self.stage = Stage::Open(open);
                effects.play(Sound::Fault);
            }
            stage => self.stage = stage,
        }
    }
}
