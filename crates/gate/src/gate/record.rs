//! Recording: reports on their way to the disk, and what the screen says of it.

use std::collections::HashMap;
use std::time::Duration;

use health_code::Timestamp;
use health_code::trust::{Checkpoint, PersonId};
use rand_chacha::rand_core::Rng as _;
use wire::report::ShiftEvent;
use wire::{ClockState, Health, Passage, RecordId, Report, Shift};
use zeroize::Zeroize as _;

use super::tags::Tag;
use super::{Gate, Stage, held};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::Now;
use crate::limits::{HELD_LONGEST, RECORDED, UNSAVED, UNSAVED_RETRY};
use crate::window::collector::ScanId;
use crate::window::shift::CheckpointProblem;

/// What a report is for, once it is durable.
pub(super) enum Purpose {
    /// A passage; the tag of whom and what.
    Passage(Tag),
    /// A checkpoint added here.
    Checkpoint(Checkpoint),
    /// A shift or a health report: nobody waits for it.
    Notice,
}

/// Reports that are not yet durable. Nothing that was asked for is dropped for a failure: it is
/// either with the person who asked (who sees "not recorded"), or tried again here.
#[derive(Default)]
pub(super) struct Reports {
    in_flight: HashMap<RecordId, (Box<Report>, Purpose)>,
    unsaved: Vec<(RecordId, Box<Report>, Purpose)>,
    retry: Option<Duration>,
}

impl Reports {
    pub(super) fn append(
        &mut self,
        record: RecordId,
        report: Box<Report>,
        purpose: Purpose,
        out: &mut Vec<Action>,
    ) {
        out.push(Action::Append { record, report: report.clone() });
        self.in_flight.insert(record, (report, purpose));
    }

    /// Tries every unsaved report again, each under its own name.
    pub(super) fn retry_now(&mut self, out: &mut Vec<Action>) {
        self.retry = None;
        for (record, report, purpose) in std::mem::take(&mut self.unsaved) {
            self.append(record, report, purpose, out);
        }
    }

    pub(super) fn pass_time(&mut self, mono: Duration, out: &mut Vec<Action>) {
        if self.retry.is_some_and(|at| mono >= at) {
            self.retry_now(out);
        }
    }

    pub(super) fn due(&self) -> Option<Duration> {
        self.retry
    }

    fn save_later(&mut self, record: RecordId, report: Box<Report>, purpose: Purpose, mono: Duration) {
        if self.unsaved.len() >= UNSAVED {
            let notice = self.unsaved.iter().position(|(.., purpose)| matches!(purpose, Purpose::Notice));
            self.unsaved.remove(notice.unwrap_or_default());
        }
        self.unsaved.push((record, report, purpose));
        self.retry.get_or_insert(mono.saturating_add(UNSAVED_RETRY));
    }
}

impl Gate {
    /// Enter: the one way to a passage.
    pub(super) fn confirm(&mut self, scan: ScanId, now: Now, out: &mut Vec<Action>) {
        let clock = self.clock_state(now.wall);
        let (Some(session), Some(checkpoint)) = (&self.session, self.places.at()) else { return };
        let Stage::Open(open) = &mut self.stage else { return };
        let Some(shown) = open.shown.filter(|_| open.hears(scan, now.mono)) else { return };
        let failed = open.failed.take();
        let (outcome, passage) = (
            open.outcome,
            Passage {
                at: now.wall.0,
                clock,
                checkpoint: checkpoint.0,
                collector: session.person.0,
                policy: open.policy,
                trust: open.trust,
                shown,
                code: (*open.carried).clone(),
            },
        );
        open.not_recorded = None;
        let (record, report) =
            failed.unwrap_or_else(|| (self.new_record(), Box::new(Report::Passage(passage))));
        self.reports.append(record, report, Purpose::Passage(outcome), out);
        if let Stage::Open(open) = std::mem::replace(&mut self.stage, Stage::Ready) {
            self.stage = Stage::Recording(open, record);
        }
    }

