//! Plays picture files as camera pictures.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use code_reader::GreyFrame;
use image::{DynamicImage, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

use super::planes::{HEIGHT, WIDTH};
use crate::fault::CameraFault;
use crate::limits;
use crate::picture::Picture;
use crate::preview::{Colours, QUALITY};

/// How long each picture is shown.
const PICTURE_FOR: Duration = Duration::from_secs(2);
/// Most files in a row that may be unreadable.
const SKIPPED: usize = 16;

/// The picture files of a folder.
pub(super) struct Pictures {
    files: Vec<PathBuf>,
    current: Option<(usize, Picture)>,
}

impl Pictures {
    pub(super) fn open(folder: &Path) -> Result<Self, CameraFault> {
        let entries = fs::read_dir(folder).map_err(|_| CameraFault::NoSource)?;
        let paths = entries.flatten().map(|entry| entry.path()).filter(|path| is_picture(path));
        let mut files: Vec<PathBuf> = paths.take(limits::PICTURES).collect();
        files.sort();
        if files.is_empty() {
            return Err(CameraFault::NoSource);
        }
        Ok(Self { files, current: None })
    }

    /// Returns the picture for a moment. Skips files that cannot be read.
    pub(super) fn at(&mut self, now: Duration) -> Result<Picture, CameraFault> {
        let index = (now.as_millis() / PICTURE_FOR.as_millis()) as usize % self.files.len();
        if let Some((at, picture)) = &self.current
            && *at == index
        {
            return Ok(picture.clone());
        }
        let count = self.files.len();
        let open = |step: usize| open(&self.files[(index + step) % count]);
        let picture = (0..count.min(SKIPPED)).find_map(open).ok_or(CameraFault::NoSource)?;
        self.current = Some((index, picture.clone()));
        Ok(picture)
    }
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["png", "jpg", "jpeg"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn open(path: &Path) -> Option<Picture> {
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(limits::PICTURE_BYTES + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > limits::PICTURE_BYTES {
        return None;
    }
    let mut reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut bounds = image::Limits::default();
    let side = u32::try_from(code_reader::limits::FRAME_SIDE).ok();
    (bounds.max_image_width, bounds.max_image_height) = (side, side);
    reader.limits(bounds);
    fitted(&reader.decode().ok()?)
}

/// Fits a picture into the frame, with a black border.
fn fitted(picture: &DynamicImage) -> Option<Picture> {
    let (frame_width, frame_height) = (WIDTH as u32, HEIGHT as u32);
    let mut fitted = picture.to_rgb8();
    if fitted.width() > frame_width || fitted.height() > frame_height {
        fitted = picture.resize(frame_width, frame_height, image::imageops::FilterType::Triangle).to_rgb8();
    }
    let mut frame = RgbImage::from_pixel(frame_width, frame_height, Rgb([0; 3]));
    let (x, y) = ((frame_width - fitted.width()) / 2, (frame_height - fitted.height()) / 2);
    image::imageops::replace(&mut frame, &fitted, i64::from(x), i64::from(y));
    let mut jpeg = Vec::new();
    let (width, height) = (WIDTH as u16, HEIGHT as u16);
    Encoder::new(&mut jpeg, QUALITY).encode(&frame, width, height, ColorType::Rgb).ok()?;
    let grey = GreyFrame::from_image(&DynamicImage::ImageRgb8(frame)).ok()?;
    Some(Picture::new(grey, Colours::Jpeg(jpeg.into())))
}
