//! Pictures with several codes.

use code_reader::{Corners, GreyFrame};

/// Returns a picture with one code painted over, so that the next can be read: the box around its
/// corners, in white. `None` for a code of no size, which would be found for ever.
#[must_use]
pub fn without(picture: &GreyFrame, corners: &Corners) -> Option<GreyFrame> {
    let (width, height) = (picture.width(), picture.height());
    let within = |axis: usize, side: usize| {
        let at = corners.iter().map(|corner| corner[axis] * side as f32);
        let (least, most) =
            at.fold((side as f32, 0.0_f32), |(least, most), at| (least.min(at), most.max(at)));
        let (from, to) = (least.max(0.0) as usize, (most.max(0.0).ceil() as usize).min(side));
        from..to.max(from)
    };
    let (columns, rows) = (within(0, width), within(1, height));
    if columns.is_empty() || rows.is_empty() {
        return None;
    }
    let mut pixels = picture.pixels().to_vec();
    for row in rows {
        if let Some(code) = pixels.get_mut(row * width + columns.start..row * width + columns.end) {
            code.fill(255);
        }
    }
    GreyFrame::new(width, height, pixels).ok()
}
