//! What the last frames in which nothing was read have in common, each moved to where the newest
//! shows the same. Too little light makes noise, and noise is another one in each frame: their mean
//! has less of it. A reflection wanders, and only ever adds light: the darkest of them has less of
//! that.
//!
//! How far a frame moved is told by its middle, where a code is held out: by the means of its
//! columns and of its rows, which have little noise left. Turns and tilts are not followed; a hand
//! makes small ones within a quarter of a second.

use std::ops::Range;
use std::time::Duration;

use crate::decoder::{Decoder, Decoders};
use crate::easel::{Easel, Threshold};
use crate::frame::GreyFrame;
use crate::ladder::{Binary, Costs, Seen, Variant};
use crate::limits;

/// What is made of the frames, and what looks at it, in turns.
const VARIANTS: &[(Merge, Variant)] = &[
    #[cfg(feature = "zxing")]
    (Merge::Mean, Variant::plain(Decoder::Zxing)),
    (Merge::Darkest, FIT),
    (Merge::Mean, FIT),
    #[cfg(feature = "zxing")]
    (Merge::Darkest, Variant::plain(Decoder::Zxing)),
];
const FIT: Variant = Variant::plain(Decoder::Fit).by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 }));
/// Frames that are kept.
const FRAMES: usize = 12;
/// Fewer than this say hardly more than one.
const LEAST: usize = 4;
/// Frames from one look to the next.
const EVERY: u64 = 3;
/// How far a frame may have moved, in pixels.
const REACH: usize = 32;
/// Entries of a profile that are added up, against what noise is left.
const SMOOTH: usize = 3;
/// A frame that differs from the newest by more than this share of what the newest differs from
/// its own mean by shows something else.
const SAME: f32 = 0.75;

/// What is made of several frames, pixel by pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Merge {
    /// The mean of the newest.
    Mean,
    /// The darkest of all.
    Darkest,
}

impl Merge {
    /// How many frames it takes: the mean is blurred by turns that are not followed.
    fn frames(self) -> usize {
        match self {
            Self::Mean => 8,
            Self::Darkest => FRAMES,
        }
    }
}

/// The last frames, and room for what is made of them.
#[derive(Debug, Default)]
pub(crate) struct Stack {
    /// The newest is at `newest`; the older ones before it, around the end.
    frames: Vec<GreyFrame>,
    newest: usize,
    held: usize,
    pushed: u64,
    turn: usize,
    sums: Vec<u16>,
    profiles: [Profile; 3],
    merged: GreyFrame,
    easel: Easel,
    costs: Option<Costs>,
}

impl Stack {
    /// Forgets what its variants cost.
    pub(crate) fn forget_costs(&mut self) {
        self.costs = None;
    }

    /// Forgets all frames.
    pub(crate) fn clear(&mut self) {
        self.held = 0;
    }

    /// Adds a frame, in which nothing was read.
    pub(crate) fn push(&mut self, frame: &GreyFrame) {
        if frame.pixels().len() > limits::STACKED_PIXELS {
            return self.clear();
        }
        let size = |frame: &GreyFrame| (frame.width(), frame.height());
        if self.frames.get(self.newest).map(size) != Some(size(frame)) {
            self.clear();
        }
        self.newest = (self.newest + 1) % FRAMES;
        self.held = (self.held + 1).min(FRAMES);
        self.pushed += 1;
        self.frames.resize_with(FRAMES, GreyFrame::default);
        self.frames[self.newest].clone_from(frame);
    }

    /// Looks at what the frames have in common until `end` by `now`, if it is time for that.
    /// `None`: it is not, or they have too little in common.
    pub(crate) fn look(
        &mut self,
        decoders: &mut Decoders,
        now: &dyn Fn() -> Duration,
        end: Duration,
    ) -> Option<Seen> {
        if self.held < LEAST || !self.pushed.is_multiple_of(EVERY) {
            return None;
        }
        let pixels = self.frames[self.newest].pixels().len();
        let costs = self.costs.get_or_insert_with(|| Costs::new(VARIANTS.iter().map(|(_, variant)| variant)));
        let at = self.turn % VARIANTS.len();
        self.turn += 1;
        let begin = now();
        if !costs.affords(at, pixels, end.saturating_sub(begin)) {
            return None;
        }
        let (merge, variant) = VARIANTS[at];
        if self.merge(merge) < LEAST {
            return None;
        }
        self.easel.clear();
        let merged = now().saturating_sub(begin);
        let mut seen = variant.look_at(&self.merged, &mut self.easel, decoders, now, end)?;
        seen.took.prepared += merged;
        seen.took.all += merged;
        if let Some(costs) = &mut self.costs {
            costs.learn(at, pixels, seen.took);
        }
        Some(seen)
    }

