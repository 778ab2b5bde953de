//! Why a code could not be read, from what can be measured.

use crate::fit::finders::Finder;
use crate::frame::GreyFrame;
use crate::limits;
use crate::sighting::{Corners, Hint, Sighting};

/// A code that was not read: its corners, and modules along a side where they are known.
type Failed = (Corners, Option<usize>);

/// Judges a frame in which nothing was read.
pub(crate) fn judge(frame: &GreyFrame, failed: Option<&Failed>, finders: &[Finder]) -> Sighting {
    let unreadable = |hint, corners| Sighting::Unreadable { hint, corners };
    let Some(module) = failed.and_then(|failed| module_px(frame, failed)).or_else(|| median(finders)) else {
        return if is_dark(frame) { unreadable(Hint::TooDark, None) } else { Sighting::Nothing };
    };
    let corners = failed.map(|failed| failed.0);
    let area = area(frame, failed, finders, module);
    if failed.is_none() && at_edge(frame, finders) {
        return unreadable(Hint::CutOff, None);
    }
    let light = light(frame, area);
    let edge = edge_modules(frame, finders, module);
    let hint = if light.high <= limits::DARK_LUMA {
        Hint::TooDark
    } else if module < limits::FAR_MODULE_PX {
        Hint::TooFar
    } else if light.clipped > limits::BRIGHT_SHARE {
        Hint::TooBright
    } else if edge.is_some_and(|edge| edge > limits::BLURRED_EDGE_MODULES) {
        Hint::Blurred
    } else if failed.is_none() && finders.len() < 3 {
        // One or two sharp finders of ordinary size and no code around them: a logo, a window, or
        // a code with a finger on it. Saying anything would be a guess.
        return Sighting::Nothing;
    } else {
        Hint::Blurred
    };
    unreadable(hint, corners)
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

/// How wide a finder's edges are, in modules: the contrast across it over its steepest step.
fn edge_modules(frame: &GreyFrame, finders: &[Finder], module: f32) -> Option<f32> {
    let mut widths: Vec<f32> = finders
        .iter()
        .filter_map(|finder| {
            let (x, y) = (finder.x as usize, finder.y as usize);
            let reach = (finder.module() * 4.5) as usize + 1;
            let row = frame.row(y.min(frame.height() - 1));
            let line = &row[x.saturating_sub(reach).min(row.len())..(x + reach).min(row.len())];
            let (low, high) = (line.iter().min()?, line.iter().max()?);
            let steepest = line.windows(3).map(|w| w[0].abs_diff(w[2])).max()?;
            (steepest > 0).then(|| f32::from(high - low) * 2.0 / f32::from(steepest) / module)
        })
        .collect();
    widths.sort_by(f32::total_cmp);
    widths.get(widths.len() / 2).copied()
}
