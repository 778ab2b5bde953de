//! What becomes of a report that was to be made durable.

use wire::RecordId;

use super::Gate;
use crate::action::Action;
use crate::fault::Fault;
use crate::reports::Purpose;

impl Gate {
    /// A report is durable: tells the wing that waits for it.
    pub(super) fn saved(&mut self, record: RecordId, actions: &mut Vec<Action>) {
        match self.reports.saved(record) {
            Some(Purpose::Passage { holder, recorded }) => {
                let known = self.shared.known_now(&self.wings, self.now);
                let (wings, effects) = (&mut self.wings, &mut self.effects);
                wings.collector.passage_saved(record, holder, recorded, &known, effects);
            }
            Some(Purpose::Change(entry)) => {
                self.change_roster(actions, |roster, trust| roster.reported((*entry).clone(), trust));
                let known = self.shared.known_now(&self.wings, self.now);
                let (wings, effects) = (&mut self.wings, &mut self.effects);
                wings.shift.change_saved(&entry, &known, effects);
                wings.shift.pin_saved(&entry, effects);
                wings.workbench.change_saved(&entry, &known);
            }
            // Nobody waits for a notice, or asked for this record.
            Some(Purpose::Notice) | None => {}
        }
    }

    /// A report could not be made durable: tells the wing that waits for it, or tries again later.
    pub(super) fn failed(&mut self, record: RecordId, fault: Fault) {
        let known = self.shared.known_now(&self.wings, self.now);
        let Some((report, purpose)) = self.reports.failed(record) else { return };
        let (wings, effects) = (&mut self.wings, &mut self.effects);
        let unclaimed = match purpose {
            Purpose::Passage { .. } => wings.collector.passage_failed(record, report, fault, &known, effects),
            // What acts already is reported by itself.
            Purpose::Change(_) if known.roster.holds(record) => Some(report),
            Purpose::Change(_) => {
                wings.shift.change_failed(record);
                wings.workbench.change_failed(record);
                None
            }
            Purpose::Notice => Some(report),
        };
        if let Some(report) = unclaimed {
            self.reports.retry_later(record, report, purpose, self.now.mono);
        }
    }
}