    /// Merges the frames that show what the newest shows. How many these are.
    fn merge(&mut self, how: Merge) -> usize {
        let newest = &self.frames[self.newest];
        let (width, height) = (newest.width(), newest.height());
        let [across, down, theirs] = &mut self.profiles;
        let (columns, rows) = (middle(width), middle(height));
        across.of_columns(newest, columns.clone(), rows.clone());
        down.of_rows(newest, columns.clone(), rows.clone());
        self.sums.clear();
        self.sums.extend(newest.pixels().iter().map(|&pixel| u16::from(pixel)));
        let mut merged = 1;
        for age in 1..self.held.min(how.frames()) {
            let past = &self.frames[(self.newest + FRAMES - age) % FRAMES];
            // Across, down by the columns that this says, and across again by the rows that that
            // says: a profile tells best how far it moved along itself if it is of the same things.
            theirs.of_columns(past, columns.clone(), rows.clone());
            let Some(dx) = across.moved(theirs) else { continue };
            theirs.of_rows(past, moved(&columns, dx), rows.clone());
            let Some(dy) = down.moved(theirs) else { continue };
            theirs.of_columns(past, columns.clone(), moved(&rows, dy));
            let Some(dx) = across.moved(theirs) else { continue };
            for y in 0..height {
                let row = past.row(y.saturating_add_signed(dy).min(height - 1));
                let sums = &mut self.sums[y * width..][..width];
                match how {
                    Merge::Mean => put(sums, row, dx, |sum, pixel| *sum += pixel),
                    Merge::Darkest => put(sums, row, dx, |sum, pixel| *sum = pixel.min(*sum)),
                }
            }
            merged += 1;
        }
        let share = if how == Merge::Mean { (65536 / merged) as u32 } else { 65536 };
        self.merged.reshape(width, height);
        for (out, &sum) in self.merged.pixels_mut().iter_mut().zip(&self.sums) {
            *out = ((u32::from(sum) * share + 32768) >> 16).min(255) as u8;
        }
        merged
    }
}

/// Puts a row that lies `dx` pixels farther right to what is there; its ends repeat.
fn put(sums: &mut [u16], row: &[u8], dx: isize, one: impl Fn(&mut u16, u16) + Copy) {
    let width = row.len();
    let skipped = dx.unsigned_abs().min(width - 1);
    let all = |sums: &mut [u16], row: &[u8]| {
        sums.iter_mut().zip(row).for_each(|(sum, &pixel)| one(sum, u16::from(pixel)));
    };
    let same = |sums: &mut [u16], pixel: u8| sums.iter_mut().for_each(|sum| one(sum, u16::from(pixel)));
    if dx >= 0 {
        all(&mut sums[..width - skipped], &row[skipped..]);
        same(&mut sums[width - skipped..], row[width - 1]);
    } else {
        same(&mut sums[..skipped], row[0]);
        all(&mut sums[skipped..], &row[..width - skipped]);
    }
}

/// The middle half of a length.
fn middle(length: usize) -> Range<usize> {
    length / 4..length - length / 4
}

/// A range that begins elsewhere. It stays inside: [`REACH`] is bounded by the profile, and the
/// profile is the middle half.
fn moved(range: &Range<usize>, by: isize) -> Range<usize> {
    range.start.saturating_add_signed(by)..range.end.saturating_add_signed(by)
}

/// The means of columns, or of rows; less their own mean.
#[derive(Debug, Default)]
struct Profile {
    values: Vec<f32>,
    sums: Vec<u32>,
}

impl Profile {
    fn of_columns(&mut self, frame: &GreyFrame, columns: Range<usize>, rows: Range<usize>) {
        self.sums.clear();
        self.sums.resize(columns.len(), 0);
        let count = rows.len().max(1) as f32;
        for y in rows {
            let row = &frame.row(y)[columns.clone()];
            self.sums.iter_mut().zip(row).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
        }
        self.values.clear();
        self.values.extend(self.sums.iter().map(|&sum| sum as f32 / count));
        self.settle();
    }

