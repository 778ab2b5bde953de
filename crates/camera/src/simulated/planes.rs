//! A drawn picture as separate planes.

use code_reader::GreyFrame;

use crate::picture::Picture;
use crate::preview::Colours;

/// Width of the simulated camera's picture, in pixels.
pub(super) const WIDTH: usize = 1280;
/// Height of the simulated camera's picture, in pixels.
pub(super) const HEIGHT: usize = 720;

/// A picture as a plane of luma and two planes of colour differences, all of one size.
#[derive(Clone)]
pub(super) struct Planes {
    pub(super) width: usize,
    pub(super) luma: Vec<u8>,
    pub(super) blue: Vec<u8>,
    pub(super) red: Vec<u8>,
}

impl Planes {
    /// Builds the picture. `None` if the size is no valid frame.
    pub(super) fn into_picture(self) -> Option<Picture> {
        let height = self.luma.len() / self.width.max(1);
        let grey = GreyFrame::new(self.width, height, self.luma).ok()?;
        Some(Picture::new(grey, Colours::Planes { blue: self.blue, red: self.red }))
    }
}
