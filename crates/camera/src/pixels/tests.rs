use code_reader::{Corners, Reader, Sighting};
use jpeg_encoder::{ColorType, Encoder};
use proptest::prelude::*;
use qrcode::QrCode;

use super::*;
use crate::preview::Preview;

fn layout(format: PixelFormat, width: usize, height: usize) -> Layout {
    Layout { format, width, height, stride: 0 }
}

fn grey_jpeg() -> Vec<u8> {
    let grey = GreyFrame::new(32, 16, vec![180; 32 * 16]).unwrap();
    Preview::new(Colours::Grey).jpeg(&grey).unwrap().to_vec()
}

fn mjpeg(bytes: &[u8]) -> Option<Picture> {
    picture(layout(PixelFormat::Mjpeg, 32, 16), bytes)
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
    let buffer: Vec<u8> = (0..16 * 2 * 8).map(|at| if at % 2 == 0 { (at / 2) as u8 } else { 128 }).collect();
    let luma: Vec<u8> = (0..128).collect();
    let yuyv = picture(layout(PixelFormat::Yuyv, 16, 8), &buffer).unwrap();
    assert_eq!(yuyv.grey.pixels(), luma);
    let swapped: Vec<u8> = buffer.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
    let uyvy = picture(layout(PixelFormat::Uyvy, 16, 8), &swapped).unwrap();
    assert_eq!(uyvy.grey.pixels(), luma);
    assert_eq!(uyvy.jpeg(), yuyv.jpeg());
    assert!(picture(layout(PixelFormat::Yuyv, 16, 9), &buffer).is_none(), "cut short");
    assert!(picture(layout(PixelFormat::Yuyv, 0, 8), &buffer).is_none());
    assert!(picture(layout(PixelFormat::Yuyv, 15, 8), &buffer).is_none());
}

#[test]
fn rows_may_have_gaps() {
    let mut buffer = vec![7; 20 * 3 + 16];
    buffer[16..20].fill(9);
    let wide = Layout { stride: 20, ..layout(PixelFormat::Grey, 16, 4) };
    assert!(picture(wide, &buffer).unwrap().grey.pixels().iter().all(|&pixel| pixel == 7));
    assert!(picture(wide, &buffer[..buffer.len() - 1]).is_none());
    let planes = [vec![50; 16 * 4], vec![128; 16 * 2]].concat();
    let nv12 = picture(layout(PixelFormat::Nv12, 16, 4), &planes).unwrap();
    assert_eq!(nv12.grey.pixels(), vec![50; 64]);
    let shown = image::load_from_memory(&nv12.jpeg().unwrap()).unwrap().to_rgb8();
    assert!(shown.pixels().all(|pixel| pixel.0.iter().all(|value| value.abs_diff(50) < 4)));
    assert!(picture(layout(PixelFormat::Nv12, 16, 4), &planes[..95]).is_none());
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
            (PixelFormat::Mjpeg, &jpeg),
            (PixelFormat::Yuyv, &packed),
            (PixelFormat::Uyvy, &swapped),
            (PixelFormat::Nv12, &planes),
            (PixelFormat::Grey, &luma),
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
            if pixels == PixelFormat::Mjpeg {
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
    let odd = READ_SIDE + 1;
    for (width, height, read) in [
        (odd, 3, (odd / 2, 1)),
        (odd, 1, (odd, 1)),
        (2, odd, (1, odd / 2)),
        (limits::SIDE, 2, (READ_SIDE, 1)),
    ] {
        let grey = picture(layout(PixelFormat::Grey, width, height), &vec![60; width * height]).unwrap().grey;
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
        let frame = picture(layout(PixelFormat::Yuyv, width, height), &row.repeat(height)).unwrap();
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
        for format in [PixelFormat::Mjpeg, PixelFormat::Yuyv, PixelFormat::Uyvy, PixelFormat::Nv12, PixelFormat::Grey] {
            if let Some(picture) = picture(Layout { format, width: keep % 64, height: 16, stride }, &jpeg) {
                let _ = picture.jpeg();
            }
        }
    }
}
