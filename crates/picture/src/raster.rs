//! Pictures made of pixels.

use std::error::Error as _;
use std::io::{self, Cursor};

use code_reader::{FrameError, GreyFrame, limits};
use image::error::ImageError;
use image::{ImageFormat, ImageReader};

use crate::kind;
use crate::limits::DECODED_BYTES;
use crate::problem::Problem;

/// Decodes a picture; of several in one file the first.
///
/// # Errors
/// `cut-off`, `damaged`, `too-many-pixels`, `unsupported`.
pub(crate) fn decode(format: ImageFormat, bytes: &[u8]) -> Result<GreyFrame, Problem> {
    let name = kind::name(format);
    if !kind::has_its_end(format, bytes) {
        return Err(Problem::CutOff(name));
    }
    let mut bounds = image::Limits::default();
    bounds.max_image_width = u32::try_from(limits::FRAME_SIDE).ok();
    bounds.max_image_height = u32::try_from(limits::FRAME_SIDE).ok();
    bounds.max_alloc = Some(DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(bounds);
    let picture = reader.decode().map_err(|error| match error {
        ImageError::Limits(_) => Problem::TooManyPixels,
        ImageError::Unsupported(_) => Problem::Unsupported(name),
        error if ends_early(&error) => Problem::CutOff(name),
        error => Problem::Damaged { format: name, why: error.to_string() },
    })?;
    GreyFrame::from_image(&picture).map_err(|error| match error {
        FrameError::TooLarge => Problem::TooManyPixels,
        error => Problem::Damaged { format: name, why: error.to_string() },
    })
}

fn ends_early(error: &ImageError) -> bool {
    let is_end = |error: &io::Error| error.kind() == io::ErrorKind::UnexpectedEof;
    if let ImageError::IoError(error) = error {
        return is_end(error);
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(is_end) {
            return true;
        }
        cause = error.source();
    }
    false
}
