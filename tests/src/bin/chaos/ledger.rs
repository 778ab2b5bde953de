//! What the screen confirmed, kept outside of station and office, and compared with what the office has.

use std::collections::{BTreeMap, BTreeSet};

/// A code as it was carried (COSE): each is shown to a gate once.
pub type Code = Vec<u8>;

/// All passages of one checkpoint.
#[derive(Debug, Default)]
pub struct Ledger(BTreeMap<Code, Entry>);

#[derive(Debug)]
struct Entry {
    number: usize,
    cycle: u64,
    /// The screen said that it is recorded. Otherwise the station ended before it said anything.
    confirmed: bool,
    /// The fault that overwrote it.
    destroyed: Option<String>,
}

/// What came of the passages.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Passages that the screen confirmed.
    pub confirmed: usize,
    /// Those of them that the office has filed.
    pub delivered: usize,
    /// Confirmed, and neither delivered nor overwritten by a fault.
    pub lost: Vec<String>,
    /// Filed more than once, or never shown to the gate.
    pub doubled: Vec<String>,
    /// Confirmed, and overwritten by a fault before they were delivered.
    pub destroyed: Vec<String>,
}

impl Ledger {
    /// Writes down that somebody presses Enter.
    pub fn pressed(&mut self, code: Code, number: usize, cycle: u64) {
        self.0.insert(code, Entry { number, cycle, confirmed: false, destroyed: None });
    }

    /// Writes down that the screen says "recorded".
    pub fn confirmed(&mut self, code: &Code) {
        if let Some(entry) = self.0.get_mut(code) {
            entry.confirmed = true;
        }
    }

    /// Writes down that a fault overwrote these.
    pub fn destroyed(&mut self, codes: &BTreeSet<Code>, fault: &str) {
        for code in codes {
            if let Some(entry) = self.0.get_mut(code) {
                entry.destroyed = Some(fault.to_owned());
            }
        }
    }

    /// Compares with how often the office has filed each code.
    pub fn balance(&self, filed: &BTreeMap<Code, u64>) -> Balance {
        let mut balance = Balance::default();
        let mut entries: Vec<_> = self.0.iter().collect();
        entries.sort_by_key(|(_, entry)| entry.number);
        for (code, entry) in entries {
            let times = filed.get(code).copied().unwrap_or_default();
            let name = format!("passage {} of cycle {}", entry.number, entry.cycle);
            if times > 1 {
                balance.doubled.push(format!("{name}: {times} times"));
            }
            if !entry.confirmed {
                continue;
            }
            balance.confirmed += 1;
            match (&entry.destroyed, times) {
                (_, 1..) => balance.delivered += 1,
                (Some(fault), 0) => balance.destroyed.push(format!("{name}: {fault}")),
                (None, 0) => balance.lost.push(name),
            }
        }
        let unknown = filed.keys().filter(|code| !self.0.contains_key(*code)).count();
        if unknown > 0 {
            balance.doubled.push(format!("{unknown} passages that nobody confirmed"));
        }
        balance
    }
}

impl Balance {
    /// Adds that of another checkpoint.
    pub fn add(&mut self, other: Self) {
        self.confirmed += other.confirmed;
        self.delivered += other.delivered;
        self.lost.extend(other.lost);
        self.doubled.extend(other.doubled);
        self.destroyed.extend(other.destroyed);
    }

    /// Returns whether nothing was lost and nothing doubled.
    pub fn is_right(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_passage_is_delivered_once_or_destroyed_or_else_it_is_lost() {
        let mut ledger = Ledger::default();
        for number in 0..6_u8 {
            ledger.pressed(vec![number], number.into(), 1);
        }
        (0..5).for_each(|number| ledger.confirmed(&vec![number]));
        ledger.destroyed(&BTreeSet::from([vec![0], vec![3]]), "a torn page");
        // 0 arrived all the same, 1 is lost, 2 came twice, 3 is destroyed, 4 arrived, 5 was in doubt.
        let filed = BTreeMap::from([(vec![0], 1), (vec![2], 2), (vec![4], 1), (vec![5], 1)]);
        let balance = ledger.balance(&filed);
        assert_eq!((balance.confirmed, balance.delivered), (5, 3));
        assert_eq!(balance.lost, ["passage 1 of cycle 1"]);
        assert_eq!(balance.doubled, ["passage 2 of cycle 1: 2 times"]);
        assert_eq!(balance.destroyed, ["passage 3 of cycle 1: a torn page"]);
        assert!(!balance.is_right());
        let filed = BTreeMap::from([(vec![9], 1)]);
        assert_eq!(ledger.balance(&filed).doubled, ["1 passages that nobody confirmed"]);
    }
}
