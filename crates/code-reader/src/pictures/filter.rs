//! Filters that a picture goes through before a decoder sees it.

use crate::frame::GreyFrame;

/// A filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Filter {
    /// Nothing.
    Plain,
    /// A blur that reaches this many pixels, against noise and screen patterns.
    Smooth(u8),
    /// Unsharp masking over this many pixels: steeper edges.
    Sharp(u8),
    /// A gamma that darkens, for overexposed pictures.
    Darker,
    /// A gamma that lightens, for underexposed pictures.
    Lighter,
    /// Morphological closing: removes dark specks.
    Close,
    /// Morphological opening: removes light specks.
    Open,
    /// A white border, for codes that reach to the edge.
    Margin,
    /// Clips the highlights and stretches the rest over the whole range, for lamps and streaks of light
    /// over a dark code.
    Clip,
    /// Stretches the contrast locally over the whole range.
    Stretch,
}

/// Largest reach of a mean. The sum over a white window still fits 16 bits.
const WIDEST: usize = 7;
/// Width of the white border in pixels.
const MARGIN: usize = 30;

/// Applies filters, with buffers that are reused from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct FilterBuffers {
    across: Vec<u16>,
    columns: Vec<u16>,
    line: Vec<u8>,
    ranges: Vec<(u16, u16)>,
    sums: Vec<u32>,
    soft: GreyFrame,
    low: Vec<u8>,
    high: Vec<u8>,
}

impl FilterBuffers {
    /// Applies a filter to `from` and writes the result to `to`.
    pub(crate) fn apply(&mut self, filter: Filter, from: &GreyFrame, to: &mut GreyFrame) {
        match filter {
            Filter::Plain => to.clone_from(from),
            Filter::Smooth(reach) => self.smooth(from, usize::from(reach), to),
            Filter::Sharp(reach) => self.sharp(from, usize::from(reach), to),
            Filter::Darker => lookup(from, to, |luma| luma.powf(2.5)),
            Filter::Lighter => lookup(from, to, |luma| luma.powf(0.4)),
            Filter::Close => self.twice(from, to, u8::max, u8::min),
            Filter::Open => self.twice(from, to, u8::min, u8::max),
            Filter::Margin => margin(from, to),
            Filter::Clip => self.clip(from, to),
            Filter::Stretch => self.stretch(from, to),
        }
    }

    /// Applies two box means one after the other, which gives a triangular kernel.
    fn smooth(&mut self, from: &GreyFrame, reach: usize, to: &mut GreyFrame) {
        let mut once = std::mem::replace(&mut self.soft, GreyFrame::hollow());
        self.box_mean(from, reach, &mut once);
        self.box_mean(&once, reach, to);
        self.soft = once;
    }

    /// Subtracts twice the blurred picture from three times the picture.
    fn sharp(&mut self, from: &GreyFrame, reach: usize, to: &mut GreyFrame) {
        self.smooth(from, reach, to);
        for (out, &pixel) in to.pixels_mut().iter_mut().zip(from.pixels()) {
            *out = (3 * i16::from(pixel) - 2 * i16::from(*out)).clamp(0, 255) as u8;
        }
    }

    /// Computes the mean over a square window. The picture's edges repeat.
    fn box_mean(&mut self, from: &GreyFrame, reach: usize, to: &mut GreyFrame) {
        let reach = reach.min(WIDEST);
        let (width, height) = (from.width(), from.height());
        let span = 2 * reach + 1;
        // A reciprocal in 1/65536: a division for each pixel would cost more than the rest.
        let share = (65536 / (span * span)) as u32 + 1;
        let row = |y: usize| from.row(y.saturating_sub(reach).min(height - 1));
        let columns = &mut self.columns;
        columns.clear();
        columns.resize(width + 2 * reach, 0);
        for y in 0..span {
            let inner = columns[reach..].iter_mut().zip(row(y));
            inner.for_each(|(sum, &pixel)| *sum += u16::from(pixel));
        }
        to.reshape(width, height);
        self.across.resize(width, 0);
        let across = &mut self.across[..width];
        for y in 0..height {
            let (first, last) = (columns[reach], columns[reach + width - 1]);
            columns[..reach].fill(first);
            columns[reach + width..].fill(last);
            across.copy_from_slice(&columns[..width]);
            for by in 1..span {
                across.iter_mut().zip(&columns[by..]).for_each(|(sum, &column)| *sum += column);
            }
            for (out, &sum) in to.row_mut(y).iter_mut().zip(across.iter()) {
                *out = ((u32::from(sum) * share) >> 16).min(255) as u8;
            }
            let next = row(y + span).iter().zip(row(y));
            for (sum, (&new, &old)) in columns[reach..].iter_mut().zip(next) {
                *sum = *sum + u16::from(new) - u16::from(old);
            }
        }
    }

