//! What each variant costs of late.

use std::time::Duration;

use super::Variant;

/// Nanoseconds a pixel of the frame, for each variant of a ladder: the worst of late, forgotten
/// slowly, so that a variant is begun only if it very likely ends in time.
#[derive(Debug)]
pub(crate) struct Costs(Vec<f64>);

/// What a variant is taken to cost before it was measured.
const GUESS: f64 = 4.0;
/// How much of the worst is kept when a variant was cheaper.
const KEEP: f64 = 0.94;

impl Costs {
    pub(crate) fn new(order: &[Variant]) -> Self {
        Self(vec![GUESS; order.len()])
    }

    /// What the variant at this place would cost for so many pixels.
    pub(crate) fn of(&self, at: usize, pixels: usize) -> Duration {
        Duration::from_nanos((self.0[at] * pixels as f64) as u64)
    }

    pub(crate) fn learn(&mut self, at: usize, pixels: usize, took: Duration) {
        let cost = took.as_nanos() as f64 / pixels.max(1) as f64;
        let known = &mut self.0[at];
        *known = if cost > *known { cost } else { KEEP * *known + (1.0 - KEEP) * cost };
    }
}
