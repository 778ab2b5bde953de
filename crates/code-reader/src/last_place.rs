//! The region of interest: where a code was seen last.
//!
//! A code that is held out stays about where it is, whether it was read or not, and a small picture
//! costs little. So the reader looks there first.

use std::time::Duration;

use crate::decoder::{Decoder, Decoders};
use crate::frame::GreyFrame;
use crate::ladder::{Binarization, Costs, Findings, Variant};
use crate::pictures::{Pictures, Scale, Threshold};
use crate::sighting::Corners;

/// The variants that look there, in order.
const VARIANTS: &[Variant] = &[
    #[cfg(feature = "zxing")]
    Variant::plain(Decoder::Zxing),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Mean { part: 8, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(640))
        .by(Binarization::Ours(Threshold::Mean { part: 8, drop: 5 })),
];
/// The region reaches this far beyond the code on each side, in widths of the code.
const AROUND: f32 = 0.35;
/// A region larger than this share of the frame saves nothing.
const LARGEST: f32 = 0.5;
/// A region with a shorter side than this, in pixels, holds no code.
const SMALLEST: usize = 24;
/// Frames without a sign of a code, after which the region is forgotten.
const FRAMES: u32 = 10;

/// The last place of a code, and buffers for its picture.
#[derive(Debug, Default)]
pub(crate) struct LastPlace {
    place: Option<Corners>,
    /// Frames in a row without a sign of a code.
    missed: u32,
    region: GreyFrame,
    pictures: Pictures,
    costs: Option<Costs>,
}

impl LastPlace {
    /// Remembers where a code was seen.
    pub(crate) fn set(&mut self, corners: Corners) {
        (self.place, self.missed) = (Some(corners), 0);
    }

    /// Counts a frame without a sign of a code.
    pub(crate) fn miss(&mut self) {
        self.missed += 1;
        if self.missed > FRAMES {
            self.place = None;
        }
    }

    /// Forgets what the variants cost.
    pub(crate) fn forget_costs(&mut self) {
        self.costs = None;
    }

    /// Looks at the last place until `end`, by the clock `now`. Returns `None` if there is no place,
    /// or nothing was read there.
    pub(crate) fn look(
        &mut self,
        frame: &GreyFrame,
        decoders: &mut Decoders,
        now: &dyn Fn() -> Duration,
        end: Duration,
    ) -> Option<Findings> {
        let [left, top, right, bottom] = region(self.place.as_ref()?, frame)?;
        let (width, height) = (right - left, bottom - top);
        self.region.reshape(width, height);
        for y in 0..height {
            self.region.row_mut(y).copy_from_slice(&frame.row(top + y)[left..right]);
        }
        self.pictures.clear();
        let costs = self.costs.get_or_insert_with(|| Costs::new(VARIANTS));
        for (at, variant) in VARIANTS.iter().enumerate() {
            if !costs.affords(at, width * height, end.saturating_sub(now())) {
                continue;
            }
            let Some(mut findings) = variant.look_at(&self.region, &mut self.pictures, decoders, now, end)
            else {
                continue;
            };
            costs.learn(at, width * height, findings.took);
            if !findings.read.is_empty() || findings.panicked {
                let in_frame = |[x, y]: [f32; 2]| {
                    [
                        (left as f32 + x * width as f32) / frame.width() as f32,
                        (top as f32 + y * height as f32) / frame.height() as f32,
                    ]
                };
                findings.read.iter_mut().for_each(|(_, corners)| *corners = corners.map(in_frame));
                findings.unread.clear();
                return Some(findings);
            }
        }
        None
    }
}

/// Returns the pixels around a place: left, top, right, bottom. `None`: the region is too large or
/// too small to be worth a look.
fn region(corners: &Corners, frame: &GreyFrame) -> Option<[usize; 4]> {
    let bounds = |axis: usize, length: usize| {
        let low = corners.iter().map(|corner| corner[axis]).fold(f32::MAX, f32::min);
        let high = corners.iter().map(|corner| corner[axis]).fold(f32::MIN, f32::max);
        let margin = (high - low) * AROUND;
        let pixel = |at: f32| (at.clamp(0.0, 1.0) * length as f32) as usize;
        (pixel(low - margin), pixel(high + margin).min(length))
    };
    let ((left, right), (top, bottom)) = (bounds(0, frame.width()), bounds(1, frame.height()));
    let is_worth = right >= left + SMALLEST
        && bottom >= top + SMALLEST
        && ((right - left) * (bottom - top)) as f32 <= LARGEST * frame.pixels().len() as f32;
    is_worth.then_some([left, top, right, bottom])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_reach_beyond_the_code() {
        let frame = GreyFrame::new(1000, 500, vec![0; 500_000]).unwrap();
        let square = |x: f32, y: f32, w: f32| [[x, y], [x + w, y], [x + w, y + 2.0 * w], [x, y + 2.0 * w]];
        let [left, top, right, bottom] = region(&square(0.4, 0.4, 0.1), &frame).unwrap();
        assert!(left < 400 && top < 200 && right > 500 && bottom > 300);
        assert!(region(&square(0.0, 0.0, 0.5), &frame).is_none(), "nearly everything");
        assert!(region(&square(0.5, 0.5, 0.001), &frame).is_none(), "nearly nothing");
        assert!(region(&square(f32::NAN, 0.5, 0.1), &frame).is_none());
    }

    #[test]
    fn a_place_is_forgotten_after_a_while() {
        let mut last = LastPlace::default();
        last.set([[0.4, 0.4]; 4]);
        (0..FRAMES).for_each(|_| last.miss());
        assert!(last.place.is_some());
        last.miss();
        assert!(last.place.is_none());
    }
}
