//! The last faults of this run, by code and time, for a diagnostics file.

use std::collections::VecDeque;

use gate::Fault;
use health_code::Timestamp;

/// Faults that are remembered.
const KEPT: usize = 16;

/// The last faults that were on the screen.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kept: VecDeque<(Timestamp, Fault)>,
    shown: Option<Fault>,
}

impl Faults {
    /// Hears which fault is on the screen.
    pub(super) fn note(&mut self, fault: Option<Fault>, now: Timestamp) {
        if let Some(fault) = fault.filter(|_| fault != self.shown) {
            if self.kept.len() == KEPT {
                self.kept.pop_front();
            }
            self.kept.push_back((now, fault));
        }
        self.shown = fault;
    }

    /// Returns the faults with their age in minutes, the newest first.
    pub(super) fn newest(&self, now: Timestamp) -> Vec<(Fault, i64)> {
        self.kept.iter().rev().map(|(at, fault)| (*fault, now.since(*at).max(0) / 60)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_counts_once_for_as_long_as_it_is_shown_and_few_are_kept() {
        let mut faults = Faults::default();
        for minute in 0..3 {
            faults.note(Some(Fault::CameraLost), Timestamp(minute * 60));
        }
        faults.note(None, Timestamp(200));
        faults.note(Some(Fault::DiskFull), Timestamp(240));
        assert_eq!(faults.newest(Timestamp(300)), [(Fault::DiskFull, 1), (Fault::CameraLost, 5)]);
        for at in 0..100 {
            faults.note(None, Timestamp(at));
            faults.note(Some(Fault::CameraBusy), Timestamp(at));
        }
        assert_eq!(faults.newest(Timestamp(100)).len(), KEPT);
    }
}
