//! Turns grey into black and white.
//!
//! Every threshold is a coarse grid of levels, one for each block of 8×8 pixels, with linear
//! interpolation between them. So a wide window costs no more than a narrow one.

use std::ops::Range;

use crate::frame::GreyFrame;

/// Pixels along a block's side.
const BLOCK: usize = 8;

/// A rule for the level between black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Threshold {
    /// The mean of a square window, lowered by `drop` per cent. The window's side is the picture's
    /// longest side divided by `part`.
    Mean {
        /// The picture's longest side divided by the window's side.
        part: u8,
        /// How far below the mean black begins, in per cent.
        drop: u8,
    },
    /// Half way between the darkest and the lightest block of such a window (Bernsen 1986).
    Middle {
        /// The picture's longest side divided by the window's side.
        part: u8,
    },
    /// The mean, lowered where there is little contrast, with a dynamic range of 128 (Sauvola and
    /// Pietikäinen 2000).
    Sauvola {
        /// The picture's longest side divided by the window's side.
        part: u8,
        /// Weight of the contrast, in hundredths.
        k: u8,
    },
    /// One level for the whole picture, which separates its histogram best (Otsu 1979).
    Otsu,
}

/// Statistics of a picture's blocks, with buffers that are reused from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    columns: usize,
    rows: usize,
    mean: Vec<f32>,
    square: Vec<f32>,
    low: Vec<f32>,
    high: Vec<f32>,
    levels: Vec<f32>,
    more: Vec<f32>,
    spare: Vec<f32>,
    sums: Vec<f32>,
    line: Vec<u16>,
    steps: Vec<i16>,
    histogram: Vec<u32>,
}

impl Blocks {
    /// Writes 0 where `picture` is black and 255 where it is white.
    pub(crate) fn apply(&mut self, threshold: Threshold, picture: &GreyFrame, out: &mut GreyFrame) {
        self.measure(picture, threshold);
        let longest = picture.width().max(picture.height());
        let reach = |part: u8| longest / usize::from(part.max(1)) / BLOCK / 2;
        match threshold {
            Threshold::Mean { part, drop } => {
                self.levels.clone_from(&self.mean);
                self.box_mean(reach(part).max(1), false);
                let keep = 1.0 - f32::from(drop) / 100.0;
                self.levels.iter_mut().for_each(|level| *level *= keep);
            }
            Threshold::Middle { part } => {
                let reach = reach(part).max(1);
                self.levels.clone_from(&self.low);
                self.widest(reach, f32::min);
                std::mem::swap(&mut self.levels, &mut self.more);
                self.levels.clone_from(&self.high);
                self.widest(reach, f32::max);
                for (level, low) in self.levels.iter_mut().zip(&self.more) {
                    *level = (*level + low) / 2.0;
                }
                self.box_mean(1, false);
            }
            Threshold::Sauvola { part, k } => {
                let reach = reach(part).max(1);
                self.levels.clone_from(&self.mean);
                self.box_mean(reach, false);
                self.more.clone_from(&self.square);
                self.box_mean(reach, true);
                let k = f32::from(k) / 100.0;
                for (level, square) in self.levels.iter_mut().zip(&self.more) {
                    let spread = (square - *level * *level).max(0.0).sqrt();
                    *level *= 1.0 + k * (spread / 128.0 - 1.0);
                }
            }
            Threshold::Otsu => {
                let level = self.otsu(picture);
                self.levels.clear();
                self.levels.resize(self.columns * self.rows, level);
            }
        }
        self.compare(picture, out);
    }

    /// Measures the blocks, as far as the threshold needs it.
    fn measure(&mut self, picture: &GreyFrame, threshold: Threshold) {
        let (width, height) = (picture.width(), picture.height());
        self.columns = width.div_ceil(BLOCK);
        self.rows = height.div_ceil(BLOCK);
        let cells = self.columns * self.rows;
        for list in [&mut self.mean, &mut self.square, &mut self.low, &mut self.high] {
            list.clear();
            list.reserve(cells);
        }
        for top in (0..height).step_by(BLOCK) {
            let rows = top..(top + BLOCK).min(height);
            match threshold {
                Threshold::Mean { .. } => self.means(picture, rows),
                Threshold::Sauvola { .. } => {
                    self.means(picture, rows.clone());
                    self.squares(picture, rows);
                }
                Threshold::Middle { .. } => self.ranges(picture, rows),
                Threshold::Otsu => {}
            }
        }
    }

    /// Measures the mean of each block in one row of blocks.
    fn means(&mut self, picture: &GreyFrame, rows: Range<usize>) {
        let count = rows.len();
        self.line.clear();
        self.line.resize(picture.width(), 0);
        for y in rows {
            self.line.iter_mut().zip(picture.row(y)).for_each(|(sum, &pixel)| *sum += u16::from(pixel));
        }
        let mean = |sums: &[u16]| f32::from(sums.iter().sum::<u16>()) / (sums.len() * count) as f32;
        self.mean.extend(self.line.chunks(BLOCK).map(mean));
    }