    fn of_rows(&mut self, frame: &GreyFrame, columns: Range<usize>, rows: Range<usize>) {
        let count = columns.len().max(1) as f32;
        self.values.clear();
        self.values.extend(rows.map(|y| {
            let row = &frame.row(y)[columns.clone()];
            row.iter().map(|&pixel| u32::from(pixel)).sum::<u32>() as f32 / count
        }));
        self.settle();
    }

    fn settle(&mut self) {
        let values = &mut self.values;
        let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
        values.iter_mut().for_each(|value| *value -= mean);
        for at in 0..values.len().saturating_sub(SMOOTH - 1) {
            values[at] = values[at..at + SMOOTH].iter().sum::<f32>() / SMOOTH as f32;
        }
    }

    /// By how many entries `other` lies farther on than this one. `None`: it shows something else.
    fn moved(&self, other: &Self) -> Option<isize> {
        let reach = REACH.min(self.values.len() / 4);
        let inner = self.values.get(reach..self.values.len() - reach)?;
        let apart = |by: usize| -> f32 {
            other.values[by..].iter().zip(inner).map(|(theirs, ours)| (theirs - ours).abs()).sum()
        };
        let (least, by) = (0..=2 * reach).map(|by| (apart(by), by)).min_by(|a, b| a.0.total_cmp(&b.0))?;
        let own: f32 = inner.iter().map(|value| value.abs()).sum();
        (least <= SAME * own).then_some(by as isize - reach as isize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of 320×240 with a block pattern moved by `(x, y)`, and noise.
    fn frame(x: usize, y: usize, seed: u32, noise: u8) -> GreyFrame {
        let mut state = seed.wrapping_mul(2_654_435_761) | 1;
        let mut dice = move || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 16) as u8
        };
        let pixels = (0..320 * 240).map(|at| {
            let (u, v) = ((at % 320 + 40 - x) / 9, (at / 320 + 40 - y) / 9);
            let mixed = (u as u32 + 1).wrapping_mul(0x9e37_79b1) ^ (v as u32 + 1).wrapping_mul(0x85eb_ca77);
            let dark = (mixed ^ mixed >> 15).wrapping_mul(0x2c1b_3c6d) >> 31 == 0;
            let level = if dark { 80i16 } else { 170 };
            let off = if noise == 0 { 0 } else { i16::from(dice() % (2 * noise)) - i16::from(noise) };
            (level + off).clamp(0, 255) as u8
        });
        GreyFrame::new(320, 240, pixels.collect()).unwrap()
    }

    #[test]
    fn frames_are_moved_onto_the_newest() {
        let mut stack = Stack::default();
        for step in 0..6 {
            stack.push(&frame(12 + 2 * step, 20 - 3 * step, 1, 0));
        }
        assert_eq!(stack.merge(Merge::Mean), 6);
        let newest = frame(22, 5, 9, 0);
        let apart = |y: usize| {
            let rows = stack.merged.row(y)[40..280].iter().zip(&newest.row(y)[40..280]);
            rows.filter(|(a, b)| a.abs_diff(**b) > 2).count()
        };
        assert_eq!((40..200).map(apart).sum::<usize>(), 0);
    }

    #[test]
    fn noise_averages_out() {
        let mut stack = Stack::default();
        (0..8).for_each(|step| stack.push(&frame(10 + step, 10, step as u32 + 1, 75)));
        assert_eq!(stack.merge(Merge::Mean), 8);
        let (clear, single) = (frame(17, 10, 0, 0), frame(17, 10, 77, 75));
        let noise = |picture: &GreyFrame| -> u64 {
            let rows = (40..200).flat_map(|y| picture.row(y)[40..280].iter().zip(&clear.row(y)[40..280]));
            rows.map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum()
        };
        assert!(noise(&stack.merged) * 5 < noise(&single), "{} {}", noise(&stack.merged), noise(&single));
    }

    #[test]
    fn what_shows_something_else_is_left_out() {
        let mut stack = Stack::default();
        (0..5).for_each(|step| stack.push(&frame(10, 10, step + 1, 10).rotate90().rotate90()));
        stack.push(&frame(10, 10, 7, 10));
        assert_eq!(stack.merge(Merge::Mean), 1);
        stack.push(&GreyFrame::new(8, 8, vec![7; 64]).unwrap());
        assert_eq!(stack.held, 1, "another size");
    }
}
