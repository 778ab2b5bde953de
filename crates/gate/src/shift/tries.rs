//! Wrong tries at signing in, counted for each person. They outlive a restart.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use health_code::trust::PersonId;

use crate::limits::COUNTED_PEOPLE;

/// Names what a try is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Account {
    /// A person of the roster.
    Person(PersonId),
    /// Digits that nobody of the roster has; all of them are one account.
    Unknown,
}

/// The wrong tries of each person, and those with digits that nobody has.
///
/// As text it is one line for each: `0101010101010101 3` or `unknown 3`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrongTries {
    people: BTreeMap<PersonId, u32>,
    unknown: u32,
}

impl WrongTries {
    /// Returns the number of wrong tries of everybody together.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.people.values().fold(self.unknown, |sum, count| sum.saturating_add(*count))
    }

    pub(super) fn of(&self, account: Account) -> u32 {
        match account {
            Account::Person(id) => self.people.get(&id).copied().unwrap_or_default(),
            Account::Unknown => self.unknown,
        }
    }

    /// Counts one try, and returns how many there are. If too many people are counted, somebody for
    /// whom `is_listed` is false is forgotten.
    pub(super) fn count(&mut self, account: Account, is_listed: impl Fn(PersonId) -> bool) -> u32 {
        let count = match account {
            Account::Person(id) => {
                if self.people.len() >= COUNTED_PEOPLE && !self.people.contains_key(&id) {
                    self.people.retain(|id, _| is_listed(*id));
                }
                self.people.entry(id).or_default()
            }
            Account::Unknown => &mut self.unknown,
        };
        *count = count.saturating_add(1);
        *count
    }

    /// Forgets the tries of one account. Returns whether there were any.
    pub(super) fn clear(&mut self, account: Account) -> bool {
        match account {
            Account::Person(id) => self.people.remove(&id).is_some(),
            Account::Unknown => std::mem::take(&mut self.unknown) > 0,
        }
    }

    pub(super) fn accounts(&self) -> impl Iterator<Item = (Account, u32)> {
        let people = self.people.iter().map(|(id, count)| (Account::Person(*id), *count));
        people.chain(std::iter::once((Account::Unknown, self.unknown)))
    }
}

impl fmt::Display for WrongTries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, count) in &self.people {
            writeln!(f, "{id} {count}")?;
        }
        if self.unknown > 0 {
            writeln!(f, "unknown {}", self.unknown)?;
        }
        Ok(())
    }
}

/// A text that does not hold wrong tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadTries;

impl fmt::Display for BadTries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a list of wrong tries")
    }
}

impl std::error::Error for BadTries {}

impl FromStr for WrongTries {
    type Err = BadTries;

    fn from_str(text: &str) -> Result<Self, BadTries> {
        let mut tries = Self::default();
        for line in text.lines() {
            let (name, count) = line.split_once(' ').ok_or(BadTries)?;
            let count = count.parse().map_err(|_| BadTries)?;
            if name == "unknown" {
                tries.unknown = count;
            } else if tries.people.len() < COUNTED_PEOPLE {
                tries.people.insert(name.parse().map_err(|_| BadTries)?, count);
            } else {
                return Err(BadTries);
            }
        }
        Ok(tries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u64) -> PersonId {
        PersonId(number.to_be_bytes())
    }

    #[test]
    fn tries_are_counted_and_cleared_one_account_at_a_time() {
        let mut tries = WrongTries::default();
        for account in [Account::Person(person(1)), Account::Person(person(2)), Account::Unknown] {
            assert_eq!(tries.count(account, |_| true), 1);
            assert_eq!(tries.count(account, |_| true), 2);
        }
        assert_eq!(tries.total(), 6);
        assert!(tries.clear(Account::Person(person(1))) && !tries.clear(Account::Person(person(1))));
        assert_eq!((tries.of(Account::Person(person(2))), tries.of(Account::Unknown)), (2, 2));
    }

    #[test]
    fn as_text_they_come_back_and_other_text_is_refused() {
        let mut tries = WrongTries::default();
        for account in [Account::Person(person(7)), Account::Unknown, Account::Unknown] {
            tries.count(account, |_| true);
        }
        assert_eq!(tries.to_string(), "0000000000000007 1\nunknown 2\n");
        assert_eq!(tries.to_string().parse(), Ok(tries));
        assert_eq!("".parse(), Ok(WrongTries::default()));
        for bad in ["x", "unknown", "unknown -1", "07 1", "0000000000000007 x", "unknown 1\n\n"] {
            assert_eq!(bad.parse::<WrongTries>(), Err(BadTries), "{bad:?}");
        }
    }

    #[test]
    fn people_whom_the_roster_dropped_make_room() {
        let mut tries = WrongTries::default();
        for number in 0..COUNTED_PEOPLE as u64 {
            tries.count(Account::Person(person(number)), |_| true);
        }
        tries.count(Account::Person(person(u64::MAX)), |id| id == person(3));
        assert_eq!(tries.people.len(), 2);
        assert_eq!(tries.of(Account::Person(person(3))), 1);
    }
}