    /// Measures the mean square of each block in one row of blocks.
    fn squares(&mut self, picture: &GreyFrame, rows: Range<usize>) {
        let count = rows.len();
        let start = self.square.len();
        self.square.resize(start + self.columns, 0.0);
        for y in rows {
            for (sum, chunk) in self.square[start..].iter_mut().zip(picture.row(y).chunks(BLOCK)) {
                let squares = chunk.iter().map(|&pixel| u32::from(pixel) * u32::from(pixel));
                *sum += squares.sum::<u32>() as f32 / (chunk.len() * count) as f32;
            }
        }
    }

    /// Measures the darkest and the lightest pixel of each block in one row of blocks.
    fn ranges(&mut self, picture: &GreyFrame, rows: Range<usize>) {
        let start = self.low.len();
        self.low.resize(start + self.columns, 255.0);
        self.high.resize(start + self.columns, 0.0);
        for y in rows {
            let cells = self.low[start..].iter_mut().zip(&mut self.high[start..]);
            for ((low, high), chunk) in cells.zip(picture.row(y).chunks(BLOCK)) {
                *low = low.min(f32::from(chunk.iter().copied().fold(255, u8::min)));
                *high = high.max(f32::from(chunk.iter().copied().fold(0, u8::max)));
            }
        }
    }

