//! Why a code could not be read, from what can be measured.

mod allowance;
mod texture;

pub(crate) use allowance::Allowance;

use crate::easel::{Easel, Filter, Look, Scale, Threshold};
use crate::fit::finders::{self, Finder};
use crate::frame::GreyFrame;
use crate::limits;
use crate::sighting::{Corners, Hint, Sighting};

/// A code that was not read: its corners, and modules along a side where they are known.
pub(crate) type Failed = (Corners, Option<usize>);

/// Longest sides of the two pictures that are looked at beside the frame: in the first a code that
/// is far away is still busy, in the second one that is blurred.
const SMALLER: [u16; 2] = [640, 320];
/// A finder pattern's threshold: a window of a twelfth of the frame, and well under its mean.
const THRESHOLD: Threshold = Threshold::Mean { part: 12, drop: 12 };

/// Judges frames in which nothing was read. Keeps room to work in.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    finders: Vec<Finder>,
    modules: Vec<f32>,
    smaller: [GreyFrame; 2],
    room: texture::Room,
}

impl Judge {
    /// Says what is wrong with a frame; `easel` is at it, `failed` is the largest code that was seen
    /// and not read.
    pub(crate) fn judge(
        &mut self,
        frame: &GreyFrame,
        easel: &mut Easel,
        failed: Option<&Failed>,
    ) -> Sighting {
        let unreadable = |hint, corners| Sighting::Unreadable { hint, corners };
        if is_dark(frame) {
            return unreadable(Hint::TooDark, None);
        }
        self.find(frame, easel);
        let Some(module) = failed.and_then(|failed| module_px(frame, failed)).or_else(|| self.median())
        else {
            return self.by_texture(frame, easel);
        };
        let finders = &self.finders;
        let corners = failed.map(|failed| failed.0);
        if failed.is_none() && finders.len() < 3 {
            // A code with something over its other patterns, or beyond the frame's edge.
            let covered = finders.len() == 2 && beside(frame, finders) > limits::BRIGHT_SHARE;
            return if covered {
                unreadable(Hint::TooBright, None)
            } else if at_edge(frame, finders) {
                unreadable(Hint::CutOff, None)
            } else {
                // One or two sharp finders of ordinary size and no code around them: a logo, a
                // window, or a code with a finger on it. Only a busy square beside them says that
                // it is one.
                self.by_texture(frame, easel)
            };
        }
        if failed.is_none() && (finders.len() > limits::FINDERS || module < limits::FAR_MODULE_PX) {
            // More than any code has, or so small that noise makes them.
            return self.by_texture(frame, easel);
        }
        let area = area(frame, failed, finders, module);
        let light = light(frame, area);
        let hint = if light.high <= limits::DARK_LUMA {
            Hint::TooDark
        } else if module < limits::FAR_MODULE_PX {
            Hint::TooFar
        } else if light.clipped > limits::BRIGHT_SHARE {
            Hint::TooBright
        } else if is_smeared(frame, area, module, &mut self.room) {
            Hint::Blurred
        } else {
            // A sharp code that was not read: no hint would be true.
            return Sighting::Nothing;
        };
        unreadable(hint, corners)
    }

    fn find(&mut self, frame: &GreyFrame, easel: &mut Easel) {
        self.finders.clear();
        let plain = Look { scale: Scale::Whole, filter: Filter::Plain };
        if let Some((grey, black)) = easel.black(frame, plain, THRESHOLD) {
            finders::find(grey, black, &mut self.finders, &|| false);
            // One row through noise makes a pattern now and then.
            self.finders.retain(|finder| {
                finder.contrast >= limits::FINDER_CONTRAST && finder.votes as f32 >= finder.down.max(2.0)
            });
        }
    }

    fn by_texture(&mut self, frame: &GreyFrame, easel: &mut Easel) -> Sighting {
        for (side, small) in SMALLER.into_iter().zip(&mut self.smaller) {
            let look = Look { scale: Scale::Side(side), filter: Filter::Plain };
            small.clone_from(easel.picture(frame, look).unwrap_or(frame));
        }
        let far = |place: &texture::Place| place.side < limits::FAR_SIDE_PX;
        if let Some(place) = texture::find(frame, &self.smaller[0], &mut self.room).filter(far) {
            return Sighting::Unreadable { hint: Hint::TooFar, corners: Some(place.corners(frame)) };
        }
        // Sharp and large, and still no code, is writing or a pattern.
        let place = texture::find(frame, &self.smaller[1], &mut self.room).filter(|place| !far(place));
        let edge = |place: texture::Place| {
            texture::edges_px(frame, place.area(), &mut self.room).map(|[across, _]| (place, across))
        };
        match place.and_then(edge).filter(|(_, edge)| *edge > limits::BLURRED_EDGE_PX) {
            Some((place, _)) => {
                Sighting::Unreadable { hint: Hint::Blurred, corners: Some(place.corners(frame)) }
            }
            None => Sighting::Nothing,
        }
    }

