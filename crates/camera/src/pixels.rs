//! From a device's bytes to a picture: luma for the reader at once and in one pass, the preview
//! only when somebody looks at it.

use std::sync::Arc;

use code_reader::GreyFrame;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::device::Pixels;
use super::preview::Colours;
use super::{Picture, limits};

/// How a device's bytes lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// What they are.
    pub pixels: Pixels,
    /// Across.
    pub width: usize,
    /// Down.
    pub height: usize,
    /// Bytes from one row to the next; 0: no gap between them.
    pub stride: usize,
}

/// A device's frame as a picture. One whose longest side is above [`limits::READ_SIDE`] comes to
/// the reader at half its size. `None`: cut short, corrupt, or not what the layout says.
#[must_use]
pub fn picture(layout: Layout, bytes: &[u8]) -> Option<Picture> {
    let Layout { pixels, width, height, stride } = layout;
    if pixels == Pixels::Mjpeg {
        return from_mjpeg(bytes);
    }
    if width == 0 || height == 0 || width > limits::SIDE || height > limits::SIDE {
        return None;
    }
    match pixels {
        Pixels::Yuyv => packed::<0>(layout, bytes),
        Pixels::Uyvy => packed::<8>(layout, bytes),
        Pixels::Grey => {
            let luma = plane(bytes, width, height, stride)?;
            Some(Picture::new(scaled(width, height, luma)?.0, Colours::Grey))
        }
        Pixels::Nv12 => {
            let stride = stride.max(width);
            let luma = plane(bytes, width, height, stride)?;
            let below = bytes.get(stride.checked_mul(height)?..)?;
            let pairs = plane(below, width / 2 * 2, height / 2, stride)?;
            with_pairs(layout, luma, pairs)
        }
        Pixels::Mjpeg => None,
    }
}

/// A plane without its gaps.
fn plane(bytes: &[u8], row: usize, count: usize, stride: usize) -> Option<Vec<u8>> {
    let rows = rows(bytes, row, count, stride)?;
    let mut plane = Vec::with_capacity(row * count);
    rows.for_each(|row| plane.extend_from_slice(row));
    Some(plane)
}

/// The rows of a plane, each cut to its bytes; `None` where the last one is not whole.
fn rows(bytes: &[u8], row: usize, count: usize, stride: usize) -> Option<impl Iterator<Item = &[u8]>> {
    let stride = stride.max(row);
    let needed = stride.checked_mul(count.checked_sub(1)?)?.checked_add(row)?;
    let bytes = bytes.get(..needed)?;
    Some(bytes.chunks(stride.max(1)).map(move |chunk| &chunk[..row.min(chunk.len())]))
}

/// Two pixels in four bytes: two lumas, and two colour differences that they share. `LUMA` is how
/// many bits above the bottom of each two bytes the luma is: 0 or 8.
fn packed<const LUMA: u32>(layout: Layout, bytes: &[u8]) -> Option<Picture> {
    let Layout { width, height, stride, .. } = layout;
    if !width.is_multiple_of(2) {
        return None;
    }
    let mut luma = Vec::with_capacity(width * height);
    let mut pairs = Vec::with_capacity(width * height.div_ceil(2));
    for (y, row) in rows(bytes, width * 2, height, stride)?.enumerate() {
        // Shifted as numbers, many at a time; taken as bytes it is ten times slower.
        let words = row.as_chunks().0.iter().map(|word| u16::from_le_bytes(*word));
        luma.extend(words.clone().map(|word| (word >> LUMA) as u8));
        // The preview has half as many rows of colour as of luma in any case.
        if y.is_multiple_of(2) {
            pairs.extend(words.map(|word| (word >> (8 - LUMA)) as u8));
        }
    }
    with_pairs(layout, luma, pairs)
}

/// With one pair of colour differences for a square of four pixels.
fn with_pairs(layout: Layout, luma: Vec<u8>, pairs: Vec<u8>) -> Option<Picture> {
    let (grey, is_halved) = scaled(layout.width, layout.height, luma)?;
    let each = if is_halved { 1 } else { 2 };
    Some(Picture::new(grey, Colours::Pairs { pairs, each }))
}

