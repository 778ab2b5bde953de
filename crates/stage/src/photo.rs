//! What a test camera sees, as the bytes that a device would send.

use jpeg_encoder::{ColorType, Encoder};
use qrcode::{Color, EcLevel, QrCode};

use crate::problem::{Problem, Result};

/// A scene.
#[derive(Debug, Clone)]
pub enum Photo {
    /// A wall, and nobody before it.
    Wall,
    /// A sheet with a code, held up before the wall.
    Code(String),
    /// The lens is covered.
    Black,
}

impl Photo {
    /// Returns a frame in a format, named by its V4L2 code. Frames of other turns differ a little.
    ///
    /// # Errors
    /// [`Problem::Unexpected`]: the text is too long for a code, or the size too large for a picture.
    pub fn frame(&self, code: &str, width: usize, height: usize, turn: usize) -> Result<Vec<u8>> {
        let luma = self.luma(width, height, turn)?;
        let (blue, red) = if matches!(self, Self::Black) { (128, 128) } else { (118, 136) };
        Ok(match code {
            "GREY" => luma,
            "NV12" => [luma, [blue, red].repeat(width * height / 4)].concat(),
            "YUYV" => luma.chunks_exact(2).flat_map(|pair| [pair[0], blue, pair[1], red]).collect(),
            "UYVY" => luma.chunks_exact(2).flat_map(|pair| [blue, pair[0], red, pair[1]]).collect(),
            "MJPG" => {
                let ycc: Vec<u8> = luma.iter().flat_map(|&luma| [luma, blue, red]).collect();
                jpeg(&ycc, width, height)?
            }
            // A format that the station does not understand: it never asks for such frames.
            _ => luma,
        })
    }

    fn luma(&self, width: usize, height: usize, turn: usize) -> Result<Vec<u8>> {
        if matches!(self, Self::Black) {
            return Ok((0..width * height).map(|at| 3 + grain(at, turn) / 4).collect());
        }
        let wall = |x: usize, y: usize| 70 + (60 * x / width + 40 * y / height) as u8;
        let mut luma: Vec<u8> = (0..width * height)
            .map(|at| wall(at % width, at / width).saturating_add(grain(at, turn)))
            .collect();
        if let Self::Code(text) = self {
            let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)
                .map_err(|error| Problem::unexpected("a code before the camera", error))?;
            let (modules, colours) = (code.width(), code.to_colors());
            let side = modules + 8;
            let pitch = (height * 3 / 4 / side).max(1);
            let (left, top) = ((width - side * pitch) / 2, (height - side * pitch) / 2);
            for y in 0..side * pitch {
                for x in 0..side * pitch {
                    let (column, row) = ((x / pitch).wrapping_sub(4), (y / pitch).wrapping_sub(4));
                    let inside = column < modules && row < modules;
                    let dark = inside && colours[row * modules + column] == Color::Dark;
                    luma[(top + y) * width + left + x] = if dark { 30 } else { 220 } + grain(x * 7 + y, turn);
                }
            }
        }
        Ok(luma)
    }
}

fn jpeg(ycc: &[u8], width: usize, height: usize) -> Result<Vec<u8>> {
    let no_picture = |why: &dyn std::fmt::Display| Problem::unexpected("a frame as JPEG", why);
    let side = |side: usize| u16::try_from(side).map_err(|error| no_picture(&error));
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 85)
        .encode(ycc, side(width)?, side(height)?, ColorType::Ycbcr)
        .map_err(|error| no_picture(&error))?;
    Ok(jpeg)
}

/// Returns a sensor's noise, 0 to 15, the same each time.
fn grain(at: usize, turn: usize) -> u8 {
    let mixed = (at as u32).wrapping_mul(2_654_435_761) ^ (turn as u32).wrapping_mul(0x9e37_79b9);
    (mixed.wrapping_mul(0x85eb_ca6b) >> 28) as u8
}