    fn median(&mut self) -> Option<f32> {
        self.modules.clear();
        self.modules.extend(self.finders.iter().map(Finder::module));
        self.modules.sort_unstable_by(f32::total_cmp);
        self.modules.get(self.modules.len() / 2).copied()
    }
}

/// Returns whether edges are smeared, in one direction at least, over more than a module.
fn is_smeared(frame: &GreyFrame, area: Area, module: f32, room: &mut texture::Room) -> bool {
    texture::edges_px(frame, area, room)
        .is_some_and(|[across, down]| across.max(down) > limits::BLURRED_EDGE_MODULES * module + 0.5)
}

/// The share of clipped pixels in the square on the one or the other side of two finders.
fn beside(frame: &GreyFrame, finders: &[Finder]) -> f32 {
    let (a, b) = (&finders[0], &finders[1]);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let squares = [(dy, -dx), (-dy, dx)].map(|(ox, oy)| {
        let xs = [a.x, b.x, a.x + ox, b.x + ox];
        let ys = [a.y, b.y, a.y + oy, b.y + oy];
        let bound = |values: [f32; 4], limit: usize| {
            let low = values.iter().copied().fold(f32::MAX, f32::min).clamp(0.0, (limit - 1) as f32) as usize;
            let high = values.iter().copied().fold(0.0, f32::max).clamp(0.0, limit as f32) as usize;
            (low, high.max(low + 1))
        };
        let ((left, right), (top, bottom)) = (bound(xs, frame.width()), bound(ys, frame.height()));
        light(frame, [left, top, right, bottom]).clipped
    });
    squares[0].max(squares[1])
}

fn module_px(frame: &GreyFrame, (corners, modules): &Failed) -> Option<f32> {
    let modules = (*modules)?;
    let [w, h] = [frame.width() as f32, frame.height() as f32];
    let side = |a: usize, b: usize| {
        let (a, b) = (corners[a], corners[b]);
        ((a[0] - b[0]) * w).hypot((a[1] - b[1]) * h)
    };
    Some((side(0, 1) + side(1, 2) + side(2, 3) + side(3, 0)) / (4.0 * modules as f32))
}

/// Fewer than three finders, and the frame ends where the code would go on.
fn at_edge(frame: &GreyFrame, finders: &[Finder]) -> bool {
    (1..3).contains(&finders.len())
        && finders.iter().any(|finder| {
            let reach = finder.module() * limits::EDGE_MODULES;
            finder.x < reach
                || finder.y < reach
                || finder.x > frame.width() as f32 - reach
                || finder.y > frame.height() as f32 - reach
        })
}

type Area = [usize; 4];

/// About this many pixels of an area are looked at.
const SAMPLED: usize = 100_000;

/// The pixels that the code seems to cover: left, top, right, bottom.
fn area(frame: &GreyFrame, failed: Option<&Failed>, finders: &[Finder], module: f32) -> Area {
    let [w, h] = [frame.width() as f32, frame.height() as f32];
    let known = failed.iter().flat_map(|failed| failed.0).map(|[x, y]| [x * w, y * h]);
    let around = |f: &Finder| {
        let reach = 4.0 * module;
        [[f.x - reach, f.y - reach], [f.x + reach, f.y + reach]]
    };
    let guessed = finders.iter().filter(|_| failed.is_none()).flat_map(around);
    let points = known.chain(guessed);
    let bound = |axis: usize, limit: f32| {
        let low = points.clone().map(|p| p[axis]).fold(limit, f32::min).clamp(0.0, limit - 1.0);
        let high = points.clone().map(|p| p[axis]).fold(0.0, f32::max).clamp(low + 1.0, limit);
        (low as usize, high as usize)
    };
    let ((left, right), (top, bottom)) = (bound(0, w), bound(1, h));
    [left, top, right, bottom]
}

struct Light {
    /// The share of clipped pixels.
    clipped: f32,
    /// The luma that only one pixel in a hundred exceeds.
    high: u8,
}

fn light(frame: &GreyFrame, [left, top, right, bottom]: Area) -> Light {
    let mut histogram = [0u32; 256];
    // Some rows tell enough.
    let every = ((bottom - top) * (right - left) / SAMPLED).max(1);
    for y in (top..bottom).step_by(every) {
        for &pixel in &frame.row(y)[left..right] {
            histogram[usize::from(pixel)] += 1;
        }
    }
    let total: u32 = histogram.iter().sum::<u32>().max(1);
    let clipped = histogram[usize::from(limits::BRIGHT_LUMA)..].iter().sum::<u32>() as f32 / total as f32;
    let mut above = 0;
    let mut high = 255;
    for luma in (0..=255u8).rev() {
        above += histogram[usize::from(luma)];
        if above * 100 > total {
            high = luma;
            break;
        }
    }
    Light { clipped, high }
}

fn is_dark(frame: &GreyFrame) -> bool {
    light(frame, [0, 0, frame.width(), frame.height()]).high <= limits::DARK_LUMA
}
