//! One call of the decoder, contained.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rqrr::{BitGrid as _, PreparedImage};

use crate::binary::Canvas;
use crate::frame::GreyFrame;
use crate::limits;
use crate::resample;
use crate::sighting::{Corners, QrText};

/// What one attempt found.
#[derive(Default)]
pub(crate) struct Found {
    /// Codes that were read.
    pub(crate) read: Vec<(QrText, Corners)>,
    /// Codes whose three finder patterns were found, and which could not be read.
    pub(crate) failed: Vec<FailedGrid>,
}

/// A code that was found and not read.
#[derive(Clone, Copy)]
pub(crate) struct FailedGrid {
    pub(crate) corners: Corners,
    /// Modules along a side.
    pub(crate) modules: usize,
}

/// Looks for codes in a black and white picture of `picture`. Never panics; returns what it has
/// when `out_of_time` says so.
pub(crate) fn find(picture: &GreyFrame, black: Vec<u8>, out_of_time: &dyn Fn() -> bool) -> Found {
    let mut found = Found::default();
    let Some(canvas) = Canvas::new(picture.width(), picture.height(), black.clone(), out_of_time) else {
        return found;
    };
    // The decoder has its own arithmetic on hostile input; a panic costs this attempt, no more.
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let mut prepared = PreparedImage::without_preparation(canvas);
        let mut tries = limits::RESAMPLED_GRIDS;
        for grid in prepared.detect_grids() {
            let modules = grid.grid.size();
            let Some(quad) =
                resample::Quad::from_bounds(grid.bounds.map(|p| [f64::from(p.x), f64::from(p.y)]), modules)
            else {
                continue;
            };
            let corners = fractions(quad.corners(), picture);
            let mut bytes = Vec::new();
            let text = match grid.decode_to(&mut bytes) {
                Ok(_) => QrText::from_bytes(bytes),
                Err(_) if tries > 0 && !out_of_time() => {
                    tries -= 1;
                    resample::read(picture, &quad, out_of_time)
                }
                Err(_) => None,
            };
            match text {
                Some(text) => found.read.push((text, corners)),
                None => found.failed.push(FailedGrid { corners, modules }),
            }
        }
    }));
    found
}

fn fractions(corners: [[f64; 2]; 4], picture: &GreyFrame) -> Corners {
    corners.map(|[x, y]| {
        [
            (x / picture.width() as f64).clamp(-1.0, 2.0) as f32,
            (y / picture.height() as f64).clamp(-1.0, 2.0) as f32,
        ]
    })
}