    /// Replaces each pixel by the `first` choice among it and its eight neighbours, then by the
    /// `second`.
    fn twice(
        &mut self,
        from: &GreyFrame,
        to: &mut GreyFrame,
        first: fn(u8, u8) -> u8,
        second: fn(u8, u8) -> u8,
    ) {
        let mut once = std::mem::replace(&mut self.soft, GreyFrame::hollow());
        self.nine(from, &mut once, first);
        self.nine(&once, to, second);
        self.soft = once;
    }

    fn nine(&mut self, from: &GreyFrame, to: &mut GreyFrame, pick: fn(u8, u8) -> u8) {
        // The compiler vectorises each known choice.
        if pick(0, 1) == 1 { self.nine_by(from, to, u8::max) } else { self.nine_by(from, to, u8::min) }
    }

    fn nine_by(&mut self, from: &GreyFrame, to: &mut GreyFrame, pick: impl Fn(u8, u8) -> u8 + Copy) {
        let (width, height) = (from.width(), from.height());
        to.reshape(width, height);
        self.line.resize(width, 0);
        for y in 0..height {
            let (above, here, under) =
                (from.row(y.saturating_sub(1)), from.row(y), from.row((y + 1).min(height - 1)));
            for (((out, &a), &b), &c) in self.line.iter_mut().zip(above).zip(here).zip(under) {
                *out = pick(pick(a, b), c);
            }
            let out = to.row_mut(y);
            out.copy_from_slice(&self.line[..width]);
            for (out, &next) in out.iter_mut().zip(&self.line[1..width]) {
                *out = pick(*out, next);
            }
            for (out, &last) in out[1..].iter_mut().zip(&self.line[..width]) {
                *out = pick(*out, last);
            }
        }
    }

    /// Maps the 2nd percentile to black, and 1.3 times the 80th percentile to white.
    fn clip(&mut self, from: &GreyFrame, to: &mut GreyFrame) {
        self.sums.clear();
        self.sums.resize(256, 0);
        // Every seventh pixel is enough, and covers all columns.
        for &pixel in from.pixels().iter().step_by(7) {
            self.sums[usize::from(pixel)] += 1;
        }
        let total: u32 = self.sums.iter().sum();
        let under = |share: u32| {
            let mut seen = 0;
            let found = self.sums.iter().position(|&count| {
                seen += count;
                seen * 100 >= total * share
            });
            found.unwrap_or(255) as f32 / 255.0
        };
        let (black, white) = (under(2), (under(80) * 1.3 + 0.02).min(1.0));
        let span = (white - black).max(0.03);
        lookup(from, to, |luma| ((luma - black) / span).clamp(0.0, 1.0));
    }

    /// Maps the darkest and the lightest pixel within about 24 pixels to black and white.
    fn stretch(&mut self, from: &GreyFrame, to: &mut GreyFrame) {
        const CELL: usize = 8;
        const LEAST: u16 = 16;
        let (width, height) = (from.width(), from.height());
        let (columns, rows) = (width.div_ceil(CELL), height.div_ceil(CELL));
        self.low.clear();
        self.low.resize(columns * rows, 255);
        self.high.clear();
        self.high.resize(columns * rows, 0);
        for y in 0..height {
            let start = y / CELL * columns;
            for (at, chunk) in from.row(y).chunks(CELL).enumerate() {
                let (low, high) = (&mut self.low[start + at], &mut self.high[start + at]);
                *low = chunk.iter().copied().fold(*low, u8::min);
                *high = chunk.iter().copied().fold(*high, u8::max);
            }
        }
        to.reshape(width, height);
        self.ranges.clear();
        self.ranges.resize(columns, (0, 0));
        for y in 0..height {
            if y.is_multiple_of(CELL) {
                let row = y / CELL;
                for (at, range) in self.ranges.iter_mut().enumerate() {
                    let (mut low, mut high) = (255, 0);
                    for near in row.saturating_sub(1)..(row + 2).min(rows) {
                        let cells =
                            near * columns + at.saturating_sub(1)..near * columns + (at + 2).min(columns);
                        low = self.low[cells.clone()].iter().copied().fold(low, u8::min);
                        high = self.high[cells].iter().copied().fold(high, u8::max);
                    }
                    let span = u16::from(high - low).max(LEAST);
                    // In 1/128, so that the inner loop needs no division.
                    *range = (u16::from(low), (255 * 128 / span).min(255 * 8));
                }
            }
            let lines = to.row_mut(y).chunks_mut(CELL).zip(from.row(y).chunks(CELL));
            for ((out, source), &(low, gain)) in lines.zip(&self.ranges) {
                for (out, &pixel) in out.iter_mut().zip(source) {
                    let above = u32::from(u16::from(pixel).saturating_sub(low));
                    *out = ((above * u32::from(gain)) >> 7).min(255) as u8;
                }
            }
        }
    }
}

