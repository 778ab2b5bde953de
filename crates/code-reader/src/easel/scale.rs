//! Pictures of another size.

use crate::frame::GreyFrame;

/// How large a picture is made first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// As it came.
    Whole,
    /// Its longest side is brought down to this.
    Side(u16),
    /// Twice as large, for codes far away; only where the longest side is up to this.
    Double(u16),
    /// Six tenths as high: for codes that are tilted away sideways.
    Flat,
    /// Six tenths as wide: for codes that are tilted away upwards.
    Narrow,
}

/// The longest side of a picture that is squeezed.
const SQUEEZED: usize = 1000;

impl Scale {
    /// The size that a picture of this size gets; `None` where that would repeat another scale's
    /// work, or cost too much.
    pub(crate) fn size(self, width: usize, height: usize) -> Option<(usize, usize)> {
        let longest = width.max(height);
        let part = |length: usize, of: usize| ((length * of + longest / 2) / longest).max(1);
        let tenths = |length: usize| (part(length, SQUEEZED.min(longest)) * 6).div_ceil(10);
        let to = |length: usize| part(length, SQUEEZED.min(longest));
        match self {
            Self::Whole => Some((width, height)),
            Self::Side(side) => {
                let side = usize::from(side);
                (longest > side + side / 8).then(|| (part(width, side), part(height, side)))
            }
            Self::Double(side) => (longest <= usize::from(side)).then_some((width * 2, height * 2)),
            Self::Flat => Some((to(width), tenths(height))),
            Self::Narrow => Some((tenths(width), to(height))),
        }
    }
}

/// Twice as large, bilinear.
pub(crate) fn double(from: &GreyFrame, to: &mut GreyFrame) {
    let (width, height) = (from.width(), from.height());
    to.reshape(width * 2, height * 2);
    let mut line = vec![0u16; width];
    for y in 0..height * 2 {
        let (here, near) = (from.row(y / 2), from.row(neighbour(y, height)));
        for ((sum, &a), &b) in line.iter_mut().zip(here).zip(near) {
            *sum = 3 * u16::from(a) + u16::from(b);
        }
        let out = to.row_mut(y);
        for (x, pair) in out.chunks_exact_mut(2).enumerate() {
            let (last, here, next) = (line[x.saturating_sub(1)], line[x], line[(x + 1).min(width - 1)]);
            pair[0] = ((3 * here + last + 8) / 16) as u8;
            pair[1] = ((3 * here + next + 8) / 16) as u8;
        }
    }
}

/// The other source pixel that a doubled pixel leans to.
fn neighbour(doubled: usize, length: usize) -> usize {
    let half = doubled / 2;
    if doubled.is_multiple_of(2) { half.saturating_sub(1) } else { (half + 1).min(length - 1) }
}

/// Makes pictures smaller by area average. Remembers its weights, so that frames of one size cost
/// no memory.
#[derive(Debug, Default)]
pub(crate) struct Shrinker {
    weights: Vec<Weights>,
    line: Vec<f32>,
}

/// More sizes than this are forgotten.
const SIZES: usize = 16;

impl Shrinker {
    /// Area average to at most the picture's own size.
    pub(crate) fn shrink(&mut self, from: &GreyFrame, width: usize, height: usize, to: &mut GreyFrame) {
        let (width, height) = (width.clamp(1, from.width()), height.clamp(1, from.height()));
        if self.weights.len() + 2 > SIZES {
            self.weights.clear();
        }
        let across = self.weights(from.width(), width);
        let down = self.weights(from.height(), height);
        let (across, down) = (&self.weights[across], &self.weights[down]);
        to.reshape(width, height);
        self.line.resize(from.width(), 0.0);
        for y in 0..height {
            self.line.fill(0.0);
            for (source, weight) in down.of(y) {
                for (sum, &pixel) in self.line.iter_mut().zip(from.row(source)) {
                    *sum += weight * f32::from(pixel);
                }
            }
            for (x, out) in to.row_mut(y).iter_mut().enumerate() {
                let sum: f32 = across.of(x).map(|(source, weight)| weight * self.line[source]).sum();
                *out = (sum + 0.5) as u8;
            }
        }
    }

    fn weights(&mut self, from: usize, to: usize) -> usize {
        if let Some(at) = self.weights.iter().position(|known| (known.from, known.to) == (from, to)) {
            return at;
        }
        self.weights.push(Weights::new(from, to));
        self.weights.len() - 1
    }
}

/// How much of each source pixel falls into each target pixel along one axis.
#[derive(Debug)]
struct Weights {
    from: usize,
    to: usize,
    /// For each target, its first source and where its weights begin.
    starts: Vec<(usize, usize)>,
    weights: Vec<f32>,
}

impl Weights {
    fn new(from: usize, to: usize) -> Self {
        let ratio = from as f64 / to as f64;
        let (mut starts, mut weights) = (Vec::with_capacity(to + 1), Vec::new());
        for target in 0..to {
            let (begin, end) = (target as f64 * ratio, ((target + 1) as f64 * ratio).min(from as f64));
            let first = (begin as usize).min(from - 1);
            let last = (end.ceil() as usize).clamp(first + 1, from);
            starts.push((first, weights.len()));
            weights.extend((first..last).map(|source| {
                let covered = end.min((source + 1) as f64) - begin.max(source as f64);
                (covered.max(0.0) / (end - begin)) as f32
            }));
        }
        starts.push((from, weights.len()));
        Self { from, to, starts, weights }
    }

    fn of(&self, target: usize) -> impl Iterator<Item = (usize, f32)> {
        let (first, start) = self.starts[target];
        (first..).zip(self.weights[start..self.starts[target + 1].1].iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_as_large_keeps_flat_and_order() {
        let mut out = GreyFrame::default();
        double(&GreyFrame::new(2, 1, vec![0, 160]).unwrap(), &mut out);
        assert_eq!((out.width(), out.height()), (4, 2));
        assert_eq!(out.row(0), [0, 40, 120, 160]);
    }

    #[test]
    fn sizes() {
        assert_eq!(Scale::Side(640).size(1280, 720), Some((640, 360)));
        assert_eq!(Scale::Side(640).size(700, 100), None);
        assert_eq!(Scale::Double(800).size(801, 10), None);
        assert_eq!(Scale::Flat.size(2000, 1000), Some((1000, 300)));
        assert_eq!(Scale::Narrow.size(100, 50), Some((60, 50)));
    }

    #[test]
    fn many_sizes_are_forgotten_in_turn() {
        let frame = GreyFrame::new(40, 30, vec![77; 1200]).unwrap();
        let (mut shrinker, mut out) = (Shrinker::default(), GreyFrame::default());
        for width in 1..=40 {
            shrinker.shrink(&frame, width, 30.min(width), &mut out);
            assert!(out.pixels().iter().all(|pixel| pixel.abs_diff(77) <= 1));
        }
        assert!(shrinker.weights.len() <= SIZES);
    }
}