    /// A report is durable. Only an answer to something asked counts.
    pub(super) fn appended(&mut self, record: RecordId, now: Now, out: &mut Vec<Action>) {
        let Some((report, purpose)) = self.reports.in_flight.remove(&record) else { return };
        wipe(*report);
        match purpose {
            Purpose::Notice => {}
            Purpose::Checkpoint(place) => {
                let asked = self.is_adding(record);
                self.checkpoint_added(place, asked, now, out);
            }
            Purpose::Passage(outcome) => {
                self.repeats.insert(outcome, now.mono);
                if let Stage::Recording(open, recording) = &self.stage
                    && *recording == record
                {
                    let release = Some(now.mono.saturating_add(HELD_LONGEST));
                    let (text, seen) = (open.text, open.seen);
                    self.held.hold(held::Entry { outcome, text, seen, release });
                    self.stage = Stage::Recorded { until: now.mono.saturating_add(RECORDED) };
                    out.push(Action::Play(Sound::Recorded));
                }
            }
        }
    }

    /// A report could not be made durable: the result stays, and says so.
    pub(super) fn append_failed(&mut self, record: RecordId, fault: Fault, now: Now, out: &mut Vec<Action>) {
        let Some((report, purpose)) = self.reports.in_flight.remove(&record) else { return };
        match (purpose, std::mem::replace(&mut self.stage, Stage::Ready)) {
            (Purpose::Passage(_), Stage::Recording(mut open, recording)) if recording == record => {
                // A result whose verdict was taken away meanwhile is another record.
                let same = matches!(&*report, Report::Passage(passage) if Some(passage.shown) == open.shown);
                open.failed = same.then_some((record, report));
                open.not_recorded = Some(fault);
                open.restart(now.mono);
                self.stage = Stage::Open(open);
                out.push(Action::Play(Sound::Fault));
            }
            (Purpose::Checkpoint(_), Stage::Choosing { adding: Some(adding), .. }) if adding == record => {
                let problem = Some(CheckpointProblem::NotRecorded);
                self.stage = Stage::Choosing { problem, adding: None };
            }
            // Whoever asked for it is gone: what never acted is dropped.
            (Purpose::Checkpoint(_), stage) => self.stage = stage,
            (purpose, stage) => {
                self.stage = stage;
                self.reports.save_later(record, report, purpose, now.mono);
            }
        }
    }

    pub(super) fn report_shift(
        &mut self,
        person: PersonId,
        event: ShiftEvent,
        now: Now,
        out: &mut Vec<Action>,
    ) {
        let clock = self.clock_state(now.wall);
        let report = Report::Shift(Shift { at: now.wall.0, clock, person: person.0, event });
        let record = self.new_record();
        self.reports.append(record, Box::new(report), Purpose::Notice, out);
    }

    /// Reports what was counted, where anything was.
    pub(super) fn report_health(&mut self, now: Now, out: &mut Vec<Action>) {
        let refusals = self.counters.take();
        if refusals.is_empty() {
            return;
        }
        let report = Report::Health(Health { at: now.wall.0, clock: self.clock_state(now.wall), refusals });
        let record = self.new_record();
        self.reports.append(record, Box::new(report), Purpose::Notice, out);
    }

    pub(super) fn clock_state(&self, wall: Timestamp) -> ClockState {
        if self.around.clock_wrong(self.trust.as_deref(), wall) {
            ClockState::Wrong
        } else {
            self.around.clock
        }
    }

    pub(super) fn new_record(&mut self) -> RecordId {
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        RecordId(id)
    }

    fn is_adding(&self, record: RecordId) -> bool {
        matches!(self.stage, Stage::Choosing { adding: Some(adding), .. } if adding == record)
    }
}

/// A passage's code does not linger in freed memory.
fn wipe(report: Report) {
    if let Report::Passage(mut passage) = report {
        passage.code.zeroize();
    }
}