/// A Motion-JPEG frame: luma alone is decoded, once; the camera's own bytes are the preview.
fn from_mjpeg(buffer: &[u8]) -> Option<Picture> {
    let jpeg = kept(buffer)?;
    let options = DecoderOptions::default()
        .set_max_width(limits::SIDE)
        .set_max_height(limits::SIDE)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&jpeg[..]), options);
    let pixels = decoder.decode().ok()?;
    let info = decoder.info()?;
    let (grey, _) = scaled(usize::from(info.width), usize::from(info.height), pixels)?;
    Some(Picture::new(grey, Colours::Jpeg(jpeg)))
}

/// The camera's own bytes, which the preview needs in any case; decoded from there, since some
/// drivers write on into a buffer that is being read.
#[must_use]
pub fn kept(buffer: &[u8]) -> Option<Arc<[u8]>> {
    Some(cut(buffer)?.into())
}

/// As large as the reader wants it, and whether that is half of what it was.
fn scaled(width: usize, height: usize, luma: Vec<u8>) -> Option<(GreyFrame, bool)> {
    const { assert!(limits::SIDE <= 2 * limits::READ_SIDE, "halving once is enough") };
    // Nothing is left of a single row.
    let is_large = width.max(height) > limits::READ_SIDE && width.min(height) > 1;
    if !is_large || luma.len() != width * height {
        return Some((GreyFrame::new(width, height, luma).ok()?, false));
    }
    Some((GreyFrame::new(width / 2, height / 2, halved(&luma, width)).ok()?, true))
}

/// Each pixel the mean of four. An odd last row or column is left out.
#[must_use]
pub fn halved(luma: &[u8], width: usize) -> Vec<u8> {
    let mut half = Vec::with_capacity(luma.len() / 4);
    // Pairs are added up as numbers, many at a time; taken as bytes it is six times slower.
    let sum = |pair: &[u8; 2]| u16::from_le_bytes(*pair) % 256 + u16::from_le_bytes(*pair) / 256;
    for two in luma.chunks_exact(width * 2) {
        let (above, below) = two.split_at(width);
        let pairs = above.as_chunks().0.iter().zip(below.as_chunks().0);
        half.extend(pairs.map(|(above, below)| ((sum(above) + sum(below) + 2) / 4) as u8));
    }
    half
}

/// The JPEG at the beginning of a buffer. Drivers hand over the whole buffer, with whatever an
/// earlier and longer frame left behind the end of this one.
fn cut(buffer: &[u8]) -> Option<&[u8]> {
    let buffer = &buffer[..buffer.len().min(limits::JPEG_BYTES)];
    if !buffer.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let mut at = 2;
    // Segments up to the scan carry their length; a thumbnail in one has an end of its own.
    loop {
        let [0xff, marker] = *buffer.get(at..at + 2)? else { return None };
        if marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*buffer.get(at + 2)?, *buffer.get(at + 3)?]));
        at += 2 + length.max(2);
        if marker == 0xda {
            break;
        }
    }
    let end = memchr::memmem::find(buffer.get(at..)?, &[0xff, 0xd9])?;
    Some(&buffer[..at + end + 2])
}

#[cfg(test)]
mod tests {
    use code_reader::{Corners, Reader, Sighting};
    use jpeg_encoder::{ColorType, Encoder};
    use proptest::prelude::*;
    use qrcode::QrCode;

    use super::*;
    use crate::preview::Preview;

    fn layout(pixels: Pixels, width: usize, height: usize) -> Layout {
        Layout { pixels, width, height, stride: 0 }
    }

    fn grey_jpeg() -> Vec<u8> {
        let grey = GreyFrame::new(32, 16, vec![180; 32 * 16]).unwrap();
        Preview::new(Colours::Grey).jpeg(&grey).unwrap().to_vec()
    }

    fn mjpeg(bytes: &[u8]) -> Option<Picture> {
        picture(layout(Pixels::Mjpeg, 32, 16), bytes)
    }

