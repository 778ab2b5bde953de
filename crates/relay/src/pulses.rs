//! Decides which recorded passage has a pulse, and when.
//!
//! Each passage has one at most. One that waited too long has none: whoever passed has passed, and the next
//! person may stand there. Nothing is kept: a new [`Pulses`], as after a restart, owes nobody anything.

use std::collections::VecDeque;
use std::time::Duration;

use crate::limits::{REMEMBERED, WAITING};

/// A pulse that could not begin within this is dropped: the thread was stuck, or pulses came too fast.
const TOO_LATE: Duration = Duration::from_secs(3);
/// Between two pulses the relay is off for this, so that what hangs on it sees two.
const OFF_BETWEEN: Duration = Duration::from_millis(200);

/// Names a recorded passage: its random record id, which says nothing of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PassageId(pub [u8; 16]);

/// The pulses that are due.
#[derive(Debug, Default)]
pub struct Pulses {
    /// The passages that wait, and since when.
    waiting: VecDeque<(PassageId, Duration)>,
    /// The passages that were asked for last.
    asked: VecDeque<PassageId>,
    /// Whether a pulse goes on, and when the next may begin.
    is_on: bool,
    free: Duration,
}

impl Pulses {
    /// Hears that a passage is recorded, and that its person was let through, at a moment of a monotonic clock.
    pub fn ask(&mut self, passage: PassageId, at: Duration) {
        if self.asked.contains(&passage) {
            return;
        }
        push(&mut self.asked, passage, REMEMBERED);
        push(&mut self.waiting, (passage, at), WAITING);
    }

    /// Begins the next pulse, if one is due: the relay is on until [`Pulses::end`]. What is too late is dropped.
    pub fn begin(&mut self, now: Duration) -> Option<PassageId> {
        self.waiting.retain(|(_, at)| now.saturating_sub(*at) <= TOO_LATE);
        if self.is_on || now < self.free {
            return None;
        }
        let (passage, _) = self.waiting.pop_front()?;
        self.is_on = true;
        Some(passage)
    }

    /// The pulse is over, whether the relay did what it was told or not. It is not made up for.
    pub fn end(&mut self, now: Duration) {
        (self.is_on, self.free) = (false, now.saturating_add(OFF_BETWEEN));
    }

    /// Returns how long nothing is due, if something waits.
    #[must_use]
    pub fn wait(&self, now: Duration) -> Option<Duration> {
        (!self.waiting.is_empty()).then(|| self.free.saturating_sub(now))
    }
}

/// Puts an item last, and drops the first where there are too many.
fn push<T>(items: &mut VecDeque<T>, item: T, most: usize) {
    if items.len() >= most {
        items.pop_front();
    }
    items.push_back(item);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn passage(number: u8) -> PassageId {
        PassageId([number; 16])
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_passage_has_one_pulse_and_the_next_one_waits_for_its_end() {
        let mut pulses = Pulses::default();
        pulses.ask(passage(1), SECOND);
        pulses.ask(passage(1), SECOND);
        pulses.ask(passage(2), SECOND);
        assert_eq!(pulses.begin(SECOND), Some(passage(1)));
        assert_eq!(pulses.begin(SECOND), None, "it is on");
        pulses.end(SECOND);
        assert_eq!((pulses.begin(SECOND), pulses.wait(SECOND)), (None, Some(OFF_BETWEEN)));
        assert_eq!(pulses.begin(SECOND + OFF_BETWEEN), Some(passage(2)));
        pulses.end(SECOND * 2);
        pulses.ask(passage(1), SECOND * 2);
        assert_eq!((pulses.begin(SECOND * 3), pulses.wait(SECOND * 3)), (None, None));
    }

    #[test]
    fn what_could_not_begin_in_time_is_dropped_and_never_made_up() {
        let mut pulses = Pulses::default();
        pulses.ask(passage(1), SECOND);
        assert_eq!(pulses.begin(SECOND + TOO_LATE + Duration::from_millis(1)), None);
        assert_eq!(pulses.begin(SECOND), None, "not when the clock could go back either");
    }

    #[derive(Debug, Clone)]
    enum Step {
        Ask(u8),
        Wait(u16),
        Begin,
        End,
        Restart,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0..12u8).prop_map(Step::Ask),
            3 => (0..4000u16).prop_map(Step::Wait),
            4 => Just(Step::Begin),
            3 => Just(Step::End),
            1 => Just(Step::Restart),
        ]
    }

    proptest! {
        #[test]
        fn no_pulse_without_a_passage_none_twice_none_late_none_after_a_restart_and_none_in_another(
            steps in vec(step(), 0..200)
        ) {
            let (mut pulses, mut now, mut is_on) = (Pulses::default(), Duration::ZERO, false);
            // When each was asked for first in this run; a pulse takes it away.
            let mut owed = std::collections::HashMap::new();
            let mut all = std::collections::HashSet::new();
            for step in steps {
                match step {
                    Step::Ask(number) => {
                        pulses.ask(passage(number), now);
                        if all.insert(passage(number)) {
                            owed.insert(passage(number), now);
                        }
                    }
                    Step::Wait(millis) => now += Duration::from_millis(millis.into()),
                    Step::Begin => if let Some(begun) = pulses.begin(now) {
                        prop_assert!(!is_on, "a pulse in a pulse");
                        let asked = owed.remove(&begun);
                        prop_assert!(asked.is_some_and(|asked| now - asked <= TOO_LATE), "{asked:?} {now:?}");
                        is_on = true;
                    },
                    Step::End => {
                        pulses.end(now);
                        is_on = false;
                    }
                    Step::Restart => {
                        (pulses, is_on) = (Pulses::default(), false);
                        owed.clear();
                        // A record id is never given twice, so none of these comes again.
                        all.clear();
                    }
                }
                prop_assert!(pulses.waiting.len() <= WAITING && pulses.asked.len() <= REMEMBERED);
            }
        }
    }
}
