//! Reads a picture between its pixels, eight points at a time, so that the compiler vectorises the
//! arithmetic.

use crate::frame::GreyFrame;

/// Points that are read at a time.
pub(super) const LANES: usize = 8;
/// Coordinates of [`LANES`] points, or other values of theirs.
pub(super) type Lane = [f32; LANES];

/// Added to a number from 0 to 2²², this leaves the nearest whole number in the lowest bits: a conversion
/// costs more than all the rest.
const WHOLE: f32 = 12_582_912.0;

/// A picture that is at least two pixels wide and high.
#[derive(Clone, Copy)]
pub(super) struct Sampler<'a> {
    pixels: &'a [u8],
    width: usize,
    right: f32,
    bottom: f32,
}

impl<'a> Sampler<'a> {
    /// Takes a picture. `None` if it is a line.
    pub(super) fn of(grey: &'a GreyFrame) -> Option<Self> {
        let (width, height) = (grey.width(), grey.height());
        // A little less, so that each point has a right and a lower neighbour.
        let last = |length: usize| (length - 1) as f32 - 0.002;
        (width > 1 && height > 1).then(|| Self {
            pixels: grey.pixels(),
            width,
            right: last(width),
            bottom: last(height),
        })
    }

    /// Returns the luma at points in pixel coordinates: (0.5, 0.5) is the first pixel's middle. Points
    /// outside count as the nearest inside.
    #[inline]
    pub(super) fn at(&self, xs: &Lane, ys: &Lane) -> Lane {
        let (mut lefts, mut tops, mut fxs, mut fys) =
            ([0u32; LANES], [0u32; LANES], [0.0; LANES], [0.0; LANES]);
        let whole = |at: f32| {
            let shifted = at - 0.5 + WHOLE;
            (shifted.to_bits().wrapping_sub(WHOLE.to_bits()), at - (shifted - WHOLE))
        };
        for lane in 0..LANES {
            // `clamp` would let NaN through. `max` makes it 0.
            let x = (xs[lane] - 0.5).max(0.0).min(self.right);
            let y = (ys[lane] - 0.5).max(0.0).min(self.bottom);
            (lefts[lane], fxs[lane]) = whole(x);
            (tops[lane], fys[lane]) = whole(y);
        }
        let mut values = [0.0; LANES];
        for lane in 0..LANES {
            let first = tops[lane] as usize * self.width + lefts[lane] as usize;
            let near = &self.pixels[first..first + self.width + 2];
            let luma = |at: usize| f32::from(near[at]);
            let upper = luma(0) + (luma(1) - luma(0)) * fxs[lane];
            let lower = luma(self.width) + (luma(self.width + 1) - luma(self.width)) * fxs[lane];
            values[lane] = upper + (lower - upper) * fys[lane];
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_between_pixels_are_between_their_values() {
        let grey = GreyFrame::new(3, 3, vec![0, 100, 200, 0, 100, 200, 50, 150, 250]).unwrap();
        let sampler = Sampler::of(&grey).unwrap();
        let xs = [0.5, 1.0, 1.5, 2.5, 1.75, -9.0, f32::NAN, 1e30];
        let ys = [0.5, 0.5, 1.5, 2.5, 2.0, 0.9, f32::NEG_INFINITY, 1e30];
        let expected = [0.0, 50.0, 100.0, 250.0, 150.0, 0.0, 0.0, 250.0];
        for (seen, expected) in sampler.at(&xs, &ys).into_iter().zip(expected) {
            assert!((seen - expected).abs() < 0.6, "{seen} {expected}");
        }
        assert!(Sampler::of(&GreyFrame::new(9, 1, vec![1; 9]).unwrap()).is_none());
    }
}
