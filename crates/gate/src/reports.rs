//! Reports on their way to the disk.

use std::collections::HashMap;
use std::time::Duration;

use wire::report::RosterChange;
use wire::{RecordId, Report, Roster};
use zeroize::Zeroize as _;

use crate::action::Action;
use crate::changes::Entry;
use crate::limits::UNSAVED_REPORTS;
use crate::tags::Tag;
use crate::window::collector::RecordedBefore;

/// Reports that failed, and for which no person waits, are tried again after this.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// What a report is for, once it is durable.
pub(crate) enum Purpose {
    /// A passage of this holder, and what it says of them.
    Passage { holder: Tag, recorded: RecordedBefore },
    /// A change of checkpoints, people or the policy that was made here.
    Change(Box<Entry>),
    /// A shift or health report: nobody waits for it.
    Notice,
}

/// The reports that are not durable yet.
///
/// A failure loses nothing that was asked for. Either the person who asked sees "not recorded"
/// and decides, or the report is tried again here.
#[derive(Default)]
pub(crate) struct Reports {
    in_flight: HashMap<RecordId, InFlight>,
    unsaved: Vec<(RecordId, Box<Report>, Purpose)>,
    retry: Option<Duration>,
}

/// A report that was asked for.
struct InFlight {
    report: Box<Report>,
    purpose: Purpose,
    /// How many answers are due: a report may be asked for again before the outbox has said anything.
    due: u32,
}

impl Reports {
    /// Asks for a report to be made durable.
    pub(crate) fn append(
        &mut self,
        record: RecordId,
        report: Box<Report>,
        purpose: Purpose,
        actions: &mut Vec<Action>,
    ) {
        actions.push(Action::Append { record, report: report.clone() });
        let due = self.in_flight.get(&record).map_or(0, |asked| asked.due).saturating_add(1);
        self.in_flight.insert(record, InFlight { report, purpose, due });
    }

    /// Returns what a report was for that is durable now; `None` if nobody asked for it.
    pub(crate) fn saved(&mut self, record: RecordId) -> Option<Purpose> {
        let InFlight { mut report, purpose, .. } = self.in_flight.remove(&record)?;
        // A passage's code must not linger in freed memory.
        match &mut *report {
            Report::Passage(passage) => passage.code.zeroize(),
            Report::Roster(Roster { change: RosterChange::PersonAdded { code, phone, .. }, .. }) => {
                code.zeroize();
                phone.zeroize();
            }
            Report::Roster(_) | Report::Shift(_) | Report::Health(_) => {}
        }
        Some(purpose)
    }

    /// Returns a report that could not be made durable; `None` if nobody asked for it, or another
    /// answer about it is due.
    pub(crate) fn failed(&mut self, record: RecordId) -> Option<(Box<Report>, Purpose)> {
        let asked = self.in_flight.get_mut(&record)?;
        asked.due = asked.due.saturating_sub(1);
        if asked.due > 0 {
            return None;
        }
        self.in_flight.remove(&record).map(|asked| (asked.report, asked.purpose))
    }

    /// Keeps a report that failed, and tries it again later.
    ///
    /// If too many are kept, the oldest that is not a passage is dropped, or else the oldest.
    pub(crate) fn retry_later(
        &mut self,
        record: RecordId,
        report: Box<Report>,
        purpose: Purpose,
        mono: Duration,
    ) {
        if self.unsaved.len() >= UNSAVED_REPORTS {
            let notice = self.unsaved.iter().position(|(.., purpose)| matches!(purpose, Purpose::Notice));
            self.unsaved.remove(notice.unwrap_or_default());
        }
        self.unsaved.push((record, report, purpose));
        self.retry.get_or_insert(mono.saturating_add(RETRY_AFTER));
    }

    /// Tries every kept report again, each under its own name.
    pub(crate) fn retry_now(&mut self, actions: &mut Vec<Action>) {
        self.retry = None;
        for (record, report, purpose) in std::mem::take(&mut self.unsaved) {
            self.append(record, report, purpose, actions);
        }
    }

    pub(crate) fn pass_time(&mut self, mono: Duration, actions: &mut Vec<Action>) {
        if self.retry.is_some_and(|at| mono >= at) {
            self.retry_now(actions);
        }
    }

    /// Returns whether a report was asked for that is not durable yet, and for which no person decides.
    pub(crate) fn is_empty(&self) -> bool {
        self.in_flight.is_empty() && self.unsaved.is_empty()
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.retry
    }
}