    #[test]
    fn mjpeg_is_cut_at_its_end_and_decoded() {
        let jpeg = grey_jpeg();
        let mut buffer = jpeg.clone();
        buffer.extend_from_slice(&[0x55; 100]);
        buffer.extend_from_slice(&[0xff, 0xd9, 0, 0]);
        let picture = mjpeg(&buffer).unwrap();
        assert_eq!(&picture.jpeg().unwrap()[..], &jpeg[..]);
        assert_eq!((picture.grey.width(), picture.grey.height()), (32, 16));
        assert!(picture.grey.pixels().iter().all(|pixel| pixel.abs_diff(180) < 3));
        assert!(mjpeg(&jpeg[..jpeg.len() - 2]).is_none(), "cut short");
    }

    #[test]
    fn yuyv_luma_is_every_second_byte() {
        let buffer: Vec<u8> =
            (0..16 * 2 * 8).map(|at| if at % 2 == 0 { (at / 2) as u8 } else { 128 }).collect();
        let luma: Vec<u8> = (0..128).collect();
        let yuyv = picture(layout(Pixels::Yuyv, 16, 8), &buffer).unwrap();
        assert_eq!(yuyv.grey.pixels(), luma);
        let swapped: Vec<u8> = buffer.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        let uyvy = picture(layout(Pixels::Uyvy, 16, 8), &swapped).unwrap();
        assert_eq!(uyvy.grey.pixels(), luma);
        assert_eq!(uyvy.jpeg(), yuyv.jpeg());
        assert!(picture(layout(Pixels::Yuyv, 16, 9), &buffer).is_none(), "cut short");
        assert!(picture(layout(Pixels::Yuyv, 0, 8), &buffer).is_none());
        assert!(picture(layout(Pixels::Yuyv, 15, 8), &buffer).is_none());
    }

    #[test]
    fn rows_may_have_gaps() {
        let mut buffer = vec![7; 20 * 3 + 16];
        buffer[16..20].fill(9);
        let wide = Layout { stride: 20, ..layout(Pixels::Grey, 16, 4) };
        assert!(picture(wide, &buffer).unwrap().grey.pixels().iter().all(|&pixel| pixel == 7));
        assert!(picture(wide, &buffer[..buffer.len() - 1]).is_none());
        let planes = [vec![50; 16 * 4], vec![128; 16 * 2]].concat();
        let nv12 = picture(layout(Pixels::Nv12, 16, 4), &planes).unwrap();
        assert_eq!(nv12.grey.pixels(), vec![50; 64]);
        let shown = image::load_from_memory(&nv12.jpeg().unwrap()).unwrap().to_rgb8();
        assert!(shown.pixels().all(|pixel| pixel.0.iter().all(|value| value.abs_diff(50) < 4)));
        assert!(picture(layout(Pixels::Nv12, 16, 4), &planes[..95]).is_none());
    }

    /// A code in the left half of a frame.
    fn with_code(width: usize, height: usize) -> Vec<u8> {
        let code = QrCode::new("KD1:LARGE").unwrap();
        let (colours, modules) = (code.to_colors(), code.width());
        let pitch = height / 2 / modules;
        let at = |x: usize, y: usize| {
            let (column, row) = (x.checked_sub(width / 8)? / pitch, y.checked_sub(height / 4)? / pitch);
            (column < modules && row < modules).then(|| colours[row * modules + column].select(40, 210))
        };
        (0..width * height).map(|pixel| at(pixel % width, pixel / width).unwrap_or(210)).collect()
    }

