//! When a hint may be judged: never at the expense of the ladder.

use std::time::Duration;

/// The cost of a hint before one was measured.
const GUESS: Duration = Duration::from_millis(4);
/// On a machine without spare time, hints get one part of the reader's time in this many.
const PART: u32 = 6;

/// Decides frame by frame whether there is time for a hint.
///
/// The ladder's allowance does not depend on what hints cost. A hint is judged in the time that the
/// ladder leaves of a frame's budget. Where it leaves none, each frame saves up a sixth of what it
/// took, and a hint is judged when that covers its cost.
#[derive(Debug)]
pub(crate) struct Allowance {
    /// Moving average of the cost of a hint.
    cost: Duration,
    saved: Duration,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { cost: GUESS, saved: Duration::ZERO }
    }
}

impl Allowance {
    /// Whether a hint may be judged in a frame that took `spent` of its `budget` so far.
    pub(crate) fn permits(&mut self, spent: Duration, budget: Duration) -> bool {
        // No more than one hint is saved up for.
        self.saved = (self.saved + spent / PART).min(self.cost);
        if spent + self.cost <= budget {
            return true;
        }
        let is_covered = self.saved == self.cost;
        // The cost was measured on a machine that may be less busy by now.
        self.cost = self.cost * 31 / 32;
        is_covered
    }

    /// Learns what a hint cost.
    pub(crate) fn learn(&mut self, took: Duration) {
        self.saved = Duration::ZERO;
        self.cost = (self.cost + took) / 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Duration = Duration::from_millis(33);

    #[test]
    fn hints_are_judged_in_the_time_that_is_left() {
        let mut allowance = Allowance::default();
        assert!((0..9).all(|_| allowance.permits(BUDGET / 2, BUDGET)));
    }

    #[test]
    fn hints_take_a_sixth_of_the_time_of_a_busy_machine() {
        let mut allowance = Allowance::default();
        let (frame, hint) = (Duration::from_millis(100), Duration::from_millis(90));
        let mut judged = 0;
        for _ in 0..600 {
            if allowance.permits(frame, BUDGET) {
                judged += 1;
                allowance.learn(hint);
            }
        }
        assert!((80..150).contains(&judged), "{judged} hints in 600 frames");
    }

    #[test]
    fn what_a_busy_moment_cost_is_soon_forgotten() {
        let mut allowance = Allowance::default();
        (0..20).for_each(|_| allowance.learn(Duration::from_millis(200)));
        let first = (0..60).position(|_| allowance.permits(Duration::from_millis(24), BUDGET));
        assert!(first.is_some_and(|frames| frames < 30), "{first:?}");
    }
}
