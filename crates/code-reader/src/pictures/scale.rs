//! Changes the size of pictures.

use crate::frame::GreyFrame;

/// The size to which a picture is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// The frame's own size.
    Whole,
    /// Scaled down until the longest side has this many pixels.
    Side(u16),
    /// Twice as large, for codes far away, if the longest side is at most this many pixels.
    Double(u16),
    /// Six tenths as high, for codes that are tilted sideways.
    Flat,
    /// Six tenths as wide, for codes that are tilted upwards.
    Narrow,
}

/// Longest side of a flat or narrow picture.
const SQUEEZED: usize = 1000;

impl Scale {
    /// Returns the scaled size of a picture. `None` if it would repeat another scale's work or cost too
    /// much.
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

impl GreyFrame {
    /// Returns the picture scaled down by area average until its longest side is at most `side`. A
    /// smaller picture stays as it is.
    #[must_use]
    pub fn shrunk(&self, side: usize) -> Self {
        let longest = self.width().max(self.height());
        if side == 0 || longest <= side {
            return self.clone();
        }
        let scaled = |length: usize| ((length * side + longest / 2) / longest).max(1);
        let mut out = Self::default();
        Shrinker::default().shrink(self, scaled(self.width()), scaled(self.height()), &mut out);
        out
    }
}

/// Doubles a picture's size by bilinear interpolation.
pub(crate) fn double(from: &GreyFrame, line: &mut Vec<u16>, to: &mut GreyFrame) {
    let (width, height) = (from.width(), from.height());
    to.reshape(width * 2, height * 2);
    line.clear();
    line.resize(width + 2, 0);
    for y in 0..height * 2 {
        let (here, near) = (from.row(y / 2), from.row(neighbour(y, height)));
        for ((sum, &a), &b) in line[1..=width].iter_mut().zip(here).zip(near) {
            *sum = 3 * u16::from(a) + u16::from(b);
        }
        (line[0], line[width + 1]) = (line[1], line[width]);
        let near = line.iter().zip(&line[1..]).zip(&line[2..]);
        for (pair, ((&last, &here), &next)) in to.row_mut(y).as_chunks_mut::<2>().0.iter_mut().zip(near) {
            *pair = [((3 * here + last + 8) / 16) as u8, ((3 * here + next + 8) / 16) as u8];
        }
    }
}

/// Returns the second source pixel of a doubled pixel. The first one is at half its place.
fn neighbour(doubled: usize, length: usize) -> usize {
    let half = doubled / 2;
    if doubled.is_multiple_of(2) { half.saturating_sub(1) } else { (half + 1).min(length - 1) }
}

/// Scales pictures down by area average. Keeps its weights, so that further frames of one size
/// allocate nothing.
#[derive(Debug, Default)]
pub(crate) struct Shrinker {
    weights: Vec<Weights>,
    line: Vec<u16>,
}

/// Most pairs of lengths whose weights are kept.
const SIZES: usize = 16;
/// Sum of the weights of a target pixel. White times this sum still fits 16 bits.
const ONE: u16 = 256;

impl Shrinker {
    /// Scales a picture down. A size beyond the picture's own is reduced to it.
    pub(crate) fn shrink(&mut self, from: &GreyFrame, width: usize, height: usize, to: &mut GreyFrame) {
        let (width, height) = (width.clamp(1, from.width()), height.clamp(1, from.height()));
        if self.weights.len() + 2 > SIZES {
            self.weights.clear();
        }
        let across = self.weights(from.width(), width);
        let down = self.weights(from.height(), height);
        let (across, down) = (&self.weights[across], &self.weights[down]);
        to.reshape(width, height);
        self.line.resize(from.width(), 0);
        for y in 0..height {
            self.line.fill(0);
            let (first, weights) = down.of(y);
            for (source, &weight) in (first..).zip(weights) {
                for (sum, &pixel) in self.line.iter_mut().zip(from.row(source)) {
                    *sum += weight * u16::from(pixel);
                }
            }
            match (across.from / across.to, across.from % across.to) {
                (2, 0) => even::<2>(&self.line, to.row_mut(y)),
                (4, 0) => even::<4>(&self.line, to.row_mut(y)),
                _ => across.uneven(&self.line, to.row_mut(y)),
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

/// Averages each `N` sources, given in 1/256. The usual camera sizes shrink by 2 or 4.
fn even<const N: usize>(line: &[u16], out: &mut [u8]) {
    for (out, sources) in out.iter_mut().zip(line.as_chunks::<N>().0) {
        let sum: u32 = sources.iter().map(|&source| u32::from(source)).sum();
        *out = ((sum + 128 * N as u32) / (256 * N as u32)).min(255) as u8;
    }
}

/// The share of each source pixel in each target pixel, along one axis.
#[derive(Debug)]
struct Weights {
    from: usize,
    to: usize,
    /// For each target: its first source, and the index of its first weight.
    starts: Vec<(usize, usize)>,
    weights: Vec<u16>,
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
            // The running sum is rounded, not each weight, so that the weights add up exactly.
            let until = |source: usize| {
                let covered = (end.min(source as f64) - begin).max(0.0) / (end - begin);
                if source == last { ONE } else { (covered * f64::from(ONE)).round() as u16 }
            };
            weights.extend((first..last).map(|source| until(source + 1) - until(source)));
        }
        starts.push((from, weights.len()));
        Self { from, to, starts, weights }
    }

    fn uneven(&self, line: &[u16], out: &mut [u8]) {
        for (x, out) in out.iter_mut().enumerate() {
            let (first, weights) = self.of(x);
            let sources = line[first..].iter().zip(weights);
            let sum: u32 = sources.map(|(&source, &weight)| u32::from(source) * u32::from(weight)).sum();
            *out = ((sum + 0x8000) >> 16).min(255) as u8;
        }
    }

    /// Returns the first source of a target, and the weights from there on.
    fn of(&self, target: usize) -> (usize, &[u16]) {
        let (first, start) = self.starts[target];
        (first, &self.weights[start..self.starts[target + 1].1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_as_large_keeps_flat_and_order() {
        let mut out = GreyFrame::default();
        double(&GreyFrame::new(2, 1, vec![0, 160]).unwrap(), &mut Vec::new(), &mut out);
        assert_eq!((out.width(), out.height()), (4, 2));
        assert_eq!(out.row(0), [0, 40, 120, 160]);
    }

    #[test]
    fn shrinking_averages_areas_and_never_enlarges() {
        let frame = GreyFrame::new(4, 2, vec![0, 100, 200, 200, 100, 0, 200, 200]).unwrap();
        assert_eq!(frame.shrunk(2).pixels(), [50, 200]);
        assert_eq!(frame.shrunk(9), frame);
        let odd = GreyFrame::new(3, 1, vec![0, 90, 180]).unwrap().shrunk(2);
        assert_eq!(odd.pixels(), [30, 150]);
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
