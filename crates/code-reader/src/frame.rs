//! A grey picture with checked dimensions.

use image::{DynamicImage, GenericImageView as _};

use crate::limits;

/// A grey picture, row by row from the top left. Never empty, and never larger than [`limits`] allows.
#[derive(PartialEq, Eq)]
pub struct GreyFrame {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// Why a picture is no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A side is zero.
    #[error("the picture is empty")]
    Empty,
    /// A side or the whole is larger than the limit.
    #[error("the picture is too large")]
    TooLarge,
    /// There are not width × height pixels.
    #[error("the picture's size and its data disagree")]
    SizeMismatch,
}

impl GreyFrame {
    /// Takes luma values, one byte a pixel.
    ///
    /// # Errors
    /// When the sides are zero or too large, or disagree with the data.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, FrameError> {
        if width == 0 || height == 0 {
            return Err(FrameError::Empty);
        }
        if width > limits::FRAME_SIDE || height > limits::FRAME_SIDE || width * height > limits::FRAME_PIXELS
        {
            return Err(FrameError::TooLarge);
        }
        if pixels.len() != width * height {
            return Err(FrameError::SizeMismatch);
        }
        Ok(Self { width, height, pixels })
    }

    /// Takes a decoded picture: Rec. 601 luma, transparent parts on white.
    ///
    /// # Errors
    /// When the picture is empty or too large.
    pub fn from_image(picture: &DynamicImage) -> Result<Self, FrameError> {
        let (width, height) = picture.dimensions();
        let pixels: Vec<u8> = match picture {
            DynamicImage::ImageLuma8(grey) => grey.as_raw().clone(),
            DynamicImage::ImageRgb8(rgb) => rgb.pixels().map(|p| luma(p.0)).collect(),
            other if other.color().has_alpha() => {
                let rgba = other.to_rgba8();
                let grey = |p: &image::Rgba<u8>| luma([p[0], p[1], p[2]]);
                let paper = paper_under(rgba.pixels().map(|p| (grey(p), p[3])));
                rgba.pixels().map(|p| over(grey(p), p[3], paper)).collect()
            }
            other if other.color().has_color() => other.to_rgb8().pixels().map(|p| luma(p.0)).collect(),
            other => other.to_luma8().into_raw(),
        };
        Self::new(width as usize, height as usize, pixels)
    }

    /// Returns the pixels across.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the pixels down.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Returns the luma of all pixels, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Returns the luma of one row.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    pub(crate) fn row_mut(&mut self, y: usize) -> &mut [u8] {
        &mut self.pixels[y * self.width..(y + 1) * self.width]
    }

    pub(crate) fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// A placeholder without pixels for a picture that was taken out of its place for a moment. It
    /// costs no memory, and nobody looks at it.
    pub(crate) const fn hollow() -> Self {
        Self { width: 0, height: 0, pixels: Vec::new() }
    }

    /// Changes the size and keeps the memory. The pixels have arbitrary values afterwards.
    pub(crate) fn reshape(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width.max(1), height.max(1));
        self.pixels.resize(self.width * self.height, 0);
    }

    /// Returns the picture turned by 90° counterclockwise.
    #[must_use]
    pub fn rotate90(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..height {
            let column = self.width - 1 - y;
            pixels.extend((0..width).map(|x| self.pixels[x * self.width + column]));
        }
        Self { width, height, pixels }
    }
}

impl Clone for GreyFrame {
    fn clone(&self) -> Self {
        Self { width: self.width, height: self.height, pixels: self.pixels.clone() }
    }

    /// Reuses the memory if there is enough.
    fn clone_from(&mut self, other: &Self) {
        (self.width, self.height) = (other.width, other.height);
        self.pixels.clone_from(&other.pixels);
    }
}

impl Default for GreyFrame {
    /// One black pixel.
    fn default() -> Self {
        Self { width: 1, height: 1, pixels: vec![0] }
    }
}

impl std::fmt::Debug for GreyFrame {
    /// Writes the size only: a frame is a picture of a person's code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GreyFrame({}×{})", self.width, self.height)
    }
}

fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 19595 + u32::from(g) * 38470 + u32::from(b) * 7471 + 0x8000) >> 16) as u8
}

/// Returns the luma of the paper under a transparent picture. The paper is white, unless light is
/// drawn and only dark is left out: such a file names black as its transparent colour.
fn paper_under(pixels: impl Iterator<Item = (u8, u8)>) -> u8 {
    let (mut drawn, mut light, mut left_out, mut dark) = (0usize, 0, 0, 0);
    for (luma, alpha) in pixels {
        if alpha < 128 {
            left_out += 1;
            dark += usize::from(luma < 64);
        } else {
            drawn += 1;
            light += usize::from(luma > 192);
        }
    }
    if light * 2 > drawn && dark == left_out { 0 } else { 255 }
}

fn over(luma: u8, alpha: u8, paper: u8) -> u8 {
    let (luma, alpha, paper) = (u32::from(luma), u32::from(alpha), u32::from(paper));
    ((luma * alpha + paper * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_checked() {
        assert_eq!(GreyFrame::new(0, 3, vec![]), Err(FrameError::Empty));
        assert_eq!(GreyFrame::new(usize::MAX, 2, vec![]), Err(FrameError::TooLarge));
        assert_eq!(GreyFrame::new(2, 2, vec![1; 3]), Err(FrameError::SizeMismatch));
        assert!(GreyFrame::new(2, 2, vec![1; 4]).is_ok());
    }

    #[test]
    fn a_quarter_turn_goes_counterclockwise() {
        let turned = GreyFrame::new(3, 2, vec![1, 2, 3, 4, 5, 6]).unwrap().rotate90();
        assert_eq!((turned.width(), turned.height()), (2, 3));
        assert_eq!(turned.pixels(), [3, 6, 2, 5, 1, 4]);
    }

    #[test]
    fn transparent_is_white_paper() {
        let mut picture = image::RgbaImage::from_pixel(2, 1, image::Rgba([0, 0, 0, 0]));
        picture.put_pixel(1, 0, image::Rgba([9, 9, 9, 255]));
        let grey = |picture| GreyFrame::from_image(&DynamicImage::ImageRgba8(picture)).unwrap();
        assert_eq!(grey(picture).pixels(), [255, 9]);
        let mut black = image::RgbaImage::from_pixel(2, 1, image::Rgba([0, 0, 0, 0]));
        black.put_pixel(1, 0, image::Rgba([255, 255, 255, 255]));
        assert_eq!(grey(black).pixels(), [0, 255], "light is drawn, so what is left out is dark");
    }
}
