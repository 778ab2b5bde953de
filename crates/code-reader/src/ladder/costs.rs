//! What each variant of a ladder cost lately, and whether it fits into the time that is left.

use std::time::Duration;

use super::variant::{Took, Variant};

/// A variant that was not measured yet is taken to be this much slower than its guess, since guesses are
/// of the usual case, and of an idle machine.
const CAUTION: f64 = 1.5;
/// The machine is at most this much slower than the one that the guesses are of.
const SLOWEST: f64 = 16.0;
/// The weight of the old worst case when a variant was cheaper.
const DECAY: f64 = 0.97;
/// The weight of the newest measurement in the moving average.
const NEWEST: f64 = 0.1;
/// A decoder that can be interrupted starts if this share of its usual time is left.
const WORTHWHILE: f64 = 0.5;
/// A cost is multiplied by this each time the variant is skipped.
const FORGIVENESS: f64 = 0.85;

/// Costs of the variants of one ladder.
///
/// A variant starts only if its worst case of late and, if it can be interrupted, half of its usual
/// time fit into the time that is left.
#[derive(Debug)]
pub(crate) struct Costs {
    of: Vec<Cost>,
    /// How much slower this machine is than the one that the guesses are of, by the first variant.
    slowness: f64,
}

/// Cost of one variant, in nanoseconds a pixel of the frame.
#[derive(Debug, Clone, Copy)]
struct Cost {
    /// What it usually costs.
    guess: f64,
    is_known: bool,
    /// Slowly decaying maximum of the part that cannot be interrupted.
    worst: f64,
    /// Minimum of that part. Forgiveness does not go below it, since no idle moment makes the
    /// variant cheaper. Never above the guess: the first measurement may be of a busy moment.
    least: f64,
    /// Moving average of the part that can be interrupted.
    usual: f64,
    can_stop: bool,
}

impl Cost {
    fn unknown(guess: f64, can_stop: bool) -> Self {
        let worst = guess * CAUTION;
        Self { guess, is_known: false, worst, least: worst, usual: guess, can_stop }
    }
}

impl Costs {
    /// Guesses each variant's cost by its decoder and the size of its picture.
    pub(crate) fn new<'a>(order: impl IntoIterator<Item = &'a Variant>) -> Self {
        let cost = |variant: &Variant| Cost::unknown(variant.usual_cost(), variant.decoder.can_stop());
        Self { of: order.into_iter().map(cost).collect(), slowness: 1.0 }
    }

    /// Returns whether variant `at`, on a frame of so many pixels, will very likely end within the
    /// time that is left.
    ///
    /// If not, its cost is lowered: the machine may have been busy only for a moment, and a variant
    /// that never starts is never measured again.
    pub(crate) fn affords(&mut self, at: usize, pixels: usize, left: Duration) -> bool {
        let affords = self.needed(at, pixels) <= left;
        if !affords {
            self.forgive(at);
        }
        affords
    }

    /// Learns what variant `at` cost on a frame of so many pixels.
    pub(crate) fn learn(&mut self, at: usize, pixels: usize, took: Took) {
        let per_pixel = |time: Duration| time.as_nanos() as f64 / pixels.max(1) as f64;
        let cost = &mut self.of[at];
        let firm = per_pixel(if cost.can_stop { took.prepared } else { took.all });
        if !cost.is_known {
            cost.is_known = true;
            cost.worst = firm;
        }
        if at == 0 {
            self.slowness = (firm / cost.guess).clamp(1.0, SLOWEST);
        }
        cost.worst = if firm > cost.worst { firm } else { DECAY * cost.worst + (1.0 - DECAY) * firm };
        cost.least = cost.least.min(firm);
        cost.usual += NEWEST * (per_pixel(took.all.saturating_sub(took.prepared)) - cost.usual);
    }

    /// Forgets what was learned. Costs on a busy machine say nothing about the time after it.
    pub(crate) fn forget(&mut self) {
        for cost in &mut self.of {
            *cost = Cost::unknown(cost.guess, cost.can_stop);
        }
        self.slowness = 1.0;
    }

    /// Returns the time that variant `at` must have left to start.
    fn needed(&self, at: usize, pixels: usize) -> Duration {
        let cost = self.of[at];
        let known = cost.worst + if cost.can_stop { WORTHWHILE * cost.usual } else { 0.0 };
        let needed = if cost.is_known { known } else { known * self.slowness };
        Duration::from_nanos((needed * pixels as f64) as u64)
    }

    fn forgive(&mut self, at: usize) {
        let cost = &mut self.of[at];
        cost.worst = (cost.worst * FORGIVENESS).max(cost.worst.min(cost.least));
        cost.usual *= FORGIVENESS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decoder::Decoder;

    fn took(prepared: u64, all: u64) -> Took {
        Took { prepared: Duration::from_micros(prepared), all: Duration::from_micros(all) }
    }

    #[test]
    fn an_interruptible_variant_needs_its_worst_preparation_and_half_its_usual_time() {
        let mut costs = Costs::new(&[Variant::plain(Decoder::LayFlat)]);
        (0..400).for_each(|_| costs.learn(0, 1000, took(2, 12)));
        let usual = costs.needed(0, 1000).as_micros();
        assert!((6..=7).contains(&usual), "{usual}");
        costs.learn(0, 1000, took(30, 40));
        assert!((34..=36).contains(&costs.needed(0, 1000).as_micros()));
    }

    #[test]
    fn a_busy_moment_is_forgiven() {
        let mut costs = Costs::new(&[Variant::plain(Decoder::LayFlat)]);
        costs.learn(0, 1000, took(300_000, 400_000));
        assert!(costs.needed(0, 1000) > Duration::from_millis(300));
        (0..15).for_each(|_| costs.forgive(0));
        assert!(costs.needed(0, 1000) < Duration::from_millis(33), "within half a second of frames");
    }

    #[test]
    fn a_busy_spell_is_forgotten() {
        let mut costs = Costs::new(&[Variant::plain(Decoder::LayFlat)]);
        let before = costs.needed(0, 1000);
        (0..60).for_each(|_| costs.learn(0, 1000, took(300_000, 400_000)));
        costs.forget();
        assert_eq!(costs.needed(0, 1000), before);
    }

    #[cfg(feature = "zxing")]
    #[test]
    fn an_uninterruptible_variant_needs_its_worst_time() {
        let mut costs = Costs::new(&[Variant::plain(Decoder::Zxing)]);
        costs.learn(0, 1000, took(2, 100));
        costs.learn(0, 1000, took(2, 10));
        assert!(costs.needed(0, 1000) > Duration::from_micros(95));
    }
}
