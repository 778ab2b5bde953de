//! From a device's bytes to a picture.

use std::sync::Arc;

use code_reader::GreyFrame;
use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, SamplingFactor};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Picture, limits};

/// A Motion-JPEG frame: grey for the reader, the camera's own bytes for the preview.
pub(super) fn from_mjpeg(buffer: &[u8]) -> Option<Picture> {
    let jpeg = cut(buffer)?;
    let options = DecoderOptions::default()
        .set_max_width(limits::SIDE)
        .set_max_height(limits::SIDE)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    let pixels = decoder.decode().ok()?;
    let info = decoder.info()?;
    let grey = GreyFrame::new(usize::from(info.width), usize::from(info.height), pixels).ok()?;
    Some(Picture { grey, jpeg: Arc::from(jpeg) })
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

/// A YUYV frame: every second byte is luma.
pub(super) fn from_yuyv(width: usize, height: usize, buffer: &[u8]) -> Option<Picture> {
    if width == 0 || !width.is_multiple_of(2) || width > limits::SIDE || height > limits::SIDE {
        return None;
    }
    let buffer = buffer.get(..width * height * 2)?;
    let half = |offset: usize| buffer[offset..].iter().step_by(4).copied();
    let planes = Planes {
        width,
        luma: buffer.iter().step_by(2).copied().collect(),
        blue: half(1).flat_map(|value| [value; 2]).collect(),
        red: half(3).flat_map(|value| [value; 2]).collect(),
    };
    planes.into_picture()
}

/// A picture as luma and two colour differences, all of one size.
#[derive(Clone)]
pub(super) struct Planes {
    pub(super) width: usize,
    pub(super) luma: Vec<u8>,
    pub(super) blue: Vec<u8>,
    pub(super) red: Vec<u8>,
}

impl Planes {
    /// Compresses the preview. The luma becomes the grey frame as it is.
    pub(super) fn into_picture(self) -> Option<Picture> {
        let mut jpeg = Vec::with_capacity(256 * 1024);
        let mut encoder = Encoder::new(&mut jpeg, limits::PREVIEW_QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode_image(&self).ok()?;
        let height = self.luma.len() / self.width.max(1);
        let grey = GreyFrame::new(self.width, height, self.luma).ok()?;
        Some(Picture { grey, jpeg: Arc::from(jpeg) })
    }
}

impl ImageBuffer for &Planes {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        u16::try_from(self.width).unwrap_or(0)
    }

    fn height(&self) -> u16 {
        u16::try_from(self.luma.len() / self.width.max(1)).unwrap_or(0)
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let row = usize::from(y) * self.width..(usize::from(y) + 1) * self.width;
        for (buffer, plane) in buffers.iter_mut().zip([&self.luma, &self.blue, &self.red]) {
            buffer.extend_from_slice(&plane[row.clone()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grey_jpeg() -> Vec<u8> {
        let planes =
            Planes { width: 32, luma: vec![180; 32 * 16], blue: vec![128; 512], red: vec![128; 512] };
        planes.into_picture().unwrap().jpeg.to_vec()
    }

    #[test]
    fn mjpeg_is_cut_at_its_end_and_decoded() {
        let jpeg = grey_jpeg();
        let mut buffer = jpeg.clone();
        buffer.extend_from_slice(&[0x55; 100]);
        buffer.extend_from_slice(&[0xff, 0xd9, 0, 0]);
        let picture = from_mjpeg(&buffer).unwrap();
        assert_eq!(&picture.jpeg[..], &jpeg[..]);
        assert_eq!((picture.grey.width(), picture.grey.height()), (32, 16));
        assert!(picture.grey.pixels().iter().all(|pixel| pixel.abs_diff(180) < 3));
    }

    #[test]
    fn yuyv_luma_is_every_second_byte() {
        let buffer: Vec<u8> =
            (0..16 * 2 * 8).map(|at| if at % 2 == 0 { (at / 2) as u8 } else { 128 }).collect();
        let picture = from_yuyv(16, 8, &buffer).unwrap();
        assert_eq!(picture.grey.pixels(), (0..128).collect::<Vec<u8>>());
        assert!(from_yuyv(16, 9, &buffer).is_none());
        assert!(from_yuyv(0, 8, &buffer).is_none());
    }

    proptest! {
        #[test]
        fn broken_frames_are_no_pictures(mut cuts in prop::collection::vec((0usize..2000, any::<u8>()), 0..12), keep in 0usize..2000) {
            let mut jpeg = grey_jpeg();
            for (at, value) in cuts.drain(..) {
                if let Some(byte) = jpeg.get_mut(at) {
                    *byte = value;
                }
            }
            jpeg.truncate(keep);
            let _ = from_mjpeg(&jpeg);
            let _ = from_yuyv(keep % 64, 16, &jpeg);
        }
    }
}
