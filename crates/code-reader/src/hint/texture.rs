//! Finds a code whose finder patterns cannot be found, by its texture: a square that is busy all over,
//! on a calmer and lighter ground.

use crate::frame::GreyFrame;
use crate::sighting::Corners;

/// A busy square, in pixels of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BusySquare {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) side: usize,
}

/// Pixels along a block of the smaller picture.
const BLOCK: usize = 4;
/// Pixels of a block and the three blocks to its right and below it.
const AREA: u32 = (4 * BLOCK * BLOCK) as u32;
/// Fewest blocks along a square's side.
const LEAST: usize = 5;
/// Least share of busy blocks in the square.
const FILL: f32 = 0.8;
/// Least share of calm blocks in the ring around the square.
const CALM: f32 = 0.7;
/// Rows of an area in which edges are measured, about.
const SAMPLED_ROWS: usize = 80;
/// Least range of luma in a busy block.
const BUSY_RANGE: u8 = 24;
/// Least mean step between neighbouring pixels of a busy block, in per cent of its range.
const BUSY_SLOPE: u32 = 18;

impl BusySquare {
    /// Returns left, top, right and bottom.
    pub(super) fn area(&self) -> [usize; 4] {
        [self.left, self.top, self.left + self.side, self.top + self.side]
    }

    /// Returns the corners as fractions of the frame.
    pub(super) fn corners(&self, frame: &GreyFrame) -> Corners {
        let part = |at: usize, length: usize| at as f32 / length as f32;
        let (left, right) = (part(self.left, frame.width()), part(self.left + self.side, frame.width()));
        let (top, bottom) = (part(self.top, frame.height()), part(self.top + self.side, frame.height()));
        [[left, top], [right, top], [right, bottom], [left, bottom]]
    }
}

/// Buffers that are reused from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    lines: Lines,
    blocks: Vec<Block>,
    busy: Vec<bool>,
    means: Vec<f32>,
    seen: Vec<bool>,
    open: Vec<usize>,
    steps: [Vec<u8>; 2],
}

/// Finds the largest busy square. `small` is the frame, scaled down.
pub(super) fn find(frame: &GreyFrame, small: &GreyFrame, buffers: &mut Buffers) -> Option<BusySquare> {
    let Buffers { lines, blocks, busy, means, seen, open, .. } = buffers;
    let (columns, rows) = (small.width() / BLOCK, small.height() / BLOCK);
    blocks.clear();
    for top in (0..rows * BLOCK).step_by(BLOCK) {
        lines.clear(small.width());
        for y in top..(top + BLOCK).min(small.height() - 1) {
            lines.add(small.row(y), small.row(y + 1));
        }
        blocks.extend(lines.blocks());
    }
    busy.clear();
    means.clear();
    for row in 0..rows {
        for column in 0..columns {
            let at = |row: usize, column: usize| match (row < rows, column < columns) {
                (true, true) => blocks[row * columns + column],
                _ => Block::NONE,
            };
            let four = at(row, column)
                .with(at(row, column + 1))
                .with(at(row + 1, column))
                .with(at(row + 1, column + 1));
            busy.push(four.is_busy());
            means.push(f32::from(four.sum) / AREA as f32);
        }
    }
    let scale = frame.width() as f32 / small.width() as f32;
    seen.clear();
    seen.resize(busy.len(), false);
    let mut best: Option<BusySquare> = None;
    for start in 0..busy.len() {
        if !busy[start] || seen[start] {
            continue;
        }
        let (area, [left, top, right, bottom]) = flood(busy, seen, open, columns, start);
        let (width, height) = (right - left + 1, bottom - top + 1);
        let is_square = width * 10 >= height * 6 && height * 10 >= width * 6;
        let is_full = area as f32 >= FILL * (width * height) as f32;
        if width.min(height) < LEAST || !is_square || !is_full {
            continue;
        }
        // The ring of blocks around it must be calm, and lighter than the inside.
        let (mut calm, mut ring, mut around, mut inside) = (0, 0, 0.0, 0.0);
        for y in top.saturating_sub(1)..(bottom + 2).min(rows) {
            for x in left.saturating_sub(1)..(right + 2).min(columns) {
                let at = y * columns + x;
                if (left..=right).contains(&x) && (top..=bottom).contains(&y) {
                    inside += means[at];
                } else {
                    ring += 1;
                    calm += usize::from(!busy[at]);
                    around += means[at];
                }
            }
        }
        let lighter = around / ring.max(1) as f32 > inside / (width * height) as f32;
        if ring == 0 || (calm as f32) < CALM * ring as f32 || !lighter {
            continue;
        }
        let pixels = |blocks: usize| ((blocks * BLOCK) as f32 * scale) as usize;
        let square = BusySquare { left: pixels(left), top: pixels(top), side: pixels(width.max(height)) };
        if best.is_none_or(|known| square.side > known.side) {
            best = Some(square);
        }
    }
    best
}

/// Statistics of a block's pixels.
#[derive(Debug, Clone, Copy)]
struct Block {
    low: u8,
    high: u8,
    sum: u16,
    /// Sums of the absolute steps to the next pixel across and down.
    across: u16,
    down: u16,
}

impl Block {
    const NONE: Self = Self { low: 255, high: 0, sum: 0, across: 0, down: 0 };