    /// Replaces `levels` or `more` by means over windows of `2 × reach + 1` blocks squared.
    fn box_mean(&mut self, reach: usize, of_more: bool) {
        let (columns, rows) = (self.columns, self.rows);
        let grid = if of_more { &mut self.more } else { &mut self.levels };
        self.spare.clear();
        self.spare.resize(columns * rows, 0.0);
        for (from, to) in grid.chunks(columns).zip(self.spare.chunks_mut(columns)) {
            let mut sum: f32 = from[..reach.min(columns)].iter().sum();
            for at in 0..columns {
                if at + reach < columns {
                    sum += from[at + reach];
                }
                if at > reach {
                    sum -= from[at - reach - 1];
                }
                to[at] = sum / ((at + reach + 1).min(columns) - at.saturating_sub(reach)) as f32;
            }
        }
        let sums = &mut self.sums;
        sums.clear();
        sums.resize(columns, 0.0);
        let add = |sums: &mut [f32], row: &[f32], sign: f32| {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += sign * value);
        };
        let line = |row: usize| row * columns..(row + 1) * columns;
        for row in 0..reach.min(rows) {
            add(sums, &self.spare[line(row)], 1.0);
        }
        for row in 0..rows {
            if row + reach < rows {
                add(sums, &self.spare[line(row + reach)], 1.0);
            }
            if row > reach {
                add(sums, &self.spare[line(row - reach - 1)], -1.0);
            }
            let share = 1.0 / ((row + reach + 1).min(rows) - row.saturating_sub(reach)) as f32;
            for (out, sum) in grid[line(row)].iter_mut().zip(sums.iter()) {
                *out = sum * share;
            }
        }
    }

    /// Replaces `levels` by the least or the greatest over such windows.
    fn widest(&mut self, reach: usize, pick: impl Fn(f32, f32) -> f32) {
        let (columns, rows) = (self.columns, self.rows);
        self.spare.clone_from(&self.levels);
        for (from, to) in self.levels.chunks(columns).zip(self.spare.chunks_mut(columns)) {
            for (at, out) in to.iter_mut().enumerate() {
                let window = &from[at.saturating_sub(reach)..(at + reach + 1).min(columns)];
                *out = window.iter().copied().fold(*out, &pick);
            }
        }
        for row in 0..rows {
            let out = &mut self.levels[row * columns..(row + 1) * columns];
            out.copy_from_slice(&self.spare[row * columns..(row + 1) * columns]);
            for near in row.saturating_sub(reach)..(row + reach + 1).min(rows) {
                for (out, &value) in out.iter_mut().zip(&self.spare[near * columns..]) {
                    *out = pick(*out, value);
                }
            }
        }
    }

    /// Returns the level that separates the histogram best.
    fn otsu(&mut self, picture: &GreyFrame) -> f32 {
        self.histogram.clear();
        self.histogram.resize(256, 0);
        for &pixel in picture.pixels().iter().step_by(7) {
            self.histogram[usize::from(pixel)] += 1;
        }
        let total: f64 = self.histogram.iter().map(|&count| f64::from(count)).sum();
        let all: f64 =
            self.histogram.iter().zip(0u32..).map(|(&n, luma)| f64::from(n) * f64::from(luma)).sum();
        let (mut under, mut weight, mut best) = (0.0, 0.0, (0.0, 128));
        for (luma, &count) in self.histogram.iter().enumerate() {
            weight += f64::from(count);
            under += f64::from(count) * luma as f64;
            if weight == 0.0 || weight == total {
                continue;
            }
            let apart = under / weight - (all - under) / (total - weight);
            let score = weight * (total - weight) * apart * apart;
            if score > best.0 {
                best = (score, luma);
            }
        }
        best.1 as f32 + 1.0
    }

    /// Compares each pixel with the level interpolated between the four nearest block centres.
    fn compare(&mut self, picture: &GreyFrame, out: &mut GreyFrame) {
        const HALF: usize = BLOCK / 2;
        let (width, height) = (picture.width(), picture.height());
        let (columns, rows) = (self.columns, self.rows);
        out.reshape(width, height);
        // One line of levels in 1/128, which keeps white within 16 bits, with an extra column on each
        // side.
        let line = &mut self.steps;
        line.clear();
        line.resize(columns + 2, 0);
        for y in 0..height {
            let at = (y as f32 + 0.5) / BLOCK as f32 - 0.5;
            let above = (at.floor().max(0.0) as usize).min(rows - 1);
            let under = (above + 1).min(rows - 1);
            let share = (at - above as f32).clamp(0.0, 1.0);
            let (upper, lower) =
                (&self.levels[above * columns..][..columns], &self.levels[under * columns..][..columns]);
            for ((level, &a), &b) in line[1..=columns].iter_mut().zip(upper).zip(lower) {
                *level = ((a + (b - a) * share) * 128.0).clamp(0.0, 32_640.0) as i16;
            }
            line[0] = line[1];
            line[columns + 1] = line[columns];
            let (source, target) = (picture.row(y), out.row_mut(y));
            // The first half block, then from centre to centre.
            let lead = HALF.min(width);
            let (source_lead, source) = source.split_at(lead);
            let (target_lead, target) = target.split_at_mut(lead);
            for (out, &pixel) in target_lead.iter_mut().zip(source_lead) {
                *out = if i16::from(pixel) * 128 < line[1] { 0 } else { 255 };
            }
            let (source, source_end) = source.as_chunks::<BLOCK>();
            let (target, target_end) = target.as_chunks_mut::<BLOCK>();
            let mut pairs = line[1..].windows(2);
            for ((out, pixels), pair) in target.iter_mut().zip(source).zip(pairs.by_ref()) {
                let step = (pair[1] - pair[0]) / BLOCK as i16;
                let first = pair[0] + step / 2;
                for (k, (out, &pixel)) in (0i16..).zip(out.iter_mut().zip(pixels)) {
                    *out = if i16::from(pixel) * 128 < first + step * k { 0 } else { 255 };
                }
            }
            let Some(pair) = pairs.next() else { continue };
            let step = (pair[1] - pair[0]) / BLOCK as i16;
            for (k, (out, &pixel)) in (0i16..).zip(target_end.iter_mut().zip(source_end)) {
                *out = if i16::from(pixel) * 128 < pair[0] + step / 2 + step * k { 0 } else { 255 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn black(threshold: Threshold, picture: &GreyFrame) -> Vec<usize> {
        let mut out = GreyFrame::default();
        Blocks::default().apply(threshold, picture, &mut out);
        let middle = picture.height() / 2;
        (0..picture.width()).filter(|&x| out.row(middle)[x] == 0).collect()
    }

    #[test]
    fn a_local_threshold_follows_the_light() {
        // A ramp of light with one dark column in each half: both are found, nothing else is.
        let row: Vec<u8> = (0..100u8).map(|x| if x == 20 || x == 80 { x } else { 50 + x * 2 }).collect();
        let frame = GreyFrame::new(100, 24, row.repeat(24)).unwrap();
        assert_eq!(black(Threshold::Mean { part: 4, drop: 25 }, &frame), [20, 80]);
        assert_eq!(black(Threshold::Sauvola { part: 4, k: 30 }, &frame), [20, 80]);
    }

    #[test]
    fn one_level_separates_two_clusters() {
        let row: Vec<u8> = (0..90u8).map(|x| if x % 3 == 0 { 30 + x % 5 } else { 200 - x % 7 }).collect();
        let frame = GreyFrame::new(90, 20, row.repeat(20)).unwrap();
        let expected: Vec<usize> = (0..90).step_by(3).collect();
        assert_eq!(black(Threshold::Otsu, &frame), expected);
        assert_eq!(black(Threshold::Middle { part: 5 }, &frame), expected);
    }

    #[test]
    fn odd_sizes_are_covered() {
        for (width, height) in [(1, 1), (7, 3), (9, 17), (8, 8), (12, 33), (4, 5)] {
            let pixels = (0..width * height).map(|at| (at * 37 % 256) as u8).collect();
            let frame = GreyFrame::new(width, height, pixels).unwrap();
            for threshold in [
                Threshold::Mean { part: 1, drop: 5 },
                Threshold::Middle { part: 40 },
                Threshold::Sauvola { part: 10, k: 20 },
                Threshold::Otsu,
            ] {
                let mut out = GreyFrame::default();
                Blocks::default().apply(threshold, &frame, &mut out);
                assert_eq!((out.width(), out.height()), (width, height));
            }
        }
    }
}
