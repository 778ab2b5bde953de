//! Merges the last frames, in which nothing was read, each shifted to where the newest shows the same.
//!
//! Too little light makes noise, which differs from frame to frame: the mean has less of it. A
//! reflection wanders and only ever adds light: the darkest pixel of all frames has less of it. Turns
//! and tilts are not corrected: within a quarter of a second a hand makes only small ones.

mod profile;

use std::time::Duration;

use crate::decoder::{Decoder, Decoders};
use crate::frame::GreyFrame;
use crate::ladder::{Binarization, Costs, Findings, Variant};
use crate::limits;
use crate::pictures::{Pictures, Threshold};
use profile::{Profile, middle, shifted};

/// How frames are merged and which variant looks at the result. They take turns.
const VARIANTS: &[(Blend, Variant)] = &[
    #[cfg(feature = "zxing")]
    (Blend::Mean, Variant::plain(Decoder::Zxing)),
    (Blend::Darkest, LAY_FLAT),
    (Blend::Mean, LAY_FLAT),
    #[cfg(feature = "zxing")]
    (Blend::Darkest, Variant::plain(Decoder::Zxing)),
];
const LAY_FLAT: Variant =
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 }));
/// Frames that are kept.
const FRAMES: usize = 12;
/// Fewer frames than this are not worth merging.
const LEAST: usize = 4;
/// Frames from one merge to the next.
const EVERY: u64 = 3;

/// How several frames become one, pixel by pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blend {
    /// The mean of the newest frames.
    Mean,
    /// The darkest pixel of all frames.
    Darkest,
}

impl Blend {
    /// Returns how many frames are merged. Turns that are not corrected blur the mean, so that it
    /// takes fewer.
    fn frames(self) -> usize {
        match self {
            Self::Mean => 8,
            Self::Darkest => FRAMES,
        }
    }
}

/// The last frames, and buffers to merge them.
#[derive(Debug, Default)]
pub(crate) struct Merger {
    /// A ring buffer.
    frames: Vec<GreyFrame>,
    /// Index of the newest frame.
    newest: usize,
    /// How many of the frames count.
    held: usize,
    pushed: u64,
    turn: usize,
    sums: Vec<u16>,
    profiles: [Profile; 3],
    merged: GreyFrame,
    pictures: Pictures,
    costs: Option<Costs>,
}

impl Merger {
    /// Forgets all frames.
    pub(crate) fn clear(&mut self) {
        self.held = 0;
    }

    /// Forgets what the variants cost.
    pub(crate) fn forget_costs(&mut self) {
        self.costs = None;
    }

