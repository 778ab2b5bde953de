//! Dice that fall the same way for the same seed.

use std::ops::Range;

/// A small generator (xorshift64), for faults and their times. It guards no secret.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Returns the dice of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        // A state of zero would stay zero.
        let mut dice = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            dice.roll();
        }
        dice
    }

    /// Draws a number from a range that is not empty.
    pub fn draw(&mut self, range: Range<u64>) -> u64 {
        range.start + self.roll() % (range.end - range.start).max(1)
    }

    /// Returns true so many times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.draw(0..100) < percent
    }

    /// Draws an item; `None` where there is none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let place = self.draw(0..items.len().max(1) as u64);
        items.get(usize::try_from(place).unwrap_or_default())
    }

    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
