//! Converts a device's frames: luma for the reader, in one pass over the bytes, and colour for the
//! preview.

mod format;
mod jpeg;

use code_reader::GreyFrame;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

pub use format::PixelFormat;
pub use jpeg::copy_jpeg;

use crate::limits;
use crate::picture::Picture;
use crate::preview::Colours;

/// Longest side, in pixels, of a frame that the reader gets at full size. Larger frames are halved.
///
/// Within its time budget the reader reads codes from farther away at 1920 × 1080 than at a quarter
/// of that, and nothing at 3840 × 2160 (`cargo xtask bench path`).
pub const READ_SIDE: usize = 2048;

/// How a frame lies in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The pixel format.
    pub format: PixelFormat,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Bytes from the start of one row to the start of the next. 0 if the rows have no gap.
    pub stride: usize,
}

/// Converts a frame. If its longest side exceeds [`READ_SIDE`], the reader's picture is halved.
/// `None` if the bytes are too few, corrupt, or do not match the layout.
#[must_use]
pub fn picture(layout: Layout, bytes: &[u8]) -> Option<Picture> {
    let Layout { format, width, height, stride } = layout;
    if format == PixelFormat::Mjpeg {
        return from_mjpeg(bytes);
    }
    if width == 0 || height == 0 || width > limits::SIDE || height > limits::SIDE {
        return None;
    }
    match format {
        PixelFormat::Yuyv => packed::<0>(layout, bytes),
        PixelFormat::Uyvy => packed::<8>(layout, bytes),
        PixelFormat::Grey => {
            let luma = plane(bytes, width, height, stride)?;
            Some(Picture::new(for_reader(width, height, luma)?.0, Colours::Grey))
        }
        PixelFormat::Nv12 => {
            let stride = stride.max(width);
            let luma = plane(bytes, width, height, stride)?;
            let below = bytes.get(stride.checked_mul(height)?..)?;
            let pairs = plane(below, width / 2 * 2, height / 2, stride)?;
            with_pairs(layout, luma, pairs)
        }
        PixelFormat::Mjpeg => None,
    }
}

/// Copies `count` rows of `row` bytes each, without the gaps between them.
fn plane(bytes: &[u8], row: usize, count: usize, stride: usize) -> Option<Vec<u8>> {
    let rows = rows(bytes, row, count, stride)?;
    let mut plane = Vec::with_capacity(row * count);
    rows.for_each(|row| plane.extend_from_slice(row));
    Some(plane)
}

/// Iterates over the rows of a plane. `None` if the last row is incomplete.
fn rows(bytes: &[u8], row: usize, count: usize, stride: usize) -> Option<impl Iterator<Item = &[u8]>> {
    let stride = stride.max(row);
    let needed = stride.checked_mul(count.checked_sub(1)?)?.checked_add(row)?;
    let bytes = bytes.get(..needed)?;
    Some(bytes.chunks(stride.max(1)).map(move |chunk| &chunk[..row.min(chunk.len())]))
}

/// Converts packed 4:2:2: four bytes hold two lumas and the two colour differences that they share.
/// `LUMA` is the position of the luma in each little-endian pair of bytes, in bits: 0 or 8.
fn packed<const LUMA: u32>(layout: Layout, bytes: &[u8]) -> Option<Picture> {
    let Layout { width, height, stride, .. } = layout;
    if !width.is_multiple_of(2) {
        return None;
    }
    let mut luma = Vec::with_capacity(width * height);
    let mut pairs = Vec::with_capacity(width * height.div_ceil(2));
    for (y, row) in rows(bytes, width * 2, height, stride)?.enumerate() {
        // The compiler vectorises shifts of words; picking single bytes is ten times slower.
        let words = row.as_chunks().0.iter().map(|word| u16::from_le_bytes(*word));
        luma.extend(words.clone().map(|word| (word >> LUMA) as u8));
        // The preview has colour for every second row only.
        if y.is_multiple_of(2) {
            pairs.extend(words.map(|word| (word >> (8 - LUMA)) as u8));
        }
    }
    with_pairs(layout, luma, pairs)
}

/// Builds a picture with one pair of colour differences for each square of 2 × 2 pixels.
fn with_pairs(layout: Layout, luma: Vec<u8>, pairs: Vec<u8>) -> Option<Picture> {
    let (grey, is_halved) = for_reader(layout.width, layout.height, luma)?;
    let each = if is_halved { 1 } else { 2 };
    Some(Picture::new(grey, Colours::Pairs { pairs, each }))
}

/// Decodes the luma of a Motion JPEG frame. The preview is the camera's own JPEG.
fn from_mjpeg(buffer: &[u8]) -> Option<Picture> {
    let jpeg = copy_jpeg(buffer)?;
    let options = DecoderOptions::default()
        .set_max_width(limits::SIDE)
        .set_max_height(limits::SIDE)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&jpeg[..]), options);
    let pixels = decoder.decode().ok()?;
    let info = decoder.info()?;
    let (grey, _) = for_reader(usize::from(info.width), usize::from(info.height), pixels)?;
    Some(Picture::new(grey, Colours::Jpeg(jpeg)))
}

/// Builds the reader's frame, and returns whether it was halved.
fn for_reader(width: usize, height: usize, luma: Vec<u8>) -> Option<(GreyFrame, bool)> {
    const { assert!(limits::SIDE <= 2 * READ_SIDE, "halving once is enough") };
    // A single row cannot be halved.
    let is_large = width.max(height) > READ_SIDE && width.min(height) > 1;
    if !is_large || luma.len() != width * height {
        return Some((GreyFrame::new(width, height, luma).ok()?, false));
    }
    Some((GreyFrame::new(width / 2, height / 2, halved(&luma, width)).ok()?, true))
}

/// Halves a picture: each pixel is the mean of four. An odd last row or column is dropped.
#[must_use]
pub fn halved(luma: &[u8], width: usize) -> Vec<u8> {
    let mut half = Vec::with_capacity(luma.len() / 4);
    // The compiler vectorises sums of words; adding single bytes is six times slower.
    let sum = |pair: &[u8; 2]| u16::from_le_bytes(*pair) % 256 + u16::from_le_bytes(*pair) / 256;
    for two in luma.chunks_exact(width * 2) {
        let (above, below) = two.split_at(width);
        let pairs = above.as_chunks().0.iter().zip(below.as_chunks().0);
        half.extend(pairs.map(|(above, below)| ((sum(above) + sum(below) + 2) / 4) as u8));
    }
    half
}

#[cfg(test)]
mod tests;
