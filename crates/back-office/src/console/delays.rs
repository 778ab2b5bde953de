//! How long somebody who guesses has to wait, by account and by address.

use std::collections::BTreeMap;

use health_code::Timestamp;

use crate::limits::GUESSERS;

/// The longest wait in seconds.
const LONGEST: i64 = 300;
/// After so many seconds without a try nothing is remembered.
const FORGOTTEN: i64 = 3600;

/// Who tries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Whoever tries this account; an account that does not exist counts as well.
    Account(String),
    /// Whoever comes from this address; many may.
    Address(String),
}

impl Key {
    /// Returns how many tries are free of a wait.
    fn free(&self) -> u32 {
        match self {
            Self::Account(_) => 0,
            Self::Address(_) => 10,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tries {
    count: u32,
    last: Timestamp,
    until: Timestamp,
}

/// Remembers who tried. Pure: the moment is an argument.
#[derive(Debug, Default)]
pub struct Delays(BTreeMap<Key, Tries>);

impl Delays {
    /// Counts a try before it is known whether it is right, so that many at once gain nothing.
    ///
    /// # Errors
    /// The seconds to wait; then the try does not count, and must not be looked at.
    pub fn begin(&mut self, keys: &[Key], now: Timestamp) -> Result<(), i64> {
        let wait = keys.iter().filter_map(|key| self.0.get(key)).map(|tries| tries.until.0 - now.0).max();
        if let Some(wait) = wait.filter(|wait| *wait > 0) {
            return Err(wait);
        }
        for key in keys {
            let known = self.0.get(key).filter(|tries| now.0 - tries.last.0 < FORGOTTEN);
            let count = known.map_or(0, |tries| tries.count) + 1;
            let wait = wait_after(count.saturating_sub(key.free()));
            self.0.insert(key.clone(), Tries { count, last: now, until: now.plus(wait) });
        }
        self.forget(now);
        Ok(())
    }

    /// Forgets the tries of who was right.
    pub fn was_right(&mut self, keys: &[Key]) {
        for key in keys {
            self.0.remove(key);
        }
    }

    /// Returns how long the next try has to wait.
    #[must_use]
    pub fn wait(&self, keys: &[Key], now: Timestamp) -> i64 {
        let waits = keys.iter().filter_map(|key| self.0.get(key)).map(|tries| tries.until.0 - now.0);
        waits.max().unwrap_or_default().max(0)
    }

    /// Keeps within bounds: who guesses by many names must not fill the memory.
    fn forget(&mut self, now: Timestamp) {
        if self.0.len() <= GUESSERS {
            return;
        }
        self.0.retain(|_, tries| now.0 - tries.last.0 < FORGOTTEN);
        while self.0.len() > GUESSERS {
            let oldest = self.0.iter().min_by_key(|(_, tries)| (tries.count, tries.last));
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { return };
            self.0.remove(&oldest);
        }
    }
}

/// Returns 0, 1, 2, 4 … 300 seconds.
fn wait_after(tries: u32) -> i64 {
    match tries {
        0 => 0,
        tries => 1_i64.checked_shl(tries - 1).filter(|wait| (1..=LONGEST).contains(wait)).unwrap_or(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Vec<Key> {
        vec![Key::Account("a".into())]
    }

    #[test]
    fn each_wrong_try_doubles_the_wait_up_to_five_minutes() {
        let (mut delays, mut now) = (Delays::default(), Timestamp(1000));
        let mut waits = Vec::new();
        for _ in 0..11 {
            assert_eq!(delays.begin(&account(), now), Ok(()));
            let wait = delays.wait(&account(), now);
            assert_eq!(
                delays.begin(&account(), now.plus(wait - 1)),
                Err(1),
                "a try too early does not count"
            );
            waits.push(wait);
            now = now.plus(wait);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        delays.was_right(&account());
        assert_eq!(delays.wait(&account(), now), 0);
    }

    #[test]
    fn many_at_once_are_one_try() {
        let mut delays = Delays::default();
        let now = Timestamp(1000);
        assert_eq!(delays.begin(&account(), now), Ok(()));
        for _ in 0..100 {
            assert_eq!(delays.begin(&account(), now), Err(1));
        }
    }

    #[test]
    fn who_tries_many_accounts_waits_by_address() {
        let mut delays = Delays::default();
        let now = Timestamp(1000);
        let by = |number: u32| vec![Key::Account(format!("a{number}")), Key::Address("192.0.2.1".into())];
        for number in 0..11 {
            assert_eq!(delays.begin(&by(number), now), Ok(()), "{number}");
        }
        assert_eq!(delays.begin(&by(99), now), Err(1));
        assert_eq!(delays.begin(&[Key::Account("a99".into())], now), Ok(()), "others don't wait");
        let later = now.plus(FORGOTTEN);
        assert_eq!(delays.begin(&by(99), later), Ok(()));
        assert_eq!(delays.wait(&by(99)[1..], later), 0, "an hour later nothing is remembered");
    }

    #[test]
    fn guessing_by_many_names_does_not_fill_the_memory() {
        let mut delays = Delays::default();
        for number in 0..GUESSERS + 50 {
            let _ = delays.begin(&[Key::Account(number.to_string())], Timestamp(1000));
        }
        assert_eq!(delays.0.len(), GUESSERS);
    }
}
