//! What each variant costs of late.

use std::time::Duration;

use super::{Took, Variant};

/// Nanoseconds a pixel of the frame, for each variant of a ladder: the worst of late, forgotten
/// slowly, of what can't be stopped, so that it is begun only if it very likely ends in time; and
/// what is usual of what can.
#[derive(Debug)]
pub(crate) struct Costs(Vec<Cost>);

#[derive(Debug, Clone, Copy)]
struct Cost {
    worst: f64,
    usual: f64,
    /// The least of what can't be stopped: what no idle moment makes cheaper. Never more than
    /// [`GUESS`], since the first time may have been a busy one.
    least: f64,
    can_stop: bool,
}

/// What a variant is taken to cost before it was measured.
const GUESS: f64 = 8.0;
/// How much of the worst is kept when a variant was cheaper.
const KEEP: f64 = 0.97;
/// The weight of the newest in what is usual.
const NEW: f64 = 0.1;
/// The share of what a decoder that can be stopped usually takes for which it is worth beginning.
const WORTH: f64 = 0.5;

/// What is left of a cost each time the variant is left out.
const FORGIVE: f64 = 0.85;

impl Cost {
    const UNKNOWN: Self = Self { worst: GUESS, usual: GUESS, least: GUESS, can_stop: false };
}

impl Costs {
    pub(crate) fn new<'a>(order: impl IntoIterator<Item = &'a Variant>) -> Self {
        let cost = |variant: &Variant| Cost { can_stop: variant.decoder.can_stop(), ..Cost::UNKNOWN };
        Self(order.into_iter().map(cost).collect())
    }

    /// Whether the variant at this place, at so many pixels, very likely ends within what is left.
    /// If not, it is forgiven some of what it cost: the machine may have been busy for a moment
    /// only, and without being begun it would never be measured again.
    pub(crate) fn affords(&mut self, at: usize, pixels: usize, left: Duration) -> bool {
        let affords = self.of(at, pixels) <= left;
        if !affords {
            self.forgive(at);
        }
        affords
    }

    /// The time for so many pixels that the variant at this place must have left to be begun.
    fn of(&self, at: usize, pixels: usize) -> Duration {
        let cost = self.0[at];
        let needs = cost.worst + if cost.can_stop { WORTH * cost.usual } else { 0.0 };
        Duration::from_nanos((needs * pixels as f64) as u64)
    }

    /// Forgets what was learned. A machine that was busy says nothing about the time after it.
    pub(crate) fn forget(&mut self) {
        for cost in &mut self.0 {
            *cost = Cost { can_stop: cost.can_stop, ..Cost::UNKNOWN };
        }
    }

    fn forgive(&mut self, at: usize) {
        let cost = &mut self.0[at];
        cost.worst = (cost.worst * FORGIVE).max(cost.worst.min(cost.least));
        cost.usual *= FORGIVE;
    }

    pub(crate) fn learn(&mut self, at: usize, pixels: usize, took: Took) {
        let each = |time: Duration| time.as_nanos() as f64 / pixels.max(1) as f64;
        let known = &mut self.0[at];
        let firm = each(if known.can_stop { took.prepared } else { took.all });
        known.worst = if firm > known.worst { firm } else { KEEP * known.worst + (1.0 - KEEP) * firm };
        known.least = known.least.min(firm);
        known.usual += NEW * (each(took.all.saturating_sub(took.prepared)) - known.usual);
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
    fn what_can_be_stopped_is_begun_by_its_worst_picture_and_half_of_what_is_usual() {
        let mut costs = Costs::new(&[Variant::plain(Decoder::Fit)]);
        (0..400).for_each(|_| costs.learn(0, 1000, took(2, 12)));
        let usual = costs.of(0, 1000).as_micros();
        assert!((6..=7).contains(&usual), "{usual}");
        costs.learn(0, 1000, took(30, 40));
        assert!((34..=36).contains(&costs.of(0, 1000).as_micros()));
    }

    #[test]
    fn a_moment_of_a_busy_machine_is_forgiven() {
        let mut costs = Costs::new(&[Variant::plain(Decoder::Fit)]);
        costs.learn(0, 1000, took(300_000, 400_000));
        assert!(costs.of(0, 1000) > Duration::from_millis(300));
        (0..15).for_each(|_| costs.forgive(0));
        assert!(costs.of(0, 1000) < Duration::from_millis(33), "within half a second of frames");
    }

    #[cfg(feature = "zxing")]
    #[test]
    fn what_cannot_be_stopped_is_begun_by_its_worst() {
        let mut costs = Costs::new(&[Variant::plain(Decoder::Zxing)]);
        costs.learn(0, 1000, took(2, 100));
        costs.learn(0, 1000, took(2, 10));
        assert!(costs.of(0, 1000) > Duration::from_micros(95));
    }
}
