//! Why a code could not be read, from what can be measured.

mod texture;

use crate::fit::finders::Finder;
use crate::frame::GreyFrame;
use crate::limits;
use crate::sighting::{Corners, Hint, Sighting};

/// A code that was not read: its corners, and modules along a side where they are known.
type Failed = (Corners, Option<usize>);

/// Longest sides of the two pictures that [`judge`] takes beside the frame: in the first a code
/// that is far away is still busy, in the second one that is blurred.
pub(crate) const SMALLER: [u16; 2] = [640, 320];

/// Judges a frame in which nothing was read. `smaller` is the frame at the sizes of [`SMALLER`].
pub(crate) fn judge(
    frame: &GreyFrame,
    smaller: [&GreyFrame; 2],
    failed: Option<&Failed>,
    finders: &[Finder],
) -> Sighting {
    let unreadable = |hint, corners| Sighting::Unreadable { hint, corners };
    if is_dark(frame) {
        return unreadable(Hint::TooDark, None);
    }
    let Some(module) = failed.and_then(|failed| module_px(frame, failed)).or_else(|| median(finders)) else {
        return by_texture(frame, smaller);
    };
    let corners = failed.map(|failed| failed.0);
    if failed.is_none() && finders.len() < 3 {
        // A code with something over its other patterns, or beyond the frame's edge.
        let covered = finders.len() == 2 && beside(frame, finders) > limits::BRIGHT_SHARE;
        return if covered {
            unreadable(Hint::TooBright, None)
        } else if at_edge(frame, finders) {
            unreadable(Hint::CutOff, None)
        } else {
            // One or two sharp finders of ordinary size and no code around them: a logo, a window,
            // or a code with a finger on it. Only a busy square beside them says that it is one.
            by_texture(frame, smaller)
        };
    }
    if failed.is_none() && (finders.len() > limits::FINDERS || module < limits::FAR_MODULE_PX) {
        // More than any code has, or so small that noise makes them.
        return by_texture(frame, smaller);
    }
    let light = light(frame, area(frame, failed, finders, module));
    let hint = if light.high <= limits::DARK_LUMA {
        Hint::TooDark
    } else if module < limits::FAR_MODULE_PX {
        Hint::TooFar
    } else if light.clipped > limits::BRIGHT_SHARE {
        Hint::TooBright
    } else {
        Hint::Blurred
    };
    unreadable(hint, corners)
}

fn by_texture(frame: &GreyFrame, smaller: [&GreyFrame; 2]) -> Sighting {
    let far = |place: &texture::Place| place.side < limits::FAR_SIDE_PX;
    if let Some(place) = texture::find(frame, smaller[0]).filter(far) {
        return Sighting::Unreadable { hint: Hint::TooFar, corners: Some(place.corners(frame)) };
    }
    // Sharp and large, and still no code, is writing or a pattern.
    let blurred = |place: &texture::Place| {
        !far(place) && texture::edge_px(frame, place).is_some_and(|edge| edge > limits::BLURRED_EDGE_PX)
    };
    match texture::find(frame, smaller[1]).filter(blurred) {
        Some(place) => Sighting::Unreadable { hint: Hint::Blurred, corners: Some(place.corners(frame)) },
        None => Sighting::Nothing,
    }
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

fn median(finders: &[Finder]) -> Option<f32> {
    let mut modules: Vec<f32> = finders.iter().map(|finder| finder.module()).collect();
    modules.sort_by(f32::total_cmp);
    modules.get(modules.len() / 2).copied()
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

/// The pixels that the code seems to cover: left, top, right, bottom.
fn area(frame: &GreyFrame, failed: Option<&Failed>, finders: &[Finder], module: f32) -> Area {
    let [w, h] = [frame.width() as f32, frame.height() as f32];
    let points: Vec<[f32; 2]> = match failed {
        Some((corners, _)) => corners.iter().map(|[x, y]| [x * w, y * h]).collect(),
        None => finders
            .iter()
            .flat_map(|f| {
                [[f.x - 4.0 * module, f.y - 4.0 * module], [f.x + 4.0 * module, f.y + 4.0 * module]]
            })
            .collect(),
    };
    let bound = |axis: usize, limit: f32| {
        let low = points.iter().map(|p| p[axis]).fold(limit, f32::min).clamp(0.0, limit - 1.0);
        let high = points.iter().map(|p| p[axis]).fold(0.0, f32::max).clamp(low + 1.0, limit);
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
    for y in top..bottom {
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
