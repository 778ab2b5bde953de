//! Randomness from a seed.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

/// A generator of the random choices in a scene.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// A generator from a seed. The same seed gives the same numbers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Returns a uniform number from `low` up to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        // A float represents every number of 24 bits exactly.
        low + (high - low) * ((self.0.next_u32() >> 8) as f32 / (1 << 24) as f32)
    }

    /// Returns a uniform integer below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        ((u64::from(self.0.next_u32()) * count as u64) >> 32) as usize
    }

    /// Returns two numbers of the normal distribution (Box and Muller, 1958).
    fn normals(&mut self) -> [f32; 2] {
        let radius = (-2.0 * (1.0 - self.between(0.0, 1.0)).ln()).sqrt();
        let (sin, cos) = self.between(0.0, std::f32::consts::TAU).sin_cos();
        [radius * cos, radius * sin]
    }
}

/// Normally distributed noise for rows of pixels.
///
/// Each row is taken from a table at a random offset: fresh numbers for a million pixels would cost more
/// than the rest of the rendering.
pub(crate) struct Grain {
    table: Vec<f32>,
    dice: Dice,
}

const TABLE: usize = 1 << 16;

impl Grain {
    pub(crate) fn new(seed: u64, width: usize) -> Self {
        let mut dice = Dice::new(seed ^ 0x6772_6169_6e00_0000);
        let table = (0..TABLE.max(width * 2) / 2).flat_map(|_| dice.normals()).collect();
        Self { table, dice }
    }

    pub(crate) fn row(&mut self, width: usize) -> &[f32] {
        let start = self.dice.below(self.table.len() - width);
        &self.table[start..start + width]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grain_is_normal() {
        let mut grain = Grain::new(1, 1000);
        let row: Vec<f32> = (0..50).flat_map(|_| grain.row(1000).to_vec()).collect();
        let mean = row.iter().sum::<f32>() / row.len() as f32;
        let spread = (row.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / row.len() as f32).sqrt();
        assert!(mean.abs() < 0.02 && (spread - 1.0).abs() < 0.02, "{mean} {spread}");
        let beyond_two = row.iter().filter(|x| x.abs() > 2.0).count() as f32 / row.len() as f32;
        assert!((beyond_two - 0.0455).abs() < 0.006, "{beyond_two}");
    }

    #[test]
    fn dice_are_even_and_repeat() {
        let throws = |seed| {
            let mut dice = Dice::new(seed);
            (0..6000).map(|_| dice.below(6)).collect::<Vec<_>>()
        };
        assert_eq!(throws(1), throws(1));
        assert_ne!(throws(1), throws(2));
        for face in 0..6 {
            let count = throws(3).iter().filter(|&&it| it == face).count();
            assert!((900..1100).contains(&count), "{face}: {count}");
        }
    }
}
