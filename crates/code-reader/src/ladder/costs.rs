//! What each variant costs of late.

use std::time::Duration;

use super::Variant;

/// Nanoseconds a pixel of the frame, for each variant of a ladder: the worst of late, forgotten
/// slowly, so that a variant that can't be stopped is begun only if it very likely ends in time;
/// and what is usual, for one that can.
#[derive(Debug)]
pub(crate) struct Costs(Vec<Cost>);

#[derive(Debug, Clone, Copy)]
struct Cost {
    worst: f64,
    usual: f64,
    can_stop: bool,
}

/// What a variant is taken to cost before it was measured.
const GUESS: f64 = 4.0;
/// How much of the worst is kept when a variant was cheaper.
const KEEP: f64 = 0.94;
/// The weight of the newest in what is usual.
const NEW: f64 = 0.1;
/// The share of its usual cost for which a variant that can be stopped is worth its beginning.
const WORTH: f64 = 0.6;

impl Costs {
    pub(crate) fn new(order: &[Variant]) -> Self {
        let cost =
            |variant: &Variant| Cost { worst: GUESS, usual: GUESS, can_stop: variant.decoder.can_stop() };
        Self(order.iter().map(cost).collect())
    }

    /// The time for so many pixels that the variant at this place must have left to be begun.
    pub(crate) fn of(&self, at: usize, pixels: usize) -> Duration {
        let cost = self.0[at];
        let needs = if cost.can_stop { cost.usual * WORTH } else { cost.worst };
        Duration::from_nanos((needs * pixels as f64) as u64)
    }

    pub(crate) fn learn(&mut self, at: usize, pixels: usize, took: Duration) {
        let new = took.as_nanos() as f64 / pixels.max(1) as f64;
        let known = &mut self.0[at];
        known.worst = if new > known.worst { new } else { KEEP * known.worst + (1.0 - KEEP) * new };
        known.usual += NEW * (new - known.usual);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decoder::Decoder;

    #[test]
    fn what_cannot_be_stopped_is_begun_by_its_worst_and_the_rest_by_what_is_usual() {
        let mut costs = Costs::new(&[Variant::plain(Decoder::Fit)]);
        (0..200).for_each(|_| costs.learn(0, 1000, Duration::from_micros(10)));
        let usual = costs.of(0, 1000);
        assert!((5..7).contains(&usual.as_micros()), "{usual:?}");
        costs.learn(0, 1000, Duration::from_micros(100));
        assert!(costs.of(0, 1000) < Duration::from_micros(13));
        #[cfg(feature = "zxing")]
        {
            let mut costs = Costs::new(&[Variant::plain(Decoder::Zxing)]);
            costs.learn(0, 1000, Duration::from_micros(100));
            costs.learn(0, 1000, Duration::from_micros(10));
            assert!(costs.of(0, 1000) > Duration::from_micros(90));
        }
    }
}
