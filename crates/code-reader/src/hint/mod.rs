//! Judges from measurements why a code could not be read.

mod allowance;
mod texture;

pub(crate) use allowance::Allowance;

use crate::decoder::lay_flat::finders::{Finder, Search};
use crate::frame::GreyFrame;
use crate::pictures::{Filter, Pictures, Preprocessing, Scale, Threshold};
use crate::sighting::{Hint, Sighting, UnreadCode};

/// Longest sides of the two smaller pictures in which textures are looked for. The first shows a code
/// that is far away as texture, the second one that is blurred.
const SMALLER: [u16; 2] = [640, 320];
/// The threshold for finder patterns: a window of a twelfth of the frame, well under its mean.
const THRESHOLD: Threshold = Threshold::Mean { part: 12, drop: 12 };
/// With fewer pixels a module than this, a code is too far away. Sharp codes are read from about 1.2.
const FAR_MODULE_PX: f32 = 2.0;
/// A texture with a shorter side than this, in pixels, is too far away. A health code is about 70
/// modules wide.
const FAR_SIDE_PX: usize = 150;
/// A texture with wider edges than this, in pixels, is blurred.
const BLURRED_EDGE_PX: f32 = 9.0;
/// A code is blurred if its edges are wider than this many modules and [`SHARP_EDGE_PX`] together.
const BLURRED_EDGE_MODULES: f32 = 1.25;
/// Width that a sharp lens adds to an edge, in pixels.
const SHARP_EDGE_PX: f32 = 0.5;
/// More finder patterns than this without a code are noise.
const MOST_FINDERS: usize = 12;
/// Least difference in luma between a finder pattern's middle and its white ring.
const FINDER_CONTRAST: u8 = 10;
/// A code is too bright if more than this share of its area is clipped.
const BRIGHT_SHARE: f32 = 0.55;
/// A pixel of at least this luma is clipped.
const BRIGHT_LUMA: u8 = 250;
/// A frame is too dark if all but one pixel in a hundred are at most this.
const DARK_LUMA: u8 = 36;
/// A code is cut off if one of its few finder patterns is nearer to the frame's edge than this many
/// modules. A health code is about 70 modules wide.
const EDGE_MODULES: f32 = 40.0;

/// Judges frames in which nothing was read. Keeps buffers from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct HintJudge {
    search: Search,
    finders: Vec<Finder>,
    modules: Vec<f32>,
    smaller: [GreyFrame; 2],
    buffers: texture::Buffers,
}

impl HintJudge {
    /// Judges a frame. `pictures` are those of this frame, and `unread` is the largest code that was
    /// found in it and not read.
    pub(crate) fn judge(
        &mut self,
        frame: &GreyFrame,
        pictures: &mut Pictures,
        unread: Option<&UnreadCode>,
    ) -> Sighting {
        let unreadable = |hint, corners| Sighting::Unreadable { hint, corners };
        if is_dark(frame) {
            return unreadable(Hint::TooDark, None);
        }
        self.find(frame, pictures);
        let Some(module) = unread.and_then(|code| module_px(frame, code)).or_else(|| self.median_module())
        else {
            return self.by_texture(frame, pictures);
        };
        let finders = &self.finders;
        if unread.is_none() && finders.len() < 3 {
            // A code whose other patterns are covered, or lie beyond the frame's edge.
            let is_covered = finders.len() == 2 && clipped_beside(frame, finders) > BRIGHT_SHARE;
            return if is_covered {
                unreadable(Hint::TooBright, None)
            } else if is_at_edge(frame, finders) {
                unreadable(Hint::CutOff, None)
            } else {
                // One or two sharp finder patterns of ordinary size may be a logo, a window, or a code
                // with a finger on it. Only a texture beside them shows that it is a code.
                self.by_texture(frame, pictures)
            };
        }
        if unread.is_none() && (finders.len() > MOST_FINDERS || module < FAR_MODULE_PX) {
            // More patterns than a code has, or so small that noise makes them.
            return self.by_texture(frame, pictures);
        }
        let area = area(frame, unread, finders, module);
        let light = Light::of(frame, area);
        let hint = if light.high <= DARK_LUMA {
            Hint::TooDark
        } else if module < FAR_MODULE_PX {
            Hint::TooFar
        } else if light.clipped > BRIGHT_SHARE {
            Hint::TooBright
        } else if is_smeared(frame, area, module, &mut self.buffers) {
            Hint::Blurred
        } else {
            // A sharp code that was not read: no hint would be true.
            return Sighting::Nothing;
        };
        unreadable(hint, unread.map(|code| code.corners))
    }

