//! What came of a run.

use std::collections::BTreeMap;

use crate::ledger::Balance;

/// What came of a checkpoint.
#[derive(Debug, Default)]
pub struct Outcome {
    pub balance: Balance,
    /// Reports in the office's quarantine, each with its reason.
    pub quarantined: Vec<String>,
    pub cycles: u64,
    /// How often each fault happened.
    pub faults: BTreeMap<String, u64>,
    /// Why it did not go on.
    pub broken: Vec<String>,
}

impl Outcome {
    /// Returns one of a checkpoint that did not begin.
    pub fn broken(why: String) -> Self {
        Self::default().and_broken(why)
    }

    /// Adds why it did not go on.
    pub fn and_broken(mut self, why: String) -> Self {
        self.broken.push(why);
        self
    }

    /// Adds that of another checkpoint.
    pub fn add(&mut self, other: Self) {
        self.balance.add(other.balance);
        self.quarantined.extend(other.quarantined);
        self.cycles += other.cycles;
        self.broken.extend(other.broken);
        for (fault, times) in other.faults {
            *self.faults.entry(fault).or_default() += times;
        }
    }
}
