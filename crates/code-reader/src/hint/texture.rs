//! A code whose finder patterns are not to be found: something square and busy on a lighter ground.

use crate::frame::GreyFrame;
use crate::limits;
use crate::sighting::Corners;

/// Such a place, in pixels of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) side: usize,
}

/// Pixels along a block of the smaller picture.
const BLOCK: usize = 4;
/// Blocks along a place's side, at least.
const LEAST: usize = 5;
/// How much of a place's box must be busy.
const FILL: f32 = 0.8;
/// How much of the blocks around it must be calm.
const CALM: f32 = 0.7;

impl Place {
    pub(super) fn corners(&self, frame: &GreyFrame) -> Corners {
        let part = |at: usize, length: usize| at as f32 / length as f32;
        let (left, right) = (part(self.left, frame.width()), part(self.left + self.side, frame.width()));
        let (top, bottom) = (part(self.top, frame.height()), part(self.top + self.side, frame.height()));
        [[left, top], [right, top], [right, bottom], [left, bottom]]
    }
}

/// Finds the largest such place. `small` is the frame, made smaller.
pub(super) fn find(frame: &GreyFrame, small: &GreyFrame) -> Option<Place> {
    let (columns, rows) = (small.width() / BLOCK, small.height() / BLOCK);
    let mut busy = Vec::with_capacity(columns * rows);
    let mut means = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let (is_busy, mean) = look(small, column * BLOCK, row * BLOCK);
            busy.push(is_busy);
            means.push(mean);
        }
    }
    let scale = frame.width() as f32 / small.width() as f32;
    let mut seen = vec![false; busy.len()];
    let mut best: Option<Place> = None;
    for start in 0..busy.len() {
        if !busy[start] || seen[start] {
            continue;
        }
        let (area, [left, top, right, bottom]) = flood(&busy, &mut seen, columns, start);
        let (width, height) = (right - left + 1, bottom - top + 1);
        let is_square = width * 10 >= height * 6 && height * 10 >= width * 6;
        let is_full = area as f32 >= FILL * (width * height) as f32;
        if width.min(height) < LEAST || !is_square || !is_full {
            continue;
        }
        // The ring of blocks around it: calm, and lighter than what it surrounds.
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
        let place = Place { left: pixels(left), top: pixels(top), side: pixels(width.max(height)) };
        if best.is_none_or(|known| place.side > known.side) {
            best = Some(place);
        }
    }
    best
}

/// Whether a block and what is next to it vary both ways about alike, and its mean.
fn look(small: &GreyFrame, left: usize, top: usize) -> (bool, f32) {
    let (mut low, mut high, mut sum) = (255u8, 0u8, 0u32);
    let (mut across, mut down) = (0u32, 0u32);
    for y in top..(top + 2 * BLOCK).min(small.height() - 1) {
        let (row, next) = (small.row(y), small.row(y + 1));
        for x in left..(left + 2 * BLOCK).min(small.width() - 1) {
            low = low.min(row[x]);
            high = high.max(row[x]);
            sum += u32::from(row[x]);
            across += u32::from(row[x].abs_diff(row[x + 1]));
            down += u32::from(row[x].abs_diff(next[x]));
        }
    }
    let count = (4 * BLOCK * BLOCK) as u32;
    let (least, both) = (across.min(down), across + down);
    // An edge varies in its middle only; what is busy varies everywhere.
    let is_busy = high.saturating_sub(low) >= limits::BUSY_RANGE
        && least * 3 >= both - least
        && both * 100 >= count * u32::from(high - low) * limits::BUSY_SLOPE;
    (is_busy, sum as f32 / count as f32)
}

/// Marks all busy blocks that hang together with the first. Their number, and the box around them.
fn flood(busy: &[bool], seen: &mut [bool], columns: usize, start: usize) -> (usize, [usize; 4]) {
    let mut open = vec![start];
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

/// How wide the place's edges are in pixels, about: its range over its steepest steps.
pub(super) fn edge_px(frame: &GreyFrame, place: &Place) -> Option<f32> {
    let right = (place.left + place.side).min(frame.width());
    let bottom = (place.top + place.side).min(frame.height());
    let mut steps: Vec<u8> = Vec::new();
    let (mut low, mut high) = (255u8, 0u8);
    for y in (place.top..bottom).step_by(2) {
        let line = &frame.row(y)[place.left.min(right)..right];
        low = line.iter().copied().fold(low, u8::min);
        high = line.iter().copied().fold(high, u8::max);
        steps.extend(line.windows(3).map(|w| w[0].abs_diff(w[2])));
    }
    // The steepest twentieth: noise makes a few steps steeper than any edge.
    let at = steps.len().checked_sub(1)? * 19 / 20;
    let (_, steep, _) = steps.select_nth_unstable(at);
    (*steep > 0).then(|| f32::from(high - low) * 2.0 / f32::from(*steep))
}
