//! Several pictures side by side in one.

use std::io::Cursor;
use std::path::Path;

use image::codecs::png::{CompressionType, FilterType as Filter, PngEncoder};
use image::imageops::{self, FilterType};
use image::{ImageFormat, RgbImage};
use stage::{Problem, Result};

/// Pixels between two pictures.
const GAP: u32 = 8;

/// How pictures are laid out.
pub struct Sheet {
    /// Pictures in a row.
    pub columns: u32,
    /// Width of each, in pixels; its height follows.
    pub width: u32,
}

impl Sheet {
    /// Writes PNG pictures of one size as one PNG.
    ///
    /// # Errors
    /// [`Problem`]: one of them is not a picture, or the file cannot be written.
    pub fn write(&self, path: &Path, pictures: &[Vec<u8>]) -> Result<()> {
        let failed = |why: image::ImageError| Problem::Unexpected {
            what: path.display().to_string(),
            why: why.to_string(),
        };
        let small = pictures.iter().map(|png| {
            let picture = image::load_from_memory_with_format(png, ImageFormat::Png)?.into_rgb8();
            let height = self.width * picture.height() / picture.width();
            Ok(imageops::resize(&picture, self.width, height, FilterType::Lanczos3))
        });
        let small = small.collect::<std::result::Result<Vec<RgbImage>, _>>().map_err(failed)?;
        let mut bytes = Cursor::new(Vec::new());
        let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, Filter::Adaptive);
        self.lay_out(&small).write_with_encoder(encoder).map_err(failed)?;
        std::fs::write(path, bytes.into_inner()).map_err(super::io(path.display().to_string()))
    }

    fn lay_out(&self, pictures: &[RgbImage]) -> RgbImage {
        let count = u32::try_from(pictures.len()).unwrap_or(u32::MAX);
        let (rows, height) = (count.div_ceil(self.columns), pictures.first().map_or(0, RgbImage::height));
        let span = |number: u32, size: u32| number * size + number.saturating_sub(1) * GAP;
        let (width, full) = (span(self.columns, self.width), span(rows, height));
        let mut sheet = RgbImage::from_pixel(width, full, image::Rgb([255, 255, 255]));
        for (at, picture) in (0..).zip(pictures) {
            let (column, row) = (at % self.columns, at / self.columns);
            let (x, y) = (column * (self.width + GAP), row * (height + GAP));
            imageops::replace(&mut sheet, picture, x.into(), y.into());
        }
        sheet
    }
}
