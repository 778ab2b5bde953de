//! What is told apart in a counter.

use std::ops::AddAssign;

use wire::report::{Health, Passage};
use wire::{Outcome, Shown};

use crate::limits::INVALID_A_REPORT;

/// How many people passed, by what was shown and done; and how many codes were invalid, which are no people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pass was shown.
    pub passed: u64,
    /// Check was shown, and they were let through.
    pub let_through: u64,
    /// Check was shown, and they were turned away.
    pub turned_away: u64,
    /// Stop was shown.
    pub stopped: u64,
    /// Nothing was judged: trust, clock or policy could not be relied on.
    pub unjudged: u64,
    /// Codes that were refused. A station reports them by the hour, without people.
    pub invalid: u64,
}

impl Tally {
    /// Counts one passage.
    #[must_use]
    pub fn of_passage(passage: &Passage) -> Self {
        let mut one = Self::default();
        *match (passage.shown, passage.outcome) {
            (Shown::Pass, _) => &mut one.passed,
            (Shown::Check, Outcome::LetThrough) => &mut one.let_through,
            (Shown::Check, Outcome::TurnedAway) => &mut one.turned_away,
            (Shown::Stop, _) => &mut one.stopped,
            _ => &mut one.unjudged,
        } = 1;
        one
    }

    /// Counts a station's invalid scans: no more of one report than a camera could have read.
    #[must_use]
    pub fn of_health(health: &Health) -> Self {
        let sum = health.refusals.iter().map(|(_, count)| u64::from(*count)).sum::<u64>();
        Self { invalid: sum.min(INVALID_A_REPORT), ..Self::default() }
    }

    /// Returns how many people passed or were turned away.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.passed + self.let_through + self.turned_away + self.stopped + self.unjudged
    }

    /// Returns the columns, in the order of the fields.
    #[must_use]
    pub fn columns(&self) -> [i64; 6] {
        let Self { passed, let_through, turned_away, stopped, unjudged, invalid } = *self;
        [passed, let_through, turned_away, stopped, unjudged, invalid]
            .map(|count| i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Reads what [`Self::columns`] wrote.
    #[must_use]
    pub fn of_columns(columns: [i64; 6]) -> Self {
        let [passed, let_through, turned_away, stopped, unjudged, invalid] = columns.map(i64::unsigned_abs);
        Self { passed, let_through, turned_away, stopped, unjudged, invalid }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.let_through += other.let_through;
        self.turned_away += other.turned_away;
        self.stopped += other.stopped;
        self.unjudged += other.unjudged;
        self.invalid += other.invalid;
    }
}
