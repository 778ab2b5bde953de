//! Picture files as a camera would show them.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use code_reader::GreyFrame;
use image::{DynamicImage, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

use super::super::preview::Colours;
use super::super::{CameraFault, Picture, limits};

/// A folder's pictures, one after the other.
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

    /// The picture whose turn it is. One that cannot be opened is passed over.
    pub(super) fn at(&mut self, now: Duration) -> Result<Picture, CameraFault> {
        let turn = (now.as_millis() / limits::PICTURE_FOR.as_millis()) as usize % self.files.len();
        if let Some((at, picture)) = &self.current
            && *at == turn
        {
            return Ok(picture.clone());
        }
        let count = self.files.len();
        let open = |step: usize| open(&self.files[(turn + step) % count]);
        let picture = (0..count.min(16)).find_map(open).ok_or(CameraFault::NoSource)?;
        self.current = Some((turn, picture.clone()));
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
    on_black(&reader.decode().ok()?)
}

/// Fitted into a camera's frame, with black around it.
fn on_black(picture: &DynamicImage) -> Option<Picture> {
    let mut fitted = picture.to_rgb8();
    if fitted.width() > limits::WIDTH || fitted.height() > limits::HEIGHT {
        fitted =
            picture.resize(limits::WIDTH, limits::HEIGHT, image::imageops::FilterType::Triangle).to_rgb8();
    }
    let mut frame = RgbImage::from_pixel(limits::WIDTH, limits::HEIGHT, Rgb([0; 3]));
    let (x, y) = ((limits::WIDTH - fitted.width()) / 2, (limits::HEIGHT - fitted.height()) / 2);
    image::imageops::replace(&mut frame, &fitted, i64::from(x), i64::from(y));
    let mut jpeg = Vec::new();
    let (width, height) = (limits::WIDTH as u16, limits::HEIGHT as u16);
    Encoder::new(&mut jpeg, limits::PREVIEW_QUALITY).encode(&frame, width, height, ColorType::Rgb).ok()?;
    let grey = GreyFrame::from_image(&DynamicImage::ImageRgb8(frame)).ok()?;
    Some(Picture::new(grey, Colours::Jpeg(jpeg.into())))
}
