//! Who may make a first start: whoever reads the terminal. Pure.

use health_code::Timestamp;

use crate::console::words;

/// How often somebody may try the word.
pub const TRIES: u32 = 5;
/// For how long it is good, in minutes.
pub const MINUTES: i64 = 30;

/// The word of a first start, as far as it is kept.
#[derive(Debug)]
pub struct Door {
    word: [u8; 32],
    made: Timestamp,
    left: u32,
    session: Option<[u8; 32]>,
}

/// Why a word does not unlock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locked {
    /// It is another one; so many tries are left.
    Wrong(u32),
    /// It was used, tried too often, or is too old.
    Spent,
}

impl Door {
    /// Locks by a word.
    #[must_use]
    pub fn new(word: &str, made: Timestamp) -> Self {
        Self { word: words::hash(word), made, left: TRIES, session: None }
    }

    /// Unlocks, once; `session` is the hash of what the browser holds from then on.
    ///
    /// # Errors
    /// [`Locked`].
    pub fn unlock(&mut self, word: &str, session: [u8; 32], now: Timestamp) -> Result<(), Locked> {
        if self.session.is_some() || self.left == 0 || self.minutes_left(now) == 0 {
            return Err(Locked::Spent);
        }
        // A word of 80 bits is not guessed, and is counted before it is compared.
        self.left -= 1;
        if words::hash(word) != self.word {
            return Err(if self.left == 0 { Locked::Spent } else { Locked::Wrong(self.left) });
        }
        self.session = Some(session);
        Ok(())
    }

    /// Returns whether a browser holds the session.
    #[must_use]
    pub fn is_open_to(&self, session: [u8; 32]) -> bool {
        self.session == Some(session)
    }

    /// Returns how many tries are left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.left
    }

    /// Returns for how many minutes the word is good.
    #[must_use]
    pub fn minutes_left(&self, now: Timestamp) -> i64 {
        let left = self.made.0 + MINUTES * 60 - now.0;
        if now < self.made { 0 } else { (left.max(0) + 59) / 60 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Timestamp = Timestamp(1000);

    #[test]
    fn a_word_unlocks_once_within_five_tries_and_thirty_minutes() {
        let mut door = Door::new("ABCD-EFGH", MADE);
        assert_eq!(door.unlock("AAAA", [1; 32], MADE), Err(Locked::Wrong(4)));
        assert_eq!(door.unlock("abcd efgh", [1; 32], MADE.plus(1799)), Ok(()));
        assert!(door.is_open_to([1; 32]) && !door.is_open_to([2; 32]));
        assert_eq!(door.unlock("ABCD-EFGH", [2; 32], MADE), Err(Locked::Spent));
        let mut late = Door::new("ABCD-EFGH", MADE);
        assert_eq!((late.minutes_left(MADE), late.minutes_left(MADE.plus(1799))), (30, 1));
        assert_eq!(late.unlock("ABCD-EFGH", [1; 32], MADE.plus(1800)), Err(Locked::Spent));
        let mut guessed = Door::new("ABCD-EFGH", MADE);
        let said: Vec<_> = (0..6).map(|_| guessed.unlock("x", [1; 32], MADE).unwrap_err()).collect();
        assert_eq!(said[3..], [Locked::Wrong(1), Locked::Spent, Locked::Spent]);
        assert_eq!(guessed.unlock("ABCD-EFGH", [1; 32], MADE), Err(Locked::Spent));
    }
}