    /// Adds a frame in which nothing was read.
    pub(crate) fn push(&mut self, frame: &GreyFrame) {
        if frame.pixels().len() > limits::MERGED_PIXELS {
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

    /// Merges the frames, if a merge is due, and looks at the result until `end`, by the clock `now`.
    /// Returns `None` if no merge is due, time is short, or too few frames show the same.
    pub(crate) fn look(
        &mut self,
        decoders: &mut Decoders,
        now: &dyn Fn() -> Duration,
        end: Duration,
    ) -> Option<Findings> {
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
        let (blend, variant) = VARIANTS[at];
        if self.merge(blend) < LEAST {
            return None;
        }
        self.pictures.clear();
        let merging = now().saturating_sub(begin);
        let mut findings = variant.look_at(&self.merged, &mut self.pictures, decoders, now, end)?;
        findings.took.prepared += merging;
        findings.took.all += merging;
        if let Some(costs) = &mut self.costs {
            costs.learn(at, pixels, findings.took);
        }
        Some(findings)
    }

    /// Merges the frames that show what the newest shows. Returns how many there are.
    fn merge(&mut self, blend: Blend) -> usize {
        let newest = &self.frames[self.newest];
        let (width, height) = (newest.width(), newest.height());
        let [across, down, theirs] = &mut self.profiles;
        let (columns, rows) = (middle(width), middle(height));
        across.of_columns(newest, columns.clone(), rows.clone());
        down.of_rows(newest, columns.clone(), rows.clone());
        self.sums.clear();
        self.sums.extend(newest.pixels().iter().map(|&pixel| u16::from(pixel)));
        let mut merged = 1;
        for age in 1..self.held.min(blend.frames()) {
            let past = &self.frames[(self.newest + FRAMES - age) % FRAMES];
            // Two profiles tell a shift best if they cover the same part of the scene. So the shift
            // across is measured again once the shift down is known.
            theirs.of_columns(past, columns.clone(), rows.clone());
            let Some(dx) = across.shift(theirs) else { continue };
            theirs.of_rows(past, shifted(&columns, dx), rows.clone());
            let Some(dy) = down.shift(theirs) else { continue };
            theirs.of_columns(past, columns.clone(), shifted(&rows, dy));
            let Some(dx) = across.shift(theirs) else { continue };
            for y in 0..height {
                let row = past.row(y.saturating_add_signed(dy).min(height - 1));
                let sums = &mut self.sums[y * width..][..width];
                match blend {
                    Blend::Mean => combine(sums, row, dx, |sum, pixel| *sum += pixel),
                    Blend::Darkest => combine(sums, row, dx, |sum, pixel| *sum = pixel.min(*sum)),
                }
            }
            merged += 1;
        }
        // A reciprocal in 1/65536: a division for each pixel would cost more than the rest.
        let share = if blend == Blend::Mean { (65536 / merged) as u32 } else { 65536 };
        self.merged.reshape(width, height);
        for (out, &sum) in self.merged.pixels_mut().iter_mut().zip(&self.sums) {
            *out = ((u32::from(sum) * share + 32768) >> 16).min(255) as u8;
        }
        merged
    }
}

/// Combines each sum with the pixel of `row` that lies `dx` pixels farther right. The row's ends repeat.
fn combine(sums: &mut [u16], row: &[u8], dx: isize, one: impl Fn(&mut u16, u16) + Copy) {
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
    fn frames_are_shifted_onto_the_newest() {
        let mut merger = Merger::default();
        for step in 0..6 {
            merger.push(&frame(12 + 2 * step, 20 - 3 * step, 1, 0));
        }
        assert_eq!(merger.merge(Blend::Mean), 6);
        let newest = frame(22, 5, 9, 0);
        let apart = |y: usize| {
            let rows = merger.merged.row(y)[40..280].iter().zip(&newest.row(y)[40..280]);
            rows.filter(|(a, b)| a.abs_diff(**b) > 2).count()
        };
        assert_eq!((40..200).map(apart).sum::<usize>(), 0);
    }

    #[test]
    fn noise_averages_out() {
        let mut merger = Merger::default();
        (0..8).for_each(|step| merger.push(&frame(10 + step, 10, step as u32 + 1, 75)));
        assert_eq!(merger.merge(Blend::Mean), 8);
        let (clear, single) = (frame(17, 10, 0, 0), frame(17, 10, 77, 75));
        let noise = |picture: &GreyFrame| -> u64 {
            let rows = (40..200).flat_map(|y| picture.row(y)[40..280].iter().zip(&clear.row(y)[40..280]));
            rows.map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum()
        };
        assert!(noise(&merger.merged) * 5 < noise(&single), "{} {}", noise(&merger.merged), noise(&single));
    }

    #[test]
    fn frames_of_something_else_are_left_out() {
        let mut merger = Merger::default();
        (0..5).for_each(|step| merger.push(&frame(10, 10, step + 1, 10).rotate90().rotate90()));
        merger.push(&frame(10, 10, 7, 10));
        assert_eq!(merger.merge(Blend::Mean), 1);
        merger.push(&GreyFrame::new(8, 8, vec![7; 64]).unwrap());
        assert_eq!(merger.held, 1, "another size");
    }
}