    /// Finds the frame's finder patterns.
    fn find(&mut self, frame: &GreyFrame, pictures: &mut Pictures) {
        self.finders.clear();
        let whole = Preprocessing { scale: Scale::Whole, filter: Filter::Plain };
        if let Some((grey, black)) = pictures.black(frame, whole, THRESHOLD) {
            self.search.find(grey, black, &mut self.finders, &|| false);
            // A single row through noise has the runs of a pattern now and then.
            self.finders.retain(|finder| {
                finder.contrast >= FINDER_CONTRAST && finder.votes as f32 >= finder.down.max(2.0)
            });
        }
    }

    /// Judges a frame without usable finder patterns.
    fn by_texture(&mut self, frame: &GreyFrame, pictures: &mut Pictures) -> Sighting {
        for (side, small) in SMALLER.into_iter().zip(&mut self.smaller) {
            let preprocessing = Preprocessing { scale: Scale::Side(side), filter: Filter::Plain };
            small.clone_from(pictures.grey(frame, preprocessing).unwrap_or(frame));
        }
        let is_far = |square: &texture::BusySquare| square.side < FAR_SIDE_PX;
        if let Some(square) = texture::find(frame, &self.smaller[0], &mut self.buffers).filter(is_far) {
            return Sighting::Unreadable { hint: Hint::TooFar, corners: Some(square.corners(frame)) };
        }
        // A sharp and large texture without a code is writing or a pattern.
        let square = texture::find(frame, &self.smaller[1], &mut self.buffers);
        let is_blurred = |square: &texture::BusySquare| {
            texture::edges_px(frame, square.area(), &mut self.buffers)
                .is_some_and(|[across, _]| across > BLURRED_EDGE_PX)
        };
        match square.filter(|square| !is_far(square)).filter(is_blurred) {
            Some(square) => {
                Sighting::Unreadable { hint: Hint::Blurred, corners: Some(square.corners(frame)) }
            }
            None => Sighting::Nothing,
        }
    }

    /// Returns the median of the finder patterns' module lengths, in pixels.
    fn median_module(&mut self) -> Option<f32> {
        self.modules.clear();
        self.modules.extend(self.finders.iter().map(Finder::module));
        self.modules.sort_unstable_by(f32::total_cmp);
        self.modules.get(self.modules.len() / 2).copied()
    }
}

/// Returns whether edges are smeared over more than a module, in one direction at least.
fn is_smeared(frame: &GreyFrame, area: Area, module: f32, buffers: &mut texture::Buffers) -> bool {
    texture::edges_px(frame, area, buffers)
        .is_some_and(|[across, down]| across.max(down) > BLURRED_EDGE_MODULES * module + SHARP_EDGE_PX)
}

/// Returns the share of clipped pixels in the square on one side of two finder patterns, or on the
/// other, whichever is larger.
fn clipped_beside(frame: &GreyFrame, finders: &[Finder]) -> f32 {
    let (a, b) = (&finders[0], &finders[1]);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let squares = [(dy, -dx), (-dy, dx)].map(|(ox, oy)| {
        let xs = [a.x, b.x, a.x + ox, b.x + ox];
        let ys = [a.y, b.y, a.y + oy, b.y + oy];
        let bounds = |values: [f32; 4], limit: usize| {
            let low = values.iter().copied().fold(f32::MAX, f32::min).clamp(0.0, (limit - 1) as f32) as usize;
            let high = values.iter().copied().fold(0.0, f32::max).clamp(0.0, limit as f32) as usize;
            (low, high.max(low + 1))
        };
        let ((left, right), (top, bottom)) = (bounds(xs, frame.width()), bounds(ys, frame.height()));
        Light::of(frame, [left, top, right, bottom]).clipped
    });
    squares[0].max(squares[1])
}