    /// Returns the statistics of both blocks together.
    fn with(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            sum: self.sum + other.sum,
            across: self.across + other.across,
            down: self.down + other.down,
        }
    }

    /// Returns whether the block varies everywhere, and about as much across as down. An edge varies
    /// in its middle only.
    fn is_busy(self) -> bool {
        let (across, down) = (u32::from(self.across), u32::from(self.down));
        let (least, both, range) = (across.min(down), across + down, self.high.saturating_sub(self.low));
        range >= BUSY_RANGE && least * 3 >= both - least && both * 100 >= AREA * u32::from(range) * BUSY_SLOPE
    }
}

/// Statistics of a row of blocks, pixel column by pixel column, which the compiler can vectorise.
#[derive(Debug, Default)]
struct Lines {
    low: Vec<u8>,
    high: Vec<u8>,
    sum: Vec<u16>,
    across: Vec<u16>,
    down: Vec<u16>,
}

impl Lines {
    fn clear(&mut self, width: usize) {
        for list in [&mut self.sum, &mut self.across, &mut self.down] {
            list.clear();
            list.resize(width, 0);
        }
        self.low.clear();
        self.low.resize(width, 255);
        self.high.clear();
        self.high.resize(width, 0);
    }

    /// Adds a line of pixels, except for its last one, which has no neighbour across. `next` is the line
    /// under it.
    fn add(&mut self, row: &[u8], next: &[u8]) {
        let here = &row[..row.len() - 1];
        self.low.iter_mut().zip(here).for_each(|(low, &pixel)| *low = pixel.min(*low));
        self.high.iter_mut().zip(here).for_each(|(high, &pixel)| *high = pixel.max(*high));
        self.sum.iter_mut().zip(here).for_each(|(sum, &pixel)| *sum += u16::from(pixel));
        let across = self.across.iter_mut().zip(here).zip(&row[1..]);
        across.for_each(|((sum, &pixel), &beside)| *sum += u16::from(pixel.abs_diff(beside)));
        let down = self.down.iter_mut().zip(here).zip(next);
        down.for_each(|((sum, &pixel), &under)| *sum += u16::from(pixel.abs_diff(under)));
    }

    fn blocks(&self) -> impl Iterator<Item = Block> {
        let add = |list: &[u16], at: usize| list[at..at + BLOCK].iter().sum();
        (0..self.sum.len() / BLOCK * BLOCK).step_by(BLOCK).map(move |at| Block {
            low: self.low[at..at + BLOCK].iter().copied().fold(255, u8::min),
            high: self.high[at..at + BLOCK].iter().copied().fold(0, u8::max),
            sum: add(&self.sum, at),
            across: add(&self.across, at),
            down: add(&self.down, at),
        })
    }
}

/// Marks all busy blocks that are connected to the first. Returns their number and their bounds: left,
/// top, right, bottom, all inclusive.
fn flood(
    busy: &[bool],
    seen: &mut [bool],
    open: &mut Vec<usize>,
    columns: usize,
    start: usize,
) -> (usize, [usize; 4]) {
    open.clear();
    open.push(start);
    seen[start] = true;
    let (mut area, mut bounds) = (0, [usize::MAX, usize::MAX, 0, 0]);
    while let Some(at) = open.pop() {
        let (x, y) = (at % columns, at / columns);
        area += 1;
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        let neighbours = [
            (x > 0).then(|| at - 1),
            (x + 1 < columns).then_some(at + 1),
            at.checked_sub(columns),
            (at + columns < busy.len()).then_some(at + columns),
        ];
        for next in neighbours.into_iter().flatten() {
            if busy[next] && !seen[next] {
                seen[next] = true;
                open.push(next);
            }
        }
    }
    (area, bounds)
}

/// Returns how wide the edges of an area are in pixels, across and down: the range of its luma over
/// its steepest steps. The area is left, top, right, bottom. `None`: nothing in it varies.
pub(super) fn edges_px(
    frame: &GreyFrame,
    [left, top, right, bottom]: [usize; 4],
    buffers: &mut Buffers,
) -> Option<[f32; 2]> {
    let (right, bottom) = (right.min(frame.width()), bottom.min(frame.height()));
    let left = left.min(right);
    // Every second row at least, and about [`SAMPLED_ROWS`] of a large area.
    let every = (bottom.saturating_sub(top) / SAMPLED_ROWS).max(2);
    let [across, down] = &mut buffers.steps;
    across.clear();
    down.clear();
    let (mut low, mut high) = (255u8, 0u8);
    for y in (top..bottom).step_by(every) {
        let line = &frame.row(y)[left..right];
        low = line.iter().copied().fold(low, u8::min);
        high = line.iter().copied().fold(high, u8::max);
        across.extend(line.windows(3).map(|w| w[0].abs_diff(w[2])));
        if y + 2 < bottom {
            let below = &frame.row(y + 2)[left..right];
            down.extend(line.iter().zip(below).map(|(here, below)| here.abs_diff(*below)));
        }
    }
    let width = |steps: &mut Vec<u8>| {
        // The 95th percentile: noise makes a few steps steeper than any edge.
        let at = steps.len().checked_sub(1)? * 19 / 20;
        let (_, steep, _) = steps.select_nth_unstable(at);
        (*steep > 0).then(|| f32::from(high - low) * 2.0 / f32::from(*steep))
    };
    Some([width(across)?, width(down)?])
}
