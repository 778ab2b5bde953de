//! How soon the uplink asks again what became of changes that were made here.

use std::time::Duration;

use wire::RecordId;

/// An office opens a report within moments, and then knows what becomes of it.
const SOON: Duration = Duration::from_secs(5);
/// So often in a row the same question is asked soon; then it waits for the office's own pace. A report that
/// never arrived is not answered.
const TRIES: u32 = 12;

/// The question that is open.
#[derive(Debug, Default)]
pub(super) struct Asking {
    awaits: Vec<RecordId>,
    answered: usize,
    tries: u32,
}

impl Asking {
    /// Takes note of what a batch asked about, and how many answers came.
    pub(super) fn answered(&mut self, awaits: Vec<RecordId>, answered: usize) {
        let same = awaits == self.awaits && answered == self.answered;
        self.tries = if same { self.tries.saturating_add(1) } else { 0 };
        (self.awaits, self.answered) = (awaits, answered);
    }

    /// Returns when to ask again, if that is before `poll`.
    pub(super) fn poll(&self, poll: Duration) -> Duration {
        let open = self.answered < self.awaits.len() && self.tries < TRIES;
        if open { poll.min(SOON) } else { poll }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_question_is_asked_soon_and_not_for_ever() {
        let (poll, record) = (Duration::from_secs(60), RecordId([1; 16]));
        let mut asking = Asking::default();
        assert_eq!(asking.poll(poll), poll);
        for _ in 0..TRIES {
            asking.answered(vec![record], 0);
            assert_eq!(asking.poll(poll), SOON);
        }
        asking.answered(vec![record], 0);
        assert_eq!(asking.poll(poll), poll);
        // Another change is another question, and an answer is one.
        asking.answered(vec![record, RecordId([2; 16])], 1);
        assert_eq!(asking.poll(poll), SOON);
        asking.answered(vec![record, RecordId([2; 16])], 2);
        assert_eq!(asking.poll(poll), poll);
        asking.answered(Vec::new(), 0);
        assert_eq!(asking.poll(poll), poll);
    }
}