fn lookup(from: &GreyFrame, to: &mut GreyFrame, curve: impl Fn(f32) -> f32) {
    let mut table = [0u8; 256];
    for (luma, out) in (0u8..=255).zip(&mut table) {
        *out = (curve(f32::from(luma) / 255.0) * 255.0) as u8;
    }
    to.reshape(from.width(), from.height());
    for (out, &pixel) in to.pixels_mut().iter_mut().zip(from.pixels()) {
        *out = table[usize::from(pixel)];
    }
}

fn margin(from: &GreyFrame, to: &mut GreyFrame) {
    let (width, height) = (from.width(), from.height());
    to.reshape(width + 2 * MARGIN, height + 2 * MARGIN);
    to.pixels_mut().fill(255);
    for y in 0..height {
        to.row_mut(y + MARGIN)[MARGIN..MARGIN + width].copy_from_slice(from.row(y));
    }
}

impl Filter {
    /// Returns how far the picture's origin moves, in pixels.
    pub(crate) fn offset(self) -> f64 {
        if self == Self::Margin { MARGIN as f64 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Filter; 10] = [
        Filter::Plain,
        Filter::Smooth(1),
        Filter::Smooth(3),
        Filter::Sharp(2),
        Filter::Darker,
        Filter::Lighter,
        Filter::Close,
        Filter::Open,
        Filter::Margin,
        Filter::Stretch,
    ];

    fn after(filter: Filter, frame: &GreyFrame) -> GreyFrame {
        let mut out = GreyFrame::default();
        FilterBuffers::default().apply(filter, frame, &mut out);
        out
    }

    #[test]
    fn filters_keep_a_flat_frame_flat() {
        let flat = GreyFrame::new(11, 5, vec![200; 55]).unwrap();
        for filter in [Filter::Plain, Filter::Smooth(2), Filter::Sharp(2), Filter::Close, Filter::Open] {
            let filtered = after(filter, &flat);
            assert!(filtered.pixels().iter().all(|pixel| pixel.abs_diff(200) <= 2), "{filter:?}");
        }
    }

    #[test]
    fn specks_go_and_edges_stay() {
        let mut pixels = vec![200; 12 * 9];
        pixels[4 * 12 + 3] = 10;
        for y in 0..9 {
            pixels[y * 12 + 8..y * 12 + 12].fill(20);
        }
        let closed = after(Filter::Close, &GreyFrame::new(12, 9, pixels).unwrap());
        assert_eq!(closed.row(4)[3], 200);
        assert_eq!((closed.row(4)[7], closed.row(4)[9]), (200, 20));
    }

    #[test]
    fn every_size_is_taken() {
        for (width, height) in [(1, 1), (2, 9), (9, 2), (17, 16), (8, 8)] {
            let frame = GreyFrame::new(width, height, vec![90; width * height]).unwrap();
            for filter in ALL {
                let margin = 2 * filter.offset() as usize;
                assert_eq!(after(filter, &frame).width(), width + margin, "{filter:?}");
            }
        }
    }

    #[test]
    fn little_contrast_becomes_much() {
        let row: Vec<u8> = (0..32u8).map(|x| if x % 4 < 2 { 120 } else { 150 }).collect();
        let spread = after(Filter::Stretch, &GreyFrame::new(32, 8, row.repeat(8)).unwrap());
        assert!(spread.row(4)[0] < 5 && spread.row(4)[2] > 245, "{:?}", &spread.row(4)[..8]);
    }
}
