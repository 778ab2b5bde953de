//! A drawn picture, before it is a camera's.

use code_reader::GreyFrame;

use super::super::Picture;
use super::super::preview::Colours;

/// A picture as luma and two colour differences, all of one size.
#[derive(Clone)]
pub(super) struct Planes {
    pub(super) width: usize,
    pub(super) luma: Vec<u8>,
    pub(super) blue: Vec<u8>,
    pub(super) red: Vec<u8>,
}

impl Planes {
    /// The luma becomes the grey frame as it is.
    pub(super) fn into_picture(self) -> Option<Picture> {
        let height = self.luma.len() / self.width.max(1);
        let grey = GreyFrame::new(self.width, height, self.luma).ok()?;
        Some(Picture::new(grey, Colours::Planes { blue: self.blue, red: self.red }))
    }
}