    fn corners(grey: &GreyFrame) -> Corners {
        match Reader::new().read(grey) {
            Sighting::Code(code) => code.corners,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_large_frame_is_halved_for_the_reader_alone() {
        for (width, height, read) in
            [(1280, 720, (1280, 720)), (1920, 1080, (1920, 1080)), (3840, 2160, (1920, 1080))]
        {
            let luma = with_code(width, height);
            let mut jpeg = Vec::new();
            let size = (width as u16, height as u16);
            Encoder::new(&mut jpeg, 85).encode(&luma, size.0, size.1, ColorType::Luma).unwrap();
            let packed: Vec<u8> = luma.iter().flat_map(|&luma| [luma, 128]).collect();
            let swapped: Vec<u8> = luma.iter().flat_map(|&luma| [128, luma]).collect();
            let planes = [luma.clone(), vec![128; width * height / 2]].concat();
            let whole = corners(&GreyFrame::new(width, height, luma.clone()).unwrap());
            for (pixels, bytes) in [
                (Pixels::Mjpeg, &jpeg),
                (Pixels::Yuyv, &packed),
                (Pixels::Uyvy, &swapped),
                (Pixels::Nv12, &planes),
                (Pixels::Grey, &luma),
            ] {
                let picture = picture(layout(pixels, width, height), bytes).unwrap();
                assert_eq!((picture.grey.width(), picture.grey.height()), read, "{pixels:?}");
                // Less than a module of this code; the reader finds it on a picture of a few pixels a module.
                let moved = corners(&picture.grey).into_iter().zip(whole);
                assert!(
                    moved.clone().all(|(a, b)| (a[0] - b[0]).abs().max((a[1] - b[1]).abs()) < 0.01),
                    "{pixels:?} {width}: {:?}",
                    moved.collect::<Vec<_>>()
                );
                let shown = picture.jpeg().unwrap();
                if pixels == Pixels::Mjpeg {
                    assert_eq!(&shown[..], &jpeg[..], "the camera's own bytes");
                } else {
                    let shown = image::load_from_memory(&shown).unwrap();
                    assert_eq!((shown.width() as usize, shown.height() as usize), read);
                }
            }
        }
    }

    #[test]
    fn halving_takes_means_and_leaves_odd_ends_out() {
        let luma = [0, 1, 255, 255, 9, 2, 3, 255, 255, 9, 7, 7, 7, 7, 7];
        assert_eq!(halved(&luma, 5), [2, 255]);
        let odd = limits::READ_SIDE + 1;
        for (width, height, read) in [
            (odd, 3, (odd / 2, 1)),
            (odd, 1, (odd, 1)),
            (2, odd, (1, odd / 2)),
            (limits::SIDE, 2, (limits::READ_SIDE, 1)),
        ] {
            let grey = picture(layout(Pixels::Grey, width, height), &vec![60; width * height]).unwrap().grey;
            assert_eq!((grey.width(), grey.height()), read);
            assert!(grey.pixels().iter().all(|&pixel| pixel == 60));
        }
    }

    #[test]
    fn colours_stay_where_they_are() {
        // Left grey, right red, in a frame small enough and in one that is halved; an odd height
        // has its colours, too.
        for (width, height) in [(64, 33), (2304, 34)] {
            let row: Vec<u8> =
                (0..width / 2).flat_map(|x| [90, 128, 90, if x < width / 4 { 128 } else { 220 }]).collect();
            let frame = picture(layout(Pixels::Yuyv, width, height), &row.repeat(height)).unwrap();
            let shown = image::load_from_memory(&frame.jpeg().unwrap()).unwrap().to_rgb8();
            let redness = |x, y| i32::from(shown.get_pixel(x, y)[0]) - i32::from(shown.get_pixel(x, y)[1]);
            for y in [0, shown.height() / 2, shown.height() - 1] {
                assert!(redness(4, y) < 12, "{width}");
                assert!(redness(shown.width() - 4, y) > 100, "{width}");
            }
        }
    }

    proptest! {
        #[test]
        fn broken_frames_are_no_pictures(mut cuts in prop::collection::vec((0usize..2000, any::<u8>()), 0..12), keep in 0usize..2000, stride in 0usize..300) {
            let mut jpeg = grey_jpeg();
            for (at, value) in cuts.drain(..) {
                if let Some(byte) = jpeg.get_mut(at) {
                    *byte = value;
                }
            }
            jpeg.truncate(keep);
            for pixels in [Pixels::Mjpeg, Pixels::Yuyv, Pixels::Uyvy, Pixels::Nv12, Pixels::Grey] {
                if let Some(picture) = picture(Layout { pixels, width: keep % 64, height: 16, stride }, &jpeg) {
                    let _ = picture.jpeg();
                }
            }
        }
    }
}
