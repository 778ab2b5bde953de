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

/// A device's frame as a picture. `None`: cut short, corrupt, or not what the layout says.
#[must_use]
pub fn picture(layout: Layout, bytes: &[u8]) -> Option<Picture> {
    let Layout { pixels, width, height, .. } = layout;
    if pixels == Pixels::Mjpeg {
        return from_mjpeg(bytes);
    }
    if width == 0 || height == 0 || width > limits::SIDE || height > limits::SIDE {
        return None;
    }
    match pixels {
        Pixels::Yuyv => packed(layout, bytes, 0),
        Pixels::Uyvy => packed(layout, bytes, 1),
        Pixels::Grey => {
            let rows = rows(bytes, width, height, layout.stride)?;
            Some(Picture::new(grey(layout, rows.flatten().copied().collect())?, Colours::Grey))
        }
        Pixels::Nv12 => {
            let stride = layout.stride.max(width);
            let luma = rows(bytes, width, height, stride)?.flatten().copied().collect();
            let below = bytes.get(stride.checked_mul(height)?..)?;
            let pairs = rows(below, width / 2 * 2, height / 2, stride)?.flatten().copied().collect();
            Some(Picture::new(grey(layout, luma)?, Colours::Pairs { pairs, rows: 2 }))
        }
        Pixels::Mjpeg => None,
    }
}

fn grey(layout: Layout, luma: Vec<u8>) -> Option<GreyFrame> {
    GreyFrame::new(layout.width, layout.height, luma).ok()
}

/// The rows of a plane, each cut to its bytes; `None` where the last one is not whole.
fn rows(bytes: &[u8], row: usize, count: usize, stride: usize) -> Option<impl Iterator<Item = &[u8]>> {
    let stride = stride.max(row);
    let needed = stride.checked_mul(count.checked_sub(1)?)?.checked_add(row)?;
    let bytes = bytes.get(..needed)?;
    Some(bytes.chunks(stride.max(1)).map(move |chunk| &chunk[..row.min(chunk.len())]))
}

/// Two pixels in four bytes: two lumas, and two colour differences that they share.
fn packed(layout: Layout, bytes: &[u8], luma_at: usize) -> Option<Picture> {
    let Layout { width, height, stride, .. } = layout;
    if !width.is_multiple_of(2) {
        return None;
    }
    let mut luma = Vec::with_capacity(width * height);
    let mut pairs = Vec::with_capacity(width * height);
    for row in rows(bytes, width * 2, height, stride)? {
        for &[a, b, c, d] in row.as_chunks().0 {
            let (lumas, pair) = if luma_at == 0 { ([a, c], [b, d]) } else { ([b, d], [a, c]) };
            luma.extend_from_slice(&lumas);
            pairs.extend_from_slice(&pair);
        }
    }
    Some(Picture::new(grey(layout, luma)?, Colours::Pairs { pairs, rows: 1 }))
}

/// A Motion-JPEG frame: luma alone is decoded, once; the camera's own bytes are the preview. The
/// decoder knows no smaller scales, so that luma comes at full size.
fn from_mjpeg(buffer: &[u8]) -> Option<Picture> {
    // Kept for the preview in any case, and first: some drivers write on into a buffer that is
    // being read.
    let jpeg: Arc<[u8]> = cut(buffer)?.into();
    let options = DecoderOptions::default()
        .set_max_width(limits::SIDE)
        .set_max_height(limits::SIDE)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&jpeg[..]), options);
    let pixels = decoder.decode().ok()?;
    let info = decoder.info()?;
    let grey = GreyFrame::new(usize::from(info.width), usize::from(info.height), pixels).ok()?;
    Some(Picture::new(grey, Colours::Jpeg(jpeg)))
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
    let end = buffer.get(at..)?.windows(2).position(|pair| pair == [0xff, 0xd9])?;
    Some(&buffer[..at + end + 2])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::camera::preview::Preview;

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
