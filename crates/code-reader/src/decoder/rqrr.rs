//! The crate rqrr, and a second sampling of the grids that it found and could not read.

use rqrr::{BitGrid, PreparedImage};

use super::bitmap::{Bitmap, Pool};
use super::found::{DecoderInput, Found, UnreadQuad};
use super::resample;
use crate::limits;
use crate::qr;
use crate::text::QrText;

/// Looks for codes. Unwinds with [`super::bitmap::OutOfTime`] when its time is up.
pub(super) fn find(
    input: DecoderInput<'_>,
    (pool, scratch): (&Pool, &mut qr::Scratch),
    found: &mut Found,
    out_of_time: &dyn Fn() -> bool,
) {
    let (DecoderInput::Grey(picture) | DecoderInput::Global(picture) | DecoderInput::Black(picture, _)) =
        input;
    let (width, height) = (picture.width(), picture.height());
    let bitmap = match input {
        DecoderInput::Black(_, black) => {
            let is_black = black.pixels().iter().map(|&pixel| u8::from(pixel == 0));
            Bitmap::new(width, height, is_black, pool, out_of_time)
        }
        _ => Bitmap::new(width, height, picture.pixels().iter().copied(), pool, out_of_time),
    };
    let Some(bitmap) = bitmap else { return };
    let mut prepared = match input {
        DecoderInput::Black(..) => PreparedImage::without_preparation(bitmap),
        DecoderInput::Grey(_) | DecoderInput::Global(_) => PreparedImage::prepare(bitmap),
    };
    let mut tries = limits::RESAMPLED_GRIDS;
    for grid in prepared.detect_grids() {
        let modules = grid.grid.size();
        let bounds = grid.bounds.map(|p| [f64::from(p.x), f64::from(p.y)]);
        let Some(lattice) = resample::Lattice::from_bounds(bounds, modules) else { continue };
        let text = match decode(&grid.grid, scratch) {
            None if tries > 0 && !out_of_time() => {
                tries -= 1;
                resample::read(picture, &lattice, scratch, out_of_time)
            }
            text => text,
        };
        let corners = lattice.corners();
        match text {
            Some(text) => found.read.push((text, corners)),
            None => found.unread.push(UnreadQuad { quad: corners, modules: Some(modules) }),
        }
    }
}

/// Decodes a grid by our own decoder, which keeps what the code says about its character set.
fn decode(grid: &impl BitGrid, scratch: &mut qr::Scratch) -> Option<QrText> {
    let side = grid.size();
    let values: Vec<f32> =
        (0..side * side).map(|at| if grid.bit(at / side, at % side) { 1.0 } else { -1.0 }).collect();
    qr::decode(&values, side, scratch)
}