/// Returns the length of an unread code's module in pixels, if the number of modules is known.
fn module_px(frame: &GreyFrame, code: &UnreadCode) -> Option<f32> {
    let modules = code.modules?;
    let [w, h] = [frame.width() as f32, frame.height() as f32];
    let side = |a: usize, b: usize| {
        let (a, b) = (code.corners[a], code.corners[b]);
        ((a[0] - b[0]) * w).hypot((a[1] - b[1]) * h)
    };
    Some((side(0, 1) + side(1, 2) + side(2, 3) + side(3, 0)) / (4.0 * modules as f32))
}

/// Returns whether there are one or two finder patterns, and the frame ends where the code would
/// continue.
fn is_at_edge(frame: &GreyFrame, finders: &[Finder]) -> bool {
    (1..3).contains(&finders.len())
        && finders.iter().any(|finder| {
            let reach = finder.module() * EDGE_MODULES;
            finder.x < reach
                || finder.y < reach
                || finder.x > frame.width() as f32 - reach
                || finder.y > frame.height() as f32 - reach
        })
}

/// A rectangle in pixels: left, top, right, bottom.
type Area = [usize; 4];

/// About this many pixels of an area are sampled for its light.
const SAMPLED: usize = 100_000;

/// Returns the area that the code seems to cover.
fn area(frame: &GreyFrame, unread: Option<&UnreadCode>, finders: &[Finder], module: f32) -> Area {
    let [w, h] = [frame.width() as f32, frame.height() as f32];
    let known = unread.iter().flat_map(|code| code.corners).map(|[x, y]| [x * w, y * h]);
    let around = |f: &Finder| {
        let reach = 4.0 * module;
        [[f.x - reach, f.y - reach], [f.x + reach, f.y + reach]]
    };
    let guessed = finders.iter().filter(|_| unread.is_none()).flat_map(around);
    let points = known.chain(guessed);
    let bounds = |axis: usize, limit: f32| {
        let low = points.clone().map(|p| p[axis]).fold(limit, f32::min).clamp(0.0, limit - 1.0);
        let high = points.clone().map(|p| p[axis]).fold(0.0, f32::max).clamp(low + 1.0, limit);
        (low as usize, high as usize)
    };
    let ((left, right), (top, bottom)) = (bounds(0, w), bounds(1, h));
    [left, top, right, bottom]
}

/// How bright an area is.
struct Light {
    /// The share of clipped pixels.
    clipped: f32,
    /// The luma that only one pixel in a hundred exceeds.
    high: u8,
}

impl Light {
    /// Measures an area, from some of its rows.
    fn of(frame: &GreyFrame, [left, top, right, bottom]: Area) -> Self {
        let mut histogram = [0u32; 256];
        let every = ((bottom - top) * (right - left) / SAMPLED).max(1);
        for y in (top..bottom).step_by(every) {
            for &pixel in &frame.row(y)[left..right] {
                histogram[usize::from(pixel)] += 1;
            }
        }
        let total: u32 = histogram.iter().sum::<u32>().max(1);
        let clipped = histogram[usize::from(BRIGHT_LUMA)..].iter().sum::<u32>() as f32 / total as f32;
        let mut above = 0;
        let mut high = 255;
        for luma in (0..=255u8).rev() {
            above += histogram[usize::from(luma)];
            if above * 100 > total {
                high = luma;
                break;
            }
        }
        Self { clipped, high }
    }
}

fn is_dark(frame: &GreyFrame) -> bool {
    Light::of(frame, [0, 0, frame.width(), frame.height()]).high <= DARK_LUMA
}
