//! The place where a code was seen last, looked at first in the next frame: read or not, a code
//! that is held out stays about where it is, and a small picture costs little.

use std::time::Duration;

use crate::decoder::{Decoder, Decoders};
use crate::easel::{Easel, Scale, Threshold};
use crate::frame::GreyFrame;
use crate::ladder::{Binary, Costs, Seen, Variant};
use crate::sighting::Corners;

/// What is tried there, in this order.
const VARIANTS: &[Variant] = &[
    #[cfg(feature = "zxing")]
    Variant::plain(Decoder::Zxing),
    Variant::plain(Decoder::Fit).by(Binary::Ours(Threshold::Mean { part: 8, drop: 5 })),
    Variant::plain(Decoder::Fit)
        .at(Scale::Double(640))
        .by(Binary::Ours(Threshold::Mean { part: 8, drop: 5 })),
];
/// How far around the code is looked, in its own widths.
const AROUND: f32 = 0.35;
/// A place larger than this share of the frame is no smaller picture.
const LARGEST: f32 = 0.5;
/// Pixels along the side of a place that is worth looking at.
const SMALLEST: usize = 24;
/// Frames without a sign of a code, after which its place is forgotten.
const FRAMES: u32 = 10;

/// The last place, and room for its picture.
#[derive(Debug, Default)]
pub(crate) struct Focus {
    place: Option<Corners>,
    missed: u32,
    picture: GreyFrame,
    easel: Easel,
    costs: Option<Costs>,
}

impl Focus {
    /// Forgets what its variants cost.
    pub(crate) fn forget_costs(&mut self) {
        self.costs = None;
    }

    /// A code was seen here.
    pub(crate) fn set(&mut self, corners: Corners) {
        (self.place, self.missed) = (Some(corners), 0);
    }

    /// Nothing was seen of a code.
    pub(crate) fn miss(&mut self) {
        self.missed += 1;
        if self.missed > FRAMES {
            self.place = None;
        }
    }

    /// Looks at the last place until `end` by `now`. `None`: there is none, or nothing to read.
    pub(crate) fn look(
        &mut self,
        frame: &GreyFrame,
        decoders: &mut Decoders,
        now: &dyn Fn() -> Duration,
        end: Duration,
    ) -> Option<Seen> {
        let [left, top, right, bottom] = around(self.place.as_ref()?, frame)?;
        let (width, height) = (right - left, bottom - top);
        self.picture.reshape(width, height);
        for y in 0..height {
            self.picture.row_mut(y).copy_from_slice(&frame.row(top + y)[left..right]);
        }
        self.easel.clear();
        let costs = self.costs.get_or_insert_with(|| Costs::new(VARIANTS));
        for (at, variant) in VARIANTS.iter().enumerate() {
            if !costs.affords(at, width * height, end.saturating_sub(now())) {
                continue;
            }
            let Some(mut seen) = variant.look_at(&self.picture, &mut self.easel, decoders, now, end) else {
                continue;
            };
            costs.learn(at, width * height, seen.took);
            if !seen.read.is_empty() || seen.panicked {
                let whole = |[x, y]: [f32; 2]| {
                    [
                        (left as f32 + x * width as f32) / frame.width() as f32,
                        (top as f32 + y * height as f32) / frame.height() as f32,
                    ]
                };
                seen.read.iter_mut().for_each(|(_, corners)| *corners = corners.map(whole));
                seen.failed.clear();
                return Some(seen);
            }
        }
        None
    }
}

/// The pixels around a place: left, top, right, bottom. `None` where they are not worth it.
fn around(corners: &Corners, frame: &GreyFrame) -> Option<[usize; 4]> {
    let bound = |axis: usize, length: usize| {
        let low = corners.iter().map(|corner| corner[axis]).fold(f32::MAX, f32::min);
        let high = corners.iter().map(|corner| corner[axis]).fold(f32::MIN, f32::max);
        let more = (high - low) * AROUND;
        let pixel = |at: f32| (at.clamp(0.0, 1.0) * length as f32) as usize;
        (pixel(low - more), pixel(high + more).min(length))
    };
    let ((left, right), (top, bottom)) = (bound(0, frame.width()), bound(1, frame.height()));
    let is_worth = right >= left + SMALLEST
        && bottom >= top + SMALLEST
        && ((right - left) * (bottom - top)) as f32 <= LARGEST * frame.pixels().len() as f32;
    is_worth.then_some([left, top, right, bottom])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_cut_out_with_room_around_them() {
        let frame = GreyFrame::new(1000, 500, vec![0; 500_000]).unwrap();
        let square = |x: f32, y: f32, w: f32| [[x, y], [x + w, y], [x + w, y + 2.0 * w], [x, y + 2.0 * w]];
        let [left, top, right, bottom] = around(&square(0.4, 0.4, 0.1), &frame).unwrap();
        assert!(left < 400 && top < 200 && right > 500 && bottom > 300);
        assert!(around(&square(0.0, 0.0, 0.5), &frame).is_none(), "nearly everything");
        assert!(around(&square(0.5, 0.5, 0.001), &frame).is_none(), "nearly nothing");
        assert!(around(&square(f32::NAN, 0.5, 0.1), &frame).is_none());
    }

    #[test]
    fn a_place_is_forgotten_after_a_while() {
        let mut focus = Focus::default();
        focus.set([[0.4, 0.4]; 4]);
        (0..FRAMES).for_each(|_| focus.miss());
        assert!(focus.place.is_some());
        focus.miss();
        assert!(focus.place.is_none());
    }
}
